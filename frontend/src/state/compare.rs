//! The two sides of a comparison and the view of their difference, as part of the URL.
//!
//! The **comparison** has Explore's own parameters. The **baseline** has `b.service`, `b.filter`, `b.from` and `b.until`;
//! each of them that is absent is as for the comparison. An empty `b.filter=` therefore says "without filters". A link with
//! none of the four leaves the baseline's time to the page. Store and type are those of both.

use crate::state::query::{Query, range_in};
use crate::state::time_range::{Span, TimeRange};
use crate::state::url_text::{path_with, put};
use crate::state::view::{SortBy, View};
use flarepath_profile::diff::table::DiffColumn;
use flarepath_profile::diff::{Mode as ScaleMode, Side};
use flarepath_profile::top_table::Cost;
use flarepath_profile::unix_nanos::HOUR_NS;

/// Baseline presets: how long before the comparison, in nanoseconds.
pub(crate) const BEFORE: [(&str, i64); 3] =
    [("1 hour before", HOUR_NS), ("1 day before", 24 * HOUR_NS), ("1 week before", 168 * HOUR_NS)];

/// Two queries of one store and one profile type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sides {
    /// Before.
    pub(crate) baseline: Query,
    /// After.
    pub(crate) comparison: Query,
}

impl Sides {
    /// Parses query parameters; absent or invalid ones are left to the page.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> Sides {
        let comparison = Query { by: None, ..Query::from_params(get) };
        let told = get("b.service").is_some() || get("b.filter").is_some();
        let baseline = Query {
            service: get("b.service").filter(|text| !text.is_empty()).or(comparison.service.clone()),
            filter: get("b.filter").unwrap_or(comparison.filter.clone()),
            range: range_in(get, "b.from", "b.until").unwrap_or(None).or(comparison.range.filter(|_| told)),
            ..comparison.clone()
        };
        Sides { baseline, comparison }
    }

    /// The query parameters.
    pub(crate) fn to_params(&self) -> Vec<(&'static str, String)> {
        let Sides { baseline, comparison } = self;
        let mut params = comparison.to_params();
        let mut put = |key, value: Option<String>| params.extend(value.map(|value| (key, value)));
        put("b.service", baseline.service.clone().filter(|_| baseline.service != comparison.service));
        put("b.filter", (baseline.filter != comparison.filter).then(|| baseline.filter.clone()));
        let (from, until) = baseline.range.map(TimeRange::to_params).unzip();
        put("b.from", from);
        put("b.until", until);
        params
    }

    /// One of the sides.
    pub(crate) fn of(&self, side: Side) -> &Query {
        match side {
            Side::Baseline => &self.baseline,
            Side::Comparison => &self.comparison,
        }
    }

    /// Replaces the query of one side. Both keep one store and one profile type.
    #[must_use]
    pub(crate) fn with(&self, side: Side, query: Query) -> Sides {
        let Query { store, profile_type, .. } = query.clone();
        let typed = |query: &Query| {
            let (store, profile_type) = (store.clone(), profile_type.clone());
            Query { store, profile_type, by: None, ..query.clone() }
        };
        match side {
            Side::Baseline => Sides { baseline: typed(&query), comparison: typed(&self.comparison) },
            Side::Comparison => Sides { baseline: typed(&self.baseline), comparison: typed(&query) },
        }
    }

    /// Swaps the sides.
    #[must_use]
    pub(crate) fn swapped(&self) -> Sides {
        Sides { baseline: self.comparison.clone(), comparison: self.baseline.clone() }
    }

    /// Compares `query` with a baseline that is left to the page: the server chooses it.
    pub(crate) fn open(query: &Query) -> Sides {
        let comparison = Query { by: None, ..query.clone() };
        Sides { baseline: Query { range: None, ..comparison.clone() }, comparison }
    }

    /// Whether the baseline is left to the page.
    pub(crate) fn is_open(&self) -> bool {
        let Sides { baseline, comparison } = self;
        baseline.range.is_none()
            && baseline.service == comparison.service
            && baseline.filter == comparison.filter
    }

    /// Compares `query` at `span` with itself so many nanoseconds earlier. Both ends are absolute, so that the distance
    /// between the sides stays the same as time passes.
    pub(crate) fn before(query: &Query, span: Span, by_ns: i64) -> Sides {
        let at = |shift: i64| {
            let range = Some(TimeRange::Between(span.earlier(shift)));
            Query { range, by: None, ..query.clone() }
        };
        Sides { baseline: at(by_ns), comparison: at(0) }
    }
}

