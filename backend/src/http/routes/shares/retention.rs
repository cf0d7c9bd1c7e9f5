//! `GET /api/v1/retention`: when the profiles of a range will be dropped.

use super::super::params::STORE;
use crate::app::App;
use crate::auth::Permission;
use crate::config::StoreKind;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::route::Route;
use crate::store::TimeRange;
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::unix_nanos::{DAY_NS, UnixNanos};
use flarepath_wire::shares::RetentionResponse;
use std::sync::Arc;
use std::time::Duration;

const DOC: Doc = Doc {
    description: "When the profiles of a range will be dropped because of their age. After that a link to the query shows nothing; a share still does. \
                  When a remote store drops its profiles is not known.",
    params: &[
        STORE,
        Param::query("from", "Start of the range", "now-1h").time(),
        Param::query("until", "End of the range, exclusive", "now").time().default("now"),
    ],
    answer: Answer::Message("RetentionResponse"),
    errors: &[(400, "A parameter is malformed")],
    example: "/api/v1/retention?from=now-1h&until=now",
    ..Doc::new("Query", "Get the retention of a range")
};

pub(super) fn routes() -> [Route; 1] {
    [Route::get("/api/v1/retention", retention).needs(Permission::ReadProfiles).doc(DOC)]
}

async fn retention(State(app): State<Arc<App>>, request: QueryRequest) -> Result<Response, ApiError> {
    let question = request.question(&DOC)?;
    let answer = match request.store.open.kind {
        StoreKind::Embedded => answer(app.retention.as_ref().map(|kept| kept.days), question.range),
        _ => RetentionResponse::default(),
    };
    Ok(request.format.respond(&answer))
}

fn answer(kept: Option<Duration>, range: TimeRange) -> RetentionResponse {
    let Some(kept) = kept else { return RetentionResponse { forever: true, ..RetentionResponse::default() } };
    // Whole days are dropped, once the newest profile that they may contain is old enough.
    let dropped = |at: UnixNanos| UnixNanos((at.0.div_euclid(DAY_NS) + 1).saturating_mul(DAY_NS)).plus(kept);
    let first = dropped(range.start);
    let all = dropped(range.end.minus(Duration::from_nanos(1)));
    let text = |at: UnixNanos| {
        let at = jiff::Timestamp::from_nanosecond(i128::from(at.0)).ok();
        at.map_or_else(String::new, |at| at.to_string())
    };
    RetentionResponse {
        forever: false,
        first_dropped_ns: Some(first.0),
        all_dropped_ns: Some(all.0),
        first_dropped: text(first),
        all_dropped: text(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_whole_days() {
        let range = TimeRange::nanos(5, DAY_NS + 1);
        let kept = answer(Some(Duration::from_secs(86_400)), range);
        assert_eq!((kept.first_dropped_ns, kept.all_dropped_ns), (Some(2 * DAY_NS), Some(3 * DAY_NS)));
        assert_eq!(kept.first_dropped, "1970-01-03T00:00:00Z");
        assert!(answer(None, range).forever);
        let far = answer(Some(Duration::MAX), TimeRange::nanos(0, i64::MAX));
        assert_eq!(far.all_dropped_ns, Some(i64::MAX));
    }
}
