//! The current time and the local offset from UTC: the only place that asks the browser for its time zone.

use crate::state::clock_text::Zone;

/// Milliseconds since the epoch.
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Minutes east of UTC at `ms`, by the rules of the person's time zone.
pub(crate) fn offset_min(ms: i64) -> i64 {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(ms as f64));
    -(date.get_timezone_offset() as i64)
}

/// Minutes east of UTC in which times around `ms` are shown, in UTC or in the person's own zone.
pub(crate) fn zone_min(utc: bool, ms: i64) -> i64 {
    if utc { 0 } else { offset_min(ms) }
}

/// The zone in which times are shown: UTC or the person's own.
pub(crate) fn zone(utc: bool) -> Zone {
    if utc { Zone::UTC } else { Zone(offset_min) }
}
