//! Flame charts against hand-made and random samples.

use super::*;
use crate::flame::{Bounds, Content, Viewport, hit_test, visible};
use crate::profile::{Function, FunctionId, Line, ValueType};
use crate::sample::Samples;
use crate::stack_table::LocationId;
use proptest::prelude::*;

/// Samples given as time, value and path (`a;b`); an empty path is a sample without a stack.
pub(crate) fn profile(unit: &str, samples: &[(u64, i64, &str)]) -> Profile {
    let mut profile = Profile { samples: Samples::new(1), ..Profile::default() };
    let (kind, unit) = (profile.strings.intern("cpu"), profile.strings.intern(unit));
    profile.sample_types.push(ValueType { kind, unit });
    for i in 0..26u8 {
        let name = profile.strings.intern(&char::from(b'a' + i).to_string());
        profile.functions.push(Function { name, ..Function::default() });
        profile.locations.push(None, 0, [Line { function: FunctionId(i.into()), ..Line::default() }]);
    }
    for &(time, value, path) in samples {
        let names = path.split(';').filter(|name| !name.is_empty()).rev();
        let stack = profile.stacks.push(names.map(|name| LocationId(u32::from(name.as_bytes()[0] - b'a'))));
        profile.samples.push_at(time, stack, &[value], &[]);
    }
    profile
}

pub(crate) fn chart(profile: &Profile) -> Result<Chart, ChartError> {
    let all: Vec<u32> = (0..profile.samples.len() as u32).collect();
    Chart::new(profile, 0, &all)
}

/// One line a box: `row name x0..x1`.
fn boxes(chart: &Chart) -> Vec<String> {
    let layout = &chart.layout;
    let line = |b: u32| {
        let id = BoxId(b);
        let name = chart.tree.name(layout.node(id));
        format!("{} {name} {}..{}", layout.row_of(id), layout.x0(id), layout.x1(id))
    };
    (0..layout.len() as u32).map(line).collect()
}

#[test]
fn consecutive_samples_share_common_boxes() {
    let samples = [(100, 10, "a;b;c"), (110, 10, "a;b"), (120, 10, "a;d"), (130, 10, "e")];
    let chart = chart(&profile("nanoseconds", &samples)).unwrap();
    assert_eq!(chart.start_ns, 100);
    assert_eq!(
        boxes(&chart),
        ["0 total 0..40", "1 a 0..30", "1 e 30..40", "2 b 0..20", "2 d 20..30", "3 c 0..10"]
    );
    assert_eq!(chart.span(BoxId(2)), (130, 10));
}

#[test]
fn calls_that_become_one_function_share_a_box() {
    let samples = [(100, 10, "a;b"), (110, 10, "a;c;d"), (120, 10, "a"), (130, 10, "a;b")];
    let chart = chart(&profile("nanoseconds", &samples)).unwrap();
    assert_eq!(
        boxes(&chart),
        ["0 total 0..40", "1 a 0..40", "2 b 0..10", "2 c 10..20", "2 b 30..40", "3 d 10..20"]
    );
    // The nodes are total, a, b, c, d. From now on c is b, and d has become part of it.
    let nodes = [Some(0), Some(1), Some(2), Some(2), None].map(|node| node.map(NodeId));
    let merged = chart.columns().with_nodes(&nodes);
    let merged = Chart::from_columns(chart.tree, chart.start_ns, &merged).unwrap();
    assert_eq!(boxes(&merged), ["0 total 0..40", "1 a 0..40", "2 b 0..20", "2 b 30..40"]);
}

#[test]
fn boxes_do_not_span_pauses() {
    let samples = [(100, 10, "a"), (110, 10, ""), (120, 10, "a"), (200, 10, "a")];
    let chart = chart(&profile("nanoseconds", &samples)).unwrap();
    assert_eq!(boxes(&chart), ["0 total 0..110", "1 a 0..10", "1 a 20..30", "1 a 100..110"]);
    assert_eq!(hit_test(&chart.layout, 1, 15.0), None);
    assert_eq!(hit_test(&chart.layout, 1, 105.0), Some(BoxId(3)));
    let a = chart.layout.node(BoxId(1));
    assert_eq!((chart.tree.total(a), chart.layout.box_of(a)), (30, BoxId(1)));
}

