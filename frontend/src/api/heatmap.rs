//! Heat maps: responses turned into the grid that is drawn, with gaps filled in and rows named.

use super::request::ProfileRequest;
use super::{ApiError, get};
use crate::browser::clock;
use crate::state::heatmap::data::{Axis, HeatData};
use crate::state::heatmap::{HeatView, Rows, Subject, step_ms};
use crate::state::identity::Shared;
use crate::state::query::Query;
use crate::state::timeline::Partial;
use flarepath_profile::heatmap::{Cell, Heatmap, Origin};
use flarepath_profile::top_table::Cost;
use flarepath_profile::units::{Unit, UnitScale, format_value};
use flarepath_wire::heatmap::{HeatmapResponse, HeatmapRow};
use web_sys::AbortController;

/// Runs of empty bins longer than this are drawn as one row without data.
const EMPTY_BINS: usize = 8;

/// The query of a heat map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeatmapRequest {
    /// Series, type and time.
    pub(crate) profiles: ProfileRequest,
    /// The question as the page has it.
    pub(crate) query: Query,
    /// Rows, costs, bins, width and number; without selections and colours.
    pub(crate) view: HeatView,
}

impl HeatmapRequest {
    /// What the rows are.
    pub(crate) fn rows(&self) -> Rows {
        self.view.rows_for(self.profiles.by.as_deref())
    }

    /// Width of a column.
    pub(crate) fn step_ms(&self) -> i64 {
        step_ms(self.profiles.span, self.view.step_ms)
    }
}

/// Path of a heat map.
pub(crate) fn heatmap_path(request: &HeatmapRequest) -> String {
    let rows = request.rows();
    let (step, most) = (format!("{}s", request.step_ms() / 1000), request.view.most.to_string());
    let mut more = vec![("of", rows.as_str()), ("step", step.as_str()), ("limit", most.as_str())];
    match rows {
        Rows::Functions => {
            more.push(("cost", if request.view.cost == Cost::Total { "total" } else { "self" }));
        }
        Rows::Label => more.push(("label", request.profiles.by.as_deref().unwrap_or_default())),
        Rows::Values => more.push(("scale", if request.view.linear_bins { "linear" } else { "log" })),
    }
    request.profiles.path("heatmap", &more)
}

/// A heat map, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeatAnswer {
    /// What is drawn; without columns that hold data, there is none.
    pub(crate) data: Option<Shared<HeatData>>,
    /// What its regions are about.
    pub(crate) subject: Subject,
    /// How many rows there would be without a limit.
    pub(crate) row_count: u64,
    /// Whether the service has ever sent a profile.
    pub(crate) service_known: bool,
    /// Whether the service has ever sent this profile type.
    pub(crate) type_known: bool,
}

pub(crate) async fn heatmap(request: HeatmapRequest, abort: AbortController) -> Result<HeatAnswer, ApiError> {
    let answer: HeatmapResponse = get(&heatmap_path(&request), Some(&abort)).await?;
    Ok(answered_at(&request, answer, clock::now_ms()))
}

/// The heat map of an answer from long ago, in which nothing is filling any more.
pub(super) fn answered(request: &HeatmapRequest, answer: HeatmapResponse) -> HeatAnswer {
    answered_at(request, answer, i64::MAX)
}

fn answered_at(request: &HeatmapRequest, mut answer: HeatmapResponse, now_ms: i64) -> HeatAnswer {
    let (rows, span) = (request.rows(), request.profiles.span);
    // Most functions only call others: rows of nothing would fill a map by self cost.
    if rows == Rows::Functions && answer.rows.iter().any(|row| row.sum != 0) {
        answer.rows.retain(|row| row.cells.iter().any(|value| *value != 0));
    }
    let names = answer.rows.iter().map(|row| row.name.clone()).collect();
    HeatAnswer {
        subject: Subject {
            query: request.query.clone(),
            span,
            rows,
            names: if rows == Rows::Values { Vec::new() } else { names },
        },
        row_count: answer.row_count,
        service_known: answer.service_known,
        type_known: answer.profile_type_known,
        data: (!answer.times_ms.is_empty()).then(|| Shared::new(grid(request, answer, now_ms))),
    }
}

