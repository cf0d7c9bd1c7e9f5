//! Request paths of the API. Pure: a query in, a path out.

use crate::state::query::{Query, STORE};
use crate::state::time_range::Span;
use crate::state::time_text::api_text;
use crate::state::url_text::{encode, write_pairs};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{InvalidSelector, MatchOp, Matcher, Selector};

/// A request for the profiles of a complete query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProfileRequest {
    /// Name of the store; `None` is the default one.
    pub(crate) store: Option<String>,
    /// Which series.
    pub(crate) selector: Selector,
    /// Profile type id.
    pub(crate) profile_type: String,
    /// The time.
    pub(crate) span: Span,
    /// Label that the timeline is grouped by.
    pub(crate) by: Option<String>,
}

impl ProfileRequest {
    /// The query at `span`; `None` while it has no profile type.
    ///
    /// # Errors
    /// Where and why its filter is invalid.
    pub(crate) fn new(query: &Query, span: Span) -> Result<Option<ProfileRequest>, InvalidSelector> {
        let selector = query.selector()?;
        Ok(query.profile_type.clone().map(|profile_type| ProfileRequest {
            store: query.store.clone(),
            selector,
            profile_type,
            span,
            by: query.by.clone(),
        }))
    }

    /// The service whose profiles it asks for, if it is about one.
    pub(crate) fn service(&self) -> Option<&str> {
        let mut named = self.selector.matchers.iter().filter(|matcher| is_service(matcher));
        named.next().map(|matcher| matcher.value.as_str())
    }

    /// What it asks, without the time.
    pub(crate) fn query(&self) -> Query {
        let others = self.selector.matchers.iter().filter(|matcher| !is_service(matcher));
        let named = Query {
            store: self.store.clone(),
            service: self.service().map(str::to_owned),
            profile_type: Some(self.profile_type.clone()),
            ..Query::default()
        };
        named.with_matchers(others.cloned().collect())
    }

    /// Path of the merged call tree.
    pub(crate) fn call_tree_path(&self) -> String {
        self.path("call-tree", &[])
    }

    /// Path of the totals over time, in buckets that begin at the start of the time.
    pub(crate) fn series_path(&self) -> String {
        self.totals_path(&[])
    }

    /// Path of the totals over time in the bars of the timeline, with the time that profiles cover in each.
    pub(crate) fn timeline_path(&self) -> String {
        self.totals_path(&[("aligned", "true"), ("covered", "true")])
    }

    fn totals_path(&self, flags: &[(&str, &str)]) -> String {
        let step = format!("{}s", self.span.step_ms() / 1000);
        let mut more = vec![("step", step.as_str())];
        more.extend(self.by.as_deref().map(|by| ("by", by)));
        more.extend_from_slice(flags);
        self.path("series", &more)
    }

    /// Path of the `self` or `total` cost of a function over time.
    pub(crate) fn function_costs_path(&self, function: &str, cost: &str) -> String {
        let step = format!("{}s", self.span.step_ms() / 1000);
        self.path("heatmap", &[("cost", cost), ("function", function), ("step", step.as_str())])
    }

    /// Path of the total costs of some functions over time, in columns of `step_ms`.
    pub(crate) fn costs_over_time_path(&self, functions: &[String], step_ms: i64) -> String {
        let step = format!("{}s", step_ms / 1000);
        let mut more = vec![("cost", "total"), ("step", step.as_str())];
        more.extend(functions.iter().map(|name| ("function", name.as_str())));
        self.path("heatmap", &more)
    }

    /// Path of the lines of a function.
    pub(crate) fn lines_path(&self, function: &str) -> String {
        self.path("lines", &[("function", function)])
    }

    /// Path of the profile as a file: `pprof`, `folded`, `speedscope` or `firefox`.
    pub(crate) fn export_path(&self, format: &str) -> String {
        self.path("export", &[("format", format)])
    }

    pub(super) fn path(&self, resource: &str, more: &[(&str, &str)]) -> String {
        let (selector, from, until) = common(&self.selector, self.span);
        let pairs = [
            ("type", self.profile_type.as_str()),
            ("selector", selector.as_str()),
            ("from", from.as_str()),
            ("until", until.as_str()),
        ];
        let store = in_store(self.store.as_deref());
        format!("/api/v1/{resource}?{store}{}", write_pairs(pairs.into_iter().chain(more.iter().copied())))
    }
}

