//! A relative time, with the exact one in its tooltip.

use crate::browser::clock;
use crate::browser::clock::zone_min;
use crate::context::utc::Utc;
use crate::state::civil::civil;
use crate::state::clock_text::offset_name;
use crate::state::duration_text::{ago, until};
use leptos::prelude::*;

/// Date, time to the second and offset, in UTC or local time as preferred.
pub(crate) fn exact(ms: i64) -> String {
    let zone = zone_min(expect_context::<Utc>().0.get(), ms);
    let at = civil(ms, zone);
    format!("{} {} {}", at.date(), at.time_to_second(), offset_name(zone))
}

/// Date, time to the minute and offset, for lists.
pub(crate) fn to_minute(ms: i64) -> String {
    let zone = zone_min(expect_context::<Utc>().0.get(), ms);
    let at = civil(ms, zone);
    format!("{} {:02}:{:02} {}", at.date(), at.hour, at.minute, offset_name(zone))
}

/// "3 minutes ago" or "in 2 days".
#[component]
pub(crate) fn Timestamp(
    /// Milliseconds since the epoch.
    ms: i64,
) -> impl IntoView {
    let now = clock::now_ms();
    let text = if ms > now { until(ms - now) } else { ago(now - ms) };
    view! { <time title=move || exact(ms)>{text}</time> }
}
