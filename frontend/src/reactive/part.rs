//! Conditional views, lists and event handlers.

use super::signal::Signal;
use leptos::prelude::{AnyView, Effect, GetValue as _, IntoAny, Owner, StoredValue};
use leptos::tachys::reactive_graph::OwnedView;

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

/// A part of its own. What it puts into the context ends with it; without this, what is built next in its place would find that.
pub(crate) fn scope(part: impl FnOnce() -> AnyView) -> AnyView {
    let owner = Owner::new();
    let view = owner.with(part);
    OwnedView::new_with_owner(view, owner).into_any()
}

/// Views in a row.
pub(crate) fn list(views: impl IntoIterator<Item = AnyView>) -> AnyView {
    views.into_iter().collect::<Vec<_>>().into_any()
}

/// An event handler. It ends with the component that made it: an element that is removed still sends `blur` and `pointerleave`, when
/// the signals of its component are gone already.
pub(crate) fn handler<E: 'static>(run: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    while_component_lives(Box::new(run))
}

fn while_component_lives<E: 'static>(mut run: Box<dyn FnMut(E)>) -> Box<dyn FnMut(E)> {
    let component = alive();
    Box::new(move |event| {
        if is_alive(component) {
            run(event);
        }
    })
}

/// A value of the component that is built now; it is gone with it.
#[inline(never)]
fn alive() -> StoredValue<()> {
    StoredValue::new(())
}

#[inline(never)]
fn is_alive(component: StoredValue<()>) -> bool {
    component.try_get_value().is_some()
}
