//! The state of the page of an incident: its question, the sides, the answers, and where a change leads.
//!
//! The verdict comes first: with an automatic baseline it comes with the choice, otherwise it is asked for together with the difference.
//! What only the buttons of other baselines need is asked for after that.

use super::sides::{FoundSides, by_labels, in_time};
use crate::api::compare::{self, DiffAnswer};
use crate::api::request::ProfileRequest;
use crate::api::shares;
use crate::api::verdict::{self, ChosenSides};
use crate::api::{ApiError, Fetch, explore};
use crate::browser::clock;
use crate::browser::history::Address;
use crate::pages::compare::offers::Offers;
use crate::pages::question::{PageQuestion, span_of};
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::clock_text::Zone;
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::incident::{Incident, problem, view_from_params};
use crate::state::incident_baseline::Baseline;
use crate::state::incident_chart::chart_span;
use crate::state::query::Query;
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::timeline::TimelineData;
use crate::state::verdict::{Verdict, baseline_name};
use crate::state::view::HistoryMode;
use crate::views::timeline::markers::{self, Markers};
use flarepath_profile::diff::Side;
use leptos::prelude::provide_context;

/// In place of a window while the link has a problem, when nothing is asked.
const NO_TIME: Span = Span { from_ns: 0, until_ns: 1 };

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct IncidentState {
    pub(super) question: PageQuestion<Incident>,
    /// The incident with nothing left open, once the services are known.
    pub(super) incident: Memo<Incident>,
    pub(super) view: Memo<DiffView>,
    /// The time that is compared.
    pub(super) window: Memo<Span>,
    /// The question about it.
    pub(super) query: Memo<Query>,
    /// What is compared.
    pub(super) sides: Memo<FoundSides>,
    /// The incident that the server chose a baseline for, and its choice with the verdict. As time goes on, the one before stays until
    /// the next one is there.
    pub(super) chosen: Fetch<(Incident, ChosenSides)>,
    /// The incident with the baseline that a person chose, and the verdict.
    given: Fetch<(Incident, Verdict)>,
    /// The difference.
    pub(super) answer: Fetch<DiffAnswer>,
    /// Totals over time.
    pub(super) series: Fetch<TimelineData>,
    /// What happened to the service in the time of the chart.
    pub(super) markers: Markers,
    /// When the first data of the window expires, asked for where it has none.
    expires: Fetch<Option<i64>>,
    /// Baselines that the labels of the service give, and times with data.
    pub(super) offers: Offers,
    /// The time of the chart.
    chart: Memo<Span>,
}

impl IncidentState {
    /// Fetches what the address asks for, and follows it.
    pub(super) fn new(address: Address) -> IncidentState {
        let now_ms = RwSignal::new(clock::now_ms());
        let question = PageQuestion::with_problem(
            address,
            now_ms,
            Incident::from_params,
            problem,
            |stated: &Incident, services| stated.complete(services),
        );
        let incident = question.query;
        let view = Memo::new(move || address.query.with(|text| read(text, view_from_params)));
        let window = Memo::new(move || incident.with(|i| i.window(now_ms.get())).unwrap_or(NO_TIME));
        let query = Memo::new(move || incident.with(|i| i.query(window.get())));
        let offers = Offers::about(query, window);
        let chosen = Fetch::<(Incident, ChosenSides)>::new();
        let sides = Memo::new(move || {
            let baseline = incident.with(|i| i.baseline);
            if matches!(baseline, Baseline::Version | Baseline::Deploy | Baseline::Replicas) {
                return by_labels(baseline, &query.get(), window.get(), offers);
            }
            in_time(baseline, &query.get(), window.get(), found_by_server(incident, chosen))
        });
        let (given, answer, series, expires) = (Fetch::new(), Fetch::new(), Fetch::new(), Fetch::new());
        let chart = Memo::new(move || {
            let baseline = sides.with(|sides| {
                let sides = sides.as_ref().ok()?.as_ref()?;
                Some(span_of(sides.of(Side::Baseline), question.now_ms.get()))
            });
            chart_span(window.get(), baseline, question.now_ms.get())
        });
        let state = IncidentState {
            question,
            incident,
            view,
            window,
            query,
            sides,
            chosen,
            given,
            answer,
            series,
            markers: markers_of(question, query, chart),
            expires,
            offers,
            chart,
        };
        state.fetch();
        state.fetch_later();
        question.write_back(move |incident| {
            incident.service.is_some().then(|| incident.path(&view.get_untracked()))
        });
        state
    }

