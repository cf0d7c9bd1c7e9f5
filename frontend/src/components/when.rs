//! An instant for people: how long ago, with the exact time on demand.

use crate::browser::clock;
use crate::browser::clock::zone_min;
use crate::context::utc::Utc;
use crate::state::clock_text::{civil, offset_name};
use crate::state::duration_text::{ago, until};
use leptos::prelude::*;

/// The date and time with its zone, as this person wants times.
pub(crate) fn exact(ms: i64) -> String {
    let zone = zone_min(expect_context::<Utc>().0.get(), ms);
    let at = civil(ms, zone);
    format!("{} {} {}", at.date(), at.time(), offset_name(zone))
}

/// "3 minutes ago" or "in 2 days".
#[component]
pub(crate) fn When(
    /// Milliseconds since the epoch.
    ms: i64,
) -> impl IntoView {
    let now = clock::now_ms();
    let text = if ms > now { until(ms - now) } else { ago(now - ms) };
    view! { <time title=move || exact(ms)>{text}</time> }
}
