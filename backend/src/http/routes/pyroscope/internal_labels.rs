//! Internal labels: derived from a profile type by Pyroscope; its clients select, group and list by them.

use super::call::CallError;
use crate::selector::{BadSelector, CompiledSelector, check, has_pattern};
use crate::work::ANSWERS;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{InvalidSelector, Matcher, Selector};

const SERVICE: &str = "__service_name__";

/// Whether a label is internal.
pub(super) fn is_internal(name: &str) -> bool {
    name.starts_with("__")
}

/// The internal labels of one profile type of one service.
pub(super) fn labels(profile_type: &ProfileType, service: &str) -> Labels {
    Labels::from_iter([
        ("__name__", profile_type.name.as_str()),
        ("__type__", &profile_type.sample_type),
        ("__unit__", &profile_type.sample_unit),
        ("__period_type__", &profile_type.period_type),
        ("__period_unit__", &profile_type.period_unit),
        ("__profile_type__", &profile_type.to_string()),
        (SERVICE, service),
    ])
}

/// A selector in two parts: matchers of stored labels, and matchers of internal labels.
#[derive(Clone, Debug)]
pub(super) struct Split {
    pub(super) stored: Selector,
    internal: Selector,
}

impl Split {
    /// Parses selectors that must all match, within the limits of one. An empty text and `{}` match everything.
    pub(super) fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Split, CallError> {
        let (mut stored, mut internal) = (Selector::default(), Selector::default());
        for text in texts.into_iter().filter(|text| !text.trim().is_empty()) {
            let selector: Selector = text.parse().map_err(|error: InvalidSelector| {
                CallError::invalid(format!("cannot parse the label selector {text:?}: {error}"))
            })?;
            for matcher in selector.matchers {
                match matcher.name.as_str() {
                    SERVICE => stored.matchers.push(Matcher { name: SERVICE_NAME.to_owned(), ..matcher }),
                    name if is_internal(name) => internal.matchers.push(matcher),
                    _ => stored.matchers.push(matcher),
                }
            }
            // After each, so that a thousand selectors are not collected first.
            for part in [&stored, &internal] {
                check(part).map_err(|e| CallError::invalid(e.to_string()))?;
            }
        }
        Ok(Split { stored, internal })
    }

    /// The matchers of internal labels, compiled; not on an async thread if there are patterns in them.
    pub(super) fn internal(&self) -> Result<CompiledSelector, BadSelector> {
        CompiledSelector::new(&self.internal)
    }

    /// Whether the matchers of internal labels match.
    pub(super) async fn matches(&self, labels: Labels) -> Result<bool, CallError> {
        let split = self.clone();
        let matches = move || split.internal().map(|internal| internal.matches(&labels));
        let result = match self.internal.matchers.iter().any(has_pattern) {
            true => ANSWERS.run(matches).await?,
            false => matches(),
        };
        result.map_err(|e| CallError::invalid(e.to_string()))
    }
}
