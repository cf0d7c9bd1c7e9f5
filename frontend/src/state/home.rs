//! Home as part of the URL: the order of the services, the text that they contain, filter and time, and how they are shown.
//!
//! `/` was once an address of Explore. With a parameter that only Explore has, it still is: see [`is_of_explore`].

use super::query::Query;
use super::url_text::{parse_pairs, path_with, put};

/// The order of the services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HomeSort {
    /// Those that need attention first.
    #[default]
    Attention,
    /// The most expensive first.
    Cores,
    /// The largest change first.
    Change,
    /// By name, ascending.
    Name,
}

/// The orders, their words in the URL and in requests, and their names.
pub(crate) const SORTS: [(HomeSort, &str, &str); 4] = [
    (HomeSort::Attention, "attention", "Attention"),
    (HomeSort::Cores, "cores", "Cores"),
    (HomeSort::Change, "change", "Change"),
    (HomeSort::Name, "name", "Name"),
];

/// Parameters by which an address of `/` is one of Explore: the subject of a profile, and the view of one.
const OF_EXPLORE: [&str; 15] = [
    "service", "type", "by", "mode", "re", "zoom", "at", "fn", "details", "steps", "focus", "hide", "inv",
    "color", "order",
];

/// The parameter that says how services are shown, and its value for a treemap.
const VIEW: (&str, &str) = ("view", "treemap");

/// Whether the services are shown as a treemap.
pub(crate) fn is_treemap(get: &dyn Fn(&str) -> Option<String>) -> bool {
    get(VIEW.0).is_some_and(|view| view == VIEW.1)
}

impl HomeSort {
    /// The order that a word names; any other word is the default.
    pub(crate) fn parse(word: &str) -> HomeSort {
        SORTS.iter().find(|(_, known, _)| *known == word).map_or(HomeSort::default(), |(sort, ..)| *sort)
    }

    pub(crate) fn word(self) -> &'static str {
        SORTS.iter().find(|(sort, ..)| *sort == self).map_or("", |(_, word, _)| *word)
    }
}

/// What Home shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HomeQuestion {
    /// Filter and time; of no service.
    pub(crate) query: Query,
    pub(crate) sort: HomeSort,
    /// What names of services contain; empty for all.
    pub(crate) text: String,
}

impl HomeQuestion {
    /// Parses query parameters; absent or invalid ones are the default.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> HomeQuestion {
        HomeQuestion {
            query: Query { service: None, profile_type: None, by: None, ..Query::from_params(get) },
            sort: HomeSort::parse(&get("sort").unwrap_or_default()),
            text: get("q").unwrap_or_default(),
        }
    }

    /// The address of the list.
    pub(crate) fn path(&self) -> String {
        path_with("/", &self.params())
    }

    /// The address of the treemap.
    pub(crate) fn treemap_path(&self) -> String {
        let mut params = self.params();
        put(&mut params, VIEW.0, VIEW.1);
        path_with("/", &params)
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        let mut params = self.query.to_params();
        put(&mut params, "sort", if self.sort == HomeSort::default() { "" } else { self.sort.word() });
        put(&mut params, "q", self.text.clone());
        params
    }

    /// Whether the services are those that match a text or a filter.
    pub(crate) fn is_narrowed(&self) -> bool {
        !self.text.trim().is_empty() || !self.query.filter.trim().is_empty()
    }

    /// Whether it is about all services, at the time that Home chooses.
    pub(crate) fn is_of_all(&self) -> bool {
        !self.is_narrowed() && self.query.range.is_none()
    }
}

/// Whether the query string of `/` is one that Explore wrote, before Home was there.
pub(crate) fn is_of_explore(query: &str) -> bool {
    parse_pairs(query).iter().any(|(key, _)| OF_EXPLORE.contains(&key.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::share_view::read;
    use crate::state::time_range::TimeRange;

    #[test]
    fn an_address_round_trips() {
        let question = HomeQuestion {
            query: Query {
                store: Some("prod".into()),
                filter: r#"{team="pay"}"#.into(),
                range: Some(TimeRange::LAST_15_MINUTES),
                ..Query::default()
            },
            sort: HomeSort::Cores,
            text: "check out".into(),
        };
        for question in [question, HomeQuestion::default()] {
            let path = question.path();
            let query = path.split_once('?').map_or("", |(_, query)| query);
            assert!(!is_of_explore(query), "{path}");
            assert_eq!(read(query, HomeQuestion::from_params), question);
        }
        assert_eq!(HomeQuestion::default().path(), "/");
        assert_eq!(read("sort=odd", HomeQuestion::from_params).sort, HomeSort::Attention);
    }

    #[test]
    fn a_treemap_has_an_address_of_its_own() {
        let question = HomeQuestion { text: "pay".into(), ..HomeQuestion::default() };
        assert_eq!(question.treemap_path(), "/?q=pay&view=treemap");
        assert!(read("q=pay&view=treemap", is_treemap) && !is_of_explore("q=pay&view=treemap"));
        assert!(!read("q=pay", is_treemap) && !read("view=odd", is_treemap));
        assert_eq!(read("q=pay&view=treemap", HomeQuestion::from_params), question);
    }

    #[test]
    fn old_links_are_of_explore() {
        for query in ["service=a&from=now-1h", "mode=table", "q=x&zoom=main"] {
            assert!(is_of_explore(query), "{query}");
        }
        for query in ["", "q=x&sort=name", "from=now-1h&until=now", "utm_source=chat"] {
            assert!(!is_of_explore(query), "{query}");
        }
    }
}
