//! Sub-second offset maps against samples counted one by one.

use super::*;
use crate::call_tree::NodeId;
use crate::profile::{Function, FunctionId, Line, ValueType};
use crate::sample::Samples;
use crate::stack_table::LocationId;
use proptest::prelude::*;

/// Samples given as time, value and function.
fn profile(samples: &[(u64, i64, u8)]) -> Profile {
    let mut profile = Profile { samples: Samples::new(1), ..Profile::default() };
    profile.sample_types.push(ValueType::default());
    for i in 0..4u32 {
        let name = profile.strings.intern(&format!("f{i}"));
        profile.functions.push(Function { name, ..Function::default() });
        profile.locations.push(None, 0, [Line { function: FunctionId(i), ..Line::default() }]);
    }
    for &(time, value, function) in samples {
        let stack = profile.stacks.push([LocationId(u32::from(function))]);
        profile.samples.push_at(time, stack, &[value], &[]);
    }
    profile
}

fn map(profile: &Profile, rows: usize, weight: Weight) -> Result<OffsetMap, OffsetMapError> {
    let all: Vec<u32> = (0..profile.samples.len() as u32).collect();
    OffsetMap::new(profile, 0, &all, rows, weight)
}

fn cell(row: usize, column: usize) -> Cell {
    Cell { row, column }
}

const MS: u64 = 1_000_000;

#[test]
fn columns_are_clock_seconds_and_rows_their_fractions() {
    let samples =
        [(9_990 * MS, 7, 0), (10_020 * MS, 1, 1), (12_999 * MS, 2, 2), (12_990 * MS, 3, 3), (0, 9, 0)];
    let profile = profile(&samples);
    let offsets = map(&profile, 50, Weight::Values).unwrap();
    assert_eq!((offsets.start_ns, offsets.untimed), (9_000 * MS, 1));
    assert_eq!((offsets.map.rows(), offsets.map.columns()), (50, 4));
    assert_eq!(offsets.map.get(cell(49, 0)), Some(7.0));
    assert_eq!(offsets.map.get(cell(1, 1)), Some(1.0));
    assert_eq!(offsets.map.get(cell(49, 3)), Some(5.0));
    assert_eq!(offsets.map.get(cell(0, 2)), Some(0.0), "a second without samples");
    assert_eq!(offsets.map.get(cell(48, 0)), None, "before the first sample");
    assert_eq!((offsets.map.row_name(0), offsets.map.row_name(49)), ("0 ms", "980 ms"));
    assert_eq!(map(&profile, 3, Weight::Samples).unwrap().map.row_name(1), "333.3 ms");
    let counted = map(&profile, 50, Weight::Samples).unwrap();
    assert_eq!((counted.map.total(), counted.map.get(cell(49, 3))), (4.0, Some(2.0)));
}

#[test]
fn maps_survive_as_cells() {
    let profile = profile(&[(9_990 * MS, -7, 0), (10_020 * MS, 1, 1), (11_500 * MS, i64::from(u32::MAX), 2)]);
    let live = map(&profile, 10, Weight::Values).unwrap().map;
    let (first, values) = offset_cells(&live);
    assert_eq!((first, values.len(), values[0]), (9, 17, -7));
    let back = offset_grid(10, 3, first, &values);
    for at in 0..30 {
        let at = cell(at % 10, at / 10);
        assert_eq!((back.get(at), back.row_name(at.row)), (live.get(at), live.row_name(at.row)), "{at:?}");
    }
    let beyond = offset_grid(10, 1, 8, &[1, 2, 3]);
    assert_eq!((beyond.total(), beyond.get(cell(7, 0))), (3.0, None));
    assert_eq!(offset_cells(&offset_grid(0, 0, 0, &[1])), (0, vec![]));
}

#[test]
fn a_short_profile_across_a_second_has_no_data_around_it() {
    let profile = profile(&[(1_800 * MS, 1, 0), (2_145 * MS, 1, 1)]);
    let offsets = map(&profile, 10, Weight::Samples).unwrap();
    let column = |column| (0..10).map(|row| offsets.map.get(cell(row, column))).collect::<Vec<_>>();
    let mut first = vec![None; 8];
    first.extend([Some(1.0), Some(0.0)]);
    let mut second = vec![Some(0.0), Some(1.0)];
    second.extend([None; 8]);
    assert_eq!((column(0), column(1)), (first, second));
}

