//! One profile per thread, for formats that record threads.

use super::builder::ProfileBuilder;
use super::room::Room;
use super::{NamedProfile, TooMuch};
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Threads in one file: each has tables of its own, which take some hundred bytes even when almost empty.
const MAX_THREADS: usize = 20_000;

/// The profiles of all threads, in the order in which the threads are first met.
pub(crate) struct Threads<K> {
    sample_types: Vec<(String, String)>,
    index: FxHashMap<K, usize>,
    all: Vec<(String, ProfileBuilder)>,
    room: Room,
}

impl<K: Eq + Hash> Threads<K> {
    /// No thread yet; each will have these sample types, given as kind and unit.
    pub(crate) fn new<'a>(sample_types: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = |(kind, unit): (&str, &str)| (kind.to_owned(), unit.to_owned());
        Threads {
            sample_types: sample_types.into_iter().map(owned).collect(),
            index: FxHashMap::default(),
            all: Vec::new(),
            room: Room::default(),
        }
    }

    /// Keeps within this room, all threads together; without, within that of the largest input.
    pub(crate) fn within(self, room: Room) -> Self {
        Threads { room, ..self }
    }

    /// The number of the thread `key`, which is `name` if it is new.
    ///
    /// # Errors
    /// When there are too many threads.
    pub(crate) fn thread(&mut self, key: K, name: impl FnOnce() -> String) -> Result<usize, TooMuch> {
        if let Some(&thread) = self.index.get(&key) {
            return Ok(thread);
        }
        if self.all.len() == MAX_THREADS {
            return Err(TooMuch { what: "threads", limit: MAX_THREADS });
        }
        let types: Vec<_> = self.sample_types.iter().map(|(k, u)| (k.as_str(), u.as_str())).collect();
        self.all.push((name(), ProfileBuilder::new(&types).within(self.room.clone())));
        self.index.insert(key, self.all.len() - 1);
        Ok(self.all.len() - 1)
    }

    /// The profile of a thread.
    pub(crate) fn builder(&mut self, thread: usize) -> &mut ProfileBuilder {
        &mut self.all[thread].1
    }

    /// Gives a thread another name: it may have got its own after it was first met.
    pub(crate) fn rename(&mut self, thread: usize, name: String) {
        self.all[thread].0 = name;
    }

    /// All profiles and their names.
    pub(crate) fn builders(&mut self) -> impl Iterator<Item = &mut ProfileBuilder> {
        self.all.iter_mut().map(|(_, builder)| builder)
    }

    /// True when no thread was met.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// One named profile for each thread that has samples, the busiest first, by the sample type given.
    pub(crate) fn finish(self, sample_type: usize) -> Vec<NamedProfile> {
        let mut named: Vec<_> = self
            .all
            .into_iter()
            .map(|(name, builder)| builder.named(name))
            .filter(|named| !named.profile.samples.is_empty())
            .collect();
        named.sort_by_cached_key(|named| std::cmp::Reverse(named.profile.samples.total(sample_type)));
        named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_threads_by_samples() {
        let mut threads = Threads::new([("samples", "count")]);
        assert!(threads.is_empty());
        for (key, value) in [(1, 5), (2, 9), (1, 1)] {
            let thread = threads.thread(key, || format!("thread {key}")).unwrap();
            threads.builder(thread).sample([], &[value], &[]).unwrap();
        }
        threads.thread(3, String::new).unwrap();
        threads.rename(0, "main".to_owned());
        let names: Vec<_> = threads.finish(0).into_iter().map(|p| p.name).collect();
        assert_eq!(names, ["thread 2", "main"], "what has no samples is omitted");
    }
}
