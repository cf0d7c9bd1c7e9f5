//! The query as part of the URL: store, service, profile type, filter, time range, grouping.
//!
//! [`Query`] keeps the filter as text, so that an invalid one stays in the editor and in the link until it
//! is fixed. The service is a parameter of its own and not part of the filter's text.

use crate::state::profile_types::type_name;
use crate::state::time_range::TimeRange;
use crate::state::url_text::path_with;
use crate::state::view::View;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{InvalidSelector, MatchOp, Matcher, Selector};

/// The parameter of the store, in addresses of pages and of requests.
pub(crate) const STORE: &str = "store";

/// A query. `None` leaves a part to the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Query {
    /// Name of the store; `None` is the default one.
    pub(crate) store: Option<String>,
    /// Value of `service_name`.
    pub(crate) service: Option<String>,
    /// Profile type id.
    pub(crate) profile_type: Option<String>,
    /// Selector of the other labels, such as `{region="eu"}`; empty for none.
    pub(crate) filter: String,
    /// Time range.
    pub(crate) range: Option<TimeRange>,
    /// Label that the timeline is grouped by.
    pub(crate) by: Option<String>,
}

impl Query {
    /// Parses query parameters; absent or invalid ones are left to the page.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> Query {
        let some = |key: &str| get(key).filter(|text| !text.is_empty());
        Query {
            store: some(STORE),
            service: some("service"),
            profile_type: some("type"),
            filter: get("filter").unwrap_or_default(),
            range: range_in(get, "from", "until").unwrap_or(None),
            by: some("by"),
        }
    }

    /// The query parameters.
    pub(crate) fn to_params(&self) -> Vec<(&'static str, String)> {
        let mut params = Vec::new();
        let mut put = |key, value: Option<String>| params.extend(value.map(|value| (key, value)));
        put(STORE, self.store.clone());
        put("service", self.service.clone());
        put("type", self.profile_type.clone());
        put("filter", Some(self.filter.clone()).filter(|text| !text.is_empty()));
        let (from, until) = self.range.map(TimeRange::to_params).unzip();
        put("from", from);
        put("until", until);
        put("by", self.by.clone());
        params
    }

    /// The parameter of the store, if one is named.
    pub(crate) fn store_param(&self) -> Option<(&'static str, String)> {
        self.store.clone().map(|name| (STORE, name))
    }

    /// Service, type and filter in words: `checkout · CPU time · {version="v2"}`.
    pub(crate) fn subject(&self) -> String {
        let filter = Some(self.filter.trim().to_owned()).filter(|text| !text.is_empty());
        let parts = [self.service.clone(), self.profile_type.as_deref().map(type_name), filter];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The matchers of the filter.
    ///
    /// # Errors
    /// Where and why it is invalid.
    pub(crate) fn matchers(&self) -> Result<Vec<Matcher>, InvalidSelector> {
        let text = self.filter.trim();
        match text {
            "" => Ok(Vec::new()),
            _ => Ok(text.parse::<Selector>()?.matchers),
        }
    }

    /// Replaces the matchers of the filter.
    #[must_use]
    pub(crate) fn with_matchers(&self, matchers: Vec<Matcher>) -> Query {
        let filter = match matchers.is_empty() {
            true => String::new(),
            false => Selector { matchers }.to_string(),
        };
        Query { filter, ..self.clone() }
    }

    /// The whole selector: service and filter.
    ///
    /// # Errors
    /// As [`Query::matchers`].
    pub(crate) fn selector(&self) -> Result<Selector, InvalidSelector> {
        let service = self.service.iter().map(|name| Matcher {
            name: SERVICE_NAME.to_owned(),
            op: MatchOp::Equal,
            value: name.clone(),
        });
        let mut matchers: Vec<Matcher> = service.collect();
        matchers.extend(self.matchers()?);
        Ok(Selector { matchers })
    }
}

