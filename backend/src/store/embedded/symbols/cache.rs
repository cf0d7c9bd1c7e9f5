//! Caches symbol tables in memory: loaded when first needed, evicted least recently used first.
//!
//! Every few minutes those go that nobody has asked for since the last time ([`SymbolCache::drop_idle`]).
//!
//! A table that holds symbols not yet committed, or that a request is using, is never evicted.
//!
//! Locks of a table and of its functions are held for one slice of a computation at a time ([`SLICE`]), and never taken on an
//! async thread: sizes are kept in atomics, marks under locks of their own.

use super::resolve::Resolution;
use super::table::{Mark, Symbols};
use crate::store::embedded::function_tree::FunctionTree;
use crate::work::{CancelToken, Cancelled};
use flarepath_profile::profile::Profile;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// Symbols added or looked at under one lock: a millisecond or two.
pub(crate) const SLICE: usize = 4096;

/// The symbols of a service.
pub(crate) struct ServiceSymbols {
    /// The service's row.
    pub(crate) service: i64,
    table: RwLock<Symbols>,
    /// The table's mark, for those who must not wait for the table.
    latest: Mutex<Mark>,
    committed: Mutex<Mark>,
    functions: RwLock<FunctionTree>,
    table_bytes: AtomicUsize,
    function_bytes: AtomicUsize,
    retired: AtomicBool,
}

impl ServiceSymbols {
    /// A table as the database has it.
    pub(crate) fn new(service: i64, table: Symbols) -> Self {
        ServiceSymbols {
            service,
            latest: Mutex::new(table.mark()),
            committed: Mutex::new(table.mark()),
            table_bytes: AtomicUsize::new(table.bytes()),
            table: RwLock::new(table),
            functions: RwLock::default(),
            function_bytes: AtomicUsize::new(0),
            retired: AtomicBool::new(false),
        }
    }

    /// Whether another table has taken its place. Profiles that were encoded with it must be encoded again.
    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    /// The table, to read. Not on an async thread.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Symbols> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ids of all that the samples of `profile` refer to; what is new is added, slice by slice. `None`, and nothing is
    /// added, if functions are new and `allows` refuses their number. Not on an async thread.
    pub(crate) fn resolve(
        &self,
        profile: &Profile,
        allows: impl FnOnce(usize) -> bool,
    ) -> Option<Resolution> {
        let mut resolution = Resolution::new(profile);
        let table = self.read();
        if resolution.find(profile, &table) {
            return Some(resolution);
        }
        let functions = resolution.new_functions(profile, &table);
        drop(table);
        if functions > 0 && !allows(functions) {
            return None;
        }
        let samples = profile.samples.len();
        for start in (0..samples).step_by(SLICE) {
            let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
            resolution.add(profile, start..samples.min(start + SLICE), &mut table);
            *lock(&self.latest) = table.mark();
            self.table_bytes.store(table.bytes(), Ordering::Relaxed);
        }
        Some(resolution)
    }

    /// How many stacks there are now.
    pub(crate) fn stacks(&self) -> usize {
        lock(&self.latest).stacks
    }

    /// Whether the table holds symbols that are not committed.
    pub(crate) fn has_uncommitted(&self) -> bool {
        *lock(&self.latest) != *lock(&self.committed)
    }

    /// The mark up to which the table is committed.
    pub(crate) fn committed(&self) -> Mark {
        *lock(&self.committed)
    }

    /// Records that everything before `mark` is committed.
    pub(crate) fn set_committed(&self, mark: Mark) {
        *lock(&self.committed) = mark;
    }

