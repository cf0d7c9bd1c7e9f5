//! The values of a label from the cells of their replicas.
//!
//! A rate is a value divided by the covered time of all replicas together: that of one replica, as in a verdict. What is a level
//! (memory in use) is averaged over profiles instead; its total is the sum over the replicas, averaged over the time.

use super::cells::{Cell, Cells, ReplicaCells};
use crate::query::regression::{Plan, Starts};
use crate::store::TimeRange;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::stats::{Replica, Rules, Side, Standing, Window, against_peers, median};
use flarepath_profile::time_series::least_step;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{Per, is_level};
use std::collections::BTreeMap;

const MS: i64 = 1_000_000;
/// Buckets of a small timeline, at most.
const BUCKETS: i64 = 60;

/// What each value of a label costs.
#[derive(Debug, PartialEq)]
pub(crate) struct Breakdown {
    /// What rates are divided by.
    pub(crate) per: Per,
    /// The cost of all values.
    pub(crate) total: f64,
    /// The rate of all values.
    pub(crate) rate: f64,
    /// Of all values, in the order of their names.
    pub(crate) rows: Vec<Row>,
    pub(crate) range: TimeRange,
    /// Width of a bucket of the small timelines. The first begins with the range.
    pub(crate) bucket_ns: i64,
    /// How many buckets the range has.
    pub(crate) buckets: usize,
}

/// A value of the label.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    /// The value; empty for series without the label.
    pub(crate) value: String,
    /// Its service; `None` if several have it.
    pub(crate) service: Option<String>,
    pub(crate) rate: f64,
    pub(crate) total: f64,
    pub(crate) series: u64,
    pub(crate) replicas: usize,
    pub(crate) profiles: u64,
    /// Covered time of all replicas together.
    pub(crate) covered_secs: f64,
    /// Buckets with data by number, ascending, each with its rate.
    pub(crate) spark: Vec<(u32, f64)>,
    pub(crate) place: Place,
}

/// How a value stands among the others of its group: those of the same service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// It holds several services, or is one: their costs are not alike.
    NotCompared,
    /// Among so many others.
    Among { others: usize, standing: Standing },
}

/// What all replicas have in common.
struct Frame<'c> {
    cells: &'c Cells,
    per: Per,
    starts: Vec<Starts>,
    /// The usual distance of two profiles, in nanoseconds.
    usual: f64,
    /// From the first profile to the end of the last, in seconds.
    span_secs: f64,
    /// By service.
    window_ns: Vec<i64>,
    bucket_ns: i64,
    buckets: usize,
    now: UnixNanos,
}

/// A filled cell: its left edge, and the time that its profiles cover.
struct Covered {
    at: i64,
    cell: Cell,
    secs: f64,
}

/// A value, and its windows if they may be compared: with which service they are.
struct Measured {
    row: Row,
    windows: Option<(usize, Side)>,
}

impl Breakdown {
    /// The values in `cells`. `now` tells which bucket and which window are not finished.
    pub(super) fn of(cells: &Cells, sample_type: &str, now: UnixNanos) -> Breakdown {
        let per = if is_level(sample_type) { Per::Profile } else { Per::Second };
        let frame = Frame::new(cells, per, now);
        let mut of_value = vec![Vec::new(); cells.values.len()];
        cells.replicas.iter().enumerate().for_each(|(i, replica)| of_value[replica.value].push(i));
        let filled = of_value.iter().enumerate().filter(|(_, replicas)| !replicas.is_empty());
        let mut measured: Vec<Measured> = filled.map(|(value, of)| frame.measure(value, of)).collect();
        if !cells.is_by(SERVICE_NAME) {
            place(&mut measured);
        }
        let mut rows: Vec<Row> = measured.into_iter().map(|one| one.row).collect();
        rows.sort_by(|a, b| a.value.cmp(&b.value));
        let total = rows.iter().map(|row| row.total).sum();
        let weight = |row: &Row| if per == Per::Profile { row.profiles as f64 } else { row.covered_secs };
        let weights: f64 = rows.iter().map(weight).sum();
        let rate = over(rows.iter().map(|row| row.rate * weight(row)).sum(), weights);
        let Frame { bucket_ns, buckets, .. } = frame;
        Breakdown { per, total, rate, rows, range: cells.range, bucket_ns, buckets }
    }
}

/// Sets how the values of each service stand among each other.
fn place(measured: &mut [Measured]) {
    let mut groups: BTreeMap<usize, (Vec<usize>, Vec<Side>)> = BTreeMap::new();
    for (i, one) in measured.iter_mut().enumerate() {
        if let Some((service, side)) = one.windows.take() {
            let (members, sides) = groups.entry(service).or_default();
            members.push(i);
            sides.push(side);
        }
    }
    for (members, sides) in groups.into_values() {
        let others = members.len() - 1;
        for (i, standing) in members.into_iter().zip(against_peers(&sides, &Rules::default())) {
            measured[i].row.place = Place::Among { others, standing };
        }
    }
}