/// All columns of the time asked for; those that the answer leaves out are gaps.
fn grid(request: &HeatmapRequest, answer: HeatmapResponse, now_ms: i64) -> HeatData {
    let (rows, span) = (request.rows(), request.profiles.span);
    let step = answer.step_ms.max(1);
    let (first, columns) = span.bars(step);
    // Far more than was asked for, so that no answer makes the page run out of memory.
    let columns = columns.clamp(1, 10_000) as usize;
    let column_of = |ms: &i64| usize::try_from((ms - first).div_euclid(step)).ok().filter(|c| *c < columns);
    let places: Vec<Option<usize>> = answer.times_ms.iter().map(column_of).collect();
    let sample_type = request.profiles.profile_type.split(':').nth(1).unwrap_or_default().to_owned();

    let rest = answer.other.filter(|row| row.cells.iter().any(|value| *value != 0));
    let shown = if rows == Rows::Values {
        bins(&answer.rows, &Unit::of(&sample_type, &answer.bin_unit))
    } else {
        let name =
            |row: &HeatmapRow| if row.name.is_empty() { "(none)".to_owned() } else { row.name.clone() };
        answer.rows.iter().map(|row| (name(row), Some(row))).collect()
    };
    let mut named = shown;
    named.extend(rest.as_ref().map(|row| (rest_name(request), Some(row))));
    let mut map = Heatmap::new(named.iter().map(|(name, _)| name.clone()).collect(), columns);
    for (row, (_, cells)) in named.iter().enumerate() {
        let values = cells.iter().flat_map(|row| &row.cells);
        for (column, value) in places.iter().zip(values).filter_map(|(place, value)| Some(((*place)?, value)))
        {
            map.add(Cell { row, column }, *value as f64);
        }
    }
    let mut totals = vec![f64::NAN; columns];
    for (column, total) in places.iter().zip(&answer.column_totals).filter_map(|(p, t)| Some(((*p)?, t))) {
        totals[column] = *total as f64;
    }
    let partial = (0..columns).filter_map(|column| {
        let start = first + column as i64 * step;
        Some((column, Partial::of((start, start + step), span, now_ms)?))
    });
    // How many profiles there are is a number; the caption says of what.
    let unit = if rows == Rows::Values { Unit::parse("count") } else { Unit::of(&sample_type, &answer.unit) };
    HeatData {
        scale: UnitScale::for_values(&unit, map.values()),
        map,
        totals,
        rest: rest.is_some(),
        axis: Axis::Time { from_ms: first, step_ms: step },
        origin: if rows == Rows::Values { Origin::Bottom } else { Origin::Top },
        caption: caption(request, step),
        partial: partial.collect(),
    }
}

fn rest_name(request: &HeatmapRequest) -> String {
    match (request.rows(), request.view.cost) {
        (Rows::Label, _) => "Other values",
        (_, Cost::Total) => "Other stacks",
        _ => "Other functions",
    }
    .to_owned()
}

fn caption(request: &HeatmapRequest, step: i64) -> String {
    let what = crate::state::profile_types::type_name(&request.profiles.profile_type);
    let what = match (request.rows(), request.view.cost) {
        (Rows::Values, _) => "Number of profiles".to_owned(),
        (Rows::Functions, Cost::SelfValue) => format!("{what}, self"),
        (Rows::Functions, Cost::Total) => format!("{what}, total"),
        (Rows::Label, _) => what,
    };
    format!("{what} in each {}", format_value(step as f64, &Unit::of("", "milliseconds")))
}

/// Rows of bins with their edges as names; long runs of bins that nothing is in become one without data.
fn bins<'a>(rows: &'a [HeatmapRow], unit: &Unit) -> Vec<(String, Option<&'a HeatmapRow>)> {
    let edge = |value: f64| format_value(value, unit);
    let name = |low: f64, high: f64| match low < -9e18 {
        true => "0 or less".to_owned(),
        false => between(&edge(low), &edge(high)),
    };
    let mut named = Vec::new();
    for run in rows.chunk_by(|a, b| (a.sum == 0) == (b.sum == 0)) {
        match run {
            [first, .., last] if first.sum == 0 && run.len() > EMPTY_BINS => {
                named.push((format!("none in {}", name(first.low, last.high)), None));
            }
            run => named.extend(run.iter().map(|row| (name(row.low, row.high), Some(row)))),
        }
    }
    named
}