#[test]
fn selection_gives_the_tree_of_its_samples() {
    let samples = [(1_010 * MS, 1, 0), (1_990 * MS, 2, 1), (2_010 * MS, 4, 2), (3_500 * MS, 8, 3)];
    let profile = profile(&samples);
    let offsets = map(&profile, 10, Weight::Samples).unwrap();
    let total = |selection: Selection| offsets.call_tree(&profile, &selection).unwrap().total(NodeId::ROOT);
    // In time from the end of one second to the start of the next, whichever corner comes first.
    assert_eq!(total(Selection::Time(cell(9, 0), cell(0, 1))), 6);
    assert_eq!(total(Selection::Time(cell(0, 1), cell(9, 0))), 6);
    assert_eq!(total(Selection::Band(Rect::between(cell(0, 0), cell(0, 2)))), 5);
    assert_eq!(total(Selection::Band(Rect::between(cell(0, 0), cell(9, 2)))), 15);
    assert_eq!(total(Selection::Time(cell(9, 90), cell(0, 99))), 0, "outside of the map");
    assert_eq!(total(Selection::Band(Rect { rows: 50..90, columns: 0..3 })), 0);
    assert_eq!(total(Selection::Band(Rect { rows: 0..5, columns: 7..9 })), 0);
}

#[test]
fn rejects_profiles_that_cannot_be_mapped() {
    let long = profile(&[(1, 1, 0), (1_795_227_705_000_000_000, 1, 0)]);
    assert_eq!(
        map(&long, 50, Weight::Samples),
        Err(OffsetMapError::TooLong { seconds: 1_795_227_706, rows: 50 })
    );
    assert_eq!(map(&profile(&[]), 50, Weight::Samples), Err(OffsetMapError::NoTimes));
    assert_eq!(map(&profile(&[(0, 1, 0)]), 50, Weight::Samples), Err(OffsetMapError::NoTimes));
    for rows in [0, 1001, usize::MAX] {
        assert_eq!(map(&long, rows, Weight::Samples), Err(OffsetMapError::Rows(rows)));
    }
    assert_eq!(OffsetMap::new(&long, 1, &[], 50, Weight::Values), Err(OffsetMapError::SampleType(1)));
}

proptest! {
    #[test]
    fn each_sample_is_in_the_cell_of_its_time(
        samples in prop::collection::vec((1..5_000_000_000u64, 0..50i64, 0..4u8), 1..60), rows in 1..70usize,
        a in (0..70usize, 0..6usize), b in (0..70usize, 0..6usize),
    ) {
        let profile = profile(&samples);
        let offsets = map(&profile, rows, Weight::Values).unwrap();
        let first = samples.iter().map(|s| s.0).min().unwrap() / 1_000_000_000;
        let naive = |time: u64| {
            let second = time / 1_000_000_000;
            // In exact fractions of a second.
            let row = (0..rows).rev().find(|&r| (time % 1_000_000_000) as u128 * rows as u128 >= r as u128 * 1_000_000_000);
            cell(row.unwrap(), (second - first) as usize)
        };
        for row in 0..rows {
            for column in 0..offsets.map.columns() {
                let here = samples.iter().filter(|s| naive(s.0) == cell(row, column));
                let order = |c: Cell| (c.column, c.row);
                let places = samples.iter().map(|s| order(naive(s.0)));
                let recorded = places.clone().min().unwrap()..=places.max().unwrap();
                let expected = recorded.contains(&(column, row)).then(|| here.map(|s| s.1 as f64).sum::<f64>());
                prop_assert_eq!(offsets.map.get(cell(row, column)), expected);
            }
        }
        let [a, b] = [a, b].map(|(row, column)| cell(row % rows, column % offsets.map.columns()));
        let rect = Rect::between(a, b);
        let of = |selection: &Selection, inside: &dyn Fn(Cell) -> bool| {
            let mut expected: Vec<u32> = (0..samples.len() as u32).filter(|&i| inside(naive(samples[i as usize].0))).collect();
            expected.sort_by_key(|&i| samples[i as usize].0);
            (offsets.samples(selection), expected)
        };
        let (found, expected) = of(&Selection::Band(rect.clone()), &|c| rect.contains(c));
        prop_assert_eq!(found, expected);
        let key = |c: Cell| (c.column, c.row);
        let (low, high) = (key(a).min(key(b)), key(a).max(key(b)));
        let (found, expected) = of(&Selection::Time(a, b), &|c| (low..=high).contains(&key(c)));
        let total: i64 = expected.iter().map(|&i| samples[i as usize].1).sum();
        prop_assert_eq!(&found, &expected);
        let tree = offsets.call_tree(&profile, &Selection::Time(a, b)).unwrap();
        prop_assert_eq!(tree.total(NodeId::ROOT), total);
    }
}
