//! The state of the heat map page: question, view, answer, and where a change leads.

use super::region::{after_drag, marks_of, region_of};
use crate::api::Fetch;
use crate::api::explore::{self, Counted};
use crate::api::heatmap::{self, HeatAnswer, HeatmapRequest};
use crate::api::request::ProfileRequest;
use crate::browser::clock;
use crate::browser::history::Address;
use crate::context::utc::Utc;
use crate::pages::question::PageQuestion;
use crate::reactive::{Memo, Signal};
use crate::state::clock_text::Zone;
use crate::state::heatmap::data::HeatData;
use crate::state::heatmap::{HeatView, Rows, heatmap_path};
use crate::state::identity::Shared;
use crate::state::query::{Query, explore_path};
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::view::{HistoryMode, View};
use crate::views::heatmap::interaction::Outcome;
use crate::views::timeline::markers::{self, Markers};
use flarepath_profile::heatmap::{Rect, Scale};
use leptos::prelude::expect_context;

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct HeatState {
    pub(crate) question: PageQuestion,
    pub(crate) query: Memo<Query>,
    pub(crate) view: Memo<HeatView>,
    /// Both ends of the time.
    pub(crate) span: Memo<Span>,
    /// What the server is asked; `None` while the question is open or its filter has an error.
    pub(crate) request: Memo<Option<HeatmapRequest>>,
    /// Names of labels.
    pub(crate) labels: Fetch<Vec<Counted>>,
    /// The map.
    pub(crate) answer: Fetch<HeatAnswer>,
    /// What happened to the service.
    pub(crate) markers: Markers,
    /// In which times are shown.
    pub(crate) zone: Signal<Zone>,
}

impl HeatState {
    /// Fetches what the address asks for, and follows it.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> HeatState {
        let question = PageQuestion::about_service(address, |query| query);
        let (query, span) = (question.query, question.span());
        let view = Memo::new(move || address.query.with(|text| read(text, HeatView::from_params)));
        let request = Memo::new(move || {
            let query = query.get();
            let request = ProfileRequest::new(&query, span.get()).ok().flatten()?;
            // Colours and selections are of the same map.
            let view = HeatView { picked: [None, None], scale: Scale::default(), ..view.get() };
            let open = view.rows_for(query.by.as_deref()) == Rows::Label && query.by.is_none();
            (!open).then_some(HeatmapRequest { profiles: request, query, view })
        });
        let utc = expect_context::<Utc>().0;
        let zone = Signal::derive(move || clock::zone(utc.get()));
        let (labels, answer) = (Fetch::new(), Fetch::new());
        question
            .fetch(request, answer, |answer, request| answer.start(|abort| heatmap::heatmap(request, abort)));
        let profiles = Memo::new(move || request.with(|r| r.as_ref().map(|r| r.profiles.clone())));
        let about = Memo::new(move || profiles.with(|r| markers::about(r.as_ref()?)));
        let markers = Markers::new(about, profiles);
        question.fetch(about, markers.answer, markers::load);
        question.write_back(move |query| {
            query.service.is_some().then(|| heatmap_path(query, &view.get_untracked()))
        });
        HeatState { question, query, view, span, request, labels, answer, markers, zone }
    }

    /// What the rows are.
    pub(crate) fn rows(self) -> Rows {
        let label = self.query.with(|q| q.by.clone());
        self.view.with(|v| v.rows_for(label.as_deref()))
    }

    /// Asks something else.
    pub(crate) fn go(self, query: &Query) {
        self.question.go(&heatmap_path(query, &self.view.get_untracked()));
    }

    /// Asks about another service or type, or for other rows. The selection belongs to the map before.
    pub(crate) fn go_to_subject(self, query: &Query, view: HeatView) {
        self.question.go(&heatmap_path(query, &HeatView { picked: [None, None], ..view }));
    }

    /// Shows the same map differently.
    pub(crate) fn show(self, view: &HeatView, mode: HistoryMode) {
        self.question.address.go(&heatmap_path(&self.query.get_untracked(), view), mode);
    }

    /// Changes the view.
    pub(crate) fn change(self, change: impl FnOnce(&mut HeatView)) {
        let mut view = self.view.get_untracked();
        change(&mut view);
        self.show(&view, HistoryMode::Push);
    }

    /// Fetches the names of labels.
    pub(crate) fn fetch_labels(self) {
        let query = self.query.get_untracked();
        let selector = query.selector().unwrap_or_default();
        self.labels.start(|_| explore::label_names(query.store, selector, self.span.get_untracked()));
    }

    /// Selects, opens or clears what an interaction with the map came to.
    pub(crate) fn apply(self, outcome: Outcome) {
        let view = self.view.get_untracked();
        match outcome {
            Outcome::Select { from, to, grows } => {
                let answer = self.answer.data.get_untracked();
                let after = answer.and_then(|answer| after_drag(&view, &answer, (from, to), grows));
                if let Some((view, mode)) = after {
                    self.show(&view, mode);
                }
            }
            Outcome::Clear if view.picked[0].is_some() => self.change(|view| view.picked = [None, None]),
            Outcome::Clear => {}
            Outcome::Open(at) => {
                let path = self.with_map(|data, answer| match &view.picked {
                    [Some(first), Some(second)] => Some(answer.subject.compare_path([first, second])),
                    [Some(region), None] => Some(answer.subject.flame_path(region)),
                    _ => Some(answer.subject.flame_path(&region_of(data, &answer.subject, at?, at?)?)),
                });
                if let Some(path) = path.flatten() {
                    self.question.address.go(&path, HistoryMode::Push);
                }
            }
        }
    }

    fn with_map<T>(self, f: impl FnOnce(&HeatData, &HeatAnswer) -> T) -> Option<T> {
        let answer = self.answer.data.get_untracked()?;
        let data: Shared<HeatData> = answer.data.clone()?;
        Some(f(&data, &answer))
    }

    /// The cells of both selections.
    pub(crate) fn marks(self) -> [Vec<Rect>; 2] {
        self.answer.data.with(|answer| self.view.with(|view| marks_of(view, answer.as_ref())))
    }

    /// Explore, with the same question.
    pub(crate) fn explore_path(self) -> String {
        explore_path(&self.query.get(), &View::default())
    }

    /// The address of exactly this, with both ends of the time written out.
    pub(crate) fn pinned_path(self) -> String {
        heatmap_path(&self.question.pinned(self.span.get()), &self.view.get())
    }
}