impl Frame<'_> {
    fn new(cells: &Cells, per: Per, now: UnixNanos) -> Frame<'_> {
        let counts = |replica: &ReplicaCells| {
            Starts::counted(cells.resolution_ns, cells.of(replica).map(|(at, cell)| (at, cell.profiles)))
        };
        let starts: Vec<Starts> = cells.replicas.iter().map(counts).collect();
        let mut of_service = vec![Vec::new(); cells.services.len()];
        cells.replicas.iter().zip(&starts).for_each(|(r, starts)| of_service[r.service].push(starts));
        let window = |starts: &Vec<&Starts>| Plan::new(starts.iter().copied()).step_ns;
        let window_ns = of_service.iter().map(window).collect();
        let all = Plan::new(starts.iter());
        let length = cells.range.length_ns().max(1);
        let least = least_step(length, BUCKETS).max(cells.resolution_ns).max(all.usual.ceil() as i64);
        let bucket_ns = least_step(least, MS).saturating_mul(MS);
        let buckets = least_step(length, bucket_ns) as usize;
        Frame {
            cells,
            per,
            usual: all.usual,
            span_secs: all.span_secs,
            window_ns,
            starts,
            bucket_ns,
            buckets,
            now,
        }
    }

    fn measure(&self, value: usize, replicas: &[usize]) -> Measured {
        let cells = self.cells;
        let distances = replicas.iter().filter_map(|&i| self.starts[i].distance()).collect();
        let usual = median(distances).unwrap_or(self.usual);
        let service = cells.replicas[replicas[0]].service;
        let is_one = replicas.iter().all(|&i| cells.replicas[i].service == service);
        let (mut sums, mut buckets) = (Sums::default(), vec![(0.0, 0.0); self.buckets]);
        let mut windows = Vec::new();
        for &i in replicas {
            let covered = self.covered(i, usual);
            sums.add(&covered);
            self.fill(&mut buckets, &covered);
            if is_one {
                let name = cells.replicas[i].name.clone();
                windows.push(Replica { name, windows: self.windows(&covered, self.window_ns[service]) });
            }
        }
        let (value, series) = cells.values[value].clone();
        let (rate, total) = match self.per {
            Per::Profile => (over(sums.total, sums.profiles), over(sums.level_secs, self.span_secs)),
            _ => (over(sums.total, sums.secs), sums.total),
        };
        let window_secs = self.window_ns[service] as f64 / 1e9;
        let side = Side { replicas: windows, window_secs }.whole_windows();
        let row = Row {
            value,
            service: is_one.then(|| cells.services[service].clone()),
            rate,
            total,
            series,
            replicas: replicas.len(),
            profiles: sums.profiles as u64,
            covered_secs: sums.secs,
            spark: self.spark(&buckets),
            place: Place::NotCompared,
        };
        Measured { row, windows: is_one.then_some((service, side)) }
    }

    /// The filled cells of a replica, with the time that each covers.
    fn covered(&self, replica: usize, usual: f64) -> Vec<Covered> {
        let covers = self.starts[replica].covers(usual);
        let cells = self.cells.of(&self.cells.replicas[replica]);
        cells.zip(covers).map(|((at, cell), (_, secs, _))| Covered { at, cell, secs }).collect()
    }

    fn fill(&self, buckets: &mut [(f64, f64)], covered: &[Covered]) {
        for one in covered {
            let bucket = one.at.saturating_sub(self.cells.range.start.0).max(0) / self.bucket_ns;
            if let Some((total, weight)) = buckets.get_mut(bucket as usize) {
                *total += one.cell.total as f64;
                *weight += self.weight(one);
            }
        }
    }

    fn weight(&self, one: &Covered) -> f64 {
        if self.per == Per::Profile { f64::from(one.cell.profiles) } else { one.secs }
    }

    /// Windows of a replica, without one that is not finished.
    fn windows(&self, covered: &[Covered], step_ns: i64) -> Vec<Window> {
        let mut windows: Vec<Window> = Vec::new();
        for one in covered {
            let number = one.at.div_euclid(step_ns);
            if number.saturating_add(1).saturating_mul(step_ns) > self.now.0 {
                break;
            }
            if windows.last().is_none_or(|last| last.at != number) {
                windows.push(Window { at: number, weight: 0.0, total: 0.0, costs: Vec::new() });
            }
            if let Some(window) = windows.last_mut() {
                window.weight += self.weight(one);
                window.total += one.cell.total as f64;
            }
        }
        windows
    }

    /// The rates of buckets with data, without one that is not finished.
    fn spark(&self, buckets: &[(f64, f64)]) -> Vec<(u32, f64)> {
        let range = self.cells.range;
        let is_finished = |bucket: u32| {
            let end = i64::from(bucket + 1).saturating_mul(self.bucket_ns).saturating_add(range.start.0);
            end.min(range.end.0) <= self.now.0
        };
        let filled = (0..).zip(buckets).filter(|(bucket, (_, weight))| *weight > 0.0 && is_finished(*bucket));
        filled.map(|(bucket, (total, weight))| (bucket, total / weight)).collect()
    }
}

/// Sums over the replicas of a value.
#[derive(Default)]
struct Sums {
    total: f64,
    profiles: f64,
    secs: f64,
    /// The mean level of each replica times the time that it covers.
    level_secs: f64,
}

impl Sums {
    fn add(&mut self, covered: &[Covered]) {
        let (mut total, mut profiles, mut secs) = (0.0, 0.0, 0.0);
        for one in covered {
            total += one.cell.total as f64;
            profiles += f64::from(one.cell.profiles);
            secs += one.secs;
        }
        self.total += total;
        self.profiles += profiles;
        self.secs += secs;
        self.level_secs += over(total, profiles) * secs;
    }
}

/// A value divided by a weight; of no weight, nothing.
fn over(value: f64, weight: f64) -> f64 {
    if weight > 0.0 { value / weight } else { 0.0 }
}
