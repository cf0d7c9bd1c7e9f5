//! Costs of one function: over time and by source line.

use super::explore::coverage;
use super::request::ProfileRequest;
use super::{ApiError, get};
use crate::state::timeline::{Line, TimelineData};
use flarepath_profile::line_costs::LineCost;
use flarepath_wire::heatmap::HeatmapResponse;
use flarepath_wire::messages::{FunctionLine, LinesResponse, SeriesResponse};
use web_sys::AbortController;

/// What the function cost over time: itself, and in what it called, one on the other.
pub(crate) async fn over_time(
    request: ProfileRequest,
    function: String,
    abort: AbortController,
) -> Result<TimelineData, ApiError> {
    let cells = async |cost| -> Result<HeatmapResponse, ApiError> {
        get(&request.function_costs_path(&function, cost), Some(&abort)).await
    };
    let (own, total) = (cells("self").await?, cells("total").await?);
    let whole = ProfileRequest { by: None, ..request.clone() };
    let covered: SeriesResponse = get(&whole.timeline_path(), Some(&abort)).await?;
    // An answer in between would leave columns without their match; those that are in both are exact.
    let of = |answer: &HeatmapResponse, ms: i64| {
        let at = answer.times_ms.iter().position(|t| *t == ms)?;
        answer.rows.first()?.cells.get(at).copied()
    };
    let times_ms: Vec<i64> = total
        .times_ms
        .iter()
        .copied()
        .filter(|ms| of(&own, *ms).is_some() && of(&total, *ms).is_some())
        .collect();
    let values = |f: &dyn Fn(i64, i64) -> i64| -> Vec<f64> {
        let pair = |ms: &i64| Some(f(of(&own, *ms)?, of(&total, *ms)?) as f64);
        times_ms.iter().filter_map(pair).collect()
    };
    let line = |name: &str, values| Line { name: name.to_owned(), times_ms: times_ms.clone(), values };
    Ok(TimelineData {
        lines: vec![
            line("itself", values(&|own, _| own)),
            line("what it calls", values(&|own, total| total - own)),
        ],
        step_ms: total.step_ms.max(1),
        unit: total.unit,
        sample_type: request.profile_type.split(':').nth(1).unwrap_or_default().to_owned(),
        span: request.span,
        covered: coverage(covered.covered),
        by: Some(String::new()),
    })
}

/// What its source lines cost.
pub(crate) async fn lines(
    request: ProfileRequest,
    function: String,
    abort: AbortController,
) -> Result<Vec<LineCost>, ApiError> {
    let answer: LinesResponse = get(&request.lines_path(&function), Some(&abort)).await?;
    let line = |FunctionLine { file, line, self_value, total }| LineCost { file, line, self_value, total };
    Ok(answer.lines.into_iter().map(line).collect())
}
