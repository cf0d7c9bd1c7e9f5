//! The menu of an instant on a timeline.

use super::{Paths, paths};
use crate::browser::history::Address;
use crate::browser::{clock, page};
use crate::components::context_menu::{ContextMenu, MenuItem, OpenMenu};
use crate::context::session::Session;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, RwSignal, effect};
use crate::state::markers::WRITE_PERMISSION;
use crate::state::time_text::MS;
use crate::state::view::HistoryMode;
use crate::views::timeline::markers::Markers;
use leptos::prelude::*;

/// The instant in nanoseconds, a point of the window in CSS pixels, the id of the timeline.
pub(super) type InstantRequest = (i64, (f64, f64), String);

#[component]
pub(super) fn InstantMenu(markers: Markers, asked: RwSignal<Option<InstantRequest>>) -> impl IntoView {
    let menu = RwSignal::new(None::<OpenMenu>);
    let (utc, address) = (expect_context::<Utc>().0, expect_context::<Address>());
    // Whether the person may add markers; `None` while the session is loaded.
    let session = use_context::<Session>().map(|session| session.0);
    let may_add = Memo::new(move || {
        let Some(session) = session else { return Some(false) };
        let known = session.data.with(|me| me.as_ref().map(|me| me.may(WRITE_PERMISSION)));
        known.or(session.error.with(Option::is_some).then_some(false))
    });
    let component = Owner::current();
    // Of the callbacks of the open menu: those that this effect owns end when it runs again, which is at once.
    let mut entries = None;
    effect(move || {
        let Some(((at_ns, (x, y), plot), may_add)) = asked.get().zip(may_add.get()) else { return };
        asked.set(None);
        let owner = component.as_ref().map(Owner::child).unwrap_or_default();
        owner.with(|| {
            let at = clock::zone(utc.get_untracked()).civil(at_ns.div_euclid(MS));
            let title = format!("{} {}", at.date(), at.time());
            let items = items(markers, at_ns, address, may_add);
            let closed = Callback::new(move |()| page::focus(&plot));
            menu.set((!items.is_empty()).then_some(OpenMenu { x, y, title, items, closed }));
        });
        entries.replace(owner);
    });
    view! { <ContextMenu menu /> }
}

fn items(markers: Markers, at_ns: i64, address: Address, may_add: bool) -> Vec<MenuItem> {
    let item = |label: &str, run: Callback<()>| MenuItem { label: label.to_owned(), key: "", run };
    let mut items = Vec::new();
    if let Some(Paths { compare, incident }) = paths(markers, at_ns, "") {
        let go = |to: String| Callback::new(move |()| address.go(&to, HistoryMode::Push));
        items.push(item("Compare before and after", go(compare)));
        items.push(item("What changed here?", go(incident)));
    }
    if may_add {
        items.push(item("Add a marker here…", Callback::new(move |()| markers.adding.set(Some(at_ns)))));
    }
    items
}
