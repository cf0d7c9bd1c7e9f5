//! Values of all types as one type.

use std::any::Any;
use std::sync::Arc;

/// A value behind a pointer. Its type is known by the handle that holds it.
pub(super) type AnyValue = Arc<dyn Any + Send + Sync>;

/// Puts a value behind a pointer.
pub(super) fn erase<T: Send + Sync + 'static>(value: T) -> AnyValue {
    Arc::new(value)
}

/// The value behind the pointer. A handle reads only what it wrote, so the type is always right.
#[inline(never)]
pub(super) fn downcast<T: 'static>(held: &AnyValue) -> &T {
    held.downcast_ref().expect("a handle holds values of its own type only")
}

/// Whether two values differ.
pub(super) fn differ<T: PartialEq + 'static>(before: Option<&AnyValue>, now: Option<&AnyValue>) -> bool {
    before.map(downcast::<T>) != now.map(downcast::<T>)
}
