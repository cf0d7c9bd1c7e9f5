//! The view and the selections of a heat map, as part of the URL.
//!
//! The query is Explore's own ([`Query`]); the label of a map by label is the one that Explore groups by. A selection
//! is kept as a time and names of rows, and not as numbers of cells, so that it stays where it is when the map changes.

pub(crate) mod data;
mod subject;
#[cfg(test)]
mod tests;

pub(crate) use subject::Subject;

use crate::state::query::Query;
use crate::state::time_range::Span;
use crate::state::time_text::MS;
use crate::state::url_text::{path_with, put};
use crate::state::view::{join_names, split_names};
use flarepath_profile::heatmap::Scale;
use flarepath_profile::top_table::Cost;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Widths of columns, each with its word in the URL and on screen.
pub(crate) const STEPS: [(i64, &str); 13] = [
    (10_000, "10s"),
    (30_000, "30s"),
    (MINUTE, "1m"),
    (2 * MINUTE, "2m"),
    (5 * MINUTE, "5m"),
    (10 * MINUTE, "10m"),
    (30 * MINUTE, "30m"),
    (HOUR, "1h"),
    (3 * HOUR, "3h"),
    (6 * HOUR, "6h"),
    (DAY, "1d"),
    (7 * DAY, "7d"),
    (30 * DAY, "30d"),
];

/// No narrower column is chosen by itself: profilers send every 10 or 15 s, and columns of one profile now and two the
/// next time would show stripes that are not there.
const LEAST_MS: i64 = 30_000;
/// From this length on, only columns that the server answers from folded data: a day by the minute costs it six times
/// what it costs by five.
const LONG_MS: i64 = 6 * HOUR;
const FOLDED_MS: i64 = 5 * MINUTE;
/// Columns of a step that the page chooses.
const MAX_CHOSEN: i64 = 300;
/// Columns of any step; the server answers 2 000.
const MAX_COLUMNS: i64 = 1500;

/// How many rows can be asked for.
pub(crate) const ROW_COUNTS: [usize; 5] = [10, 20, 30, 60, 120];
const DEFAULT_ROWS: usize = 30;

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// The functions that cost most.
    Functions,
    /// The values of a label that cost most.
    Label,
    /// Bins of the values of single profiles.
    Values,
}

impl Rows {
    /// All, in the order of their buttons.
    pub(crate) const ALL: [Rows; 3] = [Rows::Functions, Rows::Label, Rows::Values];

    /// The word in the URL, which is the server's.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Rows::Functions => "functions",
            Rows::Label => "label",
            Rows::Values => "values",
        }
    }

    /// The label of the button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Rows::Functions => "Functions",
            Rows::Label => "Label",
            Rows::Values => "Profile values",
        }
    }
}

/// A selected rectangle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Region {
    /// Its time.
    pub(crate) from_ms: i64,
    /// End of its time, excluded.
    pub(crate) until_ms: i64,
    /// Its rows; empty for all.
    pub(crate) rows: Vec<RowName>,
}

/// A row of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowName {
    /// A function or the value of a label.
    Named(String),
    /// What no other row holds.
    Other,
}

impl Region {
    /// `FROM-UNTIL`, and for each row `;=NAME`, or `;~` for the rest.
    fn to_param(&self) -> String {
        let row = |row: &RowName| match row {
            RowName::Named(name) => format!("={name}"),
            RowName::Other => "~".to_owned(),
        };
        let mut parts = vec![format!("{}-{}", self.from_ms, self.until_ms)];
        parts.extend(self.rows.iter().map(row));
        join_names(&parts)
    }

    fn parse(text: &str) -> Option<Region> {
        let parts = split_names(text);
        let (from, until) = parts.first()?.split_once('-')?;
        let (from_ms, until_ms): (i64, i64) = (from.parse().ok()?, until.parse().ok()?);
        let row = |text: &String| match text.strip_prefix('=') {
            Some(name) => Some(RowName::Named(name.to_owned())),
            None => (text == "~").then_some(RowName::Other),
        };
        let rows = parts[1..].iter().map(row).collect::<Option<Vec<_>>>()?;
        (from_ms < until_ms).then_some(Region { from_ms, until_ms, rows })
    }
}

/// The view of a heat map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeatView {
    /// What the rows are; `None` leaves it to the page (the label, if there is one, or else functions).
    pub(crate) rows: Option<Rows>,
    /// Which cost of functions.
    pub(crate) cost: Cost,
    /// Whether bins of values are equally wide, and not each a quarter of a doubling.
    pub(crate) linear_bins: bool,
    /// How values map to colours.
    pub(crate) scale: Scale,
    /// Width of a column; `None` leaves it to the page.
    pub(crate) step_ms: Option<i64>,
    /// Rows at most.
    pub(crate) most: usize,
    /// Selections: baseline, then comparison.
    pub(crate) picked: [Option<Region>; 2],
}

