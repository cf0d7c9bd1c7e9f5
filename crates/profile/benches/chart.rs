//! Cost of a flame chart: its layout once, its visible boxes on each frame; and of a map of sub-second offsets.

mod synthetic;

use criterion::{Criterion, criterion_group, criterion_main};
use flarepath_profile::flame::{Bounds, Chart, Minimap, Viewport, hit_test, visible};
use flarepath_profile::heatmap::{Cell, OffsetMap, Selection, Weight};
use flarepath_profile::lanes::in_time_order;
use flarepath_profile::profile::Profile;
use flarepath_profile::sample::Samples;
use std::hint::black_box;
use std::time::Duration;

const WIDTH_PX: f64 = 1920.0;
const MS: u64 = 1_000_000;

/// A sample a millisecond; every tenth second is idle.
fn timed(stacks: usize) -> Profile {
    let mut profile = synthetic::profile(stacks, 1);
    let untimed = std::mem::replace(&mut profile.samples, Samples::new(1));
    for i in 0..untimed.len() {
        let ms = i as u64 + i as u64 / 9000 * 1000;
        profile.samples.push_at(1_795_227_705_000 * MS + ms * MS, untimed.stack(i), &[1], &[]);
    }
    profile
}

fn chart(c: &mut Criterion) {
    for samples in [10_500, 250_000] {
        let profile = timed(samples);
        let all = in_time_order(&profile);
        let chart = Chart::new(&profile, 0, &all).expect("samples with times");
        let (layout, n) = (&chart.layout, chart.layout.len());
        c.bench_function(&format!("lay out a chart of {n} spans"), |b| {
            b.iter(|| Chart::new(black_box(&profile), 0, &all));
        });
        let bounds = Bounds::of(layout, 54.0);
        let mut out = Vec::new();
        for zoom in [1.0, 10.0, 100.0, 1000.0] {
            let at = Viewport::fit(&bounds).zoom(zoom, layout.width() * 0.3, &bounds);
            let view = at.view(&bounds, WIDTH_PX, 0.5);
            visible(layout, &view, &mut out);
            let name = format!("chart of {n} spans, zoom {zoom}: {} boxes", out.len());
            c.bench_function(&name, |b| b.iter(|| visible(layout, black_box(&view), &mut out)));
        }
        c.bench_function(&format!("minimap of {n} spans"), |b| {
            b.iter(|| Minimap::new(black_box(layout), WIDTH_PX as usize));
        });
        c.bench_function(&format!("hit test in {n} spans"), |b| {
            b.iter(|| hit_test(layout, 8, black_box(layout.width() * 0.3)));
        });
    }
}

fn offsets(c: &mut Criterion) {
    let profile = timed(250_000);
    let all = in_time_order(&profile);
    let offsets =
        |profile| OffsetMap::new(profile, 0, &all, 50, Weight::Samples).expect("samples with times");
    c.bench_function("offset map of 250k samples", |b| b.iter(|| offsets(black_box(&profile))));
    let map = offsets(&profile);
    let ten_seconds = Selection::Time(Cell { row: 0, column: 50 }, Cell { row: 49, column: 59 });
    c.bench_function("call tree of ten seconds", |b| {
        b.iter(|| map.call_tree(&profile, black_box(&ten_seconds)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    targets = chart, offsets
}
criterion_main!(benches);