#[test]
fn narrow_boxes_merge_except_across_pauses() {
    let samples: Vec<(u64, i64, &str)> = (0..100)
        .map(|i| (1 + i * 10 + if i < 50 { 0 } else { 5000 }, 10, ["a", "b"][i as usize % 2]))
        .collect();
    let chart = chart(&profile("nanoseconds", &samples)).unwrap();
    let bounds = Bounds::of(&chart.layout, 10.0);
    let mut out = Vec::new();
    visible(&chart.layout, &Viewport::fit(&bounds).view(&bounds, 60.0, 1.0), &mut out);
    let rests: Vec<_> = out.iter().filter(|b| matches!(b.content, Content::Rest { .. })).collect();
    assert_eq!(rests.len(), 2, "{out:?}");
    assert!(rests.iter().all(|rest| rest.w < 6.0), "{out:?}");
    let map = Minimap::new(&chart.layout, 60);
    assert_eq!((map.depth[0], map.depth[30], map.depth[59]), (1, 0, 1));
    assert_eq!((map.busy[1], map.busy[30]), (1.0, 0.0));
    assert_eq!(Minimap::new(&chart.layout, 0), Minimap::default());
}

#[test]
fn counted_samples_last_until_the_next() {
    let chart = chart(&profile("count", &[(5, 1, "a"), (15, 1, "a"), (26, 1, "b"), (500, 1, "b")])).unwrap();
    assert_eq!(boxes(&chart), ["0 total 0..506", "1 a 0..21", "1 b 21..32", "1 b 495..506"]);
}

#[test]
fn rejects_samples_without_timestamps() {
    assert_eq!(chart(&profile("count", &[])), Err(ChartError::NoTimes));
    assert_eq!(chart(&profile("count", &[(0, 1, "a")])), Err(ChartError::NoTimes));
    assert!(matches!(Chart::new(&profile("count", &[]), 3, &[]), Err(ChartError::Tree(_))));
    let instant = chart(&profile("nanoseconds", &[(7, 0, "a")]));
    assert_eq!(instant, Err(ChartError::NoTimes), "a moment without extent is none");
}

pub(crate) fn any_samples() -> impl Strategy<Value = Vec<(u64, i64, &'static str)>> {
    let path = prop::sample::select(vec!["", "a", "a;b", "a;b;c", "a;c", "b;a", "a;b;c;d", "a;a"]);
    prop::collection::vec((1..300u64, 0..12i64, path), 1..60)
}

