//! The trees of a profile view: the profile's own, after all transforms, and upright for the sandwich.

use crate::context::own_code::StatedOwnCode;
use crate::reactive::{Memo, Signal};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::transform::inverts;
use crate::state::view::View;
use crate::views::derive;
use crate::views::kernels::Kernels;
use crate::views::picture::Measure;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{DiffTree, Side};
use flarepath_profile::origin::Origin;
use flarepath_profile::own_code::OwnCode;
use leptos::prelude::use_context;

/// A tree, or why there is none; `None` before there is a profile.
pub(crate) type MaybeTree<T> = Memo<Option<Result<Shared<T>, String>>>;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Trees {
    /// Before the transforms.
    pub(crate) whole: Memo<Option<Shared<CallTree>>>,
    /// The origin of each of its functions.
    pub(crate) whole_origins: Memo<Option<Shared<Vec<Origin>>>>,
    /// What counts as own code: as set for the service, or guessed from the whole.
    pub(crate) own: Memo<Shared<OwnCode>>,
    whole_diff: Memo<Option<Shared<DiffTree>>>,
    /// Both trees after the transforms, where two are compared.
    pub(crate) diff: MaybeTree<DiffTree>,
    /// The tree shown; of two compared the sums of both.
    pub(crate) shown: MaybeTree<CallTree>,
    /// The stacks shown, with callers above callees even where the view is inverted.
    pub(crate) upright: MaybeTree<CallTree>,
}

impl Trees {
    #[inline(never)]
    pub(super) fn new(
        profile: Signal<Option<LoadedProfile>>,
        view: Signal<View>,
        kernels: Option<Kernels>,
    ) -> Trees {
        let whole = Memo::new(move || profile.with(|p| p.as_ref().map(|p| Shared::from_arc(p.tree.clone()))));
        let whole_diff = Memo::new(move || {
            profile.with(|p| p.as_ref().and_then(|p| p.diff.clone()).map(Shared::from_arc))
        });
        let stated: Option<StatedOwnCode> = use_context();
        let own = Memo::new(move || {
            let guess = || match (whole_diff.get(), whole.get()) {
                (Some(both), _) => OwnCode::guess(both.frames()),
                (None, Some(tree)) => OwnCode::guess(tree.frames()),
                (None, None) => OwnCode::default(),
            };
            stated.and_then(|stated| stated.0.get()).unwrap_or_else(|| Shared::new(guess()))
        });
        let whole_origins = Memo::new(move || whole.get().map(|tree| derive::origins(&tree, &own.get())));
        let transforms = super::slice(view, |v| v.transforms.clone());
        let diff: MaybeTree<DiffTree> = Memo::new(move || {
            whole_diff.get().zip(kernels).map(|(t, k)| (k.diff_steps)(t.arc(), &transforms.get(), &own.get()))
        });
        let shown: MaybeTree<CallTree> = Memo::new(move || {
            if let Some(diff) = diff.get() {
                return kernels.map(|k| diff.and_then(|diff| (k.sums)(&diff)));
            }
            let (whole, transforms) = (whole.get()?, transforms.get());
            if transforms.is_empty() {
                return Some(Ok(whole));
            }
            kernels.map(|k| (k.steps)(whole.arc(), &transforms, &own.get()).map(Shared::from_arc))
        });
        // Inverting twice gives the same tree again, so that the sandwich is of the stacks shown.
        let upright = Memo::new(move || {
            Some(match shown.get()? {
                Ok(tree) if transforms.with(|t| inverts(t)) => (kernels?.inverted)(&tree).map(Shared::new),
                other => other,
            })
        });
        Trees { whole, whole_origins, own, whole_diff, diff, shown, upright }
    }

    /// The tree shown, unless there is none.
    pub(crate) fn get(self) -> Option<Shared<CallTree>> {
        self.shown.get().and_then(Result::ok)
    }

    /// The same without following it.
    pub(crate) fn get_untracked(self) -> Option<Shared<CallTree>> {
        self.shown.get_untracked().and_then(Result::ok)
    }

    /// The origin of each function of a tree: of the whole as known, of others anew.
    pub(crate) fn origins(self, tree: &Shared<CallTree>) -> Shared<Vec<Origin>> {
        let known = self.whole.get().filter(|whole| whole == tree).and_then(|_| self.whole_origins.get());
        known.unwrap_or_else(|| derive::origins(tree, &self.own.get()))
    }

    /// The share of the total that the transforms leave, as a sentence; empty before there is a profile.
    pub(crate) fn remaining(self, measure: &Measure) -> String {
        let root = |tree: &CallTree| tree.total(NodeId::ROOT);
        let shares = match (self.whole_diff.get(), self.diff.get()) {
            (Some(whole), Some(Ok(shown))) => {
                let [whole, shown] = [&whole, &shown].map(|tree| tree.total(NodeId::ROOT));
                Side::BOTH.map(|side| measure.share(shown.of(side), whole.of(side))).to_vec()
            }
            _ => match (self.whole.get(), self.get()) {
                (Some(whole), Some(shown)) => vec![measure.share(root(&shown), root(&whole))],
                _ => Vec::new(),
            },
        };
        match &shares[..] {
            [share] => format!("{share} of the total remains"),
            [before, after] => format!("{before} of the baseline and {after} of the comparison remain"),
            _ => String::new(),
        }
    }
}
