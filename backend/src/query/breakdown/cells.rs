//! Starts and totals of profiles in cells of time, by replica.
//!
//! A cell is as wide as what the verdict tells starts apart by, as long as there are at most [`MOST_CELLS`] of them; then wider.
//! Rates stay right in wider cells, as covered time follows the same cells.

use crate::query::regression::{MOST_STARTS, resolution_ns};
use crate::store::{SeriesInfo, TimeRange, column_start};
use flarepath_profile::labels::{Labels, Meaning, pick};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

/// Cells of all replicas together: 16 bytes each.
const MOST_CELLS: i64 = 1 << 20;
/// Cells of a replica at least, however many replicas there are.
const LEAST_CELLS: i64 = 32;

/// The profiles that start in a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) profiles: u32,
    pub(super) total: i64,
}

/// A replica: an instance of a service, within a value of the label.
#[derive(Debug)]
pub(super) struct ReplicaCells {
    /// Place in [`Cells::values`].
    pub(super) value: usize,
    /// Place in [`Cells::services`].
    pub(super) service: usize,
    pub(super) name: String,
    /// From the start of the range on.
    cells: Vec<Cell>,
}

/// All replicas of a question.
#[derive(Debug)]
pub(super) struct Cells {
    label: String,
    pub(super) range: TimeRange,
    /// Width of a cell.
    pub(super) resolution_ns: i64,
    /// Values of the label, each with its number of series.
    pub(super) values: Vec<(String, u64)>,
    pub(super) services: Vec<String>,
    pub(super) replicas: Vec<ReplicaCells>,
    /// The label that names the instances of each service.
    instances: HashMap<String, Option<String>>,
    places: Places,
    /// Value, service and replica of a series, for a look-up without allocation.
    key: String,
}

/// Where names are.
#[derive(Debug, Default)]
struct Places {
    values: HashMap<String, usize>,
    services: HashMap<String, usize>,
    replicas: HashMap<String, usize>,
}

impl Cells {
    /// None filled yet; as wide as that many series need.
    pub(super) fn for_series(
        series: &[SeriesInfo],
        wanted: &ProfileType,
        label: &str,
        range: TimeRange,
    ) -> Cells {
        let typed = || series.iter().filter(|info| info.profile_types.contains(wanted));
        let each = (MOST_CELLS / (typed().count() as i64).max(1)).clamp(LEAST_CELLS, MOST_STARTS);
        let mut cells = Cells {
            label: label.to_owned(),
            range,
            resolution_ns: resolution_ns(range, each),
            values: Vec::new(),
            services: Vec::new(),
            replicas: Vec::new(),
            instances: instance_labels(series),
            places: Places::default(),
            key: String::new(),
        };
        for info in typed() {
            let value = cells.value(info.labels.get(label).unwrap_or_default());
            cells.values[value].1 += 1;
        }
        cells
    }

    /// Adds profiles of a series: starts in the range, and as many totals.
    pub(super) fn add(&mut self, labels: &Labels, starts: &[i64], totals: &[i64]) {
        let (first, width) = (self.first(), self.resolution_ns);
        let last = self.place_of(self.range.end.0.saturating_sub(1), first);
        let replica = self.replica(labels);
        let cells = &mut self.replicas[replica].cells;
        if cells.is_empty() {
            cells.resize(last + 1, Cell::default());
        }
        for (&start, &total) in starts.iter().zip(totals) {
            let place = (start.saturating_sub(first) / width) as usize;
            if let Some(cell) = cells.get_mut(place) {
                cell.profiles = cell.profiles.saturating_add(1);
                cell.total = cell.total.saturating_add(total);
            }
        }
    }

