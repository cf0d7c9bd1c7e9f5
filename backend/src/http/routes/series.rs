//! `GET /api/v1/series`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, STEP, STORE, TYPE, UNTIL};
use crate::config::parse_span;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::{ApiError, convert};
use crate::problem::ProblemKind;
use crate::query::{Buckets, least_step_ns, usual_step_ns};
use crate::store::TimeRange;
use axum::response::Response;
use flarepath_profile::unix_nanos::UnixNanos;

const MS: i64 = 1_000_000;
/// Maximum number of points per line.
const MAX_POINTS: i64 = 11_000;
/// Maximum number of labels to group by: each line holds a value of each.
pub(in crate::http) const MAX_BY: usize = 20;
/// Maximum number of points per line with the default step.
const DEFAULT_POINTS: i64 = 300;

const ALIGNED: Param = Param::query(
    "aligned",
    "Buckets begin at multiples of `step` since the epoch, and not at `from`. The first and the last hold only what is in the range",
    "true",
)
.flag();
const COVERED: Param = Param::query(
    "covered",
    "Also the time that profiles cover in each bucket (`covered`): values divided by it are rates of one replica",
    "true",
)
.flag();

pub(crate) const DOC: Doc = Doc {
    description: "Sums of the values of all profiles that start in a bucket [t, t + step), beginning at `from`. Buckets without a profile \
                  are absent. At most 11 000 points per line.",
    params: &[
        STORE,
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        Param::query("step", "Bucket width: `15s`, `1m`, or seconds (default: about 300 buckets)", "1m")
            .pattern(STEP),
        Param::query(
            "by",
            "Labels to group by, at most 20: one line per value; repeated or comma-separated",
            "pod",
        )
        .repeated(),
        ALIGNED,
        COVERED,
    ],
    answer: Answer::Message("SeriesResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/series?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&step=1m",
    ..Doc::new("Query", "Totals over time")
};

pub(crate) async fn series(request: QueryRequest) -> Result<Response, ApiError> {
    let (question, profile_type) = request.typed_question(&DOC)?;
    let step_ns = step(request.params.get("step"), question.range, MAX_POINTS)?;
    let by = by(request.params.all("by"))?;
    let (who, querier, is_aligned) = (&request.who, &request.store.querier, request.params.flag(&ALIGNED)?);
    let is_covered = request.params.flag(&COVERED)?;
    let totals = match is_aligned {
        true => querier.aligned_totals(who, &question, &profile_type, step_ns, &by).await?,
        false => querier.totals(who, &question, &profile_type, step_ns, &by).await?,
    };
    let origin = if is_aligned { UnixNanos(0) } else { question.range.start };
    let buckets = Buckets { origin, step_ns };
    let covered = match is_covered {
        true => Some(querier.covered_over_time(who, &question, &profile_type, buckets, &totals).await?),
        false => None,
    };
    let found = totals.len() as u64;
    let known = querier.known_names(who, &question, &profile_type, found).await?;
    let message =
        move || convert::series(&totals, covered.as_ref(), step_ns / MS, &profile_type.sample_unit, known);
    request.format.respond_with(message).await
}

/// The labels to group by, each once.
fn by<'a>(lists: impl Iterator<Item = &'a str>) -> Result<Vec<String>, ApiError> {
    let mut names: Vec<String> = Vec::new();
    for name in lists.flat_map(|list| list.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
        if names.iter().any(|known| known == name) {
            continue;
        }
        if names.len() == MAX_BY {
            let detail = format!("`by`: at most {MAX_BY} labels are allowed");
            return Err(ApiError::new(ProblemKind::BadQuery, detail));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// The bucket width in nanoseconds: whole milliseconds, and at most `most` buckets.
pub(super) fn step(text: Option<&str>, range: TimeRange, most: i64) -> Result<i64, ApiError> {
    let Some(text) = text else {
        return Ok(usual_step_ns(range, DEFAULT_POINTS));
    };
    let bad = |detail: String| ApiError::new(ProblemKind::BadStep, detail);
    let step_ns = match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() => (seconds * 1e3).round() as i64 * MS,
        Ok(_) => 0,
        Err(_) => {
            let span = parse_span(text)
                .map_err(|e| bad(format!("`step`: `{text}`: {e}, or a number of seconds")).at(e.position))?;
            i64::try_from(span.as_nanos()).unwrap_or(i64::MAX / MS * MS)
        }
    };
    if step_ns < MS {
        return Err(bad(format!("`step`: `{text}` is too small; expected 1ms or more, such as 15s")));
    }
    if step_ns < least_step_ns(range, most) {
        let enough = usual_step_ns(range, most) / 1_000_000_000;
        return Err(bad(format!(
            "`step`: `{text}` gives more than {most} points in this range; use {enough}s or more, or a shorter range"
        )));
    }
    Ok(step_ns)
}

#[cfg(test)]
mod tests {
    use super::{ApiError, MAX_POINTS, MS, TimeRange};

    fn step(text: Option<&str>, range: TimeRange) -> Result<i64, ApiError> {
        super::step(text, range, MAX_POINTS)
    }

    const HOUR: TimeRange = TimeRange::nanos(0, 3_600_000_000_000);

    #[test]
    fn labels_to_group_by_are_few() {
        let by = |text: &str| super::by([text].into_iter()).map_err(|error| error.problem.detail);
        assert_eq!(by(" pod,region,,pod ").unwrap(), ["pod", "region"]);
        let list = |count: usize| (0..count).map(|at| format!("l{at}")).collect::<Vec<_>>().join(",");
        assert_eq!(by(&list(super::MAX_BY)).unwrap().len(), super::MAX_BY);
        assert_eq!(by(&list(super::MAX_BY + 1)).unwrap_err(), "`by`: at most 20 labels are allowed");
    }

    #[test]
    fn parses_seconds_and_spans() {
        for (text, ms) in [("15", 15_000), ("0.5", 500), ("1m30s", 90_000), ("500ms", 500)] {
            assert_eq!(step(Some(text), HOUR).unwrap() / MS, ms, "{text}");
        }
        assert_eq!(step(None, HOUR).unwrap() / MS, 15_000);
        let day = TimeRange::nanos(0, 24 * HOUR.end.0);
        assert_eq!(step(None, day).unwrap() / MS, 300_000);
        let ever = TimeRange::nanos(0, i64::MAX);
        assert!(step(None, ever).is_ok());
    }

    #[test]
    fn rejects_invalid_steps() {
        for text in ["0", "0s", "-1", "0.0001", "NaN", "inf", "x", "5q"] {
            assert!(step(Some(text), HOUR).is_err(), "{text}");
        }
        let error = step(Some("100ms"), HOUR).unwrap_err();
        assert!(error.problem.detail.contains("use 1s or more"), "{}", error.problem.detail);
    }
}
