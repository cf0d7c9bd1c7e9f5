//! Sub-second offsets of a local file: the heat map, and the call tree of a part of it. Queries are sent to the worker as
//! numbers, which the answer repeats.

pub(crate) use flarepath_wire::offsets::OffsetCells;

use flarepath_profile::call_tree::CallTree;
use flarepath_profile::heatmap::offsets::offset_cells;
use flarepath_profile::heatmap::{Cell, OffsetMap, Rect, Selection, Weight};
use flarepath_profile::lanes::{THREAD_LABEL, lanes};
use flarepath_profile::profile::Profile;
use flarepath_wire::call_tree::CallTreeColumns;

/// Most cells of a map that the page still draws quickly: 11 hours of 50 rows.
const MAX_CELLS: usize = 2_000_000;

/// A query for a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OffsetMapQuery {
    /// Index of the profile.
    pub(crate) profile: usize,
    /// Index of the sample type; samples without a value of it are left out.
    pub(crate) sample_type: usize,
    /// Index of the thread; `None` for all.
    pub(crate) lane: Option<usize>,
    /// Rows per second.
    pub(crate) rows: usize,
    /// Whether cells are sums of values instead of numbers of samples.
    pub(crate) by_value: bool,
}

impl OffsetMapQuery {
    pub(crate) const NUMBERS: usize = 5;

    /// As numbers.
    pub(crate) fn numbers(self) -> Vec<usize> {
        let lane = self.lane.map_or(0, |lane| lane + 1);
        vec![self.profile, self.sample_type, lane, self.rows, usize::from(self.by_value)]
    }

    /// From numbers; missing ones become indexes that do not exist.
    pub(crate) fn from_numbers(numbers: &[usize]) -> OffsetMapQuery {
        let at = |i: usize| numbers.get(i).copied().unwrap_or(usize::MAX);
        OffsetMapQuery {
            profile: at(0),
            sample_type: at(1),
            lane: at(2).checked_sub(1),
            rows: at(3),
            by_value: at(4) == 1,
        }
    }
}

/// A query for the call tree of a part of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OffsetPartQuery {
    /// The map.
    pub(crate) of: OffsetMapQuery,
    /// Whether it is a band of offsets instead of the time from one cell to the other.
    pub(crate) band: bool,
    /// One end.
    pub(crate) from: Cell,
    /// The other end.
    pub(crate) to: Cell,
}

impl OffsetPartQuery {
    pub(crate) const NUMBERS: usize = OffsetMapQuery::NUMBERS + 5;

    /// As numbers.
    pub(crate) fn numbers(self) -> Vec<usize> {
        let mut numbers = self.of.numbers();
        let OffsetPartQuery { from, to, .. } = self;
        numbers.extend([usize::from(self.band), from.row, from.column, to.row, to.column]);
        numbers
    }

    /// From numbers; missing ones become indexes that do not exist.
    pub(crate) fn from_numbers(numbers: &[usize]) -> OffsetPartQuery {
        let at = |i: usize| numbers.get(OffsetMapQuery::NUMBERS + i).copied().unwrap_or(usize::MAX);
        let cell = |i| Cell { row: at(i), column: at(i + 1) };
        OffsetPartQuery {
            of: OffsetMapQuery::from_numbers(numbers),
            band: at(0) == 1,
            from: cell(1),
            to: cell(3),
        }
    }

    fn selection(self) -> Selection {
        // The end of a rectangle lies one beyond its last cell.
        let capped =
            |cell: Cell| Cell { row: cell.row.min(usize::MAX - 1), column: cell.column.min(usize::MAX - 1) };
        match self.band {
            true => Selection::Band(Rect::between(capped(self.from), capped(self.to))),
            false => Selection::Time(self.from, self.to),
        }
    }
}

/// The map that a query asks for, or why there is none.
pub(super) fn map_of(profile: &Profile, query: OffsetMapQuery) -> Result<OffsetMap, String> {
    if query.sample_type >= profile.samples.width() {
        return Err("there is no such sample type in the file".to_owned());
    }
    let mut samples: Vec<u32> = match query.lane {
        None => (0..profile.samples.len() as u32).collect(),
        Some(lane) => {
            let mut lanes = lanes(profile, THREAD_LABEL);
            if lane >= lanes.len() {
                return Err("there is no such thread in the file".to_owned());
            }
            lanes.swap_remove(lane).samples
        }
    };
    samples.retain(|&sample| profile.samples.values(sample as usize)[query.sample_type] != 0);
    let weight = if query.by_value { Weight::Values } else { Weight::Samples };
    let map = OffsetMap::new(profile, query.sample_type, &samples, query.rows, weight)
        .map_err(|e| e.to_string())?;
    if map.map.rows() * map.map.columns() > MAX_CELLS {
        let fits = MAX_CELLS / map.map.columns();
        return Err(format!(
            "the samples span {} seconds, too many for {} rows a second; choose {fits} rows or fewer",
            map.map.columns(),
            query.rows
        ));
    }
    Ok(map)
}

