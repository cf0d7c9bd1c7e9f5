//! Building trees and computing on whole trees.

mod synthetic;

use criterion::{Criterion, criterion_group, criterion_main};
use flarepath_profile::call_tree::{CallTree, from_profile, invert, merge, sandwich, transform};
use flarepath_profile::search::{Case, frames_containing, search};
use flarepath_profile::top_table::top_table;
use std::hint::black_box;
use std::time::Duration;

fn tree(stacks: usize, seed: u64) -> CallTree {
    from_profile(&synthetic::profile(stacks, seed), 0).expect("a valid profile")
}

fn build(c: &mut Criterion) {
    let profile = synthetic::profile(100_000, 1);
    let nodes = from_profile(&profile, 0).expect("a valid profile").len();
    c.bench_function(&format!("build 100k stacks, {nodes} nodes"), |b| {
        b.iter(|| from_profile(black_box(&profile), 0));
    });
}

fn combine(c: &mut Criterion) {
    let trees: Vec<_> = (0..4).map(|seed| tree(25_000, seed)).collect();
    let nodes: usize = trees.iter().map(CallTree::len).sum();
    c.bench_function(&format!("merge 4 trees, {nodes} nodes"), |b| b.iter(|| merge(black_box(&trees))));
    let small: Vec<_> = (0..500).map(|seed| tree(40, seed)).collect();
    let nodes: usize = small.iter().map(CallTree::len).sum();
    c.bench_function(&format!("merge 500 trees, {nodes} nodes"), |b| b.iter(|| merge(black_box(&small))));
}

fn whole_tree(c: &mut Criterion) {
    let tree = tree(10_500, 1);
    let n = tree.len();
    let name = "crate_7::module_7::function_7";
    c.bench_function(&format!("top table of {n} nodes"), |b| b.iter(|| top_table(black_box(&tree))));
    c.bench_function(&format!("text search in {n} nodes"), |b| {
        b.iter(|| search(&tree, &frames_containing(tree.frames(), black_box("module_12"), Case::Ignore)));
    });
    c.bench_function(&format!("sandwich in {n} nodes"), |b| {
        b.iter(|| sandwich::sandwich(black_box(&tree), name));
    });
    c.bench_function(&format!("invert {n} nodes"), |b| b.iter(|| invert::invert(black_box(&tree))));
    let hidden = tree.frames().named(name);
    c.bench_function(&format!("hide a function in {n} nodes"), |b| {
        b.iter(|| transform::hide(black_box(&tree), &hidden));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    targets = build, combine, whole_tree
}
criterion_main!(benches);