/// The time range in the parameters `from` and `until`.
///
/// # Errors
/// As [`TimeRange::parse`].
pub(crate) fn range_in(
    get: &dyn Fn(&str) -> Option<String>,
    from: &str,
    until: &str,
) -> Result<Option<TimeRange>, String> {
    TimeRange::parse(&get(from).unwrap_or_default(), &get(until).unwrap_or_default())
}

/// Why a time range in the parameters of a page cannot be taken.
pub(crate) fn time_problem(get: &dyn Fn(&str) -> Option<String>, now_ms: i64) -> Option<String> {
    [("", "from", "until"), ("Baseline: ", "b.from", "b.until")].into_iter().find_map(
        |(side, from, until)| {
            let problem = match range_in(get, from, until) {
                Ok(range) => range?.emptiness(now_ms)?.to_owned(),
                Err(problem) => problem,
            };
            Some(format!("{side}{problem}"))
        },
    )
}

/// The path of Explore that shows `query` in `view`.
pub(crate) fn explore_path(query: &Query, view: &View) -> String {
    let params = query.to_params().into_iter().chain(view.to_params()).collect::<Vec<_>>();
    path_with("/explore", &params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::url_text::parse_pairs;

    fn reload(path: &str) -> (Query, View) {
        let pairs = parse_pairs(path.split_once('?').map_or("", |(_, query)| query));
        let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        (Query::from_params(&get), View::from_params(&get))
    }

    #[test]
    fn every_parameter_survives_the_url() {
        let query = Query {
            store: Some("prod eu".into()),
            service: Some("check out & pay".into()),
            profile_type: Some("process_cpu:cpu:nanoseconds:cpu:nanoseconds".into()),
            filter: r#"{region=~"eu-.+", pod!="a\"b"}"#.into(),
            range: Some(TimeRange::LAST_HOUR),
            by: Some("pod".into()),
        };
        let view = View { search: "a+b".into(), zoom: vec!["main".into(), "x;y".into()], ..View::default() };
        assert_eq!(reload(&explore_path(&query, &view)), (query, view));
        assert_eq!(reload("/explore"), (Query::default(), View::default()));
    }

    #[test]
    fn the_subject_is_in_words() {
        let cpu = Some("process_cpu:cpu:nanoseconds:cpu:nanoseconds".to_owned());
        let query = Query { service: Some("shop".into()), profile_type: cpu, ..Query::default() };
        assert_eq!(query.subject(), "shop · CPU time");
        assert_eq!(
            Query { filter: r#"{pod="a"}"#.into(), ..query }.subject(),
            r#"shop · CPU time · {pod="a"}"#
        );
        assert_eq!(Query::default().subject(), "");
    }

    #[test]
    fn query_and_view_share_no_parameter() {
        let query = Query {
            store: Some("s".into()),
            service: Some("a".into()),
            profile_type: Some("b".into()),
            filter: "{}".into(),
            range: Some(TimeRange::LAST_HOUR),
            by: Some("c".into()),
        };
        let ours: Vec<_> = query.to_params().into_iter().map(|(key, _)| key).collect();
        for theirs in [
            "mode", "q", "re", "zoom", "at", "fn", "details", "steps", "focus", "hide", "color", "order",
            "inv", "sort",
        ] {
            assert!(!ours.contains(&theirs), "{theirs}");
        }
    }

    #[test]
    fn the_selector_joins_service_and_filter() {
        let query =
            Query { service: Some("shop".into()), filter: r#"{region="eu"}"#.into(), ..Query::default() };
        assert_eq!(query.selector().unwrap().to_string(), r#"{service_name="shop", region="eu"}"#);
        assert_eq!(query.with_matchers(Vec::new()).filter, "");
        assert_eq!(Query::default().selector().unwrap(), Selector::default());
    }

    #[test]
    fn keeps_an_invalid_filter_and_locates_the_error() {
        let query = Query { filter: "{region=}".into(), ..Query::default() };
        assert_eq!(query.matchers().unwrap_err().position, 8);
        assert_eq!(reload(&explore_path(&query, &View::default())).0, query);
    }
}
