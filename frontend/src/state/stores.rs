//! The stores that profiles are read from: their state in words, and addresses in another one.

use super::query::{Query, STORE};
use super::share_view::read;
use super::url_text::encode;
use flarepath_profile::units::{Unit, format_value};

/// The stores that the person may read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StoreList {
    /// The one that addresses without a store mean; empty if the person may not read it.
    pub(crate) default: String,
    /// By name.
    pub(crate) stores: Vec<Store>,
}

/// A store, and how the server's requests to it went in the last five minutes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Store {
    pub(crate) name: String,
    /// Such as `pyroscope`.
    pub(crate) kind: String,
    pub(crate) is_default: bool,
    pub(crate) takes_pushes: bool,
    /// `ok`, `failing` or `not asked yet`.
    pub(crate) state: String,
    /// Empty if unknown.
    pub(crate) version: String,
    pub(crate) requests: u64,
    pub(crate) errors: u64,
    /// Median and 95th percentile of their duration, in seconds.
    pub(crate) latency_s: [Option<f64>; 2],
    /// When a request failed last, in milliseconds since the epoch, and why.
    pub(crate) last_error: Option<(i64, String)>,
    /// What it does not offer, in words.
    pub(crate) missing: Vec<String>,
}

impl StoreList {
    /// The name of the store that a page with this query string reads; empty if that is not known.
    pub(crate) fn name_at(&self, query: &str) -> String {
        store_in(query).unwrap_or_else(|| self.default.clone())
    }

    /// Why a page with this query string has no profiles to read; `None` where its store is one of these.
    pub(crate) fn problem(&self, query: &str) -> Option<String> {
        match store_in(query) {
            Some(name) if self.stores.iter().all(|store| store.name != name) => {
                Some(format!("There is no store “{name}” here that you may read."))
            }
            None if self.default.is_empty() => Some("You may not read the default store.".to_owned()),
            _ => None,
        }
    }

    /// The same page in a store that is there, as a link of that page: its text and its address.
    pub(crate) fn way_out(&self, query: &str) -> Option<(String, String)> {
        if !self.default.is_empty() {
            return Some(("Open this page in the default store".to_owned(), query_in(query, None)));
        }
        let Store { name, .. } = self.stores.first()?;
        Some((format!("Open this page in the store “{name}”"), query_in(query, Some(name))))
    }
}

impl Store {
    /// Whether its requests fail.
    pub(crate) fn is_failing(&self) -> bool {
        self.state == "failing"
    }

    /// The name of its kind.
    pub(crate) fn kind_text(&self) -> &str {
        match self.kind.as_str() {
            "embedded" => "Embedded",
            "pyroscope" => "Pyroscope",
            "parca" => "Parca",
            "clickhouse" => "ClickHouse",
            other => other,
        }
    }

    /// `OK`, `Failing`, `Not asked yet`.
    pub(crate) fn state_text(&self) -> String {
        match self.state.as_str() {
            "ok" => "OK".to_owned(),
            "failing" => "Failing".to_owned(),
            "not asked yet" => "Not asked yet".to_owned(),
            other => other.to_owned(),
        }
    }

    /// What it is used for beside reading: `default · takes pushes`; empty for neither.
    pub(crate) fn uses(&self) -> String {
        let uses = [self.is_default.then_some("default"), self.takes_pushes.then_some("takes pushes")];
        uses.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Small print of the picker: `Pyroscope · default · failing`.
    pub(crate) fn detail(&self) -> String {
        let parts = [
            Some(self.kind_text()),
            self.is_default.then_some("default"),
            self.is_failing().then_some("failing"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Median and 95th percentile; a dash where there were no requests.
    pub(crate) fn latency_texts(&self) -> [String; 2] {
        let seconds = Unit::parse("seconds");
        self.latency_s.map(|known| known.map_or_else(|| "–".to_owned(), |s| format_value(s, &seconds)))
    }
}

/// The store that a query string names.
pub(crate) fn store_in(query: &str) -> Option<String> {
    read(query, |get| Query::from_params(get)).store
}

/// A link to the page with this query string in another store; `None` is the default one.
pub(crate) fn query_in(query: &str, store: Option<&str>) -> String {
    let named = store.map(|name| format!("{STORE}={}", encode(name)));
    let others = query.split('&').filter(|part| {
        let key = part.split('=').next().unwrap_or_default();
        !key.is_empty() && key != STORE
    });
    let parts: Vec<&str> = named.as_deref().into_iter().chain(others).collect();
    format!("?{}", parts.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(name: &str, kind: &str) -> Store {
        Store { name: name.into(), kind: kind.into(), state: "ok".into(), ..Store::default() }
    }

    fn both() -> StoreList {
        let embedded = Store { is_default: true, takes_pushes: true, ..store("embedded", "embedded") };
        StoreList { default: "embedded".into(), stores: vec![embedded, store("prod", "pyroscope")] }
    }

    #[test]
    fn the_same_page_opens_in_another_store() {
        let query = "service=a%26b&store=old&from=now-1h&b.store=x";
        assert_eq!(query_in(query, Some("eu prod")), "?store=eu%20prod&service=a%26b&from=now-1h&b.store=x");
        assert_eq!(query_in(query, None), "?service=a%26b&from=now-1h&b.store=x");
        assert_eq!((query_in("", None), query_in("", Some("a"))), ("?".into(), "?store=a".into()));
    }

    #[test]
    fn an_unknown_store_is_named_with_a_way_out() {
        let list = both();
        assert_eq!(
            (list.name_at("service=a"), list.name_at("store=prod")),
            ("embedded".into(), "prod".into())
        );
        assert_eq!((list.problem("service=a"), list.problem("store=prod")), (None, None));
        let unknown = list.problem("store=nope&service=a").unwrap();
        assert_eq!(unknown, "There is no store “nope” here that you may read.");
        let (text, to) = list.way_out("store=nope&service=a").unwrap();
        assert_eq!((text.as_str(), to.as_str()), ("Open this page in the default store", "?service=a"));
    }

    #[test]
    fn a_default_store_of_others_leads_to_one_that_may_be_read() {
        let list = StoreList { default: String::new(), stores: vec![store("prod", "parca")] };
        assert_eq!(list.problem("").as_deref(), Some("You may not read the default store."));
        assert_eq!(list.problem("store=prod"), None);
        assert_eq!(list.way_out("a=b").unwrap().1, "?store=prod&a=b");
        assert_eq!(StoreList::default().way_out(""), None);
    }

    #[test]
    fn a_store_is_described_in_words() {
        let list = both();
        let [embedded, prod] = &list.stores[..] else { panic!("{list:?}") };
        assert_eq!((embedded.uses().as_str(), prod.uses().as_str()), ("default · takes pushes", ""));
        let failing = Store { state: "failing".into(), latency_s: [Some(0.12), None], ..prod.clone() };
        assert_eq!(failing.detail(), "Pyroscope · failing");
        assert_eq!((failing.state_text().as_str(), prod.state_text().as_str()), ("Failing", "OK"));
        assert_eq!(failing.latency_texts(), ["120 ms", "–"]);
        assert_eq!(embedded.detail(), "Embedded · default");
    }
}