impl Default for HeatView {
    fn default() -> Self {
        HeatView {
            rows: None,
            // By total, `main` and what it always calls would fill the map.
            cost: Cost::SelfValue,
            linear_bins: false,
            scale: Scale::Linear,
            step_ms: None,
            most: DEFAULT_ROWS,
            picked: [None, None],
        }
    }
}

impl HeatView {
    /// Parses query parameters; absent or invalid ones are the default.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> HeatView {
        let text = |key: &str| get(key).unwrap_or_default();
        let (rows, step) = (text("rows"), text("step"));
        let most = text("top").parse().ok().filter(|most| ROW_COUNTS.contains(most));
        let first = Region::parse(&text("sel"));
        let second = first.as_ref().and_then(|_| Region::parse(&text("sel2")));
        HeatView {
            rows: Rows::ALL.into_iter().find(|r| r.as_str() == rows),
            cost: if text("cost") == "total" { Cost::Total } else { Cost::SelfValue },
            linear_bins: text("bins") == "linear",
            scale: if text("scale") == "log" { Scale::Log } else { Scale::Linear },
            step_ms: STEPS.iter().find(|(_, word)| *word == step).map(|(ms, _)| *ms),
            most: most.unwrap_or(DEFAULT_ROWS),
            picked: [first, second],
        }
    }

    /// The query parameters that differ from the default.
    pub(crate) fn to_params(&self) -> Vec<(&'static str, String)> {
        let mut params = Vec::new();
        put(&mut params, "rows", self.rows.map_or("", Rows::as_str));
        put(&mut params, "cost", if self.cost == Cost::Total { "total" } else { "" });
        put(&mut params, "bins", if self.linear_bins { "linear" } else { "" });
        put(&mut params, "scale", if self.scale == Scale::Log { "log" } else { "" });
        let step = STEPS.iter().find(|(ms, _)| Some(*ms) == self.step_ms);
        put(&mut params, "step", step.map_or("", |(_, word)| *word));
        put(
            &mut params,
            "top",
            if self.most == DEFAULT_ROWS { String::new() } else { self.most.to_string() },
        );
        let [first, second] = self.picked.each_ref().map(|r| r.as_ref().map(Region::to_param));
        put(&mut params, "sel", first.unwrap_or_default());
        put(&mut params, "sel2", second.unwrap_or_default());
        params
    }

    /// What the rows are, for a question with this label.
    pub(crate) fn rows_for(&self, label: Option<&str>) -> Rows {
        self.rows.unwrap_or(if label.is_some() { Rows::Label } else { Rows::Functions })
    }

    /// The same with a region selected. It becomes the first, or the second beside the first; the newest is replaced
    /// when there are two already, or while it is still being drawn (`grows`).
    #[must_use]
    pub(crate) fn with_region(&self, region: Region, grows: bool) -> HeatView {
        let [first, second] = self.picked.clone();
        let picked = match (first, second, grows) {
            (None, _, _) | (Some(_), None, true) => [Some(region), None],
            (first, ..) => [first, Some(region)],
        };
        HeatView { picked, ..self.clone() }
    }

    /// The same without one of the regions; the second then becomes the first.
    #[must_use]
    pub(crate) fn without_region(&self, index: usize) -> HeatView {
        let [first, second] = self.picked.clone();
        let picked = if index == 0 { [second, None] } else { [first, None] };
        HeatView { picked, ..self.clone() }
    }
}

/// Width of a column over this time: the one that is wanted if it makes no more columns than fit.
pub(crate) fn step_ms(span: Span, wanted: Option<i64>) -> i64 {
    let length = span.length_ns() / MS;
    if let Some(wanted) = wanted.filter(|wanted| length / wanted <= MAX_COLUMNS) {
        return wanted;
    }
    let least = if length >= LONG_MS { FOLDED_MS } else { LEAST_MS };
    let mut steps = STEPS.iter().map(|(ms, _)| *ms);
    let fits = |step: &i64| *step >= least && length <= step * MAX_CHOSEN;
    steps.clone().find(fits).or(steps.next_back()).unwrap_or(DAY)
}

/// The widths that can be chosen over this time.
pub(crate) fn steps_for(span: Span) -> impl Iterator<Item = (i64, &'static str)> {
    let length = span.length_ns() / MS;
    STEPS
        .into_iter()
        .filter(move |(ms, _)| length / ms <= MAX_COLUMNS && (length / ms >= 2 || *ms == LEAST_MS))
}

/// The address of the page that shows `query` as `view` says.
pub(crate) fn heatmap_path(query: &Query, view: &HeatView) -> String {
    let params: Vec<_> = query.to_params().into_iter().chain(view.to_params()).collect();
    path_with("/heatmap", &params)
}