/// Whether a matcher chooses a service.
fn is_service(matcher: &Matcher) -> bool {
    matcher.name == SERVICE_NAME && matcher.op == MatchOp::Equal
}

/// Path of the difference of two call trees: baseline, comparison.
pub(crate) fn diff_path(requests: &[ProfileRequest; 2]) -> String {
    let [baseline, comparison] = requests;
    against(comparison, "diff", baseline)
}

/// Path of the verdict on a comparison; without a baseline the server chooses one.
pub(crate) fn verdict_path(comparison: &ProfileRequest, baseline: Option<&ProfileRequest>) -> String {
    match baseline {
        Some(baseline) => against(comparison, "verdict", baseline),
        None => comparison.path("verdict", &[]),
    }
}

fn against(comparison: &ProfileRequest, resource: &str, baseline: &ProfileRequest) -> String {
    let (selector, from, until) = common(&baseline.selector, baseline.span);
    let against = [("baseline_selector", selector), ("baseline_from", from), ("baseline_until", until)];
    comparison.path(resource, &against.each_ref().map(|(key, value)| (*key, value.as_str())))
}

pub(crate) fn label_names_path(store: Option<&str>, selector: &Selector, span: Span) -> String {
    ranged("/api/v1/labels", store, selector, span)
}

pub(crate) fn label_values_path(name: &str, store: Option<&str>, selector: &Selector, span: Span) -> String {
    ranged(&format!("/api/v1/labels/{}/values", encode(name)), store, selector, span)
}

/// Path of all services, whatever the range: a service that stopped sending must stay findable.
pub(crate) fn services_path(store: Option<&str>) -> String {
    format!("/api/v1/services?{}from=0", in_store(store))
}

/// Path of at most `limit` services whose names match a text.
pub(crate) fn find_services_path(store: Option<&str>, text: &str, limit: usize) -> String {
    let limit = limit.to_string();
    let found = [("q", text), ("limit", limit.as_str())];
    format!("{}&{}", services_path(store), write_pairs(found))
}

/// Path of the time at which profiles of a range are dropped.
pub(crate) fn retention_path(store: Option<&str>, span: Span) -> String {
    let (from, until) = (api_text(span.from_ns), api_text(span.until_ns));
    format!("/api/v1/retention?{}from={from}&until={until}", in_store(store))
}

fn ranged(path: &str, store: Option<&str>, selector: &Selector, span: Span) -> String {
    let (selector, from, until) = common(selector, span);
    let pairs = [("selector", selector.as_str()), ("from", from.as_str()), ("until", until.as_str())];
    format!("{path}?{}{}", in_store(store), write_pairs(pairs))
}

/// The parameter of a store that is not the default one, with `&` behind it. Each request about profiles begins with it.
pub(super) fn in_store(store: Option<&str>) -> String {
    store.map_or(String::new(), |name| format!("{STORE}={}&", encode(name)))
}

