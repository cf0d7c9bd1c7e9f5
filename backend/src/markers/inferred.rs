//! Deployments inferred from versions that began.
//!
//! A version that was posted within a quarter of an hour of its first profile is the same deployment: the posted marker stands for
//! both, as a request knows the time better than the profiles do.

use super::{DEPLOY, Marker, Source};
use crate::auth::Principal;
use crate::query::{Querier, QueryError, Question};
use crate::store::{StoreError, TimeRange};
use flarepath_profile::selector::{MatchOp, Selector};
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};

/// Versions of a range that are shown, at most. With more, the label is no version that people deploy.
const MOST: usize = 20;
/// Between a posted deployment and the first profile of its version, at most.
const MERGED_WITHIN_NS: i64 = 15 * MINUTE_NS;

/// A version, and when it began.
pub(super) type Began = (String, UnixNanos);

/// Versions that began in a range or near it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inferred {
    /// Oldest first. Those outside of the range may belong to deployments that were posted within it.
    pub(super) began: Vec<Began>,
    /// Why there are none, in a sentence; may be empty.
    pub(super) note: String,
}

impl Inferred {
    /// Of the series of a question.
    pub(super) async fn of(
        querier: &Querier,
        who: &Principal,
        question: &Question,
    ) -> Result<Inferred, QueryError> {
        let TimeRange { start, end } = question.range;
        let mut wide = question.clone();
        wide.range = TimeRange { start: near(start).0, end: near(end).1 };
        match querier.new_versions(who, &wide).await {
            Ok(found) => {
                let began = named(found.began, &question.selector, &found.label);
                Ok(choose(began, question.range, &found.label))
            }
            // What was posted can be shown all the same.
            Err(QueryError::Store { error: StoreError::TooManyValues(_), .. }) => Ok(Inferred {
                began: Vec::new(),
                note: "Deployments are not inferred: there are too many versions in this range.".to_owned(),
            }),
            Err(error) => Err(error),
        }
    }
}

/// The first and the last time at which a posted deployment is the one of a version that began then.
pub(super) fn near(at: UnixNanos) -> (UnixNanos, UnixNanos) {
    (UnixNanos(at.0.saturating_sub(MERGED_WITHIN_NS)), UnixNanos(at.0.saturating_add(MERGED_WITHIN_NS)))
}

/// The marker of a version.
pub(super) fn marker((version, at): Began, service: &str, narrowing: &str) -> Marker {
    Marker {
        id: None,
        kind: DEPLOY.to_owned(),
        at,
        service: service.to_owned(),
        selector: narrowing.to_owned(),
        text: format!("Version {version} began"),
        version,
        url: String::new(),
        source: Source::Inferred,
        created_by: String::new(),
        deletable: false,
    }
}

/// Only the version that a selector names, if it names one.
fn named(began: Vec<Began>, selector: &Selector, label: &str) -> Vec<Began> {
    let mut pinned = selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
    match pinned.find(|matcher| matcher.name == label) {
        Some(matcher) => began.into_iter().filter(|(version, _)| *version == matcher.value).collect(),
        None => began,
    }
}

/// All of the range, unless they are too many, and as many around it at most.
fn choose(began: Vec<Began>, range: TimeRange, label: &str) -> Inferred {
    let (mut chosen, around): (Vec<Began>, Vec<Began>) =
        began.into_iter().partition(|(_, at)| range.contains(*at));
    if chosen.len() > MOST {
        let note = format!(
            "{} versions began in this range: the label `{label}` changes too often to be shown as deployments.",
            chosen.len()
        );
        return Inferred { began: Vec::new(), note };
    }
    chosen.extend(around.into_iter().take(MOST));
    chosen.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
    Inferred { began: chosen, note: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_minute(from: i64, to: i64) -> Vec<Began> {
        (from..to).map(|minute| (format!("v{minute}"), UnixNanos(minute * MINUTE_NS))).collect()
    }

    const RANGE: TimeRange = TimeRange::nanos(100 * MINUTE_NS, 200 * MINUTE_NS);

    #[test]
    fn twenty_versions_are_shown_and_more_are_counted() {
        let found = choose(every_minute(100, 120), RANGE, "version");
        assert_eq!((found.began.len(), found.note.as_str()), (20, ""));
        let found = choose(every_minute(90, 150), RANGE, "version");
        let note = "50 versions began in this range: the label `version` changes too often to be shown as deployments.";
        assert_eq!(found, Inferred { began: Vec::new(), note: note.to_owned() });
    }

    #[test]
    fn versions_around_the_range_are_kept_in_order() {
        let found = choose(every_minute(97, 102), RANGE, "version");
        assert_eq!(found.began, every_minute(97, 102));
        assert_eq!(choose(every_minute(0, 100), RANGE, "version").began.len(), 20);
        assert_eq!(choose(Vec::new(), RANGE, ""), Inferred::default());
    }

    #[test]
    fn a_selector_that_names_a_version_is_about_no_other() {
        let of = |selector: &str| named(every_minute(0, 3), &selector.parse().unwrap(), "version").len();
        assert_eq!(of(r#"{service_name="shop"}"#), 3);
        assert_eq!(of(r#"{version="v1"}"#), 1);
        assert_eq!(of(r#"{version="v7"}"#), 0);
        assert_eq!(of(r#"{version!="v1"}"#), 3);
    }

    #[test]
    fn a_version_is_a_deployment_in_words() {
        let found = marker(("1.4.2".to_owned(), UnixNanos(7)), "shop", "");
        assert_eq!((found.text.as_str(), found.version.as_str()), ("Version 1.4.2 began", "1.4.2"));
        assert_eq!((found.kind.as_str(), found.source, found.deletable), ("deploy", Source::Inferred, false));
    }
}
