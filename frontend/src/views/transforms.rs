//! Applies transforms to a call tree, in order.

use super::search;
use crate::state::transform::{Kind, Transform};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::call_tree::invert::invert;
use flarepath_profile::call_tree::transform::{self, Stacks};
use flarepath_profile::frame_table::FrameTable;
use flarepath_profile::origin::{Origin, derived_origins};
use std::sync::Arc;

/// The tree after all transforms. `origins` has one for each of its functions, and is read by steps about origins only.
///
/// # Errors
/// A message when a pattern is invalid or an inverted tree too large.
pub(crate) fn apply(
    tree: &Arc<CallTree>,
    transforms: &[Transform],
    origins: &[Origin],
) -> Result<Arc<CallTree>, String> {
    let mut shown = tree.clone();
    for transform in transforms {
        shown = Arc::new(apply_one(&shown, transform, (tree.frames(), origins))?);
    }
    Ok(shown)
}

/// `known` has the functions of the whole, and their origins.
fn apply_one(
    tree: &CallTree,
    transform: &Transform,
    known: (&FrameTable, &[Origin]),
) -> Result<CallTree, String> {
    let name = transform.name();
    let named = || tree.frames().named(name);
    Ok(match transform.kind {
        Kind::Path => {
            let path: Vec<&str> = transform.about.iter().map(String::as_str).collect();
            transform::focus_path(tree, &path)
        }
        Kind::Focus => transform::focus(tree, &named()),
        Kind::Merge => transform::merge(tree, &named()),
        Kind::Drop => transform::drop(tree, &named()),
        Kind::Recursion if name.is_empty() => transform::collapse_recursion(tree),
        Kind::Recursion => transform::collapse_recursion_through(tree, &named()),
        Kind::Package => transform::collapse_packages(tree, Some(name).filter(|name| !name.is_empty())),
        Kind::Invert => inverted(tree)?,
        Kind::With => filtered(tree, name, false, Stacks::With)?,
        Kind::Without => filtered(tree, name, false, Stacks::Without)?,
        Kind::Matching => filtered(tree, name, true, Stacks::With)?,
        Kind::NotMatching => filtered(tree, name, true, Stacks::Without)?,
        Kind::Origin => only_origins(tree, &transform.about, known),
    })
}

/// The inverted tree: leaves at the root, callers below.
///
/// # Errors
/// A message when it would be too large.
pub(crate) fn inverted(tree: &CallTree) -> Result<CallTree, String> {
    invert(tree).map_err(|e| e.to_string())
}

/// The functions of these origins; all others are merged into their callers.
fn only_origins(tree: &CallTree, words: &[String], (whole, origins): (&FrameTable, &[Origin])) -> CallTree {
    let is_hidden = |origin: Origin| !words.iter().any(|word| word == origin.word());
    let hidden: Vec<bool> =
        derived_origins(whole, origins, tree.frames()).into_iter().map(is_hidden).collect();
    transform::merge(tree, &hidden)
}

fn filtered(tree: &CallTree, text: &str, regex: bool, keep: Stacks) -> Result<CallTree, String> {
    let marks = search::marks(tree.frames(), text, regex).map_err(|e| {
        format!(
            "“{text}” is not a valid pattern: {e}. Remove this transform, search again and keep the matches."
        )
    })?;
    Ok(transform::filter_stacks(tree, &marks.unwrap_or_default(), keep))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::transform::parse;
    use flarepath_profile::call_tree::{NodeId, TreeBuilder};
    use flarepath_profile::frame_table::FrameText;
    use flarepath_profile::origin::origins;
    use flarepath_profile::own_code::OwnCode;

    fn tree(text: &str) -> CallTree {
        let mut builder = TreeBuilder::new();
        for line in text.lines() {
            let (stack, value) = line.trim().rsplit_once(' ').unwrap();
            let frames: Vec<_> = stack
                .split(';')
                .map(|name| builder.frame(FrameText { name, symbolized: true, ..FrameText::default() }))
                .collect();
            builder.add_path(frames, value.parse().unwrap());
        }
        builder.finish()
    }

    fn after(steps: &str) -> CallTree {
        let whole = tree(
            "main;serve;db::read;db::read;net::send 1\n main;serve;parse 2\n main;idle 4\n work;parse 8",
        );
        (*apply(&Arc::new(whole), &parse(steps), &[]).unwrap()).clone()
    }

    #[test]
    fn each_kind_transforms_the_tree() {
        assert_eq!(
            after("path:main!serve"),
            tree("main;serve;db::read;db::read;net::send 1\n main;serve;parse 2")
        );
        assert_eq!(after("focus:parse"), tree("main;serve;parse 2\n work;parse 8"));
        assert_eq!(
            after("merge:main,merge:db::read"),
            tree("serve;net::send 1\n serve;parse 2\n idle 4\n work;parse 8")
        );
        assert_eq!(after("drop:main"), tree("work;parse 8"));
        assert_eq!(after("recursion,focus:send,with:SEND"), after("with:send,focus:send,recursion"));
        assert_eq!(after("with:send,recursion:db::read"), tree("main;serve;db::read;net::send 1"));
        assert_eq!(after("with:send,package:db"), tree("main;serve;db;net::send 1"));
        assert_eq!(after("with:send,package"), tree("main;serve;db;net 1"));
        assert_eq!(after("without:serve,without:WORK"), tree("main;idle 4"));
    }

    #[test]
    fn only_own_code_keeps_every_value() {
        let whole = Arc::new(tree(
            "main.main;net/http.serve;shop.Total;runtime.mallocgc 3\n main.main;runtime.gopark 4\n main.main 5",
        ));
        let known = origins(whole.frames(), &OwnCode::default());
        let own = |steps: &str| apply(&whole, &parse(steps), &known).unwrap();
        assert_eq!(*own("origin:own"), tree("main.main;shop.Total 3\n main.main 9"));
        assert_eq!(*own("origin:own!memory"), tree("main.main;shop.Total;runtime.mallocgc 3\n main.main 9"));
        // Packages are of the origin of most of their functions.
        assert_eq!(*own("package:shop,origin:own"), tree("main.main;shop 3\n main.main 9"));
        assert_eq!(*own("package:net/http,origin:own"), *own("origin:own"));
    }

    #[test]
    fn transforms_apply_in_order() {
        assert_eq!(after("merge:main,path:serve").total(NodeId::ROOT), 3);
        assert_eq!(after("path:serve,merge:main").total(NodeId::ROOT), 0);
        // A path in the inverted tree is one of callers; inverted again it selects the stacks that end with it.
        assert_eq!(after("invert,path:parse!serve,invert"), tree("main;serve;parse 2"));
        assert_eq!(after("invert,invert"), after(""));
    }
}
