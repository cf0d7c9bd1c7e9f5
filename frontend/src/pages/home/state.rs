//! The state of Home: the question, the rows that were loaded, and when they are asked for again.

use crate::api::Fetch;
use crate::api::explore;
use crate::api::overview::{FIRST, MOST, OverviewRequest, overview};
use crate::browser::history::Address;
use crate::browser::{clock, page, timer};
use crate::pages::question::span_of;
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::home::{HomeQuestion, HomeSort, is_treemap};
use crate::state::overview::{Listed, Overview};
use crate::state::query::{Query, time_problem};
use crate::state::services::ServiceInfo;
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::view::HistoryMode;
use std::cell::Cell;

/// Time between two looks at whether the rows are to be asked for again.
const TICK_MS: u32 = 2000;
/// Ticks after which they are: usually, while rows have no verdict yet, and while there is no service at all.
const USUAL: u32 = 30;
const WHILE_PENDING: u32 = 10;
const WHILE_EMPTY: u32 = 1;
/// Ticks after which the ages of rows are written anew.
const AGES: u32 = 5;

/// Everything Home knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct HomeState {
    pub(super) address: Address,
    pub(super) question: Memo<HomeQuestion>,
    /// Whether services are shown as a treemap and not as a list.
    pub(super) is_treemap: Memo<bool>,
    /// Its filter and its time.
    pub(super) query: Memo<Query>,
    /// Both ends of the time.
    pub(super) span: Memo<Span>,
    /// Why a time in the address cannot be taken. Nothing is asked then.
    pub(super) time_problem: Memo<Option<String>>,
    /// The first page.
    pub(super) first: Fetch<Overview>,
    /// The page that was asked for last.
    pub(super) more: Fetch<Overview>,
    /// The rows of all pages.
    pub(super) listed: RwSignal<Listed>,
    /// Whether the server knows no service at all.
    pub(super) first_run: Memo<bool>,
    /// The time that ages of rows are counted to, milliseconds since the epoch.
    pub(super) clock_ms: RwSignal<i64>,
    /// When "now" was last read; each reading asks for the rows anew.
    pub(super) now_ms: RwSignal<i64>,
}

impl HomeState {
    /// Fetches what the address asks for, and follows it.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(super) fn new(address: Address) -> HomeState {
        let now_ms = RwSignal::new(clock::now_ms());
        let question = Memo::new(move || address.query.with(|text| read(text, HomeQuestion::from_params)));
        let query = Memo::new(move || question.with(|q| q.query.clone()));
        let (first, any) = (Fetch::<Overview>::new(), Fetch::<Vec<ServiceInfo>>::new());
        let is_empty =
            Memo::new(move || first.data.with(|page| page.as_ref().is_some_and(Overview::is_empty)));
        // One that has sent nothing for hours is in no overview.
        effect(move || match (is_empty.get(), query.with(|query| query.store.clone())) {
            (true, store) => any.start(|abort| explore::find_services(store, String::new(), 1, abort)),
            (false, _) => any.clear(),
        });
        let state = HomeState {
            address,
            question,
            is_treemap: Memo::new(move || address.query.with(|text| read(text, is_treemap))),
            query,
            span: Memo::new(move || query.with(|q| span_of(q, now_ms.get()))),
            time_problem: Memo::new(move || {
                address.query.with(|text| read(text, |get| time_problem(get, now_ms.get())))
            }),
            first,
            more: Fetch::new(),
            listed: RwSignal::new(Listed::default()),
            first_run: Memo::new(move || {
                is_empty.get() && any.data.with(|all| all.as_ref().is_some_and(Vec::is_empty))
            }),
            clock_ms: RwSignal::new(clock::now_ms()),
            now_ms,
        };
        state.fetch();
        state.join_pages();
        state.keep_fresh();
        state
    }

    fn fetch(self) {
        effect(move || {
            let (question, span) = (self.question.get(), self.span.get());
            self.now_ms.track();
            if self.time_problem.with(Option::is_some) || question.query.matchers().is_err() {
                return self.first.clear();
            }
            // A refresh is of all rows that are there, as far as one answer has them.
            let listed = self.listed.get_untracked();
            let rows = if listed.answers(&question) { listed.rows.len() } else { 0 };
            ask(self.first, question, span, String::new(), rows.clamp(FIRST, MOST));
        });
    }

    fn join_pages(self) {
        effect(move || {
            let before = self.listed.get_untracked();
            let first = |page: &Overview| before.with_first(page);
            self.listed.set(self.first.data.with(|page| page.as_ref().map(first).unwrap_or_default()));
            self.clock_ms.set(clock::now_ms());
            self.more.clear();
        });
        effect(move || {
            let more = |page: &Overview| self.listed.get_untracked().with_more(page);
            let listed = self.more.data.with(|page| page.as_ref().map(more));
            listed.into_iter().for_each(|listed| self.listed.set(listed));
        });
    }

    /// Asks again once a minute while the page is visible, and more often while there is something to wait for.
    fn keep_fresh(self) {
        let waited = Cell::new(0);
        timer::every(TICK_MS, move || {
            let Some(is_busy) = self.first.pending.try_get_untracked() else { return };
            waited.set(waited.get() + 1);
            if is_busy || page::is_hidden() {
                return;
            }
            let due = match self.first_run.get_untracked() {
                true => WHILE_EMPTY,
                false if self.listed.with_untracked(Listed::is_pending) => WHILE_PENDING,
                false => USUAL,
            };
            if waited.get() >= due {
                waited.set(0);
                self.refresh();
            } else if waited.get().is_multiple_of(AGES) {
                self.clock_ms.set(clock::now_ms());
            }
        });
    }

    /// Asks for the rows again, up to this moment.
    pub(super) fn refresh(self) {
        self.now_ms.set(clock::now_ms());
    }

    /// Asks for the page after the rows that are there.
    pub(super) fn show_more(self) {
        let Listed { of, next, .. } = self.listed.get_untracked();
        if let Some((question, span)) = of {
            ask(self.more, question, span, next, MOST);
        }
    }

    /// Asks something else. Each letter of a text is no step of its own in the history.
    pub(super) fn go(self, question: &HomeQuestion, mode: HistoryMode) {
        let is_treemap = self.is_treemap.get_untracked();
        self.address.go(&if is_treemap { question.treemap_path() } else { question.path() }, mode);
    }

    /// Lists the services in another order.
    pub(super) fn sort_by(self, sort: HomeSort) {
        self.go(&HomeQuestion { sort, ..self.question.get_untracked() }, HistoryMode::Push);
    }

    /// Asks about other services or another time, up to this moment.
    pub(super) fn go_to_query(self, query: Query) {
        self.now_ms.set(clock::now_ms());
        self.go(&HomeQuestion { query, ..self.question.get_untracked() }, HistoryMode::Push);
    }
}

fn ask(fetch: Fetch<Overview>, question: HomeQuestion, span: Span, cursor: String, limit: usize) {
    fetch.start(|abort| overview(OverviewRequest { question, span, cursor, limit }, abort));
}