/// How a difference is displayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DiffMode {
    /// One flame graph of both sides.
    #[default]
    Overlay,
    /// Two flame graphs side by side.
    Beside,
    /// The tree of both sides as an indented table.
    CallTree,
    /// The table of functions.
    Table,
}

impl DiffMode {
    /// All, in the order of their buttons and keys 1 to 4.
    pub(crate) const ALL: [DiffMode; 4] =
        [DiffMode::Overlay, DiffMode::Beside, DiffMode::CallTree, DiffMode::Table];

    /// The value in the URL.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            DiffMode::Overlay => "overlay",
            DiffMode::Beside => "side",
            DiffMode::CallTree => "calltree",
            DiffMode::Table => "table",
        }
    }

    /// The label of the button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            DiffMode::Overlay => "Overlay",
            DiffMode::Beside => "Side by side",
            DiffMode::CallTree => "Call tree",
            DiffMode::Table => "Table",
        }
    }
}

/// The columns of the table in order: value in the URL, heading.
pub(crate) const COLUMNS: [(&str, &str, DiffColumn); 7] = [
    ("name", "Function", DiffColumn::Name),
    ("dself", "Δ self", DiffColumn::Delta(Cost::SelfValue)),
    ("dtotal", "Δ total", DiffColumn::Delta(Cost::Total)),
    ("bself", "Baseline self", DiffColumn::Cost(Side::Baseline, Cost::SelfValue)),
    ("btotal", "Baseline total", DiffColumn::Cost(Side::Baseline, Cost::Total)),
    ("cself", "Comparison self", DiffColumn::Cost(Side::Comparison, Cost::SelfValue)),
    ("ctotal", "Comparison total", DiffColumn::Cost(Side::Comparison, Cost::Total)),
];

/// What the table is limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    /// Functions of the service itself.
    Own,
    /// Functions of libraries and runtimes.
    Library,
    /// Functions that only the comparison has.
    New,
    /// Functions that only the baseline has.
    Gone,
    /// Functions between which costs only moved, as the verdict says.
    Moved,
    /// Functions whose total grew.
    Grew,
    /// Functions whose total shrank.
    Shrank,
}

/// Filters of the table: value in the URL, label.
pub(crate) const FILTERS: [(&str, &str, Only); 7] = [
    ("own", "own code", Only::Own),
    ("library", "library", Only::Library),
    ("new", "new", Only::New),
    ("gone", "gone", Only::Gone),
    ("moved", "moved", Only::Moved),
    ("grew", "grew", Only::Grew),
    ("shrank", "shrank", Only::Shrank),
];

/// Scales: value in the URL, label.
pub(crate) const SCALES: [(&str, &str, ScaleMode); 3] = [
    ("second", "per second and replica", ScaleMode::PerSecond),
    ("share", "shares", ScaleMode::Share),
    ("absolute", "values", ScaleMode::Absolute),
];

/// The view of a difference.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DiffView {
    /// Search, zoom, transforms: as of one profile. Its mode and sorting stay at their defaults.
    pub(crate) view: View,
    /// Display mode; `None` leaves it to the page (table on a phone, else overlay).
    pub(crate) mode: Option<DiffMode>,
    /// Whether to use red and green instead of colours safe for colour blindness.
    pub(crate) red_green: bool,
    /// How values are scaled; `None` leaves it to the page (by the second where covered time is known, else shares).
    pub(crate) scale: Option<ScaleMode>,
    /// Column that the table is sorted by; `None` orders functions by what explains the change.
    pub(crate) sort: Option<DiffColumn>,
    /// Whether the order of the column is reversed.
    pub(crate) sort_reversed: bool,
    /// Filter of the table; `None` shows everything.
    pub(crate) only: Option<Only>,
}

