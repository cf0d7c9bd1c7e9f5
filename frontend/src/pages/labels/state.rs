//! The state of the labels page: question, view, answers, and where a change leads.

use crate::api::Fetch;
use crate::api::explore::{self, Counted};
use crate::api::request::ProfileRequest;
use crate::browser::history::Address;
use crate::pages::question::PageQuestion;
use crate::reactive::Memo;
use crate::state::labels::{LabelsView, best_label, labels_path};
use crate::state::query::Query;
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::timeline::TimelineData;
use crate::state::view::HistoryMode;

/// Everything the page knows. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct LabelsState {
    pub(crate) question: PageQuestion,
    /// The question, grouped by the label on screen.
    pub(crate) query: Memo<Query>,
    pub(crate) view: Memo<LabelsView>,
    /// Both ends of the time.
    pub(crate) span: Memo<Span>,
    /// Names of labels.
    pub(crate) names: Fetch<Vec<Counted>>,
    /// Values of the label, with their numbers of series.
    pub(crate) values: Fetch<Vec<Counted>>,
    /// Totals over time by value.
    pub(crate) series: Fetch<TimelineData>,
}

impl LabelsState {
    /// Fetches what the address asks for, and follows it.
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(crate) fn new(address: Address) -> LabelsState {
        let (names, values, series) = (Fetch::<Vec<Counted>>::new(), Fetch::new(), Fetch::new());
        let question = PageQuestion::about_service(address, move |query| {
            let best = names.data.with(|names| {
                let names = names.iter().flatten().map(|c| c.text.as_str()).filter(|name| is_shown(name));
                best_label(names).map(str::to_owned)
            });
            Query { by: query.by.clone().or(best), ..query }
        });
        let (query, span) = (question.query, question.span());
        let view = Memo::new(move || address.query.with(|text| read(text, LabelsView::from_params)));
        let state = LabelsState { question, query, view, span, names, values, series };
        state.fetch();
        question.write_back(move |query| {
            query.service.is_some().then(|| labels_path(query, &view.get_untracked()))
        });
        state
    }

    fn fetch(self) {
        let LabelsState { question, query, span, .. } = self;
        // The label on screen does not change which labels there are.
        let names_request = Memo::new(move || {
            let selector = query.with(|q| q.service.is_some().then(|| q.selector().ok()).flatten())?;
            Some((selector, span.get()))
        });
        question.fetch(names_request, self.names, |names, (selector, span)| {
            names.start(|_| explore::label_names(selector, span));
        });
        let request = Memo::new(move || {
            let query = query.get();
            (query.by.is_some() && query.service.is_some())
                .then(|| ProfileRequest::new(&query, span.get()).ok().flatten())
                .flatten()
        });
        question.fetch(request, self.series, |series, request| {
            series.start(|abort| explore::series(request, abort))
        });
        question.fetch(request, self.values, |values, request| {
            let by = request.by.unwrap_or_default();
            values.start(|_| explore::label_values(by, request.selector, request.span));
        });
    }

    /// Asks something else. The picked values belong to the label before.
    pub(crate) fn go(self, query: &Query) {
        let same = query.by == self.query.with_untracked(|q| q.by.clone());
        let view = self.view.get_untracked();
        let picked = if same { view.picked } else { [None, None] };
        self.question.go(&labels_path(query, &LabelsView { picked, ..view }));
    }

    /// Shows the same values differently.
    pub(crate) fn show(self, view: &LabelsView, mode: HistoryMode) {
        self.question.address.go(&labels_path(&self.query.get_untracked(), view), mode);
    }
}

/// Whether a label is shown to people.
fn is_shown(name: &str) -> bool {
    name != flarepath_profile::labels::SERVICE_NAME && !name.starts_with("__")
}
