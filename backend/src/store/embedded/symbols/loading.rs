//! One load of a symbol table at a time for each service, so that a slow load can never bring back an older state, and none
//! holds up another service.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Locks of services whose table is being loaded.
#[derive(Default)]
pub(crate) struct Loading(Mutex<HashMap<i64, Weak<tokio::sync::Mutex<()>>>>);

impl Loading {
    /// The lock of a service.
    pub(crate) fn of(&self, service: i64) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&service).and_then(Weak::upgrade) {
            return lock;
        }
        // Those that nobody waits for any more; as many remain as loads are under way.
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        locks.insert(service, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_one_lock_while_it_is_held() {
        let loading = Loading::default();
        let (first, other) = (loading.of(1), loading.of(2));
        assert!(Arc::ptr_eq(&first, &loading.of(1)) && !Arc::ptr_eq(&first, &other));
        drop((first, other));
        let _third = loading.of(3);
        assert_eq!(loading.0.lock().unwrap().len(), 1);
    }
}