impl DiffView {
    /// Parses query parameters; absent or invalid ones are the default.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> DiffView {
        let text = |key: &str| get(key).unwrap_or_default();
        let (mode, sort) = (text("mode"), text("sort"));
        let (word, sort_reversed) =
            sort.strip_prefix('-').map_or((sort.as_str(), false), |rest| (rest, true));
        let column = COLUMNS.iter().find(|(name, ..)| *name == word).map(|(_, _, column)| *column);
        DiffView {
            view: View {
                mode: None,
                function: None,
                details: None,
                sort: SortBy::default(),
                sort_reversed: false,
                ..View::from_params(get)
            },
            mode: DiffMode::ALL.into_iter().find(|m| m.as_str() == mode),
            red_green: text("palette") == "redgreen",
            scale: SCALES.iter().find(|(word, ..)| *word == text("scale")).map(|(_, _, scale)| *scale),
            sort: column,
            sort_reversed: sort_reversed && column.is_some(),
            only: FILTERS.iter().find(|(word, ..)| *word == text("only")).map(|(_, _, only)| *only),
        }
    }

    /// The query parameters that differ from the default.
    pub(crate) fn to_params(&self) -> Vec<(&'static str, String)> {
        let mut params = self.view.to_params();
        put(&mut params, "mode", self.mode.map_or("", DiffMode::as_str));
        put(&mut params, "palette", if self.red_green { "redgreen" } else { "" });
        let word =
            |scale: ScaleMode| SCALES.iter().find(|(_, _, s)| *s == scale).map_or("", |(word, ..)| *word);
        put(&mut params, "scale", self.scale.map_or("", word));
        let column = COLUMNS.into_iter().find(|(_, _, column)| Some(*column) == self.sort);
        if let Some((word, ..)) = column {
            put(&mut params, "sort", format!("{}{word}", if self.sort_reversed { "-" } else { "" }));
        }
        let only = FILTERS.into_iter().find(|(_, _, only)| Some(*only) == self.only);
        put(&mut params, "only", only.map_or("", |(word, ..)| word));
        params
    }
}

