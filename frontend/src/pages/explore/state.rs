//! The state of Explore: question, view, answers, and where a change leads.

use crate::api::Fetch;
use crate::api::explore::{self, TreeAnswer};
use crate::api::request::ProfileRequest;
use crate::browser::history::Address;
use crate::pages::question::PageQuestion;
use crate::reactive::{Callback, Memo};
use crate::state::query::{Query, explore_path};
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::timeline::TimelineData;
use crate::state::verdict_question::VerdictQuestion;
use crate::state::view::{HistoryMode, View};
use crate::views::timeline::markers::{self, Markers};
use leptos::prelude::provide_context;

/// Everything Explore knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct ExploreState {
    pub(crate) question: PageQuestion,
    pub(crate) query: Memo<Query>,
    pub(crate) view: Memo<View>,
    /// Both ends of the time.
    pub(crate) span: Memo<Span>,
    /// What the server is asked; `None` while the question is open or its filter has an error.
    pub(crate) request: Memo<Option<ProfileRequest>>,
    /// The merged profile.
    pub(crate) tree: Fetch<TreeAnswer>,
    /// Totals over time.
    pub(crate) series: Fetch<TimelineData>,
    /// What happened to the service.
    pub(crate) markers: Markers,
}

impl ExploreState {
    /// Fetches what the address asks for, and follows it.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> ExploreState {
        let question = PageQuestion::about_service(address, |query| query);
        let (query, span) = (question.query, question.span());
        let view = Memo::new(move || address.query.with(|text| read(text, View::from_params)));
        let request = Memo::new(move || query.with(|q| ProfileRequest::new(q, span.get()).ok().flatten()));
        // Another grouping is another timeline of the same profile.
        let tree_request =
            Memo::new(move || request.get().map(|request| ProfileRequest { by: None, ..request }));
        let (tree, series) = (Fetch::new(), Fetch::new());
        question.fetch(tree_request, tree, |tree, request| {
            tree.start(|abort| explore::call_tree(request, abort))
        });
        question.fetch(request, series, |series, request| {
            series.start(|abort| explore::timeline(request, abort))
        });
        let about = Memo::new(move || request.with(|request| markers::about(request.as_ref()?)));
        let markers = Markers::new(about, tree_request);
        question.fetch(about, markers.answer, markers::load);
        provide_context(markers);
        question.write_back(move |query| {
            query.service.is_some().then(|| explore_path(query, &view.get_untracked()))
        });
        ExploreState { question, query, view, span, request, tree, series, markers }
    }

    /// Asks something else. The view stays: names of the old profile are ignored where they are not found, and
    /// "back" restores the old picture.
    pub(crate) fn go(self, query: &Query) {
        self.question.go(&explore_path(query, &self.view.get_untracked()));
    }

    /// Asks about another service or type. Zoom, transforms and sandwich belong to the one before.
    pub(crate) fn go_to_subject(self, query: &Query) {
        let before = self.view.get_untracked();
        let view = View { function: None, details: None, transforms: Vec::new(), ..before.unzoomed() };
        self.question.go(&explore_path(query, &view));
    }

    /// Shows the same profile differently.
    pub(crate) fn show(self, view: &View, mode: HistoryMode) {
        self.question.address.go(&explore_path(&self.query.get_untracked(), view), mode);
    }

    /// The address of a page with a question and a view. A time in this page's address that cannot be taken stays as it is.
    ///
    /// Other pages are addressed without their own parameters, which only the full program knows.
    fn address_of(self, page: &str, query: &Query, view: &View) -> String {
        if self.question.time_problem.with(Option::is_some) {
            return self.question.address.query.with(|query| format!("{page}?{query}"));
        }
        let path = explore_path(query, view);
        format!("{page}{}", path.trim_start_matches("/explore"))
    }

    /// The comparison with a baseline that the server chooses.
    pub(crate) fn compare_path(self) -> String {
        let query = Query { by: None, ..self.query.get() };
        let view = View { search: self.view.get().search, ..View::default() };
        self.address_of("/compare", &query, &view)
    }

    /// What the verdict is asked about, as text; empty while there is nothing to ask about, such as a range without profiles.
    pub(crate) fn verdict_question(self) -> Memo<String> {
        let ExploreState { question, tree, .. } = self;
        Memo::new(move || {
            if self.request.with(Option::is_none) || question.time_problem.with(Option::is_some) {
                return String::new();
            }
            let loaded = tree.data.with(|a| a.as_ref().is_some_and(|a| a.profile.profiles > 0));
            let failed = tree.error.with(Option::is_some) && tree.data.with(Option::is_none);
            let is_empty = tree.data.with(|a| a.as_ref().is_some_and(|a| a.profile.profiles == 0));
            if failed || (is_empty && !tree.pending.get()) {
                return String::new();
            }
            let ready = loaded && !tree.pending.get() && tree.error.with(Option::is_none);
            let query = Query { by: None, ..self.query.get() };
            VerdictQuestion { query, span: self.span.get(), ready }.to_text()
        })
    }

    /// Opens the dialog that adds a marker, at the end of the time.
    pub(crate) fn on_marker(self) -> Callback<()> {
        Callback::new(move |()| self.markers.adding.set(Some(self.span.get_untracked().until_ns)))
    }

    /// The heat map of the same question.
    pub(crate) fn heatmap_path(self) -> String {
        self.address_of("/heatmap", &self.query.get(), &View::default())
    }

    /// The address of exactly this, with both ends of the time written out.
    pub(crate) fn pinned_path(self) -> String {
        self.address_of("/explore", &self.question.pinned(self.span.get()), &self.view.get())
    }
}