    /// The function-level view of the table, with its first `stacks` stacks at least. Not on an async thread.
    pub(crate) fn functions(
        &self,
        stacks: usize,
        cancel: &CancelToken,
    ) -> Result<RwLockReadGuard<'_, FunctionTree>, Cancelled> {
        loop {
            cancel.check()?;
            let functions = self.functions.read().unwrap_or_else(PoisonError::into_inner);
            if functions.stacks() >= stacks {
                return Ok(functions);
            }
            drop(functions);
            self.extend_functions();
        }
    }

    /// Adds a slice. Always in this order: the view's lock, then the table's.
    fn extend_functions(&self) {
        let mut functions = self.functions.write().unwrap_or_else(PoisonError::into_inner);
        functions.extend(&self.read(), SLICE);
        self.function_bytes.store(functions.bytes(), Ordering::Relaxed);
    }

    fn bytes(&self) -> usize {
        self.table_bytes.load(Ordering::Relaxed) + self.function_bytes.load(Ordering::Relaxed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The tables in memory.
pub(crate) struct SymbolCache {
    limit: usize,
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    by_service: HashMap<i64, (Arc<ServiceSymbols>, u64)>,
    clock: u64,
    /// The clock when idle tables were last dropped.
    swept: u64,
}

impl Tables {
    fn bytes(&self) -> usize {
        self.by_service.values().map(|(symbols, _)| symbols.bytes()).sum()
    }
}

impl SymbolCache {
    /// An empty cache that tries to stay below `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        SymbolCache { limit, tables: Mutex::default() }
    }

    /// The table of a service, if it is in memory.
    pub(crate) fn get(&self, service: i64) -> Option<Arc<ServiceSymbols>> {
        let mut tables = lock(&self.tables);
        tables.clock += 1;
        let clock = tables.clock;
        let (symbols, used) = tables.by_service.get_mut(&service)?;
        *used = clock;
        Some(symbols.clone())
    }

    /// Inserts a loaded table, or returns the one that another request has inserted meanwhile.
    pub(crate) fn put(&self, loaded: ServiceSymbols) -> Arc<ServiceSymbols> {
        let mut tables = lock(&self.tables);
        tables.clock += 1;
        let clock = tables.clock;
        let service = loaded.service;
        let entry = tables.by_service.entry(service).or_insert_with(|| (Arc::new(loaded), clock));
        let symbols = entry.0.clone();
        self.shrink(&mut tables);
        symbols
    }

    /// Drops the table of a service, whose rows are gone. Those who still hold it see that it is retired.
    pub(crate) fn retire(&self, service: i64) {
        if let Some((symbols, _)) = lock(&self.tables).by_service.remove(&service) {
            symbols.retired.store(true, Ordering::Release);
        }
    }

    /// Puts a table in the place of the one that a service has; those who still hold that one see that it is retired.
    pub(crate) fn replace(&self, table: ServiceSymbols) {
        let mut tables = lock(&self.tables);
        let (clock, service) = (tables.clock, table.service);
        if let Some((old, _)) = tables.by_service.insert(service, (Arc::new(table), clock)) {
            old.retired.store(true, Ordering::Release);
        }
    }

    /// Bytes of all tables.
    pub(crate) fn bytes(&self) -> usize {
        lock(&self.tables).bytes()
    }

    /// Drops the tables that were not used since this was last called.
    pub(crate) fn drop_idle(&self) {
        let mut tables = lock(&self.tables);
        let swept = tables.swept;
        tables.by_service.retain(|_, (symbols, used)| {
            *used > swept || Arc::strong_count(symbols) > 1 || symbols.has_uncommitted()
        });
        tables.by_service.shrink_to_fit();
        tables.swept = tables.clock;
    }

    /// Sets the metric of its size.
    pub(crate) fn measure(&self) {
        let bytes = self.bytes();
        metrics::gauge!("flarepath_cache_bytes", "cache" => "symbols").set(bytes as f64);
    }

    fn shrink(&self, tables: &mut Tables) {
        let mut bytes = tables.bytes();
        if bytes <= self.limit {
            return;
        }
        let mut oldest: Vec<(u64, i64)> =
            tables.by_service.iter().map(|(id, (_, used))| (*used, *id)).collect();
        oldest.sort_unstable();
        for (_, id) in oldest {
            let Some((symbols, _)) = tables.by_service.get(&id) else { continue };
            // The cache's own reference is the only one: nobody can be adding to it now.
            if bytes > self.limit && Arc::strong_count(symbols) == 1 && !symbols.has_uncommitted() {
                bytes -= symbols.bytes();
                tables.by_service.remove(&id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::{ProfileSpec, SampleSpec, new_profile};

    fn table(service: i64) -> ServiceSymbols {
        let mut symbols = Symbols::new();
        symbols.tables.strings.intern(&"x".repeat(1000));
        ServiceSymbols::new(service, symbols)
    }

    #[test]
    fn drops_the_least_recently_used_but_never_one_in_use() {
        let cache = SymbolCache::new(2500);
        let held = cache.put(table(1));
        cache.put(table(2));
        cache.put(table(3));
        assert!(cache.get(1).is_some(), "in use");
        assert!(cache.get(2).is_none(), "dropped");
        assert!(cache.get(3).is_some());
        drop(held);
        cache.get(3);
        cache.put(table(4));
        assert!(cache.get(1).is_none());
    }

    #[test]
    fn sizes_and_marks_do_not_wait_for_a_computation() {
        let cache = SymbolCache::new(0);
        let symbols = cache.put(table(1));
        // Waiting for either would never end.
        let _functions = symbols.functions.write().unwrap();
        let _table = symbols.table.write().unwrap();
        assert!(!symbols.has_uncommitted());
        assert_eq!((symbols.stacks(), symbols.bytes() > 1000), (0, true));
        cache.put(table(2));
        assert!(cache.get(1).is_some());
    }

    #[test]
    fn building_functions_ends_when_cancelled() {
        let mut symbols = Symbols::new();
        for location in 0..3 * SLICE as u64 {
            let location = symbols.location(None, location, &[]);
            symbols.stack(&[location]);
        }
        let (stacks, symbols) = (symbols.stacks.len(), ServiceSymbols::new(1, symbols));
        let cancel = CancelToken::default();
        assert_eq!(symbols.functions(stacks, &cancel).unwrap().stacks(), stacks);
        cancel.cancel();
        assert!(symbols.functions(stacks, &cancel).is_err());
    }

    #[test]
    fn drops_idle_entries() {
        let cache = SymbolCache::new(usize::MAX);
        let held = cache.put(table(1));
        cache.put(table(2));
        cache.put(table(3)).set_committed(Mark::START);
        cache.drop_idle();
        assert!(cache.get(2).is_some(), "used since the start");
        cache.drop_idle();
        cache.drop_idle();
        assert!(cache.get(1).is_some() && cache.get(3).is_some(), "in use, and not committed");
        assert!(cache.get(2).is_none());
        drop(held);
    }

    #[test]
    fn keeps_uncommitted_tables() {
        let cache = SymbolCache::new(0);
        let symbols = cache.put(table(1));
        symbols.set_committed(Mark::START);
        drop(symbols);
        drop(cache.put(table(2)));
        assert!(cache.get(1).is_some());
    }

    #[test]
    fn nothing_is_added_when_the_new_functions_are_refused() {
        let symbols = ServiceSymbols::new(1, Symbols::new());
        let resolve = |path: &[u8], allows: bool| {
            let sample = SampleSpec { path: path.to_vec(), value: 1, span: 0 };
            let profile =
                new_profile(&ProfileSpec { samples: vec![sample], ..ProfileSpec::default() }).profile;
            let mut asked = None;
            let resolved = symbols.resolve(&profile, |count| {
                asked = Some(count);
                allows
            });
            (resolved.is_some(), asked)
        };
        // Call sites 1 and 2 are in one function, 6 has an inlined one, 10 has none.
        assert_eq!(resolve(&[1, 2, 4], true), (true, Some(2)));
        let mark = symbols.read().mark();
        assert_eq!(resolve(&[1, 6, 10], false), (false, Some(3)));
        assert!(symbols.read().mark() == mark && *lock(&symbols.latest) == mark);
        assert_eq!(resolve(&[4, 2], false), (true, None), "a new stack of known functions");
        assert_eq!(resolve(&[1, 6, 10], true), (true, Some(3)));
        assert_eq!(resolve(&[1, 6, 10], false), (true, None));
    }
}
