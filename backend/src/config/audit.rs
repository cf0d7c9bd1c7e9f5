//! `[audit]`: how long entries of the audit log stay in the records.

use super::error::ConfigError;
use super::span::parse_span;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Younger entries are still being read on the page.
const LEAST: Duration = Duration::from_secs(30 * 86_400);
const FOREVER: &str = "forever";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAudit {
    retention: String,
}

impl Default for RawAudit {
    fn default() -> Self {
        RawAudit { retention: FOREVER.to_owned() }
    }
}

/// The age at which entries are moved to files; `None` keeps them for ever.
pub(super) fn check(raw: &RawAudit) -> Result<Option<Duration>, ConfigError> {
    if raw.retention == FOREVER {
        return Ok(None);
    }
    let age = parse_span(&raw.retention).ok().filter(|age| *age >= LEAST);
    age.map(Some).ok_or_else(|| {
        ConfigError::value("audit.retention", &raw.retention, "`forever`, or 30d or more, such as `400d`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_entries_for_ever_by_default() {
        let age = |text: &str| check(&RawAudit { retention: text.to_owned() }).ok();
        assert_eq!(check(&RawAudit::default()).unwrap(), None);
        assert_eq!(age("400d"), Some(Some(Duration::from_secs(400 * 86_400))));
        for wrong in ["29d", "0s", "", "never"] {
            assert_eq!(age(wrong), None, "{wrong}");
        }
    }
}
