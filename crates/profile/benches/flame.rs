//! Cost of a frame of a flame graph, and of its layout once.

mod synthetic;

use criterion::{Criterion, criterion_group, criterion_main};
use flarepath_profile::call_tree::from_profile;
use flarepath_profile::flame::{Bounds, ColorBy, Content, Groups, Layout, Order, Viewport};
use flarepath_profile::flame::{frame_buckets, hit_test, visible};
use std::hint::black_box;
use std::time::Duration;

const WIDTH_PX: f64 = 1920.0;

fn frames(c: &mut Criterion) {
    for stacks in [10_500, 250_000] {
        let tree = from_profile(&synthetic::profile(stacks, 1), 0).expect("a valid profile");
        let n = tree.len();
        for order in [Order::ByTotal, Order::ByName] {
            c.bench_function(&format!("lay out {n} nodes {order:?}"), |b| {
                b.iter(|| Layout::new(black_box(&tree), order));
            });
            let layout = Layout::new(&tree, order);
            let bounds = Bounds::of(&layout, 54.0);
            let mut out = Vec::new();
            for zoom in [1.0, 10.0, 1000.0] {
                let at = Viewport::fit(&bounds).zoom(zoom, layout.width() * 0.3, &bounds);
                for min_px in [0.5, 1.0] {
                    let view = at.view(&bounds, WIDTH_PX, min_px);
                    visible(&layout, &view, &mut out);
                    let name = format!("{n} nodes {order:?}, zoom {zoom}, {min_px} px: {} boxes", out.len());
                    c.bench_function(&name, |b| b.iter(|| visible(&layout, black_box(&view), &mut out)));
                }
            }
        }
    }
}

fn painting(c: &mut Criterion) {
    let tree = from_profile(&synthetic::profile(50_000, 1), 0).expect("a valid profile");
    let layout = Layout::new(&tree, Order::ByTotal);
    let bounds = Bounds::of(&layout, 54.0);
    let mut out = Vec::new();
    visible(&layout, &Viewport::fit(&bounds).view(&bounds, WIDTH_PX, 0.5), &mut out);
    let colors = frame_buckets(tree.frames(), ColorBy::Package, 64);
    let mut groups = Groups::new();
    c.bench_function(&format!("group {} boxes by colour", out.len()), |b| {
        b.iter(|| {
            groups.group(black_box(&out), 65, |item| match item.content {
                Content::Node { node, .. } => colors[tree.frame(node).index()],
                Content::Rest { .. } => 64,
            });
        });
    });
    c.bench_function("hit test", |b| b.iter(|| hit_test(&layout, 8, black_box(layout.width() * 0.3))));
    c.bench_function(&format!("colours of {} frames", tree.frames().len()), |b| {
        b.iter(|| frame_buckets(black_box(tree.frames()), ColorBy::Package, 64));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    targets = frames, painting
}
criterion_main!(benches);