/// The cells of a map.
pub(super) fn cells_of(offsets: &OffsetMap, query: OffsetMapQuery) -> OffsetCells {
    let (first, values) = offset_cells(&offsets.map);
    OffsetCells {
        thread: None,
        rows: offsets.map.rows() as u32,
        columns: offsets.map.columns() as u32,
        by_value: query.by_value,
        first: first as u32,
        values,
        untimed: offsets.untimed as u64,
    }
}

/// The call tree of a part of a map.
pub(super) fn part_of(
    profile: &Profile,
    offsets: &OffsetMap,
    query: OffsetPartQuery,
) -> Result<CallTreeColumns, String> {
    let tree: CallTree = offsets.call_tree(profile, &query.selection()).map_err(|e| e.to_string())?;
    Ok(CallTreeColumns::from(&tree))
}

/// Decodes the call tree of an answer.
pub(crate) fn tree(columns: &[u8]) -> Result<CallTree, String> {
    let columns = CallTreeColumns::from_bytes(columns).map_err(|e| e.to_string())?;
    CallTree::try_from(columns).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local_file::worker::LocalFileWorker;
    use flarepath_profile::call_tree::NodeId;
    use prost::Message;

    const PERF: &[u8] = include_bytes!("../../../crates/profile/testdata/perf_script/shop.perf.txt");

    fn worker() -> (LocalFileWorker, OffsetMapQuery) {
        let mut worker = LocalFileWorker::default();
        let opened = worker.open("shop.perf.txt", PERF).unwrap();
        let sample_type = opened.profiles[0].first as usize;
        (worker, OffsetMapQuery { profile: 0, sample_type, lane: None, rows: 50, by_value: false })
    }

    fn tree(worker: &mut LocalFileWorker, query: OffsetPartQuery) -> CallTree {
        let columns = CallTreeColumns::decode(worker.part(query).unwrap().as_slice()).unwrap();
        CallTree::try_from(columns).unwrap()
    }

    #[test]
    fn queries_round_trip_as_numbers() {
        let of = OffsetMapQuery { profile: 3, sample_type: 1, lane: Some(2), rows: 20, by_value: true };
        assert_eq!(OffsetMapQuery::from_numbers(&of.numbers()), of);
        assert_eq!(of.numbers().len(), OffsetMapQuery::NUMBERS);
        let part = OffsetPartQuery {
            of,
            band: true,
            from: Cell { row: 1, column: 2 },
            to: Cell { row: 3, column: 4 },
        };
        assert_eq!(OffsetPartQuery::from_numbers(&part.numbers()), part);
        assert_eq!(part.numbers().len(), OffsetPartQuery::NUMBERS);
    }

    #[test]
    fn map_and_halves_add_up_to_the_profile() {
        let (mut worker, of) = worker();
        let map = OffsetCells::decode(worker.offsets(of).unwrap().as_slice()).unwrap();
        let columns = map.columns as usize;
        assert_eq!((map.rows, map.cells()), (50, Ok(50 * columns as u64)));
        let cell = |row, column| Cell { row, column };
        let part = |from, to, band| OffsetPartQuery { of, band, from, to };
        let last = cell(49, columns - 1);
        let whole = tree(&mut worker, part(cell(0, 0), last, false));
        let all = CallTreeColumns::decode(worker.tree(0, of.sample_type).unwrap().as_slice()).unwrap();
        assert_eq!(whole.total(NodeId::ROOT), CallTree::try_from(all).unwrap().total(NodeId::ROOT));
        let lower = tree(&mut worker, part(cell(0, 0), cell(24, columns - 1), true));
        let upper = tree(&mut worker, part(cell(25, 0), last, true));
        assert_eq!(lower.total(NodeId::ROOT) + upper.total(NodeId::ROOT), whole.total(NodeId::ROOT));
    }

    #[test]
    fn reports_indexes_that_do_not_exist() {
        let (mut worker, of) = worker();
        for bad in [
            OffsetMapQuery { profile: 9, ..of },
            OffsetMapQuery { sample_type: 9, ..of },
            OffsetMapQuery { lane: Some(99), ..of },
            OffsetMapQuery { rows: 0, ..of },
            OffsetMapQuery::from_numbers(&[]),
        ] {
            assert!(!worker.offsets(bad).unwrap_err().is_empty());
        }
        let nowhere = OffsetPartQuery::from_numbers(&of.numbers());
        assert_eq!(tree(&mut worker, nowhere).total(NodeId::ROOT), 0);
        worker.open("a.folded", b"main 1\n").unwrap();
        assert!(worker.offsets(OffsetMapQuery { sample_type: 0, ..of }).unwrap_err().contains("no times"));
    }
}
