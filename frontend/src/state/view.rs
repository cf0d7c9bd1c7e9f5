//! The view of a profile, as part of the URL.
//!
//! [`View`] is the whole state of the profile views besides the data. It travels in query parameters:
//! what equals its default is left out, so that a plain link stays short. Lists of names are joined by
//! `;`, which inside of a name is written `\;` (and `\` is `\\`). Links of earlier versions say `focus`, `hide` and
//! `inv`, which are steps of [`View::transforms`] now.

use super::transform::{self, Kind, Transform};
use super::url_text::put;
use flarepath_profile::units::trimmed_decimal;

/// How a change of the URL enters the browser's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryMode {
    /// A step that "back" undoes: another mode, a zoom by click, a sandwich.
    Push,
    /// A continuous change: panning, wheel zoom, typing in the search box.
    Replace,
}

/// How a profile is displayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mode {
    /// The flame graph.
    Flame,
    /// The table of functions.
    Table,
    /// Table and flame graph side by side.
    Both,
    /// The tree as an indented table.
    CallTree,
    /// Callers and callees of one function.
    Sandwich,
}

impl Mode {
    /// All modes, in the order of their buttons and keys 1 to 5.
    pub(crate) const ALL: [Mode; 5] = [Mode::Flame, Mode::Table, Mode::Both, Mode::CallTree, Mode::Sandwich];

    /// The value in the URL.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Mode::Flame => "flame",
            Mode::Table => "table",
            Mode::Both => "both",
            Mode::CallTree => "calltree",
            Mode::Sandwich => "sandwich",
        }
    }

    /// The label of the button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Mode::Flame => "Flame graph",
            Mode::Table => "Table",
            Mode::Both => "Both",
            Mode::CallTree => "Call tree",
            Mode::Sandwich => "Sandwich",
        }
    }

    fn parse(text: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|m| m.as_str() == text)
    }
}

/// What the colour of a box stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum ColourBy {
    /// Where the code of the function comes from.
    #[default]
    Origin,
    /// The package the function belongs to.
    Package,
    /// The function itself.
    Name,
}

impl ColourBy {
    /// All, in the order of the select.
    pub(crate) const ALL: [ColourBy; 3] = [ColourBy::Origin, ColourBy::Package, ColourBy::Name];

    /// The value in the URL.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ColourBy::Origin => "origin",
            ColourBy::Package => "package",
            ColourBy::Name => "name",
        }
    }

    /// The one that a text names; any other text is the default.
    pub(crate) fn parse(text: &str) -> ColourBy {
        ColourBy::ALL.into_iter().find(|by| by.as_str() == text).unwrap_or_default()
    }
}

/// The order of siblings in the flame graph, left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum OrderBy {
    /// Largest first ("left-heavy").
    #[default]
    Total,
    /// By name, so that the same function stays in place between two pictures.
    Name,
}

/// The column the table is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum SortBy {
    /// Self value, largest first.
    #[default]
    SelfValue,
    /// Total, largest first.
    Total,
    /// Name, ascending.
    Name,
}

/// A part of the width of the flame graph, as shares of the whole: `0 ≤ from < to ≤ 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    /// Left edge.
    pub(crate) from: f64,
    /// Right edge.
    pub(crate) to: f64,
}

/// The view of a profile.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct View {
    /// Display mode; `None` leaves it to the page (table on a phone, else flame graph).
    pub(crate) mode: Option<Mode>,
    /// Text or pattern to highlight.
    pub(crate) search: String,
    /// Whether `search` is a regular expression.
    pub(crate) regex: bool,
    /// Names from below the root to the box that fills the width; empty is the root.
    pub(crate) zoom: Vec<String>,
    /// The visible part where it is not exactly the box of `zoom`.
    pub(crate) window: Option<Window>,
    /// The function in the middle of the sandwich.
    pub(crate) function: Option<String>,
    /// The function whose details are shown beside the picture.
    pub(crate) details: Option<String>,
    /// Transforms of the tree, in order.
    pub(crate) transforms: Vec<Transform>,
    /// Colour scheme.
    pub(crate) colour: ColourBy,
    /// Order of siblings.
    pub(crate) order: OrderBy,
    /// Order of the table.
    pub(crate) sort: SortBy,
    /// Whether the sort order is reversed.
    pub(crate) sort_reversed: bool,
}

