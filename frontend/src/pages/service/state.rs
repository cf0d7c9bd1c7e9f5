//! The state of the page of a service: its question, and what is asked about it. Each answer is asked for by itself.

use crate::api::Fetch;
use crate::api::explore::{self, Counted, TreeAnswer};
use crate::api::request::ProfileRequest;
use crate::api::verdict::ChosenSides;
use crate::browser::clock;
use crate::browser::history::Address;
use crate::pages::question::PageQuestion;
use crate::reactive::{Callback, Memo, RwSignal};
use crate::state::breakdown::{Breakdown, value_name};
use crate::state::indicators::Metrics;
use crate::state::labels::narrowed;
use crate::state::query::{Query, explore_path};
use crate::state::service_changes::marks;
use crate::state::service_page::{memory_type, service_in, service_page};
use crate::state::services::complete;
use crate::state::time_range::{Span, TimeRange};
use crate::state::verdict::Verdict;
use crate::state::view::View;
use crate::views::timeline::markers::Markers;

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct ServiceState {
    pub(super) question: PageQuestion,
    /// The service, the profile type and the time.
    pub(super) query: Memo<Query>,
    /// Both ends of the time.
    pub(super) span: Memo<Span>,
    /// The verdict on it, against a baseline that the server chooses.
    pub(super) chosen: Fetch<ChosenSides>,
    /// Metrics and objectives.
    pub(super) metrics: Fetch<Metrics>,
    /// Names of the labels of the service.
    pub(super) names: Fetch<Vec<Counted>>,
    /// Namespaces that it runs in.
    pub(super) namespaces: Fetch<Vec<Counted>>,
    /// Costs by replica, and by version.
    pub(super) pods: Fetch<Breakdown>,
    pub(super) versions: Fetch<Breakdown>,
    /// The merged profile.
    pub(super) tree: Fetch<TreeAnswer>,
    /// The verdict on memory in use.
    pub(super) memory: Fetch<ChosenSides>,
    /// Memory in use by replica.
    pub(super) memory_pods: Fetch<Breakdown>,
    /// The profile of memory in use.
    pub(super) memory_tree: Fetch<TreeAnswer>,
    /// The verdict on its growth within the time, with the two halves that it is about.
    pub(super) growth: Fetch<([Span; 2], Verdict)>,
    pub(super) markers: Markers,
    /// The question about memory in use; it has no type where the service has none of that.
    pub(super) memory_query: Memo<Query>,
    /// The type that the address names: the page names none by itself.
    stated_type: RwSignal<Option<String>>,
}

impl ServiceState {
    /// Fetches what the address asks for, and follows its time.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(super) fn new(address: Address, service: String, profile_type: Option<String>) -> ServiceState {
        let now_ms = RwSignal::new(clock::now_ms());
        let question = PageQuestion::new(
            address,
            now_ms,
            |params| Query { filter: String::new(), by: None, ..Query::from_params(params) },
            move |stated: &Query, services| {
                complete(&Query { service: Some(service.clone()), ..stated.clone() }, services)
            },
        );
        let (query, span) = (question.query, question.span());
        let memory_query = Memo::new(move || {
            let types = question.services.data.with(|all| {
                let own =
                    all.iter().flatten().find(|info| query.with(|q| q.service.as_ref() == Some(&info.name)));
                own.map(|info| info.profile_types.clone()).unwrap_or_default()
            });
            Query { profile_type: memory_type(&types).map(str::to_owned), ..query.get() }
        });
        let request =
            Memo::new(move || query.with(|query| ProfileRequest::new(query, span.get()).ok().flatten()));
        let about = Memo::new(move || {
            let Query { store, service, .. } = query.get();
            let service = service?;
            (!unknown(question, &service)).then(|| (store, service, span.get()))
        });
        let markers = Markers::new(about, request);
        let state = ServiceState {
            question,
            query,
            span,
            chosen: Fetch::new(),
            metrics: Fetch::new(),
            names: Fetch::new(),
            namespaces: Fetch::new(),
            pods: Fetch::new(),
            versions: Fetch::new(),
            tree: Fetch::new(),
            memory: Fetch::new(),
            memory_pods: Fetch::new(),
            memory_tree: Fetch::new(),
            growth: Fetch::new(),
            markers,
            memory_query,
            stated_type: RwSignal::new(profile_type),
        };
        state.fetch_metrics();
        state.fetch_verdict(query, state.chosen);
        state.fetch_verdict(memory_query, state.memory);
        state.fetch_breakdowns();
        for (query, tree) in [(query, state.tree), (memory_query, state.memory_tree)] {
            question.fetch(state.request_of(query), tree, |tree, request| {
                tree.start(|abort| explore::call_tree(request, abort))
            });
        }
        question.write_back(move |query| {
            let (path, here) = (state.path_of(query), address.path.get_untracked());
            let differs = address.query.with_untracked(|text| path != format!("{here}?{text}"));
            // The page may be about to be left for that of another service.
            (differs && service_in(&here) == query.service).then_some(path)
        });
        state
    }

    /// Whether the server knows no such service, or none that the person may read.
    pub(super) fn is_unknown(self) -> bool {
        self.query.with(|q| q.service.as_ref().is_some_and(|service| unknown(self.question, service)))
    }

    /// The instants of markers with their names, for charts.
    pub(super) fn marks(self) -> Vec<(i64, String)> {
        self.markers
            .answer
            .data
            .with(|list| list.as_ref().map(|list| marks(&list.markers)).unwrap_or_default())
    }

    /// Whether an answer is awaited.
    pub(super) fn is_busy(self) -> bool {
        let breakdowns =
            [self.pods, self.versions, self.memory_pods].iter().any(|answer| answer.pending.get());
        let verdicts = [self.chosen.pending, self.memory.pending, self.growth.pending];
        let trees = [self.tree.pending, self.memory_tree.pending];
        breakdowns
            || self.metrics.pending.get()
            || verdicts.into_iter().chain(trees).any(|pending| pending.get())
    }

    /// Explore of one replica.
    pub(super) fn replica_path(self, replica: &str) -> String {
        let label = self.replica_label().unwrap_or_default();
        let value = if replica == value_name("") { "" } else { replica };
        let query = self.query.get_untracked();
        explore_path(&narrowed(&query, &label, value), &View::default())
    }

    /// Receives both ends of a time in a chart, in milliseconds, and shows the page at that time.
    pub(super) fn on_select(self) -> Callback<(i64, i64)> {
        Callback::new(move |(from_ms, until_ms): (i64, i64)| {
            let range = Some(TimeRange::between_ms(from_ms, until_ms));
            self.go(&Query { range, ..self.query.get_untracked() });
        })
    }

    /// Shows the service at another time, up to this moment.
    pub(super) fn go(self, query: &Query) {
        self.question.go(&self.path_of(query));
    }

    /// Asks everything again, up to this moment.
    pub(super) fn on_retry(self) -> Callback<()> {
        Callback::new(move |()| self.question.refresh())
    }

    /// The address of the page at the time of `query`, with the type that the address names now.
    fn path_of(self, query: &Query) -> String {
        let profile_type = self.stated_type.get_untracked();
        let service = query.service.clone().unwrap_or_default();
        service_page(&service, &Query { profile_type, ..query.clone() })
    }
}

/// Whether the services are known, and none has this name.
fn unknown(question: PageQuestion, service: &str) -> bool {
    question.services.data.with(|all| all.as_ref().is_some_and(|all| all.iter().all(|s| s.name != service)))
}
