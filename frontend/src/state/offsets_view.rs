//! The view of the sub-second offsets of a local file, as part of the URL.

use super::compare::DiffView;
use super::local_view::LocalView;
use super::url_text::{parse_pairs, put};
use flarepath_profile::heatmap::{Cell, Scale};

/// Rows that a second can be divided into.
pub(crate) const ROWS: [usize; 4] = [10, 20, 50, 100];
const DEFAULT_ROWS: usize = 50;

/// The first and the last cell of a selection.
pub(crate) type Ends = (Cell, Cell);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OffsetsView {
    /// Rows per second.
    pub(crate) rows: usize,
    /// Whether cells are sums of values instead of numbers of samples.
    pub(crate) by_value: bool,
    /// How values map to colours.
    pub(crate) scale: Scale,
    /// Whether a drag selects a band of offsets in each second instead of the time from one cell to another.
    pub(crate) band: bool,
    /// Selections: baseline, then comparison.
    pub(crate) picked: [Option<Ends>; 2],
    /// The view of the difference of both.
    pub(crate) diff: DiffView,
}

impl Default for OffsetsView {
    fn default() -> Self {
        OffsetsView {
            rows: DEFAULT_ROWS,
            by_value: false,
            scale: Scale::Linear,
            band: false,
            picked: [None, None],
            diff: DiffView::default(),
        }
    }
}

impl OffsetsView {
    /// Parses a query string; absent or invalid parameters are the default.
    pub(crate) fn parse(query: &str) -> OffsetsView {
        let pairs = parse_pairs(query);
        let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        let text = |key: &str| get(key).unwrap_or_default();
        let rows = text("per").parse().ok().filter(|rows| ROWS.contains(rows)).unwrap_or(DEFAULT_ROWS);
        let ends = |key: &str| ends(&text(key)).filter(|(a, b)| a.row.max(b.row) < rows);
        let first = ends("sel");
        OffsetsView {
            rows,
            by_value: text("cells") == "values",
            scale: if text("heat") == "log" { Scale::Log } else { Scale::Linear },
            band: text("band") == "1",
            picked: [first, first.and_then(|_| ends("sel2"))],
            diff: DiffView::from_params(&get),
        }
    }

    /// The query parameters. What is seen of the profile is that of the difference when two parts are selected, and that of
    /// `local` when it is one.
    pub(crate) fn to_params(&self, local: &LocalView) -> Vec<(&'static str, String)> {
        let both = self.picked[1].is_some();
        let profile = if both { self.diff.to_params() } else { local.view.to_params() };
        let mut params = vec![("show", "subsecond".to_owned())];
        params.extend(profile);
        params.extend(local.thread.clone().map(|thread| ("thread", thread)));
        put(
            &mut params,
            "per",
            if self.rows == DEFAULT_ROWS { String::new() } else { self.rows.to_string() },
        );
        put(&mut params, "cells", if self.by_value { "values" } else { "" });
        put(&mut params, "heat", if self.scale == Scale::Log { "log" } else { "" });
        put(&mut params, "band", if self.band { "1" } else { "" });
        let [first, second] = self.picked.map(|ends| ends.map(ends_text).unwrap_or_default());
        put(&mut params, "sel", first);
        put(&mut params, "sel2", second);
        params
    }

    /// The same with a part selected, as [`super::heatmap::HeatView::with_region`] does it.
    #[must_use]
    pub(crate) fn with_part(&self, ends: Ends, grows: bool) -> OffsetsView {
        let picked = match (self.picked, grows) {
            ([None, _], _) | ([Some(_), None], true) => [Some(ends), None],
            ([first, _], _) => [first, Some(ends)],
        };
        OffsetsView { picked, ..self.clone() }
    }

    /// Removes one of the parts; the second then becomes the first.
    #[must_use]
    pub(crate) fn without_part(&self, index: usize) -> OffsetsView {
        let [first, second] = self.picked;
        OffsetsView { picked: [if index == 0 { second } else { first }, None], ..self.clone() }
    }
}

/// `SECOND.ROW-SECOND.ROW`
fn ends_text((a, b): Ends) -> String {
    format!("{}.{}-{}.{}", a.column, a.row, b.column, b.row)
}

fn ends(text: &str) -> Option<Ends> {
    let cell = |text: &str| {
        let (column, row) = text.split_once('.')?;
        // No map has more seconds.
        let column = column.parse().ok().filter(|column| *column < 100_000_000)?;
        Some(Cell { row: row.parse().ok()?, column })
    };
    let (a, b) = text.split_once('-')?;
    Some((cell(a)?, cell(b)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::local_view::Shows;
    use crate::state::share_view::write;
    use crate::state::view::View;

    fn part(a: usize, b: usize) -> Ends {
        (Cell { row: a, column: 3 }, Cell { row: b, column: 900 })
    }

    fn reload(view: &OffsetsView, local: &LocalView) -> (OffsetsView, LocalView) {
        let query = write(view.to_params(local));
        (OffsetsView::parse(&query), LocalView::parse(&query))
    }

    #[test]
    fn view_survives_the_url() {
        let inner = View { search: "a&b".into(), ..View::default() };
        let local =
            LocalView { shows: Shows::SubSecond, thread: Some("main".into()), ..LocalView::default() };
        let local = LocalView { view: inner.clone(), ..local };
        let view = OffsetsView {
            rows: 20,
            by_value: true,
            scale: Scale::Log,
            band: true,
            picked: [Some(part(0, 19)), Some(part(3, 1))],
            diff: DiffView { view: inner, red_green: true, ..DiffView::default() },
        };
        assert_eq!(reload(&view, &local), (view, local));
        let plain = LocalView { shows: Shows::SubSecond, ..LocalView::default() };
        assert_eq!(reload(&OffsetsView::default(), &plain), (OffsetsView::default(), plain));
    }

    #[test]
    fn invalid_parameters_are_the_default() {
        assert_eq!(OffsetsView::parse("per=7&sel=1&sel2=1.2-3.4&heat=x"), OffsetsView::default());
        assert_eq!(OffsetsView::parse("sel=1.50-2.3").picked, [None, None], "there is no row 50");
        assert_eq!(OffsetsView::parse("sel=999999999999.1-2.3").picked, [None, None]);
    }

    #[test]
    fn a_third_part_replaces_the_second() {
        let view = OffsetsView::default().with_part(part(1, 1), false).with_part(part(2, 2), false);
        assert_eq!(view.with_part(part(3, 3), false).picked, [Some(part(1, 1)), Some(part(3, 3))]);
        assert_eq!(view.without_part(0).picked, [Some(part(2, 2)), None]);
        assert_eq!(view.without_part(0).with_part(part(4, 4), true).picked, [Some(part(4, 4)), None]);
    }
}