/// `1 – 2 ms`, or `900 µs – 1 ms` when the units differ.
fn between(low: &str, high: &str) -> String {
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, a)), Some((_, b))) if a == b => format!("{number} – {high}"),
        _ => format!("{low} – {high}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::time_range::Span;
    use flarepath_profile::selector::Selector;

    fn request(rows: Rows) -> HeatmapRequest {
        let request = ProfileRequest {
            store: None,
            selector: Selector::default(),
            profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds".into(),
            span: Span::of_ms(90_000, 330_000),
            by: None,
        };
        HeatmapRequest {
            profiles: request,
            query: Query::default(),
            view: HeatView { rows: Some(rows), ..HeatView::default() },
        }
    }

    fn row(name: &str, cells: &[i64]) -> HeatmapRow {
        HeatmapRow {
            name: name.into(),
            sum: cells.iter().sum(),
            cells: cells.to_vec(),
            ..HeatmapRow::default()
        }
    }

    fn answer(rows: Vec<HeatmapRow>, other: &[i64]) -> HeatmapResponse {
        HeatmapResponse {
            times_ms: vec![60_000, 240_000],
            step_ms: 60_000,
            unit: "nanoseconds".into(),
            rows,
            other: Some(row("", other)),
            column_totals: vec![4, 8],
            row_count: 9,
            service_known: true,
            profile_type_known: true,
            ..HeatmapResponse::default()
        }
    }

    #[test]
    fn columns_that_are_absent_are_gaps() {
        let found = answered(&request(Rows::Functions), answer(vec![row("work", &[3, 7])], &[1, 1]));
        let data = found.data.unwrap();
        let values = |row: usize| (0..5).map(|column| data.map.get(Cell { row, column })).collect::<Vec<_>>();
        assert_eq!(values(0), [Some(3.0), None, None, Some(7.0), None]);
        assert_eq!(values(1), [Some(1.0), None, None, Some(1.0), None]);
        assert_eq!((data.rest, data.map.row_name(1)), (true, "Other functions"));
        assert_eq!(data.axis, Axis::Time { from_ms: 60_000, step_ms: 60_000 });
        assert_eq!(data.caption, "CPU time, self in each 1 min");
        assert_eq!([0, 1, 4].map(|at| data.partial(at)), [Some(Partial::Cut), None, Some(Partial::Cut)]);
        assert_eq!(found.subject.names, ["work"]);
    }

    #[test]
    fn functions_of_no_cost_are_no_rows() {
        let rows = vec![row("work", &[3, 7]), row("main", &[0, 0]), row("even", &[1, -1])];
        let names = |kind| answered(&request(kind), answer(rows.clone(), &[0, 0])).subject.names;
        assert_eq!(names(Rows::Functions), ["work", "even"]);
        assert_eq!(names(Rows::Label), ["work", "main", "even"]);
    }

    #[test]
    fn a_rest_of_nothing_is_no_row() {
        let found = answered(&request(Rows::Label), answer(vec![row("", &[4, 8])], &[0, 0]));
        let data = found.data.unwrap();
        assert_eq!((data.map.rows(), data.map.row_name(0), data.rest), (1, "(none)", false));
        let nothing = HeatmapResponse { times_ms: Vec::new(), ..answer(Vec::new(), &[]) };
        assert_eq!(answered(&request(Rows::Label), nothing).data, None);
    }

    #[test]
    fn bins_are_named_by_their_edges_and_empty_ones_are_folded() {
        let bin = |i: i32, count: i64| HeatmapRow {
            low: if i == 0 { i64::MIN as f64 } else { f64::from(i) * 1e6 },
            high: f64::from(i + 1) * 1e6,
            ..row("", &[count, 0])
        };
        let rows: Vec<_> = (0..14).map(|i| bin(i, i64::from(i == 0 || i > 10))).collect();
        let found = answered(
            &request(Rows::Values),
            HeatmapResponse { bin_unit: "nanoseconds".into(), unit: "profiles".into(), ..answer(rows, &[]) },
        );
        let data = found.data.unwrap();
        let names: Vec<_> = (0..data.map.rows()).map(|r| data.map.row_name(r).to_owned()).collect();
        assert_eq!(names, ["0 or less", "none in 1 – 11 ms", "11 – 12 ms", "12 – 13 ms", "13 – 14 ms"]);
        assert_eq!(data.value(Cell { row: 0, column: 0 }), "1");
        assert_eq!(data.map.get(Cell { row: 1, column: 0 }), None);
    }

    #[test]
    fn a_heat_map_path_names_its_rows() {
        let query = Query { profile_type: Some("cpu".into()), by: Some("pod".into()), ..Query::default() };
        let span = Span::of_ms(0, 3_600_000);
        let request = ProfileRequest::new(&query, span).unwrap().unwrap();
        let path = |rows| {
            let view = HeatView { rows, ..HeatView::default() };
            heatmap_path(&HeatmapRequest { profiles: request.clone(), query: query.clone(), view })
        };
        let same = "/api/v1/heatmap?type=cpu&selector=%7B%7D&from=0&until=1970-01-01T01:00:00Z";
        assert_eq!(path(None), format!("{same}&of=label&step=30s&limit=30&label=pod"));
        assert_eq!(path(Some(Rows::Functions)), format!("{same}&of=functions&step=30s&limit=30&cost=self"));
        assert_eq!(path(Some(Rows::Values)), format!("{same}&of=values&step=30s&limit=30&scale=log"));
    }
}
