//! Origins of the functions of a tree that was made from another one by transforms, without the lists of names: a function is of the
//! origin that it has in that tree, and a package that stands for its functions is of the origin of most of them.

use super::Origin;
use crate::frame_table::{FrameId, FrameTable, FrameText};
use crate::package::package;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Functions of each origin, in the order of [`Origin::ALL`].
type Counts = [u32; Origin::ALL.len()];

/// The origin of each function of `frames`, of a tree made from one with the functions `whole`, whose origins are known, one a frame.
/// The root's is [`Origin::Unknown`], as is that of a function that stands for none of the whole.
pub fn derived_origins(whole: &FrameTable, origins: &[Origin], frames: &FrameTable) -> Vec<Origin> {
    let all = || {
        let origin = |id: u32| origins.get(id as usize).copied().unwrap_or(Origin::Unknown);
        (1..whole.len() as u32).map(move |id| (whole.text(FrameId(id)), origin(id)))
    };
    let functions: HashMap<_, Origin, FxBuildHasher> =
        all().map(|(text, origin)| (identity(text), origin)).collect();
    let mut packages = None;
    let mut of = |id: u32| {
        let text = frames.text(FrameId(id));
        functions.get(&identity(text)).copied().unwrap_or_else(|| {
            packages.get_or_insert_with(|| counts(all())).get(text.name).map_or(Origin::Unknown, most)
        })
    };
    std::iter::once(Origin::Unknown).chain((1..frames.len() as u32).map(&mut of)).collect()
}

/// What makes a function one and the same, see [`crate::frame_table::Frame`].
fn identity(text: FrameText<'_>) -> (&str, &str, &str) {
    (text.name, text.file, text.mapping)
}

/// Functions of each origin by the name of their package.
fn counts<'a>(
    functions: impl Iterator<Item = (FrameText<'a>, Origin)>,
) -> HashMap<&'a str, Counts, FxBuildHasher> {
    let mut counts: HashMap<&str, Counts, FxBuildHasher> = HashMap::default();
    for (text, origin) in functions {
        for name in packages(text) {
            counts.entry(name).or_default()[origin as usize] += 1;
        }
    }
    counts
}

/// The package of a function, the package that this one is of when packages are collapsed again, and so on.
fn packages(text: FrameText<'_>) -> impl Iterator<Item = &str> {
    let first = Some(package(text)).filter(|name| !name.is_empty());
    std::iter::successors(first, |&name| {
        let up = package(FrameText { name, symbolized: true, ..FrameText::default() });
        // Each is a part of the one before it, so that this ends.
        (!up.is_empty() && up.len() < name.len()).then_some(up)
    })
}

/// The origin of most functions; of equally many the first.
fn most(counts: &Counts) -> Origin {
    let pairs = Origin::ALL.into_iter().zip(counts);
    pairs.rev().max_by_key(|(_, count)| **count).map_or(Origin::Unknown, |(origin, _)| origin)
}

#[cfg(test)]
mod tests {
    use super::super::origins;
    use super::*;
    use crate::call_tree::invert::invert;
    use crate::call_tree::oracle::tree;
    use crate::call_tree::transform::{collapse_packages, focus, merge};
    use crate::call_tree::{CallTree, TreeBuilder};
    use crate::own_code::{OwnCode, OwnPattern};

    fn shop() -> CallTree {
        tree(
            "shop::main;shop::cart::add;tokio::runtime::park::f 1\n shop::main;tokio::runtime::task::g 2\n \
             shop::main;core::fmt::write;__rust_alloc 3\n shop::main;tokio::time::sleep 4",
        )
    }

    fn by_name(tree: &CallTree, origins: &[Origin]) -> Vec<(String, Origin)> {
        let of = |id: u32| (tree.frames().name(FrameId(id)).to_owned(), origins[id as usize]);
        (1..tree.frames().len() as u32).map(of).collect()
    }

    #[test]
    fn functions_keep_the_origin_that_they_have_in_the_whole() {
        let whole = shop();
        let own = OwnCode::set(vec![OwnPattern::Name("tokio::time".to_owned())]);
        let known = origins(whole.frames(), &own);
        let named = whole.frames().named("core::fmt::write");
        for made in [focus(&whole, &named), merge(&whole, &named), invert(&whole).unwrap(), whole.clone()] {
            let derived = derived_origins(whole.frames(), &known, made.frames());
            assert_eq!(derived, origins(made.frames(), &own));
        }
    }

    #[test]
    fn a_function_is_told_apart_by_its_binary() {
        let of = |mappings: &[&str]| {
            let mut builder = TreeBuilder::new();
            for mapping in mappings {
                let text = FrameText { name: "poll", mapping, symbolized: true, ..FrameText::default() };
                let frame = builder.frame(text);
                builder.add_path([frame], 1);
            }
            builder.finish()
        };
        let (whole, part) = (of(&["/bin/shop", "/usr/lib/libc.so.6"]), of(&["/usr/lib/libc.so.6"]));
        let known = origins(whole.frames(), &OwnCode::default());
        assert_eq!(derived_origins(whole.frames(), &known, part.frames())[1..], [Origin::Waiting]);
    }

    #[test]
    fn packages_have_the_origin_of_most_of_their_functions() {
        let whole = tree("db::open;db::read;db::close;net::send 1\n db::open;net::wait 2\n main 4");
        let known: Vec<Origin> = (0..whole.frames().len() as u32)
            .map(|id| match whole.frames().name(FrameId(id)) {
                "db::open" | "db::read" => Origin::Library,
                "db::close" | "net::wait" => Origin::Waiting,
                "net::send" => Origin::Own,
                _ => Origin::Runtime,
            })
            .collect();
        let collapsed = collapse_packages(&whole, None);
        let mut found = by_name(&collapsed, &derived_origins(whole.frames(), &known, collapsed.frames()));
        found.sort();
        let expected = [("db", Origin::Library), ("main", Origin::Runtime), ("net", Origin::Own)];
        assert_eq!(found, expected.map(|(name, origin)| (name.to_owned(), origin)));
    }

    #[test]
    fn packages_collapsed_twice_are_known() {
        let whole = shop();
        let known = origins(whole.frames(), &OwnCode::guess(whole.frames()));
        let twice = collapse_packages(&collapse_packages(&whole, None), None);
        let found = by_name(&twice, &derived_origins(whole.frames(), &known, twice.frames()));
        assert!(found.iter().all(|(_, origin)| *origin != Origin::Unknown), "{found:?}");
    }

    #[test]
    fn what_the_whole_does_not_have_is_unknown() {
        let (whole, other) = (tree("a 1"), tree("b 1"));
        assert_eq!(derived_origins(whole.frames(), &[], other.frames()), [Origin::Unknown; 2]);
        assert_eq!(derived_origins(whole.frames(), &[], whole.frames()), [Origin::Unknown; 2]);
    }
}
