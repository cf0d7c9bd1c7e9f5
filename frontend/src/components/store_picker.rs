//! The picker of the store that a page reads, where there is more than one: a menu of links to the same page in each of them. Links, because
//! a part that is lent to the first program cannot change that one's address.

use super::popover::Popover;
use crate::context::stores::Stores;
use crate::reactive::{Memo, RwSignal, Signal, effect, handler, list, shown};
use crate::state::query::STORE;
use crate::state::stores::{Store, StoreList, query_in};
use leptos::prelude::*;

/// A store to choose: name, small print, address, whether it is the one on screen.
type Choice = (String, String, String, bool);

/// The picker for the page with this query string; nothing where there is one store.
pub(crate) fn store_picker(query: Signal<String>) -> AnyView {
    let stores = Stores::of_page();
    stores.ask();
    let data = stores.list.data;
    let open = RwSignal::new(false);
    // Whether a store fails may have changed.
    effect(move || {
        if open.get() {
            stores.load();
        }
    });
    let several = move || data.with(|list| list.as_ref().is_some_and(|list| list.stores.len() > 1));
    let chosen = Memo::new(move || {
        query
            .with(|query| data.with(|list| list.as_ref().map(|list| list.name_at(query)).unwrap_or_default()))
    });
    // The same as before keeps its links, one of which may have the focus.
    let choices = Memo::new(move || {
        query.with(|query| data.with(|list| list.as_ref().map(|list| choices_in(list, query))))
    });
    let name = Signal::derive(move || format!("Store: {}", chosen.get()));
    let picker = move || {
        view! {
            <Popover name label=move || store_label(chosen) open command=STORE>
                <p class="menu-heading">"Store"</p>
                <ul class="list-menu">
                    {move || list(choices.get().into_iter().flatten().map(|choice| entry(choice, open)))}
                    <li><a class="list-item" href="/stores" on:click=handler(move |_| open.set(false))>"State of the stores"</a></li>
                </ul>
            </Popover>
        }
        .into_any()
    };
    shown(several, picker)
}

fn choices_in(list: &StoreList, query: &str) -> Vec<Choice> {
    let chosen = list.name_at(query);
    let choice = |store: &Store| {
        let to = query_in(query, (!store.is_default).then_some(store.name.as_str()));
        (store.name.clone(), store.detail(), to, store.name == chosen)
    };
    list.stores.iter().map(choice).collect()
}

fn store_label(chosen: Memo<String>) -> AnyView {
    view! { <span class="store-name">{move || chosen.get()}</span> }.into_any()
}

fn entry((name, detail, to, is_chosen): Choice, open: RwSignal<bool>) -> AnyView {
    let current = is_chosen.then_some("true");
    view! {
        <li><a class="list-item" href=to aria-current=current on:click=handler(move |_| open.set(false))>{name}<span>{detail}</span></a></li>
    }
    .into_any()
}
