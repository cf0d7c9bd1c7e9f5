//! The state of the labels page: question, view, answers, and where a change leads.

use crate::api::Fetch;
use crate::api::explore::{self, Counted};
use crate::api::labels::{self, BreakdownRequest};
use crate::api::request::ProfileRequest;
use crate::browser::history::Address;
use crate::browser::page;
use crate::pages::question::PageQuestion;
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::breakdown::{Breakdown, ValueRow};
use crate::state::labels::{LabelsView, best_label, labels_path};
use crate::state::query::Query;
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::view::HistoryMode;
use flarepath_profile::labels::SERVICE_NAME;

/// The id of the sentence below the table, which has the focus after the last page was added.
pub(super) const SHOWN_ID: &str = "values-shown";

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct LabelsState {
    pub(crate) question: PageQuestion,
    /// The question, grouped by the label on screen. It has a service even while all are shown.
    pub(crate) query: Memo<Query>,
    pub(crate) view: Memo<LabelsView>,
    /// Both ends of the time.
    pub(crate) span: Memo<Span>,
    /// Names of labels.
    pub(crate) names: Fetch<Vec<Counted>>,
    /// The first page of values.
    pub(crate) first: Fetch<Breakdown>,
    /// The page that was asked for last.
    pub(crate) more: Fetch<Breakdown>,
    /// The values of all pages.
    pub(crate) rows: RwSignal<Vec<ValueRow>>,
    /// Where the next page begins; empty at the end.
    pub(crate) next: RwSignal<String>,
    request: Memo<Option<BreakdownRequest>>,
}

impl LabelsState {
    /// Fetches what the address asks for, and follows it.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> LabelsState {
        let names = Fetch::<Vec<Counted>>::new();
        let view = Memo::new(move || address.query.with(|text| read(text, LabelsView::from_params)));
        let question = PageQuestion::about_service(address, move |query| {
            let best = || {
                names.data.with(|names| {
                    let names = names.iter().flatten().map(|c| c.text.as_str()).filter(|name| is_shown(name));
                    best_label(names).map(str::to_owned)
                })
            };
            let usual = if view.with(|v| v.all) { Some(SERVICE_NAME.to_owned()) } else { best() };
            Query { by: query.by.clone().or(usual), ..query }
        });
        let (query, span) = (question.query, question.span());
        let request = Memo::new(move || request(&query.get(), &view.get(), span.get()));
        let (rows, next) = (RwSignal::new(Vec::new()), RwSignal::new(String::new()));
        let (first, more) = (Fetch::new(), Fetch::new());
        let state = LabelsState { question, query, view, span, names, first, more, rows, next, request };
        state.fetch();
        state.join_pages();
        question.write_back(move |query| {
            query.service.is_some().then(|| labels_path(query, &view.get_untracked()))
        });
        state
    }

    fn fetch(self) {
        let LabelsState { question, query, view, span, .. } = self;
        // The label on screen does not change which labels there are.
        let names_request = Memo::new(move || {
            let asked = query.with(|q| q.service.is_some().then(|| view.with(|v| v.asked(q))))?;
            Some((asked.selector().ok()?, asked.store, span.get()))
        });
        question.fetch(names_request, self.names, |names, (selector, store, span)| {
            names.start(|_| explore::label_names(store, selector, span));
        });
        question.fetch(self.request, self.first, |first, request| {
            first.start(|abort| labels::breakdown(request, abort));
        });
    }

    /// Begins anew with each first page, and adds those that follow.
    fn join_pages(self) {
        let add = move |page: &Breakdown, is_first: bool| {
            self.rows.update(|rows| {
                if is_first {
                    rows.clear();
                }
                rows.extend(page.rows.iter().cloned());
            });
            self.next.set(page.next.clone());
        };
        effect(move || {
            let nothing = Breakdown::default();
            self.first.data.with(|page| add(page.as_ref().unwrap_or(&nothing), true));
            self.more.clear();
        });
        effect(move || {
            self.more.data.with(|page| {
                let Some(page) = page else { return };
                add(page, false);
                if page.next.is_empty() {
                    page::focus_soon(SHOWN_ID);
                }
            });
        });
    }

    /// Asks for the next page.
    pub(crate) fn show_more(self) {
        if let Some(request) = self.request.get_untracked() {
            let request = BreakdownRequest { cursor: self.next.get_untracked(), ..request };
            self.more.start(|abort| labels::breakdown(request, abort));
        }
    }

    /// Asks something else. The selected values belong to the label and the services before.
    pub(crate) fn go(self, query: &Query, all: bool) {
        let view = self.view.get_untracked();
        let same = view.all == all && query.by == self.query.with_untracked(|q| q.by.clone());
        let view = view.of_services(all);
        let view = if same { view } else { LabelsView { picked: [None, None], text: String::new(), ..view } };
        self.question.go(&labels_path(query, &view));
    }

    /// Shows the values differently.
    pub(crate) fn show(self, view: &LabelsView, mode: HistoryMode) {
        self.question.address.go(&labels_path(&self.query.get_untracked(), view), mode);
    }
}

fn request(query: &Query, view: &LabelsView, span: Span) -> Option<BreakdownRequest> {
    if query.by.is_none() || query.service.is_none() {
        return None;
    }
    let profiles = ProfileRequest::new(&view.asked(query), span).ok().flatten()?;
    let (sort, reversed, text) = (view.sort, view.reversed, view.text.trim().to_owned());
    Some(BreakdownRequest { profiles, sort, reversed, text, cursor: String::new() })
}

/// Whether a label is shown to people, among those of one service.
fn is_shown(name: &str) -> bool {
    name != SERVICE_NAME && !name.starts_with("__")
}