    /// Whether the server knows no such service, or none that the person may read.
    pub(super) fn is_unknown(self) -> bool {
        let Some(service) = self.incident.with(|i| i.service.clone()) else { return false };
        let services = self.question.services.data;
        services.with(|all| all.as_ref().is_some_and(|all| all.iter().all(|s| s.name != service)))
    }

    pub(super) fn baseline(self) -> Baseline {
        self.incident.with(|i| i.baseline)
    }

    /// What is asked about the window; `None` while the question is open or its service is not known.
    fn request(self) -> Memo<Option<ProfileRequest>> {
        Memo::new(move || {
            let request =
                self.query.with(|query| ProfileRequest::new(query, self.window.get()).ok().flatten());
            request.filter(|_| !self.is_unknown())
        })
    }

    /// What is asked about both sides.
    pub(super) fn requests(self) -> Memo<Option<[ProfileRequest; 2]>> {
        Memo::new(move || {
            let sides = self.sides.get().ok().flatten().filter(|_| !self.is_unknown())?;
            let request =
                |side: Side| ProfileRequest::new(sides.of(side), self.span_in(&sides, side)).ok().flatten();
            Some([request(Side::Baseline)?, request(Side::Comparison)?])
        })
    }

    fn fetch(self) {
        let question = self.question;
        let request = self.request();
        let auto = Memo::new(move || {
            let is_auto = self.baseline() == Baseline::Auto;
            let of = |request| (self.incident.get(), self.query.get(), request);
            request.get().filter(|_| is_auto).map(of)
        });
        question.fetch(auto, self.chosen, |chosen, (incident, query, request)| {
            chosen.start(|abort| async move {
                Ok((incident, verdict::choose_sides(query, request, abort).await?))
            })
        });
        let requests = self.requests();
        question.fetch(requests, self.answer, |answer, requests| {
            answer.start(|abort| compare::diff(requests, abort))
        });
        let given = Memo::new(move || {
            let is_given = self.baseline() != Baseline::Auto;
            requests.get().filter(|_| is_given).map(|requests| (self.incident.get(), requests))
        });
        question.fetch(given, self.given, |given, (incident, requests)| {
            given.start(|abort| async move { Ok((incident, verdict::verdict(requests, abort).await?)) })
        });
        let chart = Memo::new(move || {
            request.get().map(|request| ProfileRequest { span: self.chart.get(), ..request })
        });
        question.fetch(chart, self.series, |series, request| {
            series.start(|abort| explore::timeline(request, abort))
        });
    }

    /// Asks for what other baselines need, once there is a difference, or before where it depends on that; and of a window without
    /// profiles, whether they have expired.
    fn fetch_later(self) {
        effect(move || {
            let needs_labels =
                matches!(self.baseline(), Baseline::Version | Baseline::Deploy | Baseline::Replicas);
            let is_answered =
                self.answer.data.with(Option::is_some) || self.answer.error.with(Option::is_some);
            let may_ask = self.question.time_problem.with(Option::is_none) && !self.is_unknown();
            if may_ask && (needs_labels || is_answered) {
                self.offers.wanted.set(true);
                self.offers.times_wanted.set(true);
            }
        });
        let empty = Memo::new(move || {
            let comparison = |answer: &DiffAnswer| answer.sides[Side::Comparison as usize].profiles;
            let is_empty = self.answer.data.with(|a| a.as_ref().is_some_and(|a| comparison(a) == 0));
            is_empty.then(|| (self.query.with(|query| query.store.clone()), self.window.get()))
        });
        self.question.fetch(empty, self.expires, |expires, (store, span)| {
            expires.start(|abort| shares::data_expires_at(store, span, abort))
        });
    }

