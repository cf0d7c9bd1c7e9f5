//! The sides of a shared comparison, and verdicts of shares, computed as the creator of the share.
//!
//! A verdict that cannot be computed does not keep the share from being created: it says why there is none.

use super::super::{call_tree, diff};
use crate::app::App;
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, verdict_message};
use crate::query::{Baselines, Judged, QueryError, Question};
use crate::sharing::payload::VerdictResponse;
use crate::sharing::verdict::unavailable;
use crate::store::StoreError;
use flarepath_profile::profile_type::ProfileType;

/// The outcome of a verdict that states a change.
const CHANGED: &str = "changed";

/// The sides of a comparison, baseline first, and the verdict on them.
pub(super) struct Compared {
    pub(super) questions: [Question; 2],
    pub(super) types: [ProfileType; 2],
    pub(super) verdict: VerdictResponse,
}

/// The two sides that the request names. If it names no baseline, they are those of the verdict that chooses one.
///
/// # Errors
/// Those of `GET /api/v1/diff` about parameters.
pub(super) async fn compared(app: &App, request: &QueryRequest) -> Result<Compared, ApiError> {
    let comparison = request.question(&diff::DOC)?;
    let baseline = request.question_by(&diff::BASELINE, &diff::COMPARISON)?;
    let types = [request.profile_type_or("baseline_type", "type")?, request.profile_type()?];
    let given = [diff::BASELINE.selector, diff::BASELINE.from, diff::BASELINE.until];
    let is_given = given.iter().any(|name| request.params.get(name).is_some());
    let baselines = match is_given || types[0] != types[1] {
        true => Baselines::Given(baseline.clone(), types[0].clone()),
        false => Baselines::Auto,
    };
    let now = app.clock.now();
    let judged = request.store.querier.verdict(&request.who, &comparison, &baselines, &types[1], now).await;
    let verdict = match &judged {
        Ok(judged) => verdict_message::verdict(judged),
        Err(error) => unavailable(&why(error)),
    };
    let questions = match (baselines, judged) {
        (Baselines::Auto, Ok(Judged { comparison, baselines, .. })) => {
            [baselines.into_iter().next().unwrap_or(baseline), comparison]
        }
        _ => [baseline, comparison],
    };
    Ok(Compared { questions, types, verdict })
}

/// The change that Explore states above a profile, against the baseline that the verdict chooses; `None` if there is none, if it cannot be
/// computed, and for a part of a profile.
///
/// # Errors
/// Those of `GET /api/v1/call-tree` about parameters.
pub(super) async fn change_above(
    app: &App,
    request: &QueryRequest,
) -> Result<Option<VerdictResponse>, ApiError> {
    let (question, profile_type) = request.typed_question(&call_tree::DOC)?;
    if !call_tree::path(request)?.is_empty() {
        return Ok(None);
    }
    let now = app.clock.now();
    let judged =
        request.store.querier.verdict(&request.who, &question, &Baselines::Auto, &profile_type, now).await;
    Ok(match judged {
        Ok(judged) => Some(verdict_message::verdict(&judged)).filter(|verdict| verdict.outcome == CHANGED),
        Err(error) => {
            tracing::warn!(%error, "a share was created without a verdict");
            None
        }
    })
}

/// Why there is no verdict, for anyone who may open the share: nothing about the server.
fn why(error: &QueryError) -> String {
    tracing::warn!(%error, "a share was created without a verdict");
    match error {
        QueryError::Store { error: StoreError::Unsupported(what), .. } => {
            format!("the store does not offer {what}")
        }
        QueryError::Timeout(_) | QueryError::Store { error: StoreError::Timeout(_), .. } => {
            "it took too long to compute when the snapshot was taken".to_owned()
        }
        QueryError::Busy(_) | QueryError::Waited(_) | QueryError::Refused(_) => {
            "the server was too busy to compute it when the snapshot was taken".to_owned()
        }
        _ => "it could not be computed when the snapshot was taken".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn reasons_reveal_nothing_about_the_server() {
        let reason = |error| unavailable(&why(&error)).headline;
        assert_eq!(
            reason(QueryError::from(StoreError::Unsupported("totals of single profiles"))),
            "No verdict: the store does not offer totals of single profiles."
        );
        assert_eq!(
            reason(QueryError::Timeout(Duration::from_secs(30))),
            "No verdict: it took too long to compute when the snapshot was taken."
        );
        let disk = QueryError::from(StoreError::Unusable("/var/lib/flarepath: denied".to_owned()));
        assert_eq!(reason(disk), "No verdict: it could not be computed when the snapshot was taken.");
    }
}
