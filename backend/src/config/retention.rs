//! `[retention]`: how long profiles are kept, by the width of the blocks that hold them, and how large they may become.

use super::byte_size::parse_byte_size;
use super::error::ConfigError;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Checked `[retention]`. What is older than `raw` is answered from 5-minute blocks, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetentionConfig {
    /// Age at which single profiles are dropped, with their spans and sample labels.
    pub(crate) raw: Duration,
    /// Age at which 5-minute blocks are dropped.
    pub(crate) five_minutes: Duration,
    /// Age at which 1-hour blocks are dropped.
    pub(crate) hours: Duration,
    /// Age at which 1-day blocks are dropped: the end of all data.
    pub(crate) days: Duration,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        let days = |count: u64| Duration::from_secs(count * 24 * 3600);
        RetentionConfig { raw: days(14), five_minutes: days(60), hours: days(400), days: days(400) }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetention {
    forever: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_size: Option<String>,
    raw: String,
    five_minutes: String,
    hours: String,
    days: String,
}

impl Default for RawRetention {
    fn default() -> Self {
        let RetentionConfig { raw, five_minutes, hours, days } = RetentionConfig::default();
        let text = |age: Duration| format!("{}d", age.as_secs() / 86_400);
        RawRetention {
            forever: false,
            max_size: None,
            raw: text(raw),
            five_minutes: text(five_minutes),
            hours: text(hours),
            days: text(days),
        }
    }
}

/// Smallest `retention.max_size`: the log alone takes 16 MiB at times.
const LEAST_SIZE: u64 = 64_000_000;

/// Bytes that database, log and free pages may take; `None`: no limit.
pub(super) fn max_size(raw: &RawRetention) -> Result<Option<u64>, ConfigError> {
    let Some(text) = raw.max_size.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
    let size = parse_byte_size(text).filter(|&size| size >= LEAST_SIZE);
    size.map(Some).ok_or_else(|| {
        ConfigError::value("retention.max_size", text, "64MB or more, such as `20GB` or `500GiB`")
    })
}

/// `None` drops nothing because of its age.
pub(super) fn check(raw: RawRetention) -> Result<Option<RetentionConfig>, ConfigError> {
    let retention = RetentionConfig {
        raw: age("retention.raw", &raw.raw)?,
        five_minutes: age("retention.five_minutes", &raw.five_minutes)?,
        hours: age("retention.hours", &raw.hours)?,
        days: age("retention.days", &raw.days)?,
    };
    let RetentionConfig { raw: singles, five_minutes, hours, days } = retention;
    if !(singles <= five_minutes && five_minutes <= hours && hours <= days) {
        let value = format!("{}, {}, {}, {}", raw.raw, raw.five_minutes, raw.hours, raw.days);
        let expected = "raw ≤ five_minutes ≤ hours ≤ days, as wider blocks replace narrower ones";
        return Err(ConfigError::value("retention", value, expected));
    }
    Ok((!raw.forever).then_some(retention))
}

fn age(key: &'static str, text: &str) -> Result<Duration, ConfigError> {
    let span = parse_span(text).ok().filter(|age| *age >= Duration::from_secs(3600));
    span.ok_or_else(|| ConfigError::value(key, text, "1h or more, such as `30d`"))
}
