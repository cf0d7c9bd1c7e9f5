//! The values of a label from the cells of their replicas.
//!
//! A rate is a value divided by the covered time of all replicas together: that of one replica, as in a verdict. What is a level
//! (memory in use) is averaged over profiles instead; its total is the sum over the replicas, averaged over the time.

use super::cells::{Cells, Start};
use crate::query::cache::Answer;
use crate::query::covered::{Cover, all_covers, usual_distance};
use crate::query::regression::Plan;
use crate::store::{ProfileTimes, TimeRange};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::stats::{Replica, Rules, Side, Standing, Window, against_peers};
use flarepath_profile::time_series::least_step;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{Per, is_level};
use std::collections::BTreeMap;

const NANOS: f64 = 1e9;
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
    /// From the first profile to the end of the last, in seconds.
    span_secs: f64,
    /// By service.
    window_ns: Vec<i64>,
    bucket_ns: i64,
    buckets: usize,
    now: UnixNanos,
}

/// Costs in a window or a bucket, and what they are divided by.
#[derive(Clone, Copy, Default)]
struct Part {
    total: f64,
    weight: f64,
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

impl Answer for Breakdown {
    fn bytes(&self) -> usize {
        let row = |row: &Row| {
            let service = row.service.as_ref().map_or(0, String::len);
            size_of_val(row) + row.value.len() + service + size_of_val(&*row.spark)
        };
        self.rows.iter().map(row).sum()
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
        let plan = |times: &ProfileTimes| Plan::of(times, &all_covers(times));
        let mut of_service = vec![Vec::new(); cells.services.len()];
        cells.replicas.iter().enumerate().for_each(|(i, r)| of_service[r.service].push(i));
        let window = |replicas: Vec<usize>| plan(&cells.times(replicas.into_iter())).step_ns.max(1);
        let window_ns = of_service.into_iter().map(window).collect();
        let all = cells.times(0..cells.replicas.len());
        let usual = usual_distance(&all).unwrap_or(0.0).ceil() as i64;
        let length = cells.range.length_ns().max(1);
        let least = least_step(length, BUCKETS).max(cells.resolution_ns()).max(usual).max(all.block_ns);
        let bucket_ns = least_step(least, MS).saturating_mul(MS);
        let buckets = least_step(length, bucket_ns) as usize;
        let span_secs = plan(&all).span_secs;
        Frame { cells, per, span_secs, window_ns, bucket_ns, buckets, now }
    }

    fn measure(&self, value: usize, replicas: &[usize]) -> Measured {
        let cells = self.cells;
        let service = cells.replicas[replicas[0]].service;
        let is_one = replicas.iter().all(|&i| cells.replicas[i].service == service);
        let (mut sums, mut buckets) = (Sums::default(), vec![Part::default(); self.buckets]);
        let mut windows = Vec::new();
        // As if the value alone were asked for: the same numbers.
        let covers = all_covers(&cells.times(replicas.iter().copied()));
        for (&i, covers) in replicas.iter().zip(&covers) {
            let replica = &cells.replicas[i];
            sums.add(&replica.starts, covers);
            self.fill(&mut buckets, &replica.starts, covers);
            if is_one {
                let found = self.windows(&replica.starts, covers, self.window_ns[service]);
                windows.push(Replica { name: replica.name.clone(), windows: found });
            }
        }
        let (value, series) = cells.values[value].clone();
        let (rate, total) = match self.per {
            Per::Profile => (over(sums.total, sums.profiles), over(sums.level_secs, self.span_secs)),
            _ => (over(sums.total, sums.secs), sums.total),
        };
        let window_secs = self.window_ns[service] as f64 / NANOS;
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

    /// Puts a replica into buckets: costs where they start, covers where they begin.
    fn fill(&self, buckets: &mut [Part], starts: &[Start], covers: &[Cover]) {
        let last = buckets.len().saturating_sub(1);
        let place = |at: i64| {
            let offset = at.saturating_sub(self.cells.range.start.0).max(0);
            ((offset / self.bucket_ns) as usize).min(last)
        };
        for start in starts {
            buckets[place(start.at)].total += start.total as f64;
        }
        for cover in covers {
            buckets[place(cover.at)].weight += self.weight(cover);
        }
    }

    fn weight(&self, cover: &Cover) -> f64 {
        if self.per == Per::Profile { f64::from(cover.profiles) } else { cover.ns as f64 / NANOS }
    }

    /// Windows of a replica, without one that is not finished.
    fn windows(&self, starts: &[Start], covers: &[Cover], step_ns: i64) -> Vec<Window> {
        let mut parts: BTreeMap<i64, Part> = BTreeMap::new();
        for start in starts {
            parts.entry(start.at.div_euclid(step_ns)).or_default().total += start.total as f64;
        }
        for cover in covers {
            parts.entry(cover.at.div_euclid(step_ns)).or_default().weight += self.weight(cover);
        }
        let end = |number: i64| number.saturating_add(1).saturating_mul(step_ns);
        let finished = parts.into_iter().filter(|(number, _)| end(*number) <= self.now.0);
        finished.map(|(at, Part { total, weight })| Window { at, weight, total, costs: Vec::new() }).collect()
    }

    /// The rates of buckets with data, without one that is not finished.
    fn spark(&self, buckets: &[Part]) -> Vec<(u32, f64)> {
        let range = self.cells.range;
        let is_finished = |bucket: u32| {
            let end = i64::from(bucket + 1).saturating_mul(self.bucket_ns).saturating_add(range.start.0);
            end.min(range.end.0) <= self.now.0
        };
        let filled = (0..).zip(buckets).filter(|(bucket, part)| part.weight > 0.0 && is_finished(*bucket));
        filled.map(|(bucket, part)| (bucket, part.total / part.weight)).collect()
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
    fn add(&mut self, starts: &[Start], covers: &[Cover]) {
        let total: f64 = starts.iter().map(|start| start.total as f64).sum();
        let profiles: f64 = covers.iter().map(|cover| f64::from(cover.profiles)).sum();
        let secs = covers.iter().map(|cover| cover.ns).fold(0, i64::saturating_add) as f64 / NANOS;
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
