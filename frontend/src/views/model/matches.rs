//! The search of a profile view: matching frames and boxes, and the match that is stepped to.

use super::trees::Trees;
use crate::components::search_bar::SearchStatus;
use crate::reactive::{Memo, RwSignal, Signal};
use crate::state::identity::Shared;
use crate::state::view::View;
use crate::views::picture::{Measure, Picture};
use crate::views::search::{self, Found};
use flarepath_profile::call_tree::{CallTree, NodeId};

/// For each frame whether it matches; `None` without a search.
type Marks = Option<Shared<Vec<bool>>>;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Matches {
    marks: Memo<Result<Marks, String>>,
    found: Memo<Option<Shared<Found>>>,
    /// Index of the match stepped to last.
    at: RwSignal<Option<usize>>,
    /// The node that the flame graph goes to; the number distinguishes repeated requests.
    pub(crate) jump: RwSignal<Option<(u64, NodeId)>>,
}

impl Matches {
    #[inline(never)]
    pub(super) fn new(view: Signal<View>, trees: Trees, picture: Memo<Option<Shared<Picture>>>) -> Matches {
        let wanted = super::slice(view, |v| (v.search.clone(), v.regex));
        let marks = Memo::new(move || {
            let (text, regex) = wanted.get();
            trees.get().map_or(Ok(None), |tree| marks_of(&tree, &text, regex))
        });
        let found = Memo::new(move || {
            let (marks, picture) = (marks.get().ok().flatten()?, picture.get()?);
            Some(Shared::new(search::find(&picture, &marks)))
        });
        Matches { marks, found, at: RwSignal::new(None), jump: RwSignal::new(None) }
    }

    /// The matching frames, unless nothing is searched.
    pub(crate) fn marks(self) -> Marks {
        self.marks.get().ok().flatten()
    }

    /// Result of the search, for the search bar.
    pub(crate) fn status(self, picture: Memo<Option<Shared<Picture>>>, measure: &Measure) -> SearchStatus {
        if let Err(error) = self.marks.get() {
            return SearchStatus { error: Some(error), ..SearchStatus::default() };
        }
        let (Some(found), Some(picture)) = (self.found.get(), picture.get()) else {
            return SearchStatus::default();
        };
        let nodes = found.matches.nodes.len();
        let at = self.at.get().filter(|at| *at < nodes).map(|at| format!("{} of ", at + 1));
        let summary = match nodes {
            0 => "no matches".to_owned(),
            _ => format!(
                "{} · {}{nodes} {} · {} {}",
                share(&found, &picture, measure),
                at.unwrap_or_default(),
                if nodes == 1 { "box" } else { "boxes" },
                found.functions,
                if found.functions == 1 { "function" } else { "functions" },
            ),
        };
        SearchStatus { summary, error: None, any: nodes > 0 }
    }

    /// Goes to the next match or the previous one.
    pub(crate) fn step(self, forward: bool) {
        let Some(found) = self.found.get_untracked() else { return };
        let at = self.at.get_untracked().filter(|at| *at < found.matches.nodes.len());
        let Some(to) = search::step(found.matches.nodes.len(), at, forward) else { return };
        self.at.set(Some(to));
        let turn = self.jump.get_untracked().map_or(0, |(turn, _)| turn) + 1;
        self.jump.set(Some((turn, found.matches.nodes[to])));
    }

    /// Begins again at the first match.
    pub(super) fn restart(self) {
        self.at.set(None);
    }
}

/// What the matches cost, as shares of the total.
fn share(found: &Found, picture: &Picture, measure: &Measure) -> String {
    match &picture.changes {
        None => {
            format!("{} of total", measure.share(found.matches.total, picture.tree.total(NodeId::ROOT)))
        }
        Some(changes) => (changes.texts.matched_shares)(&changes.both, found.both, measure),
    }
}

/// The frames of a tree that match a text or a pattern.
pub(super) fn marks_of(tree: &CallTree, text: &str, regex: bool) -> Result<Marks, String> {
    let marks = search::marks(tree.frames(), text, regex).map_err(|e| e.to_string())?;
    Ok(marks.map(Shared::new))
}
