//! Beginning of a change, and the version that had appeared just before.

use super::relation::text;
use flarepath_profile::stats::{Side, onset};
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use flarepath_profile::verdict::Beginning;

/// A version that appeared longer before a change is not named.
const MOST_BEFORE_NS: i64 = 30 * MINUTE_NS;

/// When the change of a function began, or with `None` that of the total, if one of `new_versions` appeared shortly before, or in the
/// same window. These are the versions that appeared in the range, ascending.
pub(super) fn beginning(
    new_versions: &[(String, UnixNanos)],
    [baseline, comparison]: [&Side; 2],
    function: Option<usize>,
) -> Option<Beginning> {
    // Windows are numbered from the epoch on.
    let step_ns = (comparison.window_secs * 1e9).round() as i64;
    let start = onset(baseline, comparison, function)?.saturating_mul(step_ns);
    let is_before = |(_, at): &&(String, UnixNanos)| at.0 < start.saturating_add(step_ns);
    let (version, appeared) = new_versions.iter().rfind(is_before)?;
    let before_ns = start.saturating_sub(appeared.0).max(0);
    (before_ns <= MOST_BEFORE_NS).then(|| Beginning {
        at: text(UnixNanos(start.max(appeared.0))),
        version: version.clone(),
        after_secs: before_ns as f64 / 1e9,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::stats::{Replica, Window};

    const MIN: i64 = MINUTE_NS;

    fn side(costs: &[f64]) -> Side {
        let window = |(at, cost): (i64, &f64)| Window { at, weight: 1.0, total: *cost, costs: vec![*cost] };
        let windows = (0..).zip(costs).map(window).collect();
        Side { replicas: vec![Replica { name: "a".to_owned(), windows }], window_secs: 300.0 }
    }

    #[test]
    fn the_version_nearest_before_the_change_is_named() {
        let (before, after) = (side(&[1.0; 6]), side(&[1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0]));
        let found = |minutes: &[i64]| {
            let named = |minute: &i64| (format!("v{minute}"), UnixNanos(minute * MIN));
            let versions: Vec<_> = minutes.iter().map(named).collect();
            let began = beginning(&versions, [&before, &after], Some(0))?;
            Some((began.version, began.at, began.after_secs))
        };
        let at = |minute: &str| format!("1970-01-01T00:{minute}:00Z");
        assert_eq!(found(&[3, 17, 26]), Some(("v17".to_owned(), at("20"), 180.0)));
        assert_eq!(found(&[3, 22]), Some(("v22".to_owned(), at("22"), 0.0)), "within the window");
        assert_eq!(found(&[25]), None, "a version does not change what was before it");
        assert_eq!(found(&[-11]), None, "too long before");
        assert_eq!(found(&[]), None);
    }
}