    /// The cells of a replica in which profiles start, each with its left edge, ascending.
    pub(super) fn of<'c>(&self, replica: &'c ReplicaCells) -> impl Iterator<Item = (i64, Cell)> + 'c {
        let (first, width) = (self.first(), self.resolution_ns);
        let all = (0i64..).zip(&replica.cells).filter(|(_, cell)| cell.profiles > 0);
        all.map(move |(place, cell)| (first.saturating_add(place.saturating_mul(width)), *cell))
    }

    /// Whether the values are those of this label.
    pub(super) fn is_by(&self, label: &str) -> bool {
        self.label == label
    }

    /// Left edge of the first cell.
    fn first(&self) -> i64 {
        column_start(self.range.start, self.resolution_ns).0
    }

    fn place_of(&self, at: i64, first: i64) -> usize {
        (column_start(UnixNanos(at), self.resolution_ns).0.saturating_sub(first) / self.resolution_ns)
            as usize
    }

    fn value(&mut self, name: &str) -> usize {
        place(&mut self.places.values, name, || {
            self.values.push((name.to_owned(), 0));
            self.values.len() - 1
        })
    }

    fn replica(&mut self, labels: &Labels) -> usize {
        let (value, service) = (labels.get(&self.label).unwrap_or_default(), labels.service());
        let instance = self.instances.get(service).and_then(Option::as_deref);
        let name = instance.and_then(|label| labels.get(label)).unwrap_or_default();
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        // Lengths first: no value can look like the end of another.
        let _ = write!(key, "{},{},{value}{service}{name}", value.len(), service.len());
        let found = match self.places.replicas.get(&key) {
            Some(known) => *known,
            None => {
                let of_service = place(&mut self.places.services, service, || {
                    self.services.push(service.to_owned());
                    self.services.len() - 1
                });
                let (value, name) = (self.value(value), name.to_owned());
                self.replicas.push(ReplicaCells { value, service: of_service, name, cells: Vec::new() });
                self.places.replicas.insert(key.clone(), self.replicas.len() - 1);
                self.replicas.len() - 1
            }
        };
        self.key = key;
        found
    }
}

/// The place of a name; `add` gives that of a new one.
fn place(known: &mut HashMap<String, usize>, name: &str, add: impl FnOnce() -> usize) -> usize {
    if let Some(place) = known.get(name) {
        return *place;
    }
    let new = add();
    known.insert(name.to_owned(), new);
    new
}

/// For each service the label that tells its instances apart.
fn instance_labels(series: &[SeriesInfo]) -> HashMap<String, Option<String>> {
    let mut names: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for info in series {
        names.entry(info.labels.service()).or_default().extend(info.labels.iter().map(|(name, _)| name));
    }
    let of = |(service, names): (&str, BTreeSet<&str>)| {
        (service.to_owned(), pick(names, &[Meaning::Instance]).map(str::to_owned))
    };
    names.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const S: i64 = 1_000_000_000;
    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().copied().collect()
    }

    fn info(labels: Labels) -> SeriesInfo {
        let profile_types = [CPU.parse().unwrap()].into_iter().collect();
        SeriesInfo { labels: Arc::new(labels), profile_types, newest: UnixNanos(0) }
    }

    fn hour(series: &[SeriesInfo], label: &str) -> Cells {
        Cells::for_series(series, &CPU.parse().unwrap(), label, TimeRange::nanos(1000 * S, 4600 * S))
    }

    #[test]
    fn instances_of_each_service_are_told_apart_by_their_own_label() {
        let all = [
            labels(&[("service_name", "a"), ("pod", "x")]),
            labels(&[("service_name", "a"), ("pod", "y")]),
            labels(&[("service_name", "b"), ("host", "x")]),
            labels(&[("service_name", "c")]),
        ];
        let series: Vec<SeriesInfo> = all.iter().cloned().map(info).collect();
        let mut cells = hour(&series, "service_name");
        for labels in &all {
            cells.add(labels, &[1000 * S, 1001 * S, 1001 * S + 1], &[1, 2, 3]);
        }
        let names: Vec<(&str, &str)> =
            cells.replicas.iter().map(|r| (cells.values[r.value].0.as_str(), r.name.as_str())).collect();
        assert_eq!(names, [("a", "x"), ("a", "y"), ("b", "x"), ("c", "")]);
        assert_eq!(cells.values[0], ("a".to_owned(), 2));
        let found: Vec<(i64, Cell)> = cells.of(&cells.replicas[0]).collect();
        let cell = |profiles, total| Cell { profiles, total };
        assert_eq!(found, [(1000 * S, cell(1, 1)), (1001 * S, cell(2, 5))]);
    }

    #[test]
    fn many_series_have_wider_cells() {
        let series: Vec<SeriesInfo> =
            (0..30_000).map(|i| info(labels(&[("service_name", "a"), ("pod", &i.to_string())]))).collect();
        let mut cells = hour(&series, "pod");
        assert_eq!((hour(&series[..9], "pod").resolution_ns, cells.resolution_ns), (S, 120 * S));
        let last = 4600 * S - 1;
        cells.add(&series[7].labels, &[1000 * S, last], &[1, 2]);
        let starts: Vec<i64> = cells.of(&cells.replicas[0]).map(|(at, _)| at / S).collect();
        assert_eq!(starts, [960, 4560]);
        assert_eq!(cells.replicas[0].cells.len(), 31);
    }
}
