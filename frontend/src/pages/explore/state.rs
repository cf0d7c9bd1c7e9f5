//! The state of Explore and how it follows from the address: what is asked, what was answered, where a change
//! leads.

use crate::api::Fetch;
use crate::api::explore::{self, TreeAnswer};
use crate::api::request::Ask;
use crate::browser::clock;
use crate::browser::history::Address;
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::query::{Query, explore_path};
use crate::state::services::{ServiceInfo, complete};
use crate::state::time_range::{Span, TimeRange};
use crate::state::timeline::TimelineData;
use crate::state::url_text::parse_pairs;
use crate::state::view::{HistoryMode, View};

/// Everything Explore knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct ExploreState {
    address: Address,
    /// The question with nothing left open, once the services are known.
    pub(crate) query: Memo<Query>,
    /// What is seen of the answer.
    pub(crate) view: Memo<View>,
    /// When "now" was last read.
    pub(crate) now_ms: RwSignal<i64>,
    /// Both ends of the time.
    pub(crate) span: Memo<Span>,
    /// What the server is asked; `None` while the question is open or its filter has a mistake.
    pub(crate) ask: Memo<Option<Ask>>,
    /// All services.
    pub(crate) services: Fetch<Vec<ServiceInfo>>,
    /// The merged profile.
    pub(crate) tree: Fetch<TreeAnswer>,
    /// Totals over time.
    pub(crate) series: Fetch<TimelineData>,
}

impl ExploreState {
    /// Starts asking what the address asks, and goes on as it changes.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> ExploreState {
        let now_ms = RwSignal::new(clock::now_ms());
        let services = Fetch::<Vec<ServiceInfo>>::new();
        let said = Memo::new(move || address.query.with(|text| read(text, Query::from_params)));
        let view = Memo::new(move || address.query.with(|text| read(text, View::from_params)));
        let query =
            Memo::new(move || services.data.with(|s| complete(&said.get(), s.as_deref().unwrap_or(&[]))));
        let span =
            Memo::new(move || query.with(|q| q.range).unwrap_or(TimeRange::LAST_HOUR).resolve(now_ms.get()));
        let ask = Memo::new(move || query.with(|q| Ask::new(q, span.get()).ok().flatten()));
        let state = ExploreState {
            address,
            query,
            view,
            now_ms,
            span,
            ask,
            services,
            tree: Fetch::new(),
            series: Fetch::new(),
        };
        services.start(|_| explore::services());
        state.ask_when_it_changes();
        state.write_choices_down(said);
        state
    }

    fn ask_when_it_changes(self) {
        // Another grouping is another timeline of the same profile.
        let tree_ask = Memo::new(move || self.ask.get().map(|ask| Ask { by: None, ..ask }));
        effect(move || match tree_ask.get() {
            Some(ask) => self.tree.start(|abort| explore::call_tree(ask, abort)),
            None => self.tree.clear(),
        });
        effect(move || match self.ask.get() {
            Some(ask) => self.series.start(|abort| explore::series(ask, abort)),
            None => self.series.clear(),
        });
    }

    /// What the page chose is written into the address, so that a copied link shows the same elsewhere.
    fn write_choices_down(self, said: Memo<Query>) {
        effect(move || {
            let query = self.query.get();
            if query.service.is_some() && query != said.get() {
                self.address.amend(&explore_path(&query, &self.view.get_untracked()));
            }
        });
    }

    /// Asks something else. What only fits the old profile (zoom, sandwich) stays: names that are not there
    /// are not found, and "back" brings the old picture back whole.
    pub(crate) fn go(self, query: &Query) {
        self.now_ms.set(clock::now_ms());
        self.address.go(&explore_path(query, &self.view.get_untracked()), HistoryMode::Push);
    }

    /// Looks at another service or type: the view's zoom, transforms and sandwich belong to the one before.
    pub(crate) fn go_elsewhere(self, query: &Query) {
        let before = self.view.get_untracked();
        let view = View { function: None, details: None, transforms: Vec::new(), ..before.unzoomed() };
        self.now_ms.set(clock::now_ms());
        self.address.go(&explore_path(query, &view), HistoryMode::Push);
    }

    /// Shows the same differently.
    pub(crate) fn show(self, view: &View, mode: HistoryMode) {
        self.address.go(&explore_path(&self.query.get_untracked(), view), mode);
    }

    /// Asks again, up to this moment.
    pub(crate) fn refresh(self) {
        self.services.start(|_| explore::services());
        let before = self.ask.get_untracked();
        self.now_ms.set(clock::now_ms());
        // A fixed range asks the same question again.
        if self.ask.get_untracked() == before
            && let Some(ask) = before
        {
            let again = ask.clone();
            self.series.start(|abort| explore::series(again, abort));
            self.tree.start(|abort| explore::call_tree(ask, abort));
        }
    }

    /// Where this is held against the same length of time just before.
    pub(crate) fn compare_path(self) -> String {
        let span = self.span.get();
        let sides = Sides::before(&self.query.get(), span, span.length_ms());
        compare_path(
            &sides,
            &DiffView {
                view: View { search: self.view.get().search, ..View::default() },
                ..DiffView::default()
            },
        )
    }

    /// The heat map of the same question. Written without what the page of heat maps knows, which comes later.
    pub(crate) fn heatmap_path(self) -> String {
        let path = explore_path(&self.query.get(), &View::default());
        format!("/heatmap{}", path.trim_start_matches("/explore"))
    }

    /// The address of exactly this, with both ends of the time written out.
    pub(crate) fn pinned_path(self) -> String {
        let Span { from_ms, until_ms } = self.span.get();
        let range = Some(TimeRange::Between { from_ms, until_ms });
        explore_path(&Query { range, ..self.query.get() }, &self.view.get())
    }
}

fn read<T>(text: &str, from_params: impl Fn(&dyn Fn(&str) -> Option<String>) -> T) -> T {
    let pairs = parse_pairs(text);
    from_params(&|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
}
