//! The view of a local file, as part of the URL: the profile, its flame chart, or its sub-second offsets.

use super::chart_view::ChartView;
use super::url_text::{parse_pairs, path_with};
use super::view::View;

/// How a local file is displayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shows {
    /// Flame graph, table, sandwich.
    #[default]
    Profile,
    /// The flame chart.
    Time,
    /// Sub-second offsets; see [`super::offsets_view`].
    SubSecond,
}

impl Shows {
    fn as_str(self) -> &'static str {
        match self {
            Shows::Profile => "",
            Shows::Time => "time",
            Shows::SubSecond => "subsecond",
        }
    }
}

/// The view of a local file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LocalView {
    /// Display mode.
    pub(crate) shows: Shows,
    /// The view of the profile; its search and colours apply to the chart, too.
    pub(crate) view: View,
    /// The thread of the chart; `None` is the first.
    pub(crate) thread: Option<String>,
    /// Which part of the chart.
    pub(crate) chart_view: ChartView,
}

impl LocalView {
    /// Parses a query string; absent or invalid parameters are the default.
    pub(crate) fn parse(query: &str) -> LocalView {
        let pairs = parse_pairs(query);
        let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        LocalView {
            shows: match get("show").as_deref() {
                Some("time") => Shows::Time,
                Some("subsecond") => Shows::SubSecond,
                _ => Shows::Profile,
            },
            view: View::from_params(&get),
            thread: get("thread"),
            chart_view: ChartView::from_params(&get),
        }
    }

    /// The path of the page that shows it.
    pub(crate) fn path(&self) -> String {
        path_with("/local", &self.to_params())
    }

    /// The query parameters.
    pub(crate) fn to_params(&self) -> Vec<(&'static str, String)> {
        let mut params = self.view.to_params();
        if self.shows != Shows::default() {
            params.push(("show", self.shows.as_str().to_owned()));
        }
        params.extend(self.thread.clone().map(|thread| ("thread", thread)));
        params.extend(self.chart_view.to_params());
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn view_survives_the_url() {
        let view = LocalView {
            shows: Shows::Time,
            view: View { search: "a&b".into(), ..View::default() },
            thread: Some(String::new()),
            chart_view: ChartView { window: Some((10, 900)), row: 4 },
        };
        let path = view.path();
        assert_eq!(LocalView::parse(path.split_once('?').unwrap().1), view);
        assert_eq!(LocalView::default().path(), "/local");
        assert_eq!(LocalView::parse("show=nonsense&t=x"), LocalView::default());
    }
}