fn common(selector: &Selector, span: Span) -> (String, String, String) {
    (selector.to_string(), api_text(span.from_ns), api_text(span.until_ns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_paths_of_a_query() {
        let query = Query {
            service: Some("shop".into()),
            profile_type: Some("cpu:cpu:ns:cpu:ns".into()),
            filter: r#"{region="eu"}"#.into(),
            by: Some("pod".into()),
            ..Query::default()
        };
        let span = Span::of_ms(1_000_000_000_000, 1_000_003_600_000);
        let request = ProfileRequest::new(&query, span).unwrap().unwrap();
        let selector = "%7Bservice_name%3D%22shop%22%2C%20region%3D%22eu%22%7D".replace("%2C", ",");
        let same =
            format!("type=cpu:cpu:ns:cpu:ns&selector={selector}&from=1000000000000&until=1000003600000");
        assert_eq!(request.call_tree_path(), format!("/api/v1/call-tree?{same}"));
        assert_eq!(request.series_path(), format!("/api/v1/series?{same}&step=30s&by=pod"));
        assert_eq!(
            request.timeline_path(),
            format!("/api/v1/series?{same}&step=30s&by=pod&aligned=true&covered=true")
        );
        assert_eq!(request.lines_path("a&b"), format!("/api/v1/lines?{same}&function=a%26b"));
        let costs = format!("/api/v1/heatmap?{same}&cost=self&function=f&step=30s");
        assert_eq!(request.function_costs_path("f", "self"), costs);
        let some = ["f".to_owned(), "a&b".to_owned()];
        assert_eq!(
            request.costs_over_time_path(&some, 300_000),
            format!("/api/v1/heatmap?{same}&cost=total&step=300s&function=f&function=a%26b")
        );
        assert_eq!(request.export_path("pprof"), format!("/api/v1/export?{same}&format=pprof"));
        assert!(
            label_values_path("a/b", None, &request.selector, span)
                .starts_with("/api/v1/labels/a%2Fb/values?")
        );
    }

    #[test]
    fn a_request_says_what_it_asks() {
        let (service, profile_type) = (Some("shop".to_owned()), Some("cpu".to_owned()));
        let query = Query { service, profile_type, filter: r#"{region="eu"}"#.into(), ..Query::default() };
        let request = ProfileRequest::new(&query, Span::of_ms(0, 1)).unwrap().unwrap();
        assert_eq!((request.query(), request.service()), (query, Some("shop")));
        let bare = Query { profile_type: Some("cpu".into()), ..Query::default() };
        let request = ProfileRequest::new(&bare, Span::of_ms(0, 1)).unwrap().unwrap();
        assert_eq!((request.query(), request.service()), (bare, None));
    }

    #[test]
    fn a_diff_path_has_both_sides() {
        let at = |from_ns| Span { from_ns, until_ns: from_ns + 1_000_000_000 };
        let query = Query { profile_type: Some("cpu".into()), ..Query::default() };
        let request = |from_ns| ProfileRequest::new(&query, at(from_ns)).unwrap().unwrap();
        let [before, after] = [1_764_399_600_000_000_000, 1_764_399_600_000_000_001].map(request);
        assert_eq!(
            diff_path(&[before, after.clone()]),
            "/api/v1/diff?type=cpu&selector=%7B%7D&from=1764399600000000001&until=1764399601000000001\
             &baseline_selector=%7B%7D&baseline_from=1764399600000&baseline_until=1764399601000"
        );
        assert_eq!(
            verdict_path(&after, None),
            "/api/v1/verdict?type=cpu&selector=%7B%7D&from=1764399600000000001&until=1764399601000000001"
        );
    }

    #[test]
    fn every_request_about_profiles_names_the_store() {
        let span = Span::of_ms(0, 60_000);
        let query = Query { store: Some("a b".into()), profile_type: Some("cpu".into()), ..Query::default() };
        let request = ProfileRequest::new(&query, span).unwrap().unwrap();
        assert_eq!(request.query(), query);
        let (store, selector) = (query.store.as_deref(), &request.selector);
        for path in [
            request.call_tree_path(),
            request.series_path(),
            request.timeline_path(),
            request.function_costs_path("f", "self"),
            request.costs_over_time_path(&["f".to_owned()], 60_000),
            request.lines_path("f"),
            request.export_path("pprof"),
            request.path("breakdown", &[]),
            diff_path(&[request.clone(), request.clone()]),
            verdict_path(&request, None),
            verdict_path(&request, Some(&request)),
            label_names_path(store, selector, span),
            label_values_path("pod", store, selector, span),
            services_path(store),
            find_services_path(store, "f", 8),
            retention_path(store, span),
        ] {
            assert_eq!(path.matches("store=a%20b").count(), 1, "{path}");
        }
        let by_default = ProfileRequest { store: None, ..request };
        assert!(!by_default.call_tree_path().contains("store"));
        assert_eq!(services_path(None), "/api/v1/services?from=0");
    }

    #[test]
    fn services_are_found_whatever_the_range() {
        assert_eq!(find_services_path(None, "a&b", 8), "/api/v1/services?from=0&q=a%26b&limit=8");
    }

    #[test]
    fn needs_a_profile_type() {
        let span = Span::of_ms(0, 1);
        assert_eq!(ProfileRequest::new(&Query::default(), span), Ok(None));
        assert!(ProfileRequest::new(&Query { filter: "{".into(), ..Query::default() }, span).is_err());
    }
}