impl View {
    /// Parses query parameters; absent or invalid ones are the default.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> View {
        let text = |key: &str| get(key).unwrap_or_default();
        let (sort, sort_reversed) = parse_sort(&text("sort"));
        View {
            mode: Mode::parse(&text("mode")),
            search: text("q"),
            regex: text("re") == "1",
            zoom: split_names(&text("zoom")),
            window: parse_window(&text("at")),
            function: get("fn").filter(|f| !f.is_empty()),
            details: get("details").filter(|f| !f.is_empty()),
            transforms: steps(&text),
            colour: ColourBy::parse(&text("color")),
            order: if text("order") == "name" { OrderBy::Name } else { OrderBy::Total },
            sort,
            sort_reversed,
        }
    }

    /// The query parameters that differ from the default.
    pub(crate) fn to_params(&self) -> Vec<(&'static str, String)> {
        let mut params = Vec::new();
        put(&mut params, "mode", self.mode.map_or("", Mode::as_str));
        put(&mut params, "q", self.search.clone());
        put(&mut params, "re", flag(self.regex));
        put(&mut params, "zoom", join_names(&self.zoom));
        put(
            &mut params,
            "at",
            self.window.map_or(String::new(), |w| format!("{}-{}", share_text(w.from), share_text(w.to))),
        );
        put(&mut params, "fn", self.function.clone().unwrap_or_default());
        put(&mut params, "details", self.details.clone().unwrap_or_default());
        put(&mut params, "steps", transform::write(&self.transforms));
        put(&mut params, "color", if self.colour == ColourBy::default() { "" } else { self.colour.as_str() });
        put(&mut params, "order", if self.order == OrderBy::Name { "name" } else { "" });
        put(&mut params, "sort", sort_text(self.sort, self.sort_reversed));
        params
    }

    /// The view without zoom: for a tree of another shape.
    #[must_use]
    pub(crate) fn unzoomed(&self) -> View {
        View { zoom: Vec::new(), window: None, ..self.clone() }
    }
}

fn steps(text: &dyn Fn(&str) -> String) -> Vec<Transform> {
    let mut steps = Vec::new();
    let focus = text("focus");
    if !focus.is_empty() {
        steps.push(Transform::of(Kind::Focus, focus));
    }
    steps.extend(split_names(&text("hide")).into_iter().map(|name| Transform::of(Kind::Merge, name)));
    if text("inv") == "1" {
        steps.push(Transform::all(Kind::Invert));
    }
    steps.extend(transform::parse(&text("steps")));
    steps
}

fn flag(on: bool) -> String {
    if on { "1".to_owned() } else { String::new() }
}

fn parse_sort(text: &str) -> (SortBy, bool) {
    let (word, reversed) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
    match word {
        "self" => (SortBy::SelfValue, reversed),
        "total" => (SortBy::Total, reversed),
        "name" => (SortBy::Name, reversed),
        _ => (SortBy::default(), false),
    }
}

fn sort_text(sort: SortBy, reversed: bool) -> String {
    if sort == SortBy::default() && !reversed {
        return String::new();
    }
    let word = match sort {
        SortBy::SelfValue => "self",
        SortBy::Total => "total",
        SortBy::Name => "name",
    };
    if reversed { format!("-{word}") } else { word.to_owned() }
}

/// Rounding moves an edge by less than a millionth of a pixel, however far the graph is zoomed in.
fn share_text(share: f64) -> String {
    trimmed_decimal(share, 15)
}

fn parse_window(text: &str) -> Option<Window> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (parse_share(from)?, parse_share(to)?);
    let inside = |x: f64| (0.0..=1.0).contains(&x);
    (inside(from) && inside(to) && from < to).then_some(Window { from, to })
}

