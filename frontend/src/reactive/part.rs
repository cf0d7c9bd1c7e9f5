//! Conditional views, lists and event handlers.

use super::signal::Signal;
use leptos::prelude::{AnyView, Effect, IntoAny};

/// Runs `run` once the page is built, and again after each change of a signal that it read, until its component is gone.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    start(Box::new(run));
}

fn start(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}

/// The view that `part` builds, while `when` is true; rebuilt only when `when` changes.
pub(crate) fn shown(
    when: impl Fn() -> bool + Send + Sync + 'static,
    part: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    shown_while(Signal::new(when), Box::new(part))
}

fn shown_while(when: Signal<bool>, part: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || when.get().then(&part)).into_any()
}

/// Views in a row.
pub(crate) fn list(views: impl IntoIterator<Item = AnyView>) -> AnyView {
    views.into_iter().collect::<Vec<_>>().into_any()
}

/// An event handler.
pub(crate) fn handler<E>(run: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(run)
}
