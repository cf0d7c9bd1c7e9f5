//! Signals and memos.

use super::any_value::{AnyValue, differ, downcast, erase};
use leptos::prelude::{Get, GetUntracked, Set};
use leptos::reactive::{computed, signal, wrappers::read};
use std::marker::PhantomData;

/// A value that can be read and followed; `S` is the signal of leptos that holds it. Copied freely; lives as long as
/// the component that made it.
pub(crate) struct Handle<S, T> {
    inner: S,
    of: PhantomData<fn() -> T>,
}

/// A signal that is only read: a computed value, or the reading side of an [`RwSignal`].
pub(crate) type Signal<T> = Handle<read::Signal<AnyValue>, T>;

/// A signal that is computed once for each change of what it depends on, and tells of a change only when its value
/// differs.
pub(crate) type Memo<T> = Signal<T>;

/// A signal that is read and set.
pub(crate) type RwSignal<T> = Handle<signal::RwSignal<AnyValue>, T>;

impl<S: Copy, T> Clone for Handle<S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Copy, T> Copy for Handle<S, T> {}

// Not inlined, nor compiled for each `T`: smaller code.
#[inline(never)]
fn tracked(signal: impl Get<Value = AnyValue>) -> AnyValue {
    signal.get()
}

#[inline(never)]
fn untracked(signal: impl GetUntracked<Value = AnyValue>) -> AnyValue {
    signal.get_untracked()
}

#[inline(never)]
fn try_untracked(signal: impl GetUntracked<Value = AnyValue>) -> Option<AnyValue> {
    signal.try_get_untracked()
}

impl<S, T> Handle<S, T>
where
    S: Get<Value = AnyValue> + GetUntracked<Value = AnyValue> + Copy,
    T: Send + Sync + 'static,
{
    fn over(inner: S) -> Self {
        Handle { inner, of: PhantomData }
    }

    /// Passes the value to `f` and follows it.
    pub(crate) fn with<R>(self, f: impl FnOnce(&T) -> R) -> R {
        f(downcast(&tracked(self.inner)))
    }

    /// Passes the value to `f`.
    pub(crate) fn with_untracked<R>(self, f: impl FnOnce(&T) -> R) -> R {
        f(downcast(&untracked(self.inner)))
    }

    /// The value; follows it.
    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value.
    pub(crate) fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// The value; `None` when the signal is gone with its component.
    pub(crate) fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        try_untracked(self.inner).as_ref().map(downcast::<T>).cloned()
    }
}

type Compute = Box<dyn Fn() -> AnyValue + Send + Sync>;

fn memo(
    compute: Compute,
    differ: fn(Option<&AnyValue>, Option<&AnyValue>) -> bool,
) -> read::Signal<AnyValue> {
    computed::Memo::new_with_compare(move |_| compute(), differ).into()
}

fn derived(compute: Compute) -> read::Signal<AnyValue> {
    read::Signal::derive(compute)
}

impl<T: Send + Sync + 'static> Signal<T> {
    /// A memo: `compute` runs when it is first read, and again only after a change of what it read.
    pub(crate) fn new(compute: impl Fn() -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        Self::over(memo(Box::new(move || erase(compute())), differ::<T>))
    }

    /// Computed at each reading: for what is cheap.
    pub(crate) fn derive(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::over(derived(Box::new(move || erase(compute()))))
    }
}

impl<T: Send + Sync + 'static> From<RwSignal<T>> for Signal<T> {
    fn from(source: RwSignal<T>) -> Self {
        source.read()
    }
}

impl From<&'static str> for Signal<String> {
    fn from(text: &'static str) -> Self {
        Signal::derive(move || text.to_owned())
    }
}

fn source(first: AnyValue) -> signal::RwSignal<AnyValue> {
    signal::RwSignal::new(first)
}

/// Nothing happens when the signal is gone with its component.
#[inline(never)]
fn put(source: signal::RwSignal<AnyValue>, value: AnyValue) {
    drop(source.try_set(value));
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal with its first value.
    pub(crate) fn new(first: T) -> Self {
        Self::over(source(erase(first)))
    }

    /// The same value, to be read only.
    pub(crate) fn read(self) -> Signal<T> {
        Signal::over(self.inner.into())
    }

    /// Follows the value without reading it.
    pub(crate) fn track(self) {
        drop(tracked(self.inner));
    }

    /// Sets the value and notifies all that follow it, even when it is the same as before. Nothing happens when the
    /// signal is gone with its component.
    pub(crate) fn set(self, value: T) {
        put(self.inner, erase(value));
    }

    /// Changes the value and notifies all that follow it. Nothing happens when the signal is gone with its component.
    pub(crate) fn update(self, change: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        if let Some(mut value) = self.try_get_untracked() {
            change(&mut value);
            self.set(value);
        }
    }
}