    /// The time of a side.
    pub(super) fn span_in(self, sides: &Sides, side: Side) -> Span {
        span_of(sides.of(side), self.question.now_ms.get())
    }

    /// The verdict on what is on screen.
    pub(super) fn verdict(self) -> Memo<Option<Verdict>> {
        Memo::new(move || {
            let incident = self.incident.get();
            let chosen = self.chosen.data.with(|c| {
                c.as_ref().filter(|(of, _)| *of == incident).map(|(_, chosen)| chosen.verdict.clone())
            });
            let given = || self.given.data.with(|g| g.clone().filter(|(of, _)| *of == incident));
            chosen.or_else(|| given().map(|(_, verdict)| verdict))
        })
    }

    /// Why the verdict could not be loaded.
    pub(super) fn verdict_error(self) -> Option<ApiError> {
        self.chosen.error.get().or_else(|| self.given.error.get())
    }

    /// The baseline in words, such as `version v1, the version before`; `None` while it is not known.
    pub(super) fn baseline_name(self) -> Option<String> {
        let sides = self.sides.get().ok().flatten()?;
        let spans = Side::BOTH.map(|side| self.span_in(&sides, side));
        let of_sides = |c: &Option<(Incident, ChosenSides)>| {
            let chosen = c.as_ref().map(|(_, chosen)| chosen).filter(|chosen| chosen.sides == sides);
            baseline_name(&sides, spans, chosen.map(|chosen| &chosen.verdict))
        };
        Some(self.chosen.data.with(of_sides))
    }

    /// `Incident: checkout at 14:02`
    pub(super) fn title(self, zone: Zone) -> String {
        let now_ms = self.question.now_ms.get();
        self.incident.with(|i| i.title(zone, now_ms))
    }

    /// The address of Compare with exactly this filled in.
    pub(super) fn compare_path(self, view: &DiffView) -> String {
        let sides = self.sides.get().ok().flatten();
        compare_path(&sides.unwrap_or_else(|| Sides::open(&self.query.get())), view)
    }

    /// Whether an answer is awaited.
    pub(super) fn is_busy(self) -> bool {
        self.chosen.pending.get() || self.answer.pending.get() || self.series.pending.get()
    }

    /// Whether the profiles of the window have been dropped.
    pub(super) fn is_expired(self) -> bool {
        let expires_ms = self.expires.data.get().flatten();
        expires_ms.is_some_and(|at_ms| at_ms <= self.question.now_ms.get())
    }

    /// Shows the incident differently.
    pub(super) fn show(self, view: &DiffView, mode: HistoryMode) {
        self.question.address.go(&self.incident.get_untracked().path(view), mode);
    }

    /// Shows another incident, up to this moment.
    pub(super) fn go(self, incident: &Incident) {
        self.question.go(&incident.path(&self.view.get_untracked()));
    }
}

/// The markers of the service, loaded as the time of the chart changes.
fn markers_of(question: PageQuestion<Incident>, query: Memo<Query>, chart: Memo<Span>) -> Markers {
    let request =
        Memo::new(move || query.with(|query| ProfileRequest::new(query, chart.get()).ok().flatten()));
    let about = Memo::new(move || request.with(|request| markers::about(request.as_ref()?)));
    let markers = Markers::new(about, request);
    question.fetch(about, markers.answer, markers::load);
    provide_context(markers);
    markers
}

/// The sides that the server chose for this incident.
fn found_by_server(incident: Memo<Incident>, chosen: Fetch<(Incident, ChosenSides)>) -> FoundSides {
    let incident = incident.get();
    let found = chosen
        .data
        .with(|c| c.as_ref().filter(|(of, _)| *of == incident).map(|(_, chosen)| chosen.sides.clone()));
    match (found, chosen.error.get()) {
        (None, Some(error)) => Err(error.line()),
        (found, _) => Ok(found),
    }
}
