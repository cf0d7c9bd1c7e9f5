//! The sides that an incident compares, for each baseline.

use crate::pages::compare::offers::Offers;
use crate::state::compare::Sides;
use crate::state::incident_baseline::{Baseline, before_deploy};
use crate::state::presets::{against_others, value_against};
use crate::state::query::Query;
use crate::state::time_range::Span;
use crate::state::time_text::MS;

/// Both sides; `None` while they are being found, and an error where there are none.
pub(super) type FoundSides = Result<Option<Sides>, String>;

/// The sides for an earlier time, and those that the server chose. Where it could not choose, they are the previous period.
pub(super) fn in_time(baseline: Baseline, query: &Query, window: Span, chosen: FoundSides) -> FoundSides {
    match (baseline.earlier_ns(window), chosen) {
        (Some(by_ns), _) => Ok(Some(Sides::before(query, window, by_ns))),
        (None, Ok(found)) => Ok(found),
        (None, Err(_)) => Ok(Some(Sides::before(query, window, window.length_ns()))),
    }
}

/// The sides for a baseline that the labels of the service give.
pub(super) fn by_labels(baseline: Baseline, query: &Query, window: Span, offers: Offers) -> FoundSides {
    if let Some(error) = offers.error() {
        return Err(error.line());
    }
    if offers.awaits_labels() {
        return Ok(None);
    }
    match baseline {
        Baseline::Version => {
            let (label, pair, span) = offers.versions()?;
            Ok(Some(value_against(query, &label, &pair, span)))
        }
        Baseline::Deploy => {
            let deploy_ms = offers.beginnings().into_iter().map(|(at_ms, _)| at_ms).max();
            let deploy_ms = deploy_ms.ok_or("No version began in this window or before it.")?;
            let sides = before_deploy(query, window, deploy_ms.saturating_mul(MS));
            Ok(Some(sides.ok_or("The newest version began after this window.")?))
        }
        _ => {
            let (label, slow) = offers.slow_replicas()?;
            Ok(Some(against_others(query, &label, &slow)))
        }
    }
}
