//! The question of a page: read from the address, completed with what the server knows, asked, and written back.

pub(crate) mod pickers;

use crate::api::explore;
use crate::api::{ApiError, Fetch};
use crate::browser::history::Address;
use crate::browser::{clock, keys};
use crate::components::notice::failures;
use crate::reactive::{Callback, Memo, RwSignal, effect, shown};
use crate::state::query::{Query, STORE, time_problem};
use crate::state::services::{ServiceInfo, complete};
use crate::state::share_view::read;
use crate::state::time_range::{Span, TimeRange};
use crate::state::view::HistoryMode;
use leptos::prelude::*;

/// Looks up a query parameter.
type Params<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Says why the parameters cannot be taken, when it is so many milliseconds since the epoch.
type Problem = fn(&Params, i64) -> Option<String>;

/// The question of a page. `Q` is [`Query`], or both sides of a comparison. Copies share it.
pub(crate) struct PageQuestion<Q: 'static = Query> {
    /// Where the page is.
    pub(crate) address: Address,
    /// All services.
    pub(crate) services: Fetch<Vec<ServiceInfo>>,
    /// When "now" was last read, milliseconds since the epoch.
    pub(crate) now_ms: RwSignal<i64>,
    /// The question with nothing left open, once the services are known.
    pub(crate) query: Memo<Q>,
    /// Why a time in the address cannot be taken. Nothing is asked then, and the address stays as it is.
    pub(crate) time_problem: Memo<Option<String>>,
    /// The question as the address has it.
    stated: Memo<Q>,
    /// The store that the address names.
    store: Memo<Option<String>>,
    /// Counts refreshes: a question that has not changed is asked again.
    refreshes: RwSignal<u32>,
}

impl<Q> Clone for PageQuestion<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q> Copy for PageQuestion<Q> {}

impl<Q: Clone + PartialEq + Send + Sync + 'static> PageQuestion<Q> {
    /// Follows the address. `parse` reads its parameters, `complete` fills in what they leave open.
    pub(crate) fn new(
        address: Address,
        now_ms: RwSignal<i64>,
        parse: fn(&Params) -> Q,
        complete: impl Fn(&Q, &[ServiceInfo]) -> Q + Send + Sync + 'static,
    ) -> Self {
        Self::with_problem(address, now_ms, parse, |get, now_ms| time_problem(get, now_ms), complete)
    }

    /// The same for a page with other parameters of time, of which `problem` says why they cannot be taken.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn with_problem(
        address: Address,
        now_ms: RwSignal<i64>,
        parse: fn(&Params) -> Q,
        problem: Problem,
        complete: impl Fn(&Q, &[ServiceInfo]) -> Q + Send + Sync + 'static,
    ) -> Self {
        let services = Fetch::<Vec<ServiceInfo>>::new();
        let stated = Memo::new(move || address.query.with(|text| read(text, parse)));
        let query =
            Memo::new(move || services.data.with(|s| complete(&stated.get(), s.as_deref().unwrap_or(&[]))));
        let time_problem =
            Memo::new(move || address.query.with(|text| read(text, |get| problem(get, now_ms.get()))));
        let store = services_of_store(address, services);
        let refreshes = RwSignal::new(0);
        PageQuestion { address, services, now_ms, query, time_problem, stated, store, refreshes }
    }

    /// Writes what the page has chosen into the address, so that a copied link shows the same elsewhere. `path` gives
    /// the address of a question; `None` while it is incomplete.
    pub(crate) fn write_back(self, path: impl Fn(&Q) -> Option<String> + 'static) {
        effect(move || {
            let query = self.query.get();
            if query != self.stated.get() && self.time_problem.with(Option::is_none) {
                path(&query).into_iter().for_each(|path| self.address.amend(&path));
            }
        });
    }

    /// Asks for what `request` says, again after each change of it and after each refresh.
    pub(crate) fn fetch<A, T>(self, request: Memo<Option<A>>, answer: Fetch<T>, start: fn(Fetch<T>, A))
    where
        A: Clone + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        effect(move || {
            self.refreshes.get();
            match request.get().filter(|_| self.time_problem.with(Option::is_none)) {
                Some(request) => start(answer, request),
                None => answer.clear(),
            }
        });
    }

    /// Asks everything again, up to this moment.
    pub(crate) fn refresh(self) {
        fetch_services(self.services, self.store.get_untracked());
        self.now_ms.set(clock::now_ms());
        self.refreshes.update(|count| *count = count.wrapping_add(1));
    }

    /// What went wrong, above the data: a time that cannot be taken, and failed requests, with a button that asks again.
    pub(crate) fn failures(self, causes: Memo<Vec<(String, ApiError)>>) -> AnyView {
        let problem = self.time_problem;
        let notice = move || {
            let text = move || problem.get().unwrap_or_default();
            view! { <div class="message failed" role="alert"><p>{text} " Choose a time range above."</p></div> }.into_any()
        };
        let failed = failures(causes, Callback::new(move |()| self.refresh()));
        view! { {shown(move || problem.with(Option::is_some), notice)}{failed} }.into_any()
    }

    /// Refreshes at the key `r`, also on pages without a button for it.
    pub(crate) fn on_shortcuts(self) {
        keys::on_page_key(move |key| {
            if key == "r" {
                self.refresh();
            }
            key == "r"
        });
    }

    /// Asks what another address says, up to this moment.
    pub(crate) fn go(self, path: &str) {
        self.now_ms.set(clock::now_ms());
        self.address.go(path, HistoryMode::Push);
    }

    /// Whether the server knows no service at all.
    pub(crate) fn no_services(self) -> bool {
        self.services.data.with(|s| s.as_ref().is_some_and(Vec::is_empty))
    }
}

impl PageQuestion {
    /// The question of a page about one service. `with_default` completes it further.
    pub(crate) fn about_service(
        address: Address,
        with_default: impl Fn(Query) -> Query + Send + Sync + 'static,
    ) -> PageQuestion {
        let now_ms = RwSignal::new(clock::now_ms());
        PageQuestion::new(
            address,
            now_ms,
            |params| Query::from_params(params),
            move |stated, services| with_default(complete(stated, services)),
        )
    }

    /// Both ends of its time.
    pub(crate) fn span(self) -> Memo<Span> {
        Memo::new(move || self.query.with(|query| span_of(query, self.now_ms.get())))
    }

    /// The same question with both ends of the time written out.
    pub(crate) fn pinned(self, span: Span) -> Query {
        pinned(&self.query.get(), span)
    }
}

/// Fetches the services of the store that the address names, and follows it; returns its name.
fn services_of_store(address: Address, services: Fetch<Vec<ServiceInfo>>) -> Memo<Option<String>> {
    let store = Memo::new(move || {
        address.query.with(|text| read(text, |get| get(STORE).filter(|name| !name.is_empty())))
    });
    effect(move || {
        let store = store.get();
        // Those of the store before would complete the question wrongly.
        services.clear();
        fetch_services(services, store);
    });
    store
}

fn fetch_services(services: Fetch<Vec<ServiceInfo>>, store: Option<String>) {
    services.start(|_| explore::services(store));
}

/// Both ends of a question's time.
pub(crate) fn span_of(query: &Query, now_ms: i64) -> Span {
    query.range.unwrap_or(TimeRange::LAST_HOUR).resolve(now_ms)
}

/// `query` with both ends of its time written out.
pub(crate) fn pinned(query: &Query, span: Span) -> Query {
    Query { range: Some(TimeRange::Between(span)), ..query.clone() }
}
