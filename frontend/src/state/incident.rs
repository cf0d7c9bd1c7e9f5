//! An incident as part of the URL: a service, the time of an alert, and what to compare it with.
//!
//! `service` and `at` are required; `store`, `type`, `selector`, `until` and `baseline` are not. Times have the notations of all links. The view
//! of the difference has the parameters of Compare, but the visible part of a zoom is `part`: `at` is the time of the alert.

use super::clock_text::Zone;
use super::compare::DiffView;
use super::incident_baseline::Baseline;
use super::incident_link::incident_link;
use super::incident_window::window;
use super::profile_types::best_type;
use super::query::{Query, STORE};
use super::services::ServiceInfo;
use super::time_range::{Span, TimeRange};
use super::time_text::{End, MS, NOTATIONS};
use super::url_text::{path_with, put};

/// Looks up a query parameter.
type Params<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The parameter of a view's zoom that an alert's time has the name of, and its name here.
const ZOOM: (&str, &str) = ("at", "part");

/// An incident. `None` leaves a part open.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Incident {
    /// Name of the store; `None` is the default one.
    pub(crate) store: Option<String>,
    pub(crate) service: Option<String>,
    /// Profile type id.
    pub(crate) profile_type: Option<String>,
    /// Selector of other labels, such as `{region="eu"}`; empty for none.
    pub(crate) selector: String,
    /// When the alert began.
    pub(crate) at: Option<End>,
    /// When it ended.
    pub(crate) until: Option<End>,
    pub(crate) baseline: Baseline,
}

impl Incident {
    /// Parses query parameters; what is absent or invalid is left open, see [`problem`].
    pub(crate) fn from_params(get: &Params) -> Incident {
        let some = |key: &str| get(key).filter(|text| !text.is_empty());
        let end = |key: &str| some(key).and_then(|text| End::parse(&text));
        Incident {
            store: some(STORE),
            service: some("service"),
            profile_type: some("type"),
            selector: get("selector").unwrap_or_default(),
            at: end("at"),
            until: end("until"),
            baseline: get("baseline").and_then(|text| Baseline::parse(&text)).unwrap_or_default(),
        }
    }

    /// Fills in the profile type: the first one of the service, CPU time before others. A service that is not named stays open:
    /// any other one would be the wrong one.
    #[must_use]
    pub(crate) fn complete(&self, services: &[ServiceInfo]) -> Incident {
        let named = services.iter().find(|service| Some(&service.name) == self.service.as_ref());
        let usual = named.and_then(|service| best_type(&service.profile_types)).map(str::to_owned);
        Incident { profile_type: self.profile_type.clone().or(usual), ..self.clone() }
    }

    /// The alert's time, when it is `now_ms`, in nanoseconds since the epoch.
    pub(crate) fn at_ns(&self, now_ms: i64) -> Option<i64> {
        self.at.map(|at| at.resolve(now_ms))
    }

    /// `Incident: checkout at 14:02`, in `zone`, when it is `now_ms`.
    pub(crate) fn title(&self, zone: Zone, now_ms: i64) -> String {
        let Some((service, at_ns)) = self.service.as_deref().zip(self.at_ns(now_ms)) else {
            return "Incident".to_owned();
        };
        let at = zone.civil(at_ns.div_euclid(MS));
        format!("Incident: {service} at {:02}:{:02}", at.hour, at.minute)
    }

    /// The time that is compared; `None` without an alert's time, and while that is in the future.
    pub(crate) fn window(&self, now_ms: i64) -> Option<Span> {
        let until_ns = self.until.map(|until| until.resolve(now_ms));
        window(self.at_ns(now_ms)?, until_ns, End::FromNow(0).resolve(now_ms))
    }

    /// The question about the window.
    pub(crate) fn query(&self, window: Span) -> Query {
        Query {
            store: self.store.clone(),
            service: self.service.clone(),
            profile_type: self.profile_type.clone(),
            filter: self.selector.clone(),
            range: Some(TimeRange::Between(window)),
            by: None,
        }
    }

    /// The address of the page that shows it in `view`.
    pub(crate) fn path(&self, view: &DiffView) -> String {
        let mut params = Vec::new();
        put(&mut params, STORE, self.store.clone().unwrap_or_default());
        put(&mut params, "service", self.service.clone().unwrap_or_default());
        put(&mut params, "type", self.profile_type.clone().unwrap_or_default());
        put(&mut params, "selector", self.selector.clone());
        put(&mut params, "at", self.at.map(End::text).unwrap_or_default());
        put(&mut params, "until", self.until.map(End::text).unwrap_or_default());
        if self.baseline != Baseline::Auto {
            put(&mut params, "baseline", self.baseline.as_str());
        }
        let renamed = |(key, value)| (if key == ZOOM.0 { ZOOM.1 } else { key }, value);
        params.extend(view.to_params().into_iter().map(renamed));
        path_with("/i", &params)
    }
}

/// The view of the difference.
pub(crate) fn view_from_params(get: &Params) -> DiffView {
    DiffView::from_params(&|key| get(if key == ZOOM.0 { ZOOM.1 } else { key }))
}

/// The address of the page about the question and the time of another page; empty while that names no service.
pub(crate) fn incident_of(query: &Query, span: Span) -> String {
    let Some(service) = query.service.as_deref() else { return String::new() };
    let profile_type = query.profile_type.as_deref().unwrap_or_default();
    incident_link(query, service, profile_type, span.from_ns, Some(span.until_ns))
}

