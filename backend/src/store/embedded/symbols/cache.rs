//! Caches symbol tables in memory: loaded when first needed, evicted least recently used first.
//!
//! A table that holds symbols not yet committed, or that a request is using, is never evicted.

use super::resolve::Resolution;
use super::table::{Mark, Symbols};
use crate::store::embedded::function_tree::FunctionTree;
use flarepath_profile::profile::Profile;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

/// The symbols of a service.
pub(crate) struct ServiceSymbols {
    /// The service's row.
    pub(crate) service: i64,
    table: RwLock<Symbols>,
    committed: Mutex<Mark>,
    functions: Mutex<FunctionTree>,
}

impl ServiceSymbols {
    /// A table as the database has it.
    pub(crate) fn new(service: i64, table: Symbols) -> Self {
        let committed = Mutex::new(table.mark());
        ServiceSymbols { service, table: RwLock::new(table), committed, functions: Mutex::default() }
    }

    /// The table, to read.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Symbols> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ids of all that the samples of `profile` refer to; what is new is added.
    pub(crate) fn resolve(&self, profile: &Profile) -> Resolution {
        let mut resolution = Resolution::new(profile);
        if !resolution.find(profile, &self.read()) {
            resolution.add(profile, &mut self.table.write().unwrap_or_else(PoisonError::into_inner));
        }
        resolution
    }

    /// The mark up to which the table is committed.
    pub(crate) fn committed(&self) -> Mark {
        *lock(&self.committed)
    }

    /// Records that everything before `mark` is committed.
    pub(crate) fn set_committed(&self, mark: Mark) {
        *lock(&self.committed) = mark;
    }

    /// The function-level view of the table, brought up to date.
    pub(crate) fn functions(&self) -> MutexGuard<'_, FunctionTree> {
        // Always in this order: who holds the view may still read the table, and a reader that waited for the view
        // would keep a writer waiting, who keeps all other readers waiting.
        let mut functions = lock(&self.functions);
        functions.extend(&self.read());
        functions
    }

    fn bytes(&self) -> usize {
        let functions = lock(&self.functions).bytes();
        functions + self.read().bytes()
    }

    fn all_committed(&self) -> bool {
        self.committed() == self.read().mark()
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

    fn shrink(&self, tables: &mut Tables) {
        let mut bytes: usize = tables.by_service.values().map(|(symbols, _)| symbols.bytes()).sum();
        if bytes <= self.limit {
            return;
        }
        let mut oldest: Vec<(u64, i64)> =
            tables.by_service.iter().map(|(id, (_, used))| (*used, *id)).collect();
        oldest.sort_unstable();
        for (_, id) in oldest {
            let Some((symbols, _)) = tables.by_service.get(&id) else { continue };
            // The cache's own reference is the only one: nobody can be adding to it now.
            if bytes > self.limit && Arc::strong_count(symbols) == 1 && symbols.all_committed() {
                bytes -= symbols.bytes();
                tables.by_service.remove(&id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn keeps_uncommitted_tables() {
        let cache = SymbolCache::new(0);
        let symbols = cache.put(table(1));
        symbols.set_committed(Mark::START);
        drop(symbols);
        drop(cache.put(table(2)));
        assert!(cache.get(1).is_some());
    }
}
