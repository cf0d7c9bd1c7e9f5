//! Compiled bounds: equal lists of selectors are compiled once, and again only after a change of them.

use super::{BadSelector, CompiledSelector};
use flarepath_profile::selector::Selector;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// Lists kept. Callers of one team have equal bounds, so this is about the number of teams.
const CAPACITY: usize = 256;
/// Calls of [`forget_idle`] after which a list that nobody asked for is dropped: it may take megabytes.
const IDLE: u32 = 10;

static KNOWN: LazyLock<Known> = LazyLock::new(Known::default);

/// The selectors, compiled. The list itself is the key, so that a change of grants makes a new one.
///
/// # Errors
/// [`BadSelector`] of the first that does not compile.
pub(crate) fn compiled(selectors: &[Selector]) -> Result<Arc<[CompiledSelector]>, BadSelector> {
    KNOWN.compiled(selectors)
}

/// Drops lists that nobody has asked for since this was called [`IDLE`] times.
pub(crate) fn forget_idle() {
    KNOWN.forget_idle();
}

#[derive(Default)]
struct Known(Mutex<HashMap<Vec<Selector>, Entry>>);

struct Entry {
    compiled: Arc<[CompiledSelector]>,
    /// Calls of [`forget_idle`] since it was asked for.
    idle: u32,
}

impl Known {
    fn compiled(&self, selectors: &[Selector]) -> Result<Arc<[CompiledSelector]>, BadSelector> {
        if let Some(entry) = self.lists().get_mut(selectors) {
            entry.idle = 0;
            return Ok(entry.compiled.clone());
        }
        // Not under the lock, which others wait for.
        let compiled: Arc<[CompiledSelector]> =
            selectors.iter().map(CompiledSelector::new).collect::<Result<_, _>>()?;
        let mut lists = self.lists();
        if lists.len() >= CAPACITY {
            lists.clear();
        }
        lists.insert(selectors.to_vec(), Entry { compiled: compiled.clone(), idle: 0 });
        Ok(compiled)
    }

    fn forget_idle(&self) {
        self.lists().retain(|_, entry| {
            entry.idle += 1;
            entry.idle < IDLE
        });
    }

    fn lists(&self) -> MutexGuard<'_, HashMap<Vec<Selector>, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(text: &str) -> Vec<Selector> {
        vec![text.parse().unwrap()]
    }

    #[test]
    fn equal_bounds_are_compiled_once() {
        let known = Known::default();
        let first = known.compiled(&bounds(r#"{team=~"a.*"}"#)).unwrap();
        let again = known.compiled(&bounds(r#"{team=~"a.*"}"#)).unwrap();
        let changed = known.compiled(&bounds(r#"{team=~"a"}"#)).unwrap();
        assert!(Arc::ptr_eq(&first, &again) && !Arc::ptr_eq(&first, &changed));
        assert!(known.compiled(&bounds(r#"{team=~"("}"#)).is_err());
    }

    #[test]
    fn bounds_that_nobody_asks_for_are_dropped() {
        let (known, bounds) = (Known::default(), bounds(r#"{team=~"a.*"}"#));
        known.compiled(&bounds).unwrap();
        (1..IDLE).for_each(|_| known.forget_idle());
        known.compiled(&bounds).unwrap();
        (1..IDLE).for_each(|_| known.forget_idle());
        assert_eq!(known.lists().len(), 1, "asked for in between");
        known.forget_idle();
        assert_eq!(known.lists().len(), 0);
    }
}
