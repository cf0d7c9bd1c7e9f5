//! The requests of the page of a service, section by section.

use super::state::ServiceState;
use crate::api::Fetch;
use crate::api::explore;
use crate::api::indicators;
use crate::api::labels::{self, BreakdownRequest};
use crate::api::request::ProfileRequest;
use crate::api::verdict::{self, ChosenSides};
use crate::reactive::Memo;
use crate::state::breakdown::Breakdown;
use crate::state::labels::LabelSort;
use crate::state::query::Query;
use crate::state::service_page::namespace_label;
use crate::state::time_range::Span;
use crate::views::timeline::markers;
use flarepath_profile::labels::{Meaning, SERVICE_NAME, pick};

impl ServiceState {
    /// What is asked about a question; `None` while it is open or its service is not known.
    pub(super) fn request_of(self, query: Memo<Query>) -> Memo<Option<ProfileRequest>> {
        Memo::new(move || {
            let request = query.with(|query| ProfileRequest::new(query, self.span.get()).ok().flatten());
            request.filter(|_| !self.is_unknown())
        })
    }

    pub(super) fn fetch_metrics(self) {
        self.question.fetch(self.markers.about, self.metrics, |metrics, (store, service, span)| {
            metrics.start(|abort| indicators::metrics(store, service, span, abort));
        });
        self.question.fetch(self.markers.about, self.markers.answer, markers::load);
    }

    pub(super) fn fetch_verdict(self, query: Memo<Query>, answer: Fetch<ChosenSides>) {
        let request = self.request_of(query);
        let about = Memo::new(move || request.get().map(|request| (query.get(), request)));
        self.question.fetch(about, answer, |answer, (query, request)| {
            answer.start(|abort| verdict::choose_sides(query, request, abort))
        });
    }

    /// The verdict on two halves of the time, as the question about memory in use.
    pub(super) fn fetch_growth(self, halves: Memo<Option<[Span; 2]>>) {
        let about = Memo::new(move || {
            let (query, halves) = (self.memory_query.get(), halves.get()?);
            let [baseline, comparison] = halves.map(|half| ProfileRequest::new(&query, half).ok().flatten());
            Some((halves, [baseline?, comparison?]))
        });
        self.question.fetch(about, self.growth, |answer, (halves, requests)| {
            answer.start(async move |abort| Ok((halves, verdict::verdict(requests, abort).await?)));
        });
    }

    /// Names of labels first, then the values of those that tell versions, replicas and namespaces apart.
    pub(super) fn fetch_breakdowns(self) {
        let selector = Memo::new(move || {
            let query = self.query.get();
            let selector = query.selector().ok()?;
            (!self.is_unknown()).then(|| (query.store, selector, self.span.get()))
        });
        self.question.fetch(selector, self.names, |names, (store, selector, span)| {
            names.start(|_| explore::label_names(store, selector, span));
        });
        let namespace = Memo::new(move || {
            let label = self.label_of(|names| namespace_label(names.iter().copied()).map(str::to_owned))?;
            let (store, selector, span) = selector.get()?;
            Some((label, store, selector, span))
        });
        self.question.fetch(namespace, self.namespaces, |values, (label, store, selector, span)| {
            values.start(|_| explore::label_values(label, store, selector, span));
        });
        let by = |query: Memo<Query>, label: Memo<Option<String>>, answer: Fetch<Breakdown>| {
            let request = self.request_of(query);
            let asked = Memo::new(move || {
                let profiles = ProfileRequest { by: Some(label.get()?), ..request.get()? };
                Some(BreakdownRequest {
                    profiles,
                    sort: LabelSort::Rate,
                    reversed: false,
                    text: String::new(),
                    cursor: String::new(),
                })
            });
            self.question.fetch(asked, answer, |answer, request| {
                answer.start(|abort| labels::breakdown(request, abort));
            });
        };
        let replica = Memo::new(move || self.replica_label());
        by(self.query, replica, self.pods);
        by(self.query, Memo::new(move || self.version_label()), self.versions);
        // One line for the service where no label tells its replicas apart.
        let line = Memo::new(move || {
            let is_known = self.names.data.with(Option::is_some);
            replica.get().or_else(|| is_known.then(|| SERVICE_NAME.to_owned()))
        });
        by(self.memory_query, line, self.memory_pods);
    }

    fn label_of(self, find: impl Fn(&[&str]) -> Option<String>) -> Option<String> {
        self.names.data.with(|names| {
            let names: Vec<&str> = names.iter().flatten().map(|counted| counted.text.as_str()).collect();
            find(&names)
        })
    }

    /// The label that tells replicas apart, if one does.
    pub(super) fn replica_label(self) -> Option<String> {
        self.label_of(|names| pick(names.iter().copied(), &[Meaning::Instance]).map(str::to_owned))
    }

    /// The label of versions, if there is one.
    pub(super) fn version_label(self) -> Option<String> {
        self.label_of(|names| pick(names.iter().copied(), &[Meaning::Version]).map(str::to_owned))
    }
}
