//! Building trees and computing on whole trees.

mod synthetic;

use criterion::{Criterion, criterion_group, criterion_main};
use flarepath_profile::call_tree::{CallTree, NodeId, from_profile, invert, merge, sandwich, transform};
use flarepath_profile::diff::{Scale, diff, diff_table};
use flarepath_profile::flame::{Layout, Order};
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
    for stacks in [10_500, 50_000] {
        let tree = self::tree(stacks, 1);
        c.bench_function(&format!("invert {} nodes", tree.len()), |b| {
            b.iter(|| invert::invert(black_box(&tree)));
        });
    }
    let hidden = tree.frames().named(name);
    c.bench_function(&format!("hide a function in {n} nodes"), |b| {
        b.iter(|| transform::merge(black_box(&tree), &hidden));
    });
}

fn two_trees(c: &mut Criterion) {
    let (baseline, comparison) = (tree(50_000, 1), tree(50_000, 2));
    let n = diff(&baseline, &comparison).len();
    c.bench_function(&format!("diff of two trees, {n} nodes"), |b| {
        b.iter(|| diff(black_box(&baseline), black_box(&comparison)));
    });
    let both = diff(&baseline, &comparison);
    let scale = Scale::share(both.total(NodeId::ROOT));
    c.bench_function(&format!("diff table of {n} nodes"), |b| b.iter(|| diff_table(black_box(&both))));
    c.bench_function(&format!("diff layout and colours of {n} nodes"), |b| {
        b.iter(|| {
            (Layout::weighted(both.shape(), &both.widths(&scale), Order::ByTotal), both.colors(&scale))
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    targets = build, combine, whole_tree, two_trees
}
criterion_main!(benches);
