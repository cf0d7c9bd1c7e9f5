//! The trees of a profile view: the profile's own, after all transforms, and upright for the sandwich.

use crate::reactive::{Memo, Signal};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::transform::{Kind, Transform, inverts};
use crate::state::view::View;
use crate::views::kernels::Kernels;
use crate::views::picture::Measure;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{DiffTree, Side};
use flarepath_profile::origin::Origin;

/// A tree, or why there is none; `None` before there is a profile.
pub(crate) type MaybeTree<T> = Memo<Option<Result<Shared<T>, String>>>;

/// A tree before the transforms; `None` before there is a profile.
type Whole<T> = Memo<Option<Shared<T>>>;

/// The origin of each function; `None` before there is a profile.
type Origins = Memo<Option<Shared<Vec<Origin>>>>;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Trees {
    /// Before the transforms.
    pub(crate) whole: Whole<CallTree>,
    /// The origin of each of its functions; where two are compared, of those of both.
    pub(crate) whole_origins: Origins,
    whole_diff: Whole<DiffTree>,
    /// Both trees after the transforms, where two are compared.
    pub(crate) diff: MaybeTree<DiffTree>,
    /// The tree shown; of two compared the sums of both.
    pub(crate) shown: MaybeTree<CallTree>,
    /// The stacks shown, with callers above callees even where the view is inverted.
    pub(crate) upright: MaybeTree<CallTree>,
    kernels: Option<Kernels>,
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
        let whole_origins = whole_origins(profile, (whole, whole_diff), kernels);
        let transforms = super::slice(view, |v| v.transforms.clone());
        // Nothing where no step reads them.
        let needed = move |steps: &[Transform]| match steps.iter().any(|step| step.kind == Kind::Origin) {
            true => whole_origins.get(),
            false => None,
        };
        let diff: MaybeTree<DiffTree> = Memo::new(move || {
            let (both, kernels) = whole_diff.get().zip(kernels)?;
            let steps = transforms.get();
            Some((kernels.diff_steps)(both.arc(), &steps, all(&needed(&steps))))
        });
        let shown: MaybeTree<CallTree> = Memo::new(move || {
            if let Some(diff) = diff.get() {
                return kernels.map(|k| diff.and_then(|diff| (k.sums)(&diff)));
            }
            let (whole, transforms) = (whole.get()?, transforms.get());
            if transforms.is_empty() {
                return Some(Ok(whole));
            }
            let origins = needed(&transforms);
            kernels.map(|k| (k.steps)(whole.arc(), &transforms, all(&origins)).map(Shared::from_arc))
        });
        // Inverting twice gives the same tree again, so that the sandwich is of the stacks shown.
        let upright = Memo::new(move || {
            Some(match shown.get()? {
                Ok(tree) if transforms.with(|t| inverts(t)) => (kernels?.inverted)(&tree).map(Shared::new),
                other => other,
            })
        });
        Trees { whole, whole_origins, whole_diff, diff, shown, upright, kernels }
    }

    /// The tree shown, unless there is none.
    pub(crate) fn get(self) -> Option<Shared<CallTree>> {
        self.shown.get().and_then(Result::ok)
    }

    /// The same without following it.
    pub(crate) fn get_untracked(self) -> Option<Shared<CallTree>> {
        self.shown.get_untracked().and_then(Result::ok)
    }

    /// The origin of each function of a tree: those of the whole, or what follows from them. The first program shows the whole alone.
    pub(crate) fn origins(self, tree: &Shared<CallTree>) -> Shared<Vec<Origin>> {
        match (self.whole.get().zip(self.whole_origins.get()), self.kernels) {
            (Some((whole, known)), _) if whole == *tree => known,
            (Some((whole, known)), Some(kernels)) => {
                let both = self.whole_diff.get();
                let frames = both.as_ref().map_or(whole.frames(), |both| both.frames());
                Shared::new((kernels.derived_origins)(frames, &known, tree.frames()))
            }
            _ => Shared::new(vec![Origin::Unknown; tree.frames().len()]),
        }
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

/// As the server sent them, or else as their names tell, which the full program alone knows: in the first one they are unknown.
#[inline(never)]
fn whole_origins(
    profile: Signal<Option<LoadedProfile>>,
    (whole, whole_diff): (Whole<CallTree>, Whole<DiffTree>),
    kernels: Option<Kernels>,
) -> Origins {
    Memo::new(move || {
        let whole = whole.get()?;
        let sent = profile.with(|p| p.as_ref().and_then(|p| p.origins.clone()));
        if sent.is_some() {
            return sent;
        }
        let both = whole_diff.get();
        let frames = both.as_ref().map_or(whole.frames(), |both| both.frames());
        Some(Shared::new(match kernels {
            Some(kernels) => (kernels.guessed_origins)(frames),
            None => vec![Origin::Unknown; frames.len()],
        }))
    })
}

fn all(origins: &Option<Shared<Vec<Origin>>>) -> &[Origin] {
    origins.as_deref().map(Vec::as_slice).unwrap_or_default()
}