proptest! {
    #[test]
    fn boxes_at_any_time_equal_the_stack(samples in any_samples()) {
        let profile = profile("nanoseconds", &samples);
        let Ok(chart) = chart(&profile) else { return Ok(()) };
        let layout = &chart.layout;
        let mut order: Vec<usize> = (0..samples.len()).collect();
        order.sort_by_key(|&i| samples[i].0);
        for time in chart.start_ns..chart.time_at(layout.width()) {
            // The last sample that began, unless it is over.
            let at = order.iter().rposition(|&i| samples[i].0 <= time).unwrap();
            let (start, value, path) = samples[order[at]];
            let next = order.get(at + 1).map(|&i| samples[i].0);
            let over = start + value as u64;
            let late = next.is_some_and(|next| next <= over + value as u64 / 2);
            let stack: Vec<&str> = match time < over || late {
                true if value > 0 => path.split(';').filter(|n| !n.is_empty()).collect(),
                _ => vec![],
            };
            let x = (time - chart.start_ns) as f64 + 0.5;
            let seen: Vec<&str> = (1..layout.rows())
                .map_while(|row| hit_test(layout, row, x))
                .map(|id| chart.tree.name(layout.node(id)))
                .collect();
            prop_assert_eq!(seen, stack, "at {}", time);
        }
    }

    #[test]
    fn boxes_lie_within_their_parents(samples in any_samples()) {
        let Ok(chart) = chart(&profile("nanoseconds", &samples)) else { return Ok(()) };
        let layout = &chart.layout;
        let mut below = 1;
        for id in (0..layout.len() as u32).map(BoxId) {
            let mut x = layout.x0(id);
            let mut before = None;
            prop_assert_eq!(layout.children(id).start, below, "children are numbered row by row");
            below = layout.children(id).end;
            for child in layout.children(id).map(|c| BoxId(c as u32)) {
                prop_assert_eq!(layout.row_of(child), layout.row_of(id) + 1);
                prop_assert_eq!(chart.tree.parent(layout.node(child)), layout.node(id));
                prop_assert!(layout.x0(child) >= x && layout.x1(child) > layout.x0(child));
                let goes_on = layout.x0(child) == x && before == Some(layout.node(child));
                prop_assert!(!goes_on, "two boxes that are one");
                (x, before) = (layout.x1(child), Some(layout.node(child)));
            }
            prop_assert!(x <= layout.x1(id));
        }
        prop_assert_eq!(below, layout.len());
    }

    #[test]
    fn round_trips_through_columns(samples in any_samples()) {
        let Ok(chart) = chart(&profile("nanoseconds", &samples)) else { return Ok(()) };
        let columns = chart.columns();
        let back = Chart::from_columns(chart.tree.clone(), chart.start_ns, &columns);
        prop_assert_eq!(back.as_ref(), Ok(&chart));
        let mut longer = columns.clone();
        longer.node.push(0);
        prop_assert_eq!(Chart::from_columns(chart.tree.clone(), 0, &longer), Err(InvalidChart::Lengths));
        let mut outside = columns.clone();
        *outside.length.last_mut().unwrap() += 1_000_000;
        if columns.rows.len() > 1 {
            let refused = Chart::from_columns(chart.tree.clone(), 0, &outside);
            prop_assert_eq!(refused, Err(InvalidChart::Outside(columns.node.len() - 1)));
        }
        let mut empty_row = columns.clone();
        empty_row.rows.push(0);
        prop_assert_eq!(Chart::from_columns(chart.tree.clone(), 0, &empty_row), Err(InvalidChart::Lengths));
        let mut lost = columns.clone();
        *lost.node.last_mut().unwrap() = 0;
        if columns.rows.len() > 1 {
            let refused = Chart::from_columns(chart.tree.clone(), 0, &lost);
            prop_assert_eq!(refused, Err(InvalidChart::Parent(columns.node.len() - 1)));
        }
        let same: Vec<_> = (0..chart.tree.len() as u32).map(|i| Some(NodeId(i))).collect();
        prop_assert_eq!(&columns.with_nodes(&same), &columns);
        let mut unknown = columns;
        unknown.node[0] = 99;
        prop_assert_eq!(Chart::from_columns(chart.tree.clone(), 0, &unknown), Err(InvalidChart::Node(0)));
    }

    #[test]
    fn minimap_columns_have_the_greatest_depth_they_overlap(samples in any_samples(), columns in 1..50usize) {
        let Ok(chart) = chart(&profile("nanoseconds", &samples)) else { return Ok(()) };
        let layout = &chart.layout;
        let map = Minimap::new(layout, columns);
        let px = layout.width() / columns as f64;
        for column in 0..columns {
            let (left, right) = (column as f64 * px, (column + 1) as f64 * px);
            let touches = |b: &u32| {
                let (x0, x1) = (layout.x0(BoxId(*b)), layout.x1(BoxId(*b)));
                x0 < right - 1e-9 && x1 > left + 1e-9
            };
            let deepest = (0..layout.len() as u32).filter(touches).map(|b| layout.row_of(BoxId(b))).max();
            // A rounding error may let a box reach into the next column, but never out of one.
            prop_assert!(usize::from(map.depth[column]) >= deepest.unwrap_or(0));
            prop_assert!((0.0..=1.0).contains(&map.busy[column]));
        }
    }
}
