//! State of the flame chart of a local file: the selected thread, its chart, and the search.

use crate::components::search_bar::SearchStatus;
use crate::context::local_files::LocalFiles;
use crate::context::local_files::chart::ChartAnswer;
use crate::local_file::job::Job;
use crate::local_file::protocol::request;
use crate::reactive::{Callback, Memo, RwSignal, Signal, effect};
use crate::state::identity::Shared;
use crate::state::local_view::LocalView;
use crate::state::view::HistoryMode;
use crate::views::flame::chart::search;
use crate::views::picture::Measure;
use crate::views::search::{marks, step};
use flarepath_profile::flame::{BoxId, Chart};

type Marks = Result<Option<Shared<Vec<bool>>>, String>;

/// What the parts of the view share. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct TimeOrder {
    pub(super) files: LocalFiles,
    pub(super) view: Signal<LocalView>,
    pub(super) on_view: Callback<(LocalView, HistoryMode)>,
    /// Index of the selected thread.
    pub(super) lane: Memo<Option<usize>>,
    pub(super) answer: Memo<Option<ChartAnswer>>,
    pub(super) chart: Memo<Option<Shared<Chart>>>,
    pub(super) marks: Memo<Marks>,
    pub(super) found: Memo<Shared<Vec<BoxId>>>,
    pub(super) step_at: RwSignal<Option<usize>>,
    pub(super) jump: RwSignal<Option<(u64, BoxId)>>,
}

impl TimeOrder {
    #[inline(never)]
    pub(super) fn new(
        files: LocalFiles,
        view: Signal<LocalView>,
        on_view: Callback<(LocalView, HistoryMode)>,
    ) -> TimeOrder {
        let chosen = Memo::new(move || files.job.with(Job::chosen));
        let thread = Memo::new(move || view.with(|v| v.thread.clone()));
        let lane = Memo::new(move || {
            let of = chosen.get()?.0;
            files.chart.lanes.with(|lanes| {
                let (profile, lanes) = lanes.as_ref().filter(|(profile, _)| *profile == of)?;
                let named = thread.with(|name| lanes.iter().position(|l| Some(&l.name) == name.as_ref()));
                (*profile == of && !lanes.is_empty()).then(|| named.unwrap_or(0))
            })
        });
        let wanted = Memo::new(move || {
            let (profile, sample_type) = chosen.get()?;
            Some((profile, sample_type, lane.get()?))
        });
        effect(move || {
            if let Some((profile, _)) = chosen.get() {
                files.request(request::LANES, &[profile]);
            }
        });
        effect(move || {
            if let Some((profile, sample_type, lane)) = wanted.get()
                && files.chart.answer.with_untracked(|m| m.as_ref().map(|m| m.of)) != wanted.get_untracked()
            {
                files.request(request::CHART, &[profile, sample_type, lane]);
            }
        });
        let answer =
            Memo::new(move || files.chart.answer.get().filter(|answer| Some(answer.of) == wanted.get()));
        let chart = Memo::new(move || answer.get()?.result.ok());
        let search = Memo::new(move || view.with(|v| (v.view.search.clone(), v.view.regex)));
        let marks = Memo::new(move || {
            let (text, regex) = search.get();
            let Some(chart) = chart.get() else { return Ok(None) };
            let marks = marks(chart.tree.frames(), &text, regex).map_err(|e| e.to_string())?;
            Ok(marks.map(Shared::new))
        });
        let found = Memo::new(move || {
            let marks = marks.get().ok().flatten();
            Shared::new(match (chart.get(), marks) {
                (Some(chart), Some(marks)) => search::boxes(&chart, &marks),
                _ => Vec::new(),
            })
        });
        let (step_at, jump) = (RwSignal::new(None), RwSignal::new(None));
        TimeOrder { files, view, on_view, lane, answer, chart, marks, found, step_at, jump }
    }

    pub(super) fn change(self, mode: HistoryMode, f: impl FnOnce(&mut LocalView)) {
        let before = self.view.get_untracked();
        let mut view = before.clone();
        f(&mut view);
        if view != before {
            self.on_view.run((view, mode));
        }
    }

    pub(super) fn search(self, text: String, regex: bool) {
        self.step_at.set(None);
        let toggled = self.view.with_untracked(|v| v.view.regex) != regex;
        let mode = if toggled { HistoryMode::Push } else { HistoryMode::Replace };
        self.change(mode, |v| (v.view.search, v.view.regex) = (text, regex));
    }

    pub(super) fn status(self) -> SearchStatus {
        let (marks, chart) = match (self.marks.get(), self.chart.get()) {
            (Err(error), _) => return SearchStatus { error: Some(error), ..SearchStatus::default() },
            (Ok(Some(marks)), Some(chart)) => (marks, chart),
            _ => return SearchStatus::default(),
        };
        let count = self.found.with(|f| f.len());
        let measure = self.files.profile.with(|p| p.as_ref().map_or_else(Measure::unknown, Measure::of));
        let summary = search::summary(&chart, &measure, &marks, count, self.step_at.get());
        SearchStatus { summary, error: None, any: count > 0 }
    }

    /// Goes to the next call found, or to the one before.
    pub(super) fn step(self, forward: bool) {
        let found = self.found.get_untracked();
        let at = self.step_at.get_untracked().filter(|at| *at < found.len());
        let Some(to) = step(found.len(), at, forward) else { return };
        self.step_at.set(Some(to));
        let turn = self.jump.get_untracked().map_or(0, |(turn, _)| turn) + 1;
        self.jump.set(Some((turn, found[to])));
    }

    pub(super) fn choose_lane(self, at: usize) {
        let name = self.files.chart.lanes.with_untracked(|l| Some(l.as_ref()?.1.get(at)?.name.clone()));
        self.change(HistoryMode::Push, |v| {
            (v.thread, v.chart_view) = (name, Default::default());
        });
    }
}
