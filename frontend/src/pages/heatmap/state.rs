//! The state of the heat map's page and how it follows from the address.

use super::region::{rects_of, region_of};
use crate::api::Fetch;
use crate::api::explore::{self, Counted};
use crate::api::heatmap::{self, HeatAnswer, HeatAsk};
use crate::api::request::Ask;
use crate::browser::clock;
use crate::browser::clock::zone_min;
use crate::browser::history::Address;
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, Signal, effect};
use crate::state::heatmap::data::HeatData;
use crate::state::heatmap::{HeatView, Region, Rows, heatmap_path};
use crate::state::identity::Shared;
use crate::state::query::{Query, explore_path};
use crate::state::services::{ServiceInfo, complete};
use crate::state::time_range::{Span, TimeRange};
use crate::state::url_text::parse_pairs;
use crate::state::view::{HistoryMode, View};
use crate::views::heatmap::interaction::Outcome;
use flarepath_profile::heatmap::{Rect, Scale};
use leptos::prelude::expect_context;

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct HeatState {
    address: Address,
    /// The question with nothing left open, once the services are known.
    pub(crate) query: Memo<Query>,
    /// What is seen of the answer.
    pub(crate) view: Memo<HeatView>,
    now_ms: RwSignal<i64>,
    /// Both ends of the time.
    pub(crate) span: Memo<Span>,
    /// What the server is asked; `None` while the question is open or its filter has a mistake.
    pub(crate) ask: Memo<Option<HeatAsk>>,
    /// All services.
    pub(crate) services: Fetch<Vec<ServiceInfo>>,
    /// Names of labels.
    pub(crate) labels: Fetch<Vec<Counted>>,
    /// The map.
    pub(crate) answer: Fetch<HeatAnswer>,
    /// Minutes east of UTC in which times are shown.
    pub(crate) zone: Signal<i64>,
}

impl HeatState {
    /// Starts asking what the address asks, and goes on as it changes.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> HeatState {
        let now_ms = RwSignal::new(clock::now_ms());
        let services = Fetch::<Vec<ServiceInfo>>::new();
        let said = Memo::new(move || address.query.with(|text| read(text, Query::from_params)));
        let view = Memo::new(move || address.query.with(|text| read(text, HeatView::from_params)));
        let query =
            Memo::new(move || services.data.with(|s| complete(&said.get(), s.as_deref().unwrap_or(&[]))));
        let span =
            Memo::new(move || query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR).resolve(now_ms.get()));
        let ask = Memo::new(move || {
            let query = query.get();
            let ask = Ask::new(&query, span.get()).ok().flatten()?;
            // Colours and selections are of the same map.
            let view = HeatView { picked: [None, None], scale: Scale::default(), ..view.get() };
            let open = view.rows_for(query.by.as_deref()) == Rows::Label && query.by.is_none();
            (!open).then_some(HeatAsk { ask, query, view })
        });
        let utc = expect_context::<Utc>().0;
        let zone = Signal::derive(move || zone_min(utc.get(), span.get().until_ms));
        let state = HeatState {
            address,
            query,
            view,
            now_ms,
            span,
            ask,
            services,
            labels: Fetch::new(),
            answer: Fetch::new(),
            zone,
        };
        services.start(|_| explore::services());
        effect(move || match state.ask.get() {
            Some(ask) => state.answer.start(|abort| heatmap::heatmap(ask, abort)),
            None => state.answer.clear(),
        });
        // What the page chose is written into the address, so that a copied link shows the same elsewhere.
        effect(move || {
            let query = state.query.get();
            if query.service.is_some() && query != said.get() {
                address.amend(&heatmap_path(&query, &state.view.get_untracked()));
            }
        });
        state
    }

    /// What the rows are.
    pub(crate) fn rows(self) -> Rows {
        let label = self.query.with(|q| q.by.clone());
        self.view.with(|v| v.rows_for(label.as_deref()))
    }

    /// Asks something else.
    pub(crate) fn go(self, query: &Query) {
        self.now_ms.set(clock::now_ms());
        self.address.go(&heatmap_path(query, &self.view.get_untracked()), HistoryMode::Push);
    }

    /// Asks about another service or type, or for other rows: what is selected belongs to the map before.
    pub(crate) fn go_elsewhere(self, query: &Query, view: HeatView) {
        self.now_ms.set(clock::now_ms());
        let view = HeatView { picked: [None, None], ..view };
        self.address.go(&heatmap_path(query, &view), HistoryMode::Push);
    }

    /// Shows the same differently.
    pub(crate) fn show(self, view: &HeatView, mode: HistoryMode) {
        self.address.go(&heatmap_path(&self.query.get_untracked(), view), mode);
    }

    /// Changes what is seen.
    pub(crate) fn change(self, change: impl FnOnce(&mut HeatView)) {
        let mut view = self.view.get_untracked();
        change(&mut view);
        self.show(&view, HistoryMode::Push);
    }

    /// Asks again, up to this moment.
    pub(crate) fn refresh(self) {
        self.services.start(|_| explore::services());
        let before = self.ask.get_untracked();
        self.now_ms.set(clock::now_ms());
        if self.ask.get_untracked() == before
            && let Some(ask) = before
        {
            self.answer.start(|abort| heatmap::heatmap(ask, abort));
        }
    }

    /// Asks for the names of labels.
    pub(crate) fn ask_labels(self) {
        let selector = self.query.with_untracked(|q| q.selector().unwrap_or_default());
        self.labels.start(|_| explore::label_names(selector, self.span.get_untracked()));
    }

    /// Selects, opens or clears, as the map says.
    pub(crate) fn hear(self, outcome: Outcome) {
        let view = self.view.get_untracked();
        match outcome {
            Outcome::Select { from, to, grows } => {
                let region = self.with_map(|data, answer| region_of(data, &answer.subject, from, to));
                if let Some(region) = region.flatten() {
                    let mode = if grows { HistoryMode::Replace } else { HistoryMode::Push };
                    self.show(&view.with_region(region, grows), mode);
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
                    self.address.go(&path, HistoryMode::Push);
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
        let picked = self.view.with(|v| v.picked.clone());
        self.answer.data.with(|answer| {
            let rects = |region: Option<Region>| {
                let (answer, region) = (answer.as_ref()?, region?);
                Some(rects_of(answer.data.as_deref()?, &answer.subject, &region))
            };
            picked.map(|region| rects(region).unwrap_or_default())
        })
    }

    /// Explore, with the same question.
    pub(crate) fn explore_path(self) -> String {
        explore_path(&self.query.get(), &View::default())
    }

    /// The address of exactly this, with both ends of the time written out.
    pub(crate) fn pinned_path(self) -> String {
        let Span { from_ms, until_ms } = self.span.get();
        let range = Some(TimeRange::Between { from_ms, until_ms });
        heatmap_path(&Query { range, ..self.query.get() }, &self.view.get())
    }
}

fn read<T>(text: &str, from_params: impl Fn(&dyn Fn(&str) -> Option<String>) -> T) -> T {
    let pairs = parse_pairs(text);
    from_params(&|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
}