/// Reads digits with a fraction, as a number between 0 and 1 is written. The parser of the standard library would
/// add 12 KB of tables to the page's download.
fn parse_share(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    // More digits are beyond the precision of a float.
    let fraction = fraction.get(..fraction.len().min(19))?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let parts = if fraction.is_empty() { 0 } else { fraction.parse::<u64>().ok()? };
    Some(whole.parse::<u32>().ok()? as f64 + parts as f64 / 10f64.powi(fraction.len() as i32))
}

pub(super) fn join_names(names: &[String]) -> String {
    let escaped: Vec<String> = names.iter().map(|n| n.replace('\\', r"\\").replace(';', r"\;")).collect();
    escaped.join(";")
}

pub(super) fn split_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => name.extend(chars.next()),
            ';' => names.push(std::mem::take(&mut name)),
            _ => name.push(c),
        }
    }
    names.push(name);
    names.retain(|n| !n.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(view: &View) -> View {
        let params = view.to_params();
        View::from_params(&|key| params.iter().find(|(k, _)| *k == key).map(|(_, v)| v.clone()))
    }

    #[test]
    fn the_default_view_has_no_parameters() {
        assert_eq!(View::default().to_params(), []);
        assert_eq!(round_trip(&View::default()), View::default());
    }

    #[test]
    fn every_field_survives_the_url() {
        let view = View {
            mode: Some(Mode::Sandwich),
            search: "a;b\\c".into(),
            regex: true,
            zoom: vec!["main".into(), "a;b".into(), "back\\slash".into()],
            window: Some(Window { from: 0.123_456_789_012, to: 0.5 }),
            function: Some("f;g".into()),
            details: Some("g".into()),
            transforms: vec![
                Transform::of(Kind::Focus, "run".into()),
                Transform::of(Kind::Merge, "<lambda>; x".into()),
                Transform::all(Kind::Invert),
            ],
            colour: ColourBy::Name,
            order: OrderBy::Name,
            sort: SortBy::Name,
            sort_reversed: true,
        };
        assert_eq!(round_trip(&view), view);
        assert_eq!(view.to_params().len(), 11);
    }

    #[test]
    fn every_mode_survives_the_url() {
        for mode in Mode::ALL {
            let view = View { mode: Some(mode), ..View::default() };
            assert_eq!(round_trip(&view), view);
        }
    }

    #[test]
    fn parses_links_of_earlier_versions() {
        let old = [("focus", "run"), ("hide", r"a;b\;c"), ("inv", "1"), ("steps", "drop:x")];
        let view =
            View::from_params(&|key| old.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned()));
        assert_eq!(transform::write(&view.transforms), "focus:run,merge:a,merge:b;c,invert,drop:x");
    }

    #[test]
    fn colours_of_links_keep_their_meaning() {
        let of = |text: &str| View::from_params(&|key| (key == "color").then(|| text.to_owned())).colour;
        assert_eq!(["package", "name", ""].map(of), [ColourBy::Package, ColourBy::Name, ColourBy::Origin]);
        for colour in ColourBy::ALL {
            assert_eq!(round_trip(&View { colour, ..View::default() }).colour, colour);
        }
    }

    #[test]
    fn fractions_round_trip() {
        for share in [0.0, 1.0, 0.25, 1e-9, 1.0 / 3.0, 0.999_999_999_999_999_9, f64::EPSILON] {
            let read = parse_share(&share.to_string()).unwrap();
            assert!((read - share).abs() <= 1e-18_f64.max(share * f64::EPSILON), "{share} became {read}");
        }
    }

    #[test]
    fn invalid_parameters_are_the_default() {
        let view = View::from_params(&|_| Some("nonsense-".into()));
        assert_eq!((view.mode, view.window, view.sort), (None, None, SortBy::SelfValue));
        assert_eq!(parse_window("0.5-0.2"), None);
        assert_eq!(parse_window("0-2"), None);
        assert_eq!(parse_window("NaN-1"), None);
        assert_eq!(parse_window("-1"), None);
        assert_eq!(parse_window(".5-1"), None);
        assert_eq!(parse_window("0.é-1"), None);
        assert_eq!(split_names(r"a;;\"), ["a"]);
    }
}
