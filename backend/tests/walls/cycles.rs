//! Files that import each other in a circle. A module may name its children and they may name it; all other files of a crate
//! have an order in which each names only earlier ones.

use crate::modules::{Modules, Path};
use crate::source::{Source, rust};
use std::collections::{BTreeMap, BTreeSet};

/// The imports of files that are in a circle, or between two circles.
fn circles(mut edges: BTreeMap<Path, Vec<Path>>) -> Vec<String> {
    loop {
        let named: BTreeSet<Path> = edges.values().flatten().cloned().collect();
        let left: BTreeSet<Path> = edges
            .iter()
            .filter(|(file, to)| !to.is_empty() && named.contains(*file))
            .map(|(file, _)| file.clone())
            .collect();
        if left.len() == edges.len() {
            break;
        }
        edges.retain(|file, _| left.contains(file));
        edges.values_mut().for_each(|to| to.retain(|file| left.contains(file)));
    }
    let line = |(from, to): (&Path, &Path)| format!("{} imports {}", from.join("::"), to.join("::"));
    edges.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to))).map(line).collect()
}

#[test]
fn files_do_not_import_each_other_in_a_circle() {
    for folder in
        ["crates/charts/src", "crates/profile/src", "crates/wire/src", "backend/src", "frontend/src"]
    {
        let mut sources = rust(folder);
        let found = circles(Modules::of(folder, &sources).edges());
        assert!(found.is_empty(), "{folder}: {found:#?}");
        let made_up = |name: &str, text: &str| Source::new(&format!("{folder}/breaking/{name}.rs"), text);
        sources.extend([
            made_up("mod", "mod one;\nmod two;\nmod three;\npub(crate) use three::{Three, three};"),
            made_up("one", "use super::two::{self, Two};"),
            made_up("two", "fn f() { super::three() }"),
            made_up("three", "pub(crate) fn three() { crate::breaking::one::f() }"),
        ]);
        let found = circles(Modules::of(folder, &sources).edges());
        assert_eq!(found.len(), 3, "{folder}: {found:#?}");
    }
}
