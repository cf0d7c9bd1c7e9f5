//! Callbacks: functions that one component passes to another.

use super::any_value::{AnyValue, downcast, erase};
use leptos::prelude::{GetValue as _, StoredValue};
use std::fmt;
use std::marker::PhantomData;

/// A function of one value. Copied freely; lives as long as the component that made it.
pub(crate) struct Callback<T> {
    inner: StoredValue<AnyValue>,
    of: PhantomData<fn(T)>,
}

type Call<T> = Box<dyn Fn(T) + Send + Sync>;

impl<T> Clone for Callback<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Callback<T> {}

impl<T> fmt::Debug for Callback<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}

#[inline(never)]
fn store(call: AnyValue) -> StoredValue<AnyValue> {
    StoredValue::new(call)
}

#[inline(never)]
fn stored(call: StoredValue<AnyValue>) -> Option<AnyValue> {
    call.try_get_value()
}

impl<T: 'static> Callback<T> {
    /// A callback that calls `run`.
    pub(crate) fn new(run: impl Fn(T) + Send + Sync + 'static) -> Self {
        let call: Call<T> = Box::new(run);
        Callback { inner: store(erase(call)), of: PhantomData }
    }

    /// Calls the function; nothing happens when it is gone with its component.
    pub(crate) fn run(self, value: T) {
        if let Some(held) = stored(self.inner) {
            downcast::<Call<T>>(&held)(value);
        }
    }
}
