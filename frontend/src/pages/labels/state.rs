//! The state of the labels page and how it follows from the address.

use crate::api::Fetch;
use crate::api::explore::{self, Counted};
use crate::api::request::Ask;
use crate::browser::clock;
use crate::browser::history::Address;
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::labels::{LabelsView, best_label, labels_path};
use crate::state::query::Query;
use crate::state::services::{ServiceInfo, complete};
use crate::state::time_range::{Span, TimeRange};
use crate::state::timeline::TimelineData;
use crate::state::url_text::parse_pairs;
use crate::state::view::HistoryMode;
use leptos::prelude::untrack;

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct LabelsState {
    address: Address,
    /// The question with nothing left open, once services and labels are known; grouped by the label looked at.
    pub(crate) query: Memo<Query>,
    /// What is seen of the answer.
    pub(crate) view: Memo<LabelsView>,
    /// When "now" was last read.
    pub(crate) now_ms: RwSignal<i64>,
    /// Both ends of the time.
    pub(crate) span: Memo<Span>,
    /// All services.
    pub(crate) services: Fetch<Vec<ServiceInfo>>,
    /// Names of labels.
    pub(crate) names: Fetch<Vec<Counted>>,
    /// Values of the label, with their numbers of series.
    pub(crate) values: Fetch<Vec<Counted>>,
    /// Totals over time by value.
    pub(crate) series: Fetch<TimelineData>,
}

/// Whether a label is one for people to look at.
pub(super) fn is_shown(name: &str) -> bool {
    name != flarepath_profile::labels::SERVICE_NAME && !name.starts_with("__")
}

impl LabelsState {
    /// Starts asking what the address asks, and goes on as it changes.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> LabelsState {
        let now_ms = RwSignal::new(clock::now_ms());
        let (services, names) = (Fetch::<Vec<ServiceInfo>>::new(), Fetch::<Vec<Counted>>::new());
        let said = Memo::new(move || address.query.with(|text| read(text, Query::from_params)));
        let view = Memo::new(move || address.query.with(|text| read(text, LabelsView::from_params)));
        let open =
            Memo::new(move || services.data.with(|s| complete(&said.get(), s.as_deref().unwrap_or(&[]))));
        let query = Memo::new(move || {
            let query = open.get();
            let best = names.data.with(|names| {
                let names = names.iter().flatten().map(|c| c.text.as_str()).filter(|name| is_shown(name));
                best_label(names).map(str::to_owned)
            });
            Query { by: query.by.clone().or(best), ..query }
        });
        let span =
            Memo::new(move || query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR).resolve(now_ms.get()));
        let (values, series) = (Fetch::new(), Fetch::new());
        let state = LabelsState { address, query, view, now_ms, span, services, names, values, series };
        services.start(|_| explore::services());
        // Which of the labels is looked at does not change which there are.
        let asked = Memo::new(move || (state.query.with(|q| Query { by: None, ..q.clone() }), span.get()));
        effect(move || state.ask_names(&asked.get()));
        effect(move || state.ask_values());
        // What the page chose is written into the address, so that a copied link shows the same elsewhere.
        effect(move || {
            let query = state.query.get();
            if query.service.is_some() && query != said.get() {
                state.address.amend(&labels_path(&query, &state.view.get_untracked()));
            }
        });
        state
    }

    fn ask_names(self, (query, span): &(Query, Span)) {
        let selector = query.service.is_some().then(|| query.selector().ok()).flatten();
        if let Some(selector) = selector {
            self.names.start(|_| explore::label_names(selector, *span));
        }
    }

    fn ask_values(self) {
        let (query, span) = (self.query.get(), self.span.get());
        match (Ask::new(&query, span).ok().flatten(), query.by, query.service) {
            (Some(ask), Some(by), Some(_)) => {
                let selector = ask.selector.clone();
                self.series.start(|abort| explore::series(ask, abort));
                self.values.start(|_| explore::label_values(by, selector, span));
            }
            _ => {
                self.series.clear();
                self.values.clear();
            }
        }
    }

    /// Asks something else. What was picked belongs to the label before.
    pub(crate) fn go(self, query: &Query) {
        let same = query.by == self.query.with_untracked(|q| q.by.clone());
        let view = self.view.get_untracked();
        let picked = if same { view.picked } else { [None, None] };
        self.now_ms.set(clock::now_ms());
        self.address.go(&labels_path(query, &LabelsView { picked, ..view }), HistoryMode::Push);
    }

    /// Shows the same differently.
    pub(crate) fn show(self, view: &LabelsView, mode: HistoryMode) {
        self.address.go(&labels_path(&self.query.get_untracked(), view), mode);
    }

    /// Asks again, up to this moment.
    pub(crate) fn refresh(self) {
        self.services.start(|_| explore::services());
        self.now_ms.set(clock::now_ms());
        if self.query.with_untracked(|q| q.range.is_some_and(|r| !r.is_relative())) {
            self.ask_names(&(self.query.get_untracked(), self.span.get_untracked()));
            untrack(|| self.ask_values());
        }
    }
}

fn read<T>(text: &str, from_params: impl Fn(&dyn Fn(&str) -> Option<String>) -> T) -> T {
    let pairs = parse_pairs(text);
    from_params(&|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
}