/// Why the parameters cannot be taken when it is `now_ms`, as a sentence for the page. Nothing else is shown in their place.
pub(crate) fn problem(get: &Params, now_ms: i64) -> Option<String> {
    let text = |key: &str| get(key).unwrap_or_default();
    let unreadable = |what: &str, text: &str| {
        Some(format!("The {what} of this link, “{text}”, cannot be read. Use {NOTATIONS}."))
    };
    let incident = Incident::from_params(get);
    let (at, until) = (text("at"), text("until"));
    if incident.service.is_none() {
        return Some("This link names no service: add “service=” with its name.".to_owned());
    }
    if at.is_empty() {
        return Some("This link has no time: add “at=” with the time of the alert.".to_owned());
    }
    let Some(at_ns) = incident.at_ns(now_ms) else { return unreadable("time", &at) };
    match incident.until.map(|until| until.resolve(now_ms)) {
        None if !until.is_empty() => return unreadable("end", &until),
        Some(until_ns) if until_ns < at_ns => {
            return Some(format!("This link's end, “{until}”, is before its time, “{at}”."));
        }
        _ => {}
    }
    if incident.window(now_ms).is_none() {
        return Some(format!(
            "The time of this link, “{at}”, is in the future: there are no profiles of it yet."
        ));
    }
    if let Err(error) = incident.query(Span { from_ns: 0, until_ns: 0 }).matchers() {
        return Some(format!("The selector of this link, “{}”, has an error: {error}.", incident.selector));
    }
    let baseline = text("baseline");
    Baseline::parse(&baseline).is_none().then(|| {
        let known = Baseline::ALL.map(Baseline::as_str).join(", ");
        format!("The baseline of this link, “{baseline}”, is unknown. Use one of {known}.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::share_view::read;
    use crate::state::view::{View, Window};

    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
    /// 2026-11-21T14:02:00Z
    const AT_MS: i64 = 1_795_269_720_000;
    const MINUTE_MS: i64 = 60_000;

    fn reload(path: &str) -> (Incident, DiffView) {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        (read(query, Incident::from_params), read(query, view_from_params))
    }

    fn incident() -> Incident {
        Incident {
            store: Some("prod".into()),
            service: Some("check out".into()),
            profile_type: Some(CPU.into()),
            selector: r#"{region="eu"}"#.into(),
            at: Some(End::At(AT_MS * 1_000_000)),
            until: Some(End::FromNow(0)),
            baseline: Baseline::Yesterday,
        }
    }

    #[test]
    fn incident_and_view_survive_the_url() {
        let window = Some(Window { from: 0.25, to: 0.5 });
        let view = DiffView {
            view: View { zoom: vec!["main".into()], window, ..View::default() },
            ..DiffView::default()
        };
        assert_eq!(reload(&incident().path(&view)), (incident(), view));
        for baseline in Baseline::ALL {
            let incident = Incident { baseline, ..incident() };
            assert_eq!(reload(&incident.path(&DiffView::default())).0, incident);
        }
    }

    #[test]
    fn links_are_read_as_they_are_written() {
        let ns = AT_MS * 1_000_000;
        let (store, filter) = (Some("prod".to_owned()), r#"{region="eu"}"#.to_owned());
        let query = Query { store, filter, ..Query::default() };
        let link = incident_link(&query, "check out", CPU, ns, Some(ns + 1));
        let expected = Incident { until: Some(End::At(ns + 1)), baseline: Baseline::Auto, ..incident() };
        assert_eq!(reload(&link).0, expected);
        assert_eq!(expected.path(&DiffView::default()), link);
    }

    #[test]
    fn a_page_asks_about_its_whole_time() {
        let span = Span::of_ms(AT_MS, AT_MS + MINUTE_MS);
        let query = Query { service: Some("shop".into()), ..Query::default() };
        let whole = "/i?service=shop&at=2026-11-21T14:02:00Z&until=2026-11-21T14:03:00Z";
        assert_eq!([incident_of(&query, span), incident_of(&Query::default(), span)], [whole, ""]);
    }

    #[test]
    fn the_title_says_the_service_and_the_minute() {
        let title = |incident: Incident| incident.title(Zone::UTC, 0);
        assert_eq!(title(incident()), "Incident: check out at 14:02");
        assert_eq!(title(Incident { at: None, ..incident() }), "Incident");
    }

    #[test]
    fn only_the_type_is_filled_in() {
        let info = |name: &str| ServiceInfo {
            name: name.into(),
            profile_types: vec!["memory:inuse_space:bytes:space:bytes".into(), CPU.into()],
            series: 1,
            newest_ms: 0,
        };
        let open = Incident { profile_type: None, ..incident() };
        assert_eq!(open.complete(&[info("other"), info("check out")]), incident());
        assert_eq!(open.complete(&[info("other")]), open, "no other service");
        let unnamed = Incident { service: None, ..open };
        assert_eq!(unnamed.complete(&[info("other")]), unnamed);
    }

    #[test]
    fn every_problem_is_said() {
        let said = |query: &str| read(query, |get| problem(get, AT_MS + 20 * MINUTE_MS));
        for (query, part) in [
            ("at=now", "names no service"),
            ("service=a", "has no time"),
            ("service=a&at=noon", "The time of this link, “noon”, cannot be read"),
            ("service=a&at=now-1h&until=soon", "The end of this link, “soon”, cannot be read"),
            ("service=a&at=now-1h&until=now-2h", "is before its time"),
            ("service=a&at=now%2B1h", "is in the future"),
            ("service=a&at=now-1h&selector=%7Ba%3D%7D", "The selector of this link, “{a=}”, has an error"),
            ("service=a&at=now-1h&baseline=best", "“best”, is unknown"),
        ] {
            let text = said(query).unwrap_or_default();
            assert!(text.contains(part), "{query}: {text}");
        }
        for query in [
            "service=a&at=now",
            "service=a&at=1795269720",
            "service=a&at=2026-11-21T14:02:00Z&until=now&baseline=",
        ] {
            assert_eq!(said(query), None, "{query}");
        }
    }
}
