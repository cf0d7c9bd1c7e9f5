//! A value of any type behind one pointer.

use std::any::Any;
use std::sync::Arc;

/// A value whose type only its handle knows.
pub(super) type Held = Arc<dyn Any + Send + Sync>;

/// Puts a value behind a pointer.
pub(super) fn hold<T: Send + Sync + 'static>(value: T) -> Held {
    Arc::new(value)
}

/// The value behind the pointer. A handle reads what it wrote, so that the type always fits.
#[inline(never)]
pub(super) fn seen<T: 'static>(held: &Held) -> &T {
    held.downcast_ref().expect("a handle holds values of its own type only")
}

/// Whether two values are worth telling apart.
pub(super) fn differ<T: PartialEq + 'static>(before: Option<&Held>, now: Option<&Held>) -> bool {
    before.map(seen::<T>) != now.map(seen::<T>)
}
