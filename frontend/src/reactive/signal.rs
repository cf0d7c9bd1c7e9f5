//! Readable signals: computed values and memos.

use super::held::{Held, differ, hold, seen};
use super::rw_signal::RwSignal;
use leptos::prelude::{Get, GetUntracked};
use leptos::reactive::{computed, wrappers::read};
use std::marker::PhantomData;

/// A value that can be read and followed. Copied freely; lives as long as the component that made it.
pub(crate) struct Signal<T> {
    inner: read::Signal<Held>,
    of: PhantomData<fn() -> T>,
}

/// A signal that is computed once for each change of what it depends on, and tells of a change only when its value
/// differs.
pub(crate) type Memo<T> = Signal<T>;

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

type Compute = Box<dyn Fn() -> Held + Send + Sync>;

fn memo(compute: Compute, differ: fn(Option<&Held>, Option<&Held>) -> bool) -> read::Signal<Held> {
    computed::Memo::new_with_compare(move |_| compute(), differ).into()
}

fn derived(compute: Compute) -> read::Signal<Held> {
    read::Signal::derive(compute)
}

#[inline(never)]
fn tracked(signal: read::Signal<Held>) -> Held {
    signal.get()
}

#[inline(never)]
fn untracked(signal: read::Signal<Held>) -> Held {
    signal.get_untracked()
}

impl<T: Send + Sync + 'static> Signal<T> {
    /// A memo: `compute` runs when it is first read, and again only after a change of what it read.
    pub(crate) fn new(compute: impl Fn() -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        Self::over(memo(Box::new(move || hold(compute())), differ::<T>))
    }

    /// Computed at each reading: for what is cheap.
    pub(crate) fn derive(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::over(derived(Box::new(move || hold(compute()))))
    }

    pub(super) fn over(inner: read::Signal<Held>) -> Self {
        Signal { inner, of: PhantomData }
    }

    /// Shows the value and follows it.
    pub(crate) fn with<R>(self, f: impl FnOnce(&T) -> R) -> R {
        f(seen(&tracked(self.inner)))
    }

    /// Shows the value.
    pub(crate) fn with_untracked<R>(self, f: impl FnOnce(&T) -> R) -> R {
        f(seen(&untracked(self.inner)))
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

    /// The value, unless the signal is gone with its component.
    pub(crate) fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        self.inner.try_get_untracked().as_ref().map(seen::<T>).cloned()
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
