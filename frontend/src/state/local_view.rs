//! What is seen of a local file, as part of the URL: the pictures of a profile, or its samples in the order of time.

use super::chart_view::Look;
use super::url_text::{parse_pairs, write_pairs};
use super::view::View;

/// Which way of looking at the file is on screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shows {
    /// Flame graph, table, sandwich.
    #[default]
    Profile,
    /// The flame chart.
    Time,
    /// What each second looks like from within; see [`super::offsets_view`].
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

/// What is seen of a local file. The default is the plain picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LocalView {
    /// Which way of looking.
    pub(crate) shows: Shows,
    /// What is seen of the profile; the search and the colours are those of the chart, too.
    pub(crate) view: View,
    /// The thread whose chart is seen; `None` is the first.
    pub(crate) thread: Option<String>,
    /// Which part of the chart.
    pub(crate) look: Look,
}

impl LocalView {
    /// Reads a query string; what is absent or not understood is the default.
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
            look: Look::from_params(&get),
        }
    }

    /// The address of the page that shows it.
    pub(crate) fn path(&self) -> String {
        let mut params = self.view.to_params();
        if self.shows != Shows::default() {
            params.push(("show", self.shows.as_str().to_owned()));
        }
        params.extend(self.thread.clone().map(|thread| ("thread", thread)));
        params.extend(self.look.to_params());
        match params.is_empty() {
            true => "/local".to_owned(),
            false => format!("/local?{}", write_pairs(params.iter().map(|(k, v)| (*k, v.as_str())))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_survives_the_url() {
        let view = LocalView {
            shows: Shows::Time,
            view: View { search: "a&b".into(), ..View::default() },
            thread: Some(String::new()),
            look: Look { window: Some((10, 900)), row: 4 },
        };
        let path = view.path();
        assert_eq!(LocalView::parse(path.split_once('?').unwrap().1), view);
        assert_eq!(LocalView::default().path(), "/local");
        assert_eq!(LocalView::parse("show=nonsense&t=x"), LocalView::default());
    }
}
