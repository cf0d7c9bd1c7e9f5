//! Samples over a V8 call tree, on the way to a profile.

use super::nodes::Kind;
use super::{Node, NodeTable, V8Error};
use crate::formats::NamedProfile;
use crate::formats::builder::ProfileBuilder;
use crate::formats::call_stacks::{CallStacks, EMPTY};
use crate::profile::Line;

/// A recording as it is being read, whole or piece by piece. Times are microseconds.
pub(crate) struct Recording {
    pub(super) builder: ProfileBuilder,
    pub(super) nodes: NodeTable,
    /// The node of each sample, by id.
    samples: Vec<u64>,
    times: Vec<f64>,
    /// Where in the running function each sample was taken; shorter where nothing is known of the last ones.
    places: Places,
    /// When the recording began; 0 if unknown.
    pub(crate) start: f64,
    /// When it ended, if that is known.
    pub(crate) end: Option<f64>,
    /// The time of the last sample.
    now: f64,
}

/// Lines and columns of samples, from 1; 0 is unknown.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) lines: Vec<i64>,
    pub(crate) columns: Vec<i64>,
}

/// A point in time, in nanoseconds. Rounding points and not spans keeps the sum of the spans exact.
fn nanos(micros: f64) -> i64 {
    (micros * 1e3).round() as i64
}

impl Recording {
    /// Nothing recorded yet.
    pub(crate) fn new(start: f64) -> Self {
        Recording {
            builder: ProfileBuilder::new(&[("samples", "count"), ("wall", "nanoseconds")]),
            nodes: NodeTable::default(),
            samples: Vec::new(),
            times: Vec::new(),
            places: Places::default(),
            start,
            end: None,
            now: start,
        }
    }

    /// Adds nodes of the call tree.
    pub(crate) fn add_nodes(&mut self, nodes: &[Node<'_>]) -> Result<(), V8Error> {
        nodes.iter().try_for_each(|node| self.nodes.add(node, &mut self.builder))
    }

    /// Adds samples with the time since the one before. V8 takes some late, so that a delta may be negative;
    /// the times that it leads to are right all the same.
    pub(crate) fn add_deltas(
        &mut self,
        samples: &[u64],
        deltas: &[f64],
        places: &Places,
    ) -> Result<(), V8Error> {
        fits(samples, deltas, "timeDeltas")?;
        let here = self.samples.len();
        for (all, new) in
            [(&mut self.places.lines, &places.lines), (&mut self.places.columns, &places.columns)]
        {
            all.resize(here, 0);
            all.extend(new.iter().take(samples.len()));
        }
        self.samples.extend_from_slice(samples);
        for delta in deltas {
            self.now += delta;
            self.times.push(self.now);
        }
        Ok(())
    }

    /// Adds samples with the time at which each was taken.
    pub(super) fn add_timestamps(&mut self, samples: &[u64], times: &[f64]) -> Result<(), V8Error> {
        fits(samples, times, "timestamps")?;
        self.samples.extend_from_slice(samples);
        self.times.extend_from_slice(times);
        Ok(())
    }

    /// Whether nothing was sampled.
    pub(crate) fn is_empty(&self) -> bool {
        self.samples.is_empty() && self.nodes.hits.iter().all(|hits| *hits == 0)
    }

    /// The profile: each sample stands for the time until the next one.
    pub(crate) fn finish(mut self, name: String) -> Result<NamedProfile, V8Error> {
        if self.samples.is_empty() {
            self.count_hits()?;
        } else {
            self.place_samples()?;
        }
        let end = self.end.unwrap_or(self.now);
        self.builder.profile().duration_nanos = nanos(end).saturating_sub(nanos(self.start)).max(0);
        Ok(self.builder.named(name))
    }

    fn place_samples(&mut self) -> Result<(), V8Error> {
        let mut stacks = CallStacks::new();
        let of_node = self.nodes.stacks(&mut stacks)?;
        let mut order: Vec<usize> = (0..self.samples.len()).collect();
        order.sort_by(|&a, &b| self.times[a].total_cmp(&self.times[b]));
        let end = self.end_of_last(&order);
        let mut interrupted = EMPTY;
        for (k, &i) in order.iter().enumerate() {
            let id = self.samples[i];
            let node = self.nodes.find(id);
            let node = node.ok_or_else(|| V8Error::NoNode { what: format!("sample {i}"), id })?;
            // As in the tools of Chromium, what was interrupted by the garbage collector calls it.
            let stack = match self.nodes.kind(node) {
                Kind::GarbageCollector => stacks.call(interrupted, self.nodes.frame(node)),
                Kind::Function => self.at_line(i, node, of_node[node], &mut stacks),
                Kind::Root => of_node[node],
            };
            if self.nodes.kind(node) != Kind::GarbageCollector {
                interrupted = stack;
            }
            let now = nanos(self.times[i]);
            let next = order.get(k + 1).map_or(end, |&next| nanos(self.times[next]));
            let id = stacks.id(stack, &mut self.builder)?;
            let values = [1, next.saturating_sub(now).max(0)];
            self.builder.sample_at(Some(now.max(1).unsigned_abs()), id, &values, &[])?;
        }
        Ok(())
    }

    /// The stack of a sample, whose leaf is at the line that was running, if that is known.
    fn at_line(&mut self, sample: usize, node: usize, stack: u32, stacks: &mut CallStacks) -> u32 {
        let known = |all: &[i64]| all.get(sample).copied().unwrap_or(0).max(0);
        let (line, column) = (known(&self.places.lines), known(&self.places.columns));
        match stacks.leaf(stack) {
            Some((above, _)) if line > 0 => {
                let leaf = Line { function: self.nodes.function(node), line, column };
                stacks.call(above, self.builder.place(leaf))
            }
            _ => stack,
        }
    }

    /// Until when the last sample lasts: the end of the recording, or else for as long as those before it
    /// on average.
    fn end_of_last(&self, order: &[usize]) -> i64 {
        let time = |i: Option<&usize>| i.map_or(0, |&i| nanos(self.times[i]));
        let (first, last) = (time(order.first()), time(order.last()));
        match self.end.map(nanos) {
            Some(end) if end >= last => end,
            _ => {
                let spans = (order.len() as i64 - 1).max(1);
                last.saturating_add(last.saturating_sub(first) / spans)
            }
        }
    }

    /// Without samples, the nodes still know how often each was met.
    fn count_hits(&mut self) -> Result<(), V8Error> {
        let mut stacks = CallStacks::new();
        let of_node = self.nodes.stacks(&mut stacks)?;
        let total: u64 = self.nodes.hits.iter().fold(0, |sum, hits| sum.saturating_add(*hits));
        let span = self.end.map_or(0.0, |end| (end - self.start) * 1e3).max(0.0);
        for (node, &stack) in of_node.iter().enumerate() {
            let hits = self.nodes.hits[node];
            if hits > 0 {
                let id = stacks.id(stack, &mut self.builder)?;
                let time = (span * (hits as f64 / total as f64)).round() as i64;
                let hits = i64::try_from(hits).unwrap_or(i64::MAX);
                self.builder.sample_at(None, id, &[hits, time], &[])?;
            }
        }
        Ok(())
    }
}

fn fits(samples: &[u64], times: &[f64], kind: &'static str) -> Result<(), V8Error> {
    match samples.len() == times.len() {
        true => Ok(()),
        false => Err(V8Error::Times { samples: samples.len(), times: times.len(), kind }),
    }
}
