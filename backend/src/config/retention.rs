//! `[retention]`: how long profiles are kept, by how wide the blocks are that hold them.

use super::error::ConfigError;
use super::span::parse_span;
use crate::store::embedded::Retention;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetention {
    forever: bool,
    raw: String,
    five_minutes: String,
    hours: String,
    days: String,
}

impl Default for RawRetention {
    fn default() -> Self {
        let Retention { raw, five_minutes, hours, days } = Retention::default();
        let text = |age: Duration| format!("{}d", age.as_secs() / 86_400);
        RawRetention {
            forever: false,
            raw: text(raw),
            five_minutes: text(five_minutes),
            hours: text(hours),
            days: text(days),
        }
    }
}

/// `None` keeps everything for ever.
pub(super) fn check(raw: RawRetention) -> Result<Option<Retention>, ConfigError> {
    let retention = Retention {
        raw: age("retention.raw", &raw.raw)?,
        five_minutes: age("retention.five_minutes", &raw.five_minutes)?,
        hours: age("retention.hours", &raw.hours)?,
        days: age("retention.days", &raw.days)?,
    };
    let Retention { raw: singles, five_minutes, hours, days } = retention;
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
