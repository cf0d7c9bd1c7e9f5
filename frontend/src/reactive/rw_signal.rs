//! Writable signals.

use super::held::{Held, hold, seen};
use super::signal::Signal;
use leptos::prelude::{Get, GetUntracked, Set};
use leptos::reactive::signal;
use std::marker::PhantomData;

/// A value that can be read, followed and set. Copied freely; lives as long as the component that made it.
pub(crate) struct RwSignal<T> {
    inner: signal::RwSignal<Held>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

fn source(first: Held) -> signal::RwSignal<Held> {
    signal::RwSignal::new(first)
}

#[inline(never)]
fn tracked(source: signal::RwSignal<Held>) -> Held {
    source.get()
}

#[inline(never)]
fn untracked(source: signal::RwSignal<Held>) -> Held {
    source.get_untracked()
}

#[inline(never)]
fn try_untracked(source: signal::RwSignal<Held>) -> Option<Held> {
    source.try_get_untracked()
}

/// Nothing happens when the signal is gone with its component.
#[inline(never)]
fn put(source: signal::RwSignal<Held>, value: Held) {
    drop(source.try_set(value));
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A source with its first value.
    pub(crate) fn new(first: T) -> Self {
        RwSignal { inner: source(hold(first)), of: PhantomData }
    }

    /// The same value for those who only read.
    pub(crate) fn read(self) -> Signal<T> {
        Signal::over(self.inner.into())
    }

    /// Shows the value and follows it.
    pub(crate) fn with<R>(self, f: impl FnOnce(&T) -> R) -> R {
        f(seen(&tracked(self.inner)))
    }

    /// Shows the value.
    pub(crate) fn with_untracked<R>(self, f: impl FnOnce(&T) -> R) -> R {
        f(seen(&untracked(self.inner)))
    }

    /// Follows the value without looking at it.
    pub(crate) fn track(self) {
        drop(tracked(self.inner));
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
        try_untracked(self.inner).as_ref().map(seen::<T>).cloned()
    }

    /// Sets the value and tells who follows it, also when it is the same as before. Nothing happens when the signal is
    /// gone with its component.
    pub(crate) fn set(self, value: T) {
        put(self.inner, hold(value));
    }

    /// Changes the value and tells who follows it. Nothing happens when the signal is gone with its component.
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
