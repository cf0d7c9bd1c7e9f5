//! Samples in columns: a stack, one value for each sample type, and what the profiler attached to it.

use crate::stack_table::StackId;
use crate::string_table::StrId;

/// What a profiler attached to a sample, as pprof has it: either text or a number with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SampleLabel {
    /// Key, such as `endpoint`, `span_id`, `bytes`.
    pub key: StrId,
    /// Text, or a number with its unit.
    pub value: SampleLabelValue,
}

/// The value of a [`SampleLabel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SampleLabelValue {
    /// Text.
    Text(StrId),
    /// A number and its unit (empty: none given).
    Number(i64, StrId),
}

/// The samples of a profile, in columns. `values` has `width` numbers a sample, one for each sample type,
/// sample after sample. `labels` and `timestamps` are empty when no sample has any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    width: usize,
    stacks: Vec<StackId>,
    values: Vec<i64>,
    labels: Vec<SampleLabel>,
    label_ends: Vec<u32>,
    timestamps: Vec<u64>,
}

impl Samples {
    /// No samples yet; each will have `width` values.
    pub fn new(width: usize) -> Self {
        Samples { width, ..Samples::default() }
    }

    /// Values a sample, which is the number of sample types.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.stacks.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.stacks.is_empty()
    }

    /// Makes room for `samples` more samples.
    pub fn reserve(&mut self, samples: usize) {
        self.stacks.reserve(samples);
        self.values.reserve(samples.saturating_mul(self.width));
    }

    /// Appends a sample without a time.
    ///
    /// # Panics
    /// When `values` has another length than [`Samples::width`].
    pub fn push(&mut self, stack: StackId, values: &[i64], labels: &[SampleLabel]) {
        assert_eq!(values.len(), self.width, "one value for each sample type");
        if !self.timestamps.is_empty() {
            self.timestamps.push(0);
        }
        self.append(stack, values, labels);
    }

    /// Appends a sample taken at `unix_nanos`. Samples without a time, if mixed in, have 0.
    ///
    /// # Panics
    /// As [`Samples::push`].
    pub fn push_at(&mut self, unix_nanos: u64, stack: StackId, values: &[i64], labels: &[SampleLabel]) {
        assert_eq!(values.len(), self.width, "one value for each sample type");
        self.timestamps.resize(self.stacks.len(), 0);
        self.timestamps.push(unix_nanos);
        self.append(stack, values, labels);
    }

    fn append(&mut self, stack: StackId, values: &[i64], labels: &[SampleLabel]) {
        if !labels.is_empty() || !self.label_ends.is_empty() {
            self.label_ends.resize(self.stacks.len(), self.labels.len() as u32);
            self.labels.extend_from_slice(labels);
            self.label_ends.push(self.labels.len() as u32);
        }
        self.stacks.push(stack);
        self.values.extend_from_slice(values);
    }

    /// Adds to the values of the last sample. False, and nothing added, if there is none or a sum would be too large.
    pub(crate) fn add_to_last(&mut self, values: &[i64]) -> bool {
        let first = self.values.len().saturating_sub(self.width);
        let last = &mut self.values[first..];
        let fits = last.iter().zip(values).all(|(a, b)| a.checked_add(*b).is_some());
        if fits {
            last.iter_mut().zip(values).for_each(|(a, b)| *a += b);
        }
        fits && !self.stacks.is_empty()
    }

    /// The stack of sample `i`.
    pub fn stack(&self, i: usize) -> StackId {
        self.stacks[i]
    }

    /// The values of sample `i`, one for each sample type.
    pub fn values(&self, i: usize) -> &[i64] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    /// What is attached to sample `i`.
    pub fn labels(&self, i: usize) -> &[SampleLabel] {
        match self.label_ends.get(i) {
            None => &[],
            Some(&end) => {
                let start = if i == 0 { 0 } else { self.label_ends[i - 1] };
                &self.labels[start as usize..end as usize]
            }
        }
    }

    /// When sample `i` was taken, in nanoseconds since the epoch, if the profiler said so.
    pub fn timestamp(&self, i: usize) -> Option<u64> {
        self.timestamps.get(i).copied().filter(|&t| t != 0)
    }

    /// True when any sample has labels.
    pub fn has_labels(&self) -> bool {
        !self.labels.is_empty()
    }

    /// True when any sample has a time.
    pub fn has_timestamps(&self) -> bool {
        !self.timestamps.is_empty()
    }

    /// The sum of one sample type over all samples, saturating at the ends of `i64`.
    pub fn total(&self, sample_type: usize) -> i64 {
        self.values
            .iter()
            .skip(sample_type)
            .step_by(self.width.max(1))
            .fold(0, |sum, v| sum.saturating_add(*v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_timestamps_may_start_at_any_sample() {
        let label = SampleLabel { key: StrId(1), value: SampleLabelValue::Text(StrId(2)) };
        let mut samples = Samples::new(2);
        samples.push(StackId(0), &[1, 10], &[]);
        samples.push_at(7, StackId(1), &[2, 20], &[label]);
        samples.push(StackId(2), &[3, 30], &[]);
        assert_eq!(samples.labels(0), []);
        assert_eq!(samples.labels(1), [label]);
        assert_eq!(samples.labels(2), []);
        assert_eq!([0, 1, 2].map(|i| samples.timestamp(i)), [None, Some(7), None]);
        assert_eq!((samples.total(0), samples.total(1)), (6, 60));
    }
}
