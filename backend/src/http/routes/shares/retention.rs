//! `GET /api/v1/retention`: how long a live link will have something to show.

use super::manage::route;
use crate::app::App;
use crate::auth::Permission;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Ask;
use crate::http::router::Route;
use crate::store::TimeRange;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use flarepath_wire::shares::RetentionResponse;
use std::sync::Arc;
use std::time::Duration;

const DAY_NS: i64 = 86_400_000_000_000;

const DOC: Doc = Doc {
    description: "When the profiles of a range are dropped. A link to a question has nothing to show after that; a share has.",
    params: &[
        Param::query("from", "Start of the range", "now-1h"),
        Param::query("until", "End of the range, excluded", "now"),
    ],
    answer: Answer::Message("RetentionResponse"),
    errors: &[(400, "A parameter cannot be read")],
    example: "/api/v1/retention?from=now-1h&until=now",
    ..Doc::new("Query", "When the profiles of a range are dropped")
};

pub(super) fn routes() -> [Route; 1] {
    [route("GET", "/api/v1/retention", Permission::ReadProfiles, get(retention), DOC)]
}

async fn retention(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    Ok(ask.format.respond(&answer(app.retention.as_ref().map(|kept| kept.days), question.range)))
}

fn answer(kept: Option<Duration>, range: TimeRange) -> RetentionResponse {
    let Some(kept) = kept else { return RetentionResponse { forever: true, ..RetentionResponse::default() } };
    let kept_ns = i64::try_from(kept.as_nanos()).unwrap_or(i64::MAX);
    // Days go as a whole, when the youngest profile that they can hold is old enough.
    let dropped = |ns: i64| (ns.div_euclid(DAY_NS) + 1).saturating_mul(DAY_NS).saturating_add(kept_ns);
    let first = dropped(range.start.0);
    let all = dropped(range.end.0.saturating_sub(1));
    let text = |ns: i64| {
        let at = jiff::Timestamp::from_nanosecond(i128::from(ns)).ok();
        at.map_or_else(String::new, |at| at.to_string())
    };
    RetentionResponse {
        forever: false,
        first_dropped_ns: Some(first),
        all_dropped_ns: Some(all),
        first_dropped: text(first),
        all_dropped: text(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_goes_as_a_whole() {
        let range = TimeRange::nanos(5, DAY_NS + 1);
        let kept = answer(Some(Duration::from_secs(86_400)), range);
        assert_eq!((kept.first_dropped_ns, kept.all_dropped_ns), (Some(2 * DAY_NS), Some(3 * DAY_NS)));
        assert_eq!(kept.first_dropped, "1970-01-03T00:00:00Z");
        assert!(answer(None, range).forever);
        let far = answer(Some(Duration::MAX), TimeRange::nanos(0, i64::MAX));
        assert_eq!(far.all_dropped_ns, Some(i64::MAX));
    }
}
