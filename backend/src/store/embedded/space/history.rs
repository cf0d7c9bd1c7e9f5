//! Sizes of the last two weeks, one an hour, in a small file of the data directory.
//!
//! A line is a sample: seconds since the epoch, and bytes of the used pages. The file is written anew each time; without it, or
//! with a damaged one, the forecast has to wait for a day.

use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use std::io::Result;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the file in the data directory.
const FILE_NAME: &str = "profiles.sizes";
const EVERY: Duration = Duration::from_secs(3600);
const KEPT: Duration = Duration::from_secs(14 * 86_400);
/// Samples that are kept: hourly ones of two weeks, and one.
const MOST: usize = 337;

/// Bytes of the used pages at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) at: UnixNanos,
    pub(super) used: u64,
}

/// Samples in the order of their times.
#[derive(Debug)]
pub(super) struct History {
    path: PathBuf,
    pub(super) samples: Vec<Sample>,
}

impl History {
    /// Reads the file in `dir`, up to the first line that is none of ours.
    pub(super) fn load(dir: &Path) -> History {
        let path = dir.join(FILE_NAME);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let mut samples: Vec<Sample> = text.lines().map_while(sample).collect();
        samples.truncate(MOST);
        if !samples.is_sorted_by(|a, b| a.at < b.at) {
            samples.clear();
        }
        History { path, samples }
    }

    /// Adds a sample if an hour has passed since the last; true when it did. Samples of the future are those of a clock that was
    /// wrong, and go.
    pub(super) fn add(&mut self, sample: Sample) -> bool {
        self.samples.retain(|old| old.at <= sample.at && old.at >= sample.at.minus(KEPT));
        if self.samples.last().is_some_and(|last| last.at.plus(EVERY) > sample.at) {
            return false;
        }
        let surplus = (self.samples.len() + 1).saturating_sub(MOST);
        self.samples.drain(..surplus);
        self.samples.push(sample);
        true
    }

    /// What writes the file: blocking work.
    pub(super) fn writing(&self) -> impl FnOnce() -> Result<()> + Send + 'static {
        let line = |sample: &Sample| format!("{} {}\n", sample.at.0 / SECOND_NS, sample.used);
        let (path, text) = (self.path.clone(), self.samples.iter().map(line).collect::<String>());
        move || {
            let new = path.with_extension("sizes.new");
            std::fs::write(&new, text)?;
            std::fs::rename(&new, &path)
        }
    }
}

fn sample(line: &str) -> Option<Sample> {
    let (seconds, used) = line.split_once(' ')?;
    let at = seconds.parse::<i64>().ok()?.checked_mul(SECOND_NS)?;
    Some(Sample { at: UnixNanos(at), used: used.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600 * SECOND_NS;

    fn at(hour: i64) -> Sample {
        Sample { at: UnixNanos(hour * HOUR), used: hour as u64 }
    }

    #[test]
    fn keeps_one_sample_an_hour_of_two_weeks() {
        let dir = tempfile::tempdir().unwrap();
        let mut history = History::load(dir.path());
        for hour in 0..1000 {
            assert!(history.add(at(hour)));
            assert!(!history.add(Sample { at: UnixNanos(hour * HOUR + HOUR - 1), used: 1 }));
        }
        assert_eq!((history.samples.len(), history.samples[0]), (MOST - 1, at(664)));
        history.writing()().unwrap();
        assert_eq!(History::load(dir.path()).samples, history.samples);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn samples_of_a_wrong_clock_go_and_a_damaged_file_is_read_as_far_as_possible() {
        let dir = tempfile::tempdir().unwrap();
        let mut history = History::load(dir.path());
        history.samples = vec![at(1), at(900)];
        assert!(history.add(at(3)));
        assert_eq!(history.samples, [at(1), at(3)]);
        for (text, samples) in [("3600 1\n7200 2\nx", 2), ("7200 1\n3600 2\n", 0), ("\u{0}", 0)] {
            std::fs::write(dir.path().join(FILE_NAME), text).unwrap();
            assert_eq!(History::load(dir.path()).samples.len(), samples, "{text:?}");
        }
    }
}
