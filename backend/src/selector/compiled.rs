//! Compiled bounds: equal lists of selectors are compiled once, and again only after a change of them.

use super::{BadSelector, CompiledSelector};
use flarepath_profile::selector::Selector;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Lists kept. Callers of one team have equal bounds, so this is about the number of teams.
const CAPACITY: usize = 256;

type Known = HashMap<Vec<Selector>, Arc<[CompiledSelector]>>;

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// The selectors, compiled. The list itself is the key, so that a change of grants makes a new one.
///
/// # Errors
/// [`BadSelector`] of the first that does not compile.
pub(crate) fn compiled(selectors: &[Selector]) -> Result<Arc<[CompiledSelector]>, BadSelector> {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(compiled) = known().get(selectors) {
        return Ok(compiled.clone());
    }
    // Not under the lock, which requests take on async threads.
    let compiled: Arc<[CompiledSelector]> =
        selectors.iter().map(CompiledSelector::new).collect::<Result<_, _>>()?;
    let mut known = known();
    if known.len() >= CAPACITY {
        known.clear();
    }
    known.insert(selectors.to_vec(), compiled.clone());
    Ok(compiled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bounds_are_compiled_once() {
        let bounds = |text: &str| vec![text.parse::<Selector>().unwrap()];
        let first = compiled(&bounds(r#"{team=~"compiled-once.*"}"#)).unwrap();
        let again = compiled(&bounds(r#"{team=~"compiled-once.*"}"#)).unwrap();
        let changed = compiled(&bounds(r#"{team=~"compiled-once"}"#)).unwrap();
        assert!(Arc::ptr_eq(&first, &again) && !Arc::ptr_eq(&first, &changed));
        assert!(compiled(&bounds(r#"{team=~"("}"#)).is_err());
    }
}