/// The path of the page that shows `sides` in `view`.
pub(crate) fn compare_path(sides: &Sides, view: &DiffView) -> String {
    let params: Vec<_> = sides.to_params().into_iter().chain(view.to_params()).collect();
    path_with("/compare", &params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::query::explore_path;
    use crate::state::transform::{Kind, Transform};
    use crate::state::url_text::parse_pairs;

    fn reload(path: &str) -> (Sides, DiffView) {
        let pairs = parse_pairs(path.split_once('?').map_or("", |(_, query)| query));
        let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        (Sides::from_params(&get), DiffView::from_params(&get))
    }

    fn query(filter: &str, range: TimeRange) -> Query {
        let (service, profile_type) = (Some("shop".to_owned()), Some("cpu:cpu:ns:cpu:ns".to_owned()));
        let store = Some("prod".to_owned());
        Query { store, service, profile_type, filter: filter.to_owned(), range: Some(range), by: None }
    }

    #[test]
    fn sides_and_view_survive_the_url() {
        let now = query(r#"{version="v2"}"#, TimeRange::LAST_HOUR);
        let then = Query {
            service: Some("old".into()),
            ..query("", TimeRange::Between(Span { from_ns: 5, until_ns: 1_764_000_000_000_000_009 }))
        };
        for (_, _, sort) in COLUMNS {
            for (_, _, only) in FILTERS {
                let view = DiffView {
                    view: View {
                        search: "a&b".into(),
                        zoom: vec!["x;y".into()],
                        transforms: vec![Transform::all(Kind::Invert)],
                        ..View::default()
                    },
                    mode: Some(DiffMode::Beside),
                    red_green: true,
                    scale: Some(if only == Only::New { ScaleMode::Share } else { ScaleMode::PerSecond }),
                    sort: Some(sort),
                    sort_reversed: true,
                    only: Some(only),
                };
                let sides = Sides { baseline: then.clone(), comparison: now.clone() };
                assert_eq!(reload(&compare_path(&sides, &view)), (sides, view));
            }
        }
        for mode in DiffMode::ALL {
            let view = DiffView { mode: Some(mode), ..DiffView::default() };
            assert_eq!(reload(&compare_path(&Sides::default(), &view)).1, view);
        }
        assert_eq!(reload("/compare"), (Sides::default(), DiffView::default()));
        assert_eq!(compare_path(&Sides::default(), &DiffView::default()), "/compare");
    }

    #[test]
    fn writes_only_what_differs_in_the_baseline() {
        let now = query(r#"{version="v2"}"#, TimeRange::LAST_HOUR);
        let same = Sides { baseline: now.clone(), comparison: now.clone() };
        let own = |(key, _): &(&str, String)| key.starts_with("b.");
        assert!(
            same.to_params().iter().filter(|p| own(p)).all(|(key, _)| matches!(*key, "b.from" | "b.until"))
        );
        assert_eq!(
            reload("/compare?from=now-1h&until=now&b.filter=").0.baseline.range,
            Some(TimeRange::LAST_HOUR)
        );
        assert_eq!(reload("/compare?from=now-1h&until=now").0.baseline.range, None);
        let plain = same.with(Side::Baseline, Query { filter: String::new(), ..now });
        assert!(
            compare_path(&plain, &DiffView::default()).contains("b.filter=&")
                || compare_path(&plain, &DiffView::default()).ends_with("b.filter=")
        );
        assert_eq!(reload(&compare_path(&plain, &DiffView::default())).0, plain);
        assert_eq!(plain.swapped().swapped(), plain);
    }

    #[test]
    fn a_link_without_a_baseline_leaves_it_open() {
        let now = query(r#"{version="v2"}"#, TimeRange::LAST_HOUR);
        let open = Sides::open(&now);
        let path = compare_path(&open, &DiffView::default());
        assert!(!path.contains("b."), "{path}");
        let (read, _) = reload(&path);
        assert!(read.is_open() && read == open);
        // Explore writes the same address without knowing comparisons.
        let searched = View { search: "regex".into(), ..View::default() };
        let view = DiffView { view: searched.clone(), ..DiffView::default() };
        assert_eq!(compare_path(&open, &view).replace("/compare", "/explore"), explore_path(&now, &searched));
        assert!(!reload(&format!("{path}&b.filter=")).0.is_open());
        assert!(!reload(&format!("{path}&b.from=now-2h&b.until=now-1h")).0.is_open());
    }

    #[test]
    fn presets_keep_the_length_and_fix_both_ends() {
        let hour = |from: i64| Span { from_ns: from * HOUR_NS + 1, until_ns: (from + 1) * HOUR_NS + 1 };
        let sides = Sides::before(&query("", TimeRange::LAST_HOUR), hour(30), 24 * HOUR_NS);
        let between = |from: i64| Some(TimeRange::Between(hour(from)));
        assert_eq!((sides.baseline.range, sides.comparison.range), (between(6), between(30)));
    }

    #[test]
    fn both_sides_share_one_type() {
        let sides =
            Sides { baseline: query("", TimeRange::LAST_HOUR), comparison: query("", TimeRange::LAST_HOUR) };
        let wall = Query { profile_type: Some("wall".into()), ..sides.baseline.clone() };
        let changed = sides.with(Side::Baseline, wall);
        assert_eq!(changed.comparison.profile_type.as_deref(), Some("wall"));
        let other = Query { store: None, ..sides.comparison.clone() };
        assert_eq!(sides.with(Side::Comparison, other).baseline.store, None, "and one store");
    }

    #[test]
    fn invalid_parameters_are_the_default() {
        let view = DiffView::from_params(&|key| (key != "q").then(|| "-nonsense".into()));
        assert_eq!(
            (view.mode, view.sort, view.sort_reversed, view.only, view.scale),
            (None, None, false, None, None)
        );
        assert!(!view.red_green);
    }
}
