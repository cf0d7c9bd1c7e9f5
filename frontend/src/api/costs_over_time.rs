//! Costs of functions over time on both sides of a comparison: requests and rates.

use super::request::ProfileRequest;
use super::{ApiError, get};
use crate::browser::clock;
use crate::state::costs_over_time::{CostsOverTime, SideCosts, bucket_ms};
use crate::state::spark::Frame;
use crate::state::url_text::encode;
use flarepath_wire::heatmap::{HeatmapResponse, HeatmapRow};
use web_sys::AbortController;

/// Bytes that the names in an address take, at most, unless one alone takes more: proxies refuse long addresses.
const MOST_BYTES: usize = 6000;

/// Costs of some functions, those in functions that they call included.
pub(crate) async fn costs_over_time(
    requests: [ProfileRequest; 2],
    functions: Vec<String>,
    abort: AbortController,
) -> Result<CostsOverTime, ApiError> {
    let mut found = CostsOverTime::default();
    let [baseline, comparison] = &requests;
    for part in parts(&functions) {
        let sides = [ask(baseline, part, &abort).await?, ask(comparison, part, &abort).await?];
        found.extend(&CostsOverTime { sides });
    }
    Ok(found)
}

async fn ask(
    request: &ProfileRequest,
    functions: &[String],
    abort: &AbortController,
) -> Result<SideCosts, ApiError> {
    let step_ms = bucket_ms(request.span);
    let answer: HeatmapResponse = get(&request.costs_over_time_path(functions, step_ms), Some(abort)).await?;
    Ok(side(request, &answer, step_ms, clock::now_ms()))
}

/// The names, in as few parts as addresses allow.
fn parts(functions: &[String]) -> Vec<&[String]> {
    let (mut parts, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (at, name) in functions.iter().enumerate() {
        let length = "&function=".len() + encode(name).len();
        if at > from && bytes + length > MOST_BYTES {
            parts.push(&functions[from..at]);
            (from, bytes) = (at, 0);
        }
        bytes += length;
    }
    if from < functions.len() {
        parts.push(&functions[from..]);
    }
    parts
}

/// Rates by bucket. Without weights there are none: the server cannot tell what the costs are divided by.
fn side(request: &ProfileRequest, answer: &HeatmapResponse, step_ms: i64, now_ms: i64) -> SideCosts {
    let span = request.span;
    let first = span.from_ms.div_euclid(step_ms) * step_ms;
    let buckets = (span.until_ms - first + step_ms - 1).div_euclid(step_ms).clamp(1, 1000) as u32;
    // Milliseconds of covered time, or profiles.
    let one = if answer.per == "second" { 1e3 } else { 1.0 };
    let points = |row: &HeatmapRow| -> Vec<(u32, f64)> {
        let columns = answer.times_ms.iter().zip(&answer.column_weights).zip(&row.cells);
        let filled = columns.filter(|((_, weight), _)| **weight > 0);
        let point = |((at, weight), cell): ((&i64, &i64), &i64)| {
            let bucket = u32::try_from((at - first).div_euclid(step_ms)).ok()?;
            (bucket < buckets).then_some((bucket, *cell as f64 * one / *weight as f64))
        };
        filled.filter_map(point).collect()
    };
    SideCosts {
        frame: Frame::of((first, step_ms), buckets, span, now_ms),
        rows: answer.rows.iter().map(|row| (row.name.clone(), points(row))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::query::Query;
    use crate::state::time_range::Span;

    const MINUTE: i64 = 60_000;

    #[test]
    fn costs_become_rates_of_a_replica() {
        let query = Query { profile_type: Some("cpu".into()), ..Query::default() };
        let span = Span { from_ms: MINUTE / 2, until_ms: 4 * MINUTE };
        let request = ProfileRequest::new(&query, span).unwrap().unwrap();
        let row = HeatmapRow { name: "f".into(), cells: vec![90, 0, 8], ..HeatmapRow::default() };
        let answer = HeatmapResponse {
            times_ms: vec![0, MINUTE, 3 * MINUTE],
            rows: vec![row],
            per: "second".into(),
            // Of two replicas; the time that the last one covers is not known.
            column_weights: vec![60_000, 120_000, 0],
            ..HeatmapResponse::default()
        };
        let found = side(&request, &answer, MINUTE, i64::MAX);
        assert_eq!(found.frame, Frame { start_ms: 0, step_ms: MINUTE, buckets: 4, filling: 4 });
        assert_eq!(found.rows["f"], [(0, 1.5), (1, 0.0)]);
        let levels =
            HeatmapResponse { per: "profile".into(), column_weights: vec![9, 9, 4], ..answer.clone() };
        assert_eq!(side(&request, &levels, MINUTE, i64::MAX).rows["f"], [(0, 10.0), (1, 0.0), (3, 2.0)]);
        let unknown = HeatmapResponse { column_weights: Vec::new(), ..answer };
        assert!(side(&request, &unknown, MINUTE, i64::MAX).rows["f"].is_empty());
    }

    #[test]
    fn addresses_stay_short() {
        let names: Vec<String> = (0..50).map(|i| format!("{i}{}", "<".repeat(100))).collect();
        let found = parts(&names);
        assert!(found.len() > 1 && found.concat() == names);
        assert!(
            found.iter().all(|part| part.iter().map(|name| encode(name).len()).sum::<usize>() <= MOST_BYTES)
        );
        assert_eq!(parts(&[]), Vec::<&[String]>::new());
        assert_eq!(parts(&["x".repeat(9000)]).len(), 1);
    }
}
