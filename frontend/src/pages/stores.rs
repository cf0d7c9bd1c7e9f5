//! The stores that profiles are read from: how the server's requests to each of them go, and what it does not offer.

use crate::browser::page;
use crate::components::data_table::facts_table;
use crate::components::notice::failure;
use crate::components::section::Section;
use crate::components::timestamp::Timestamp;
use crate::context::stores::Stores;
use crate::reactive::Callback;
use crate::state::quotas::grouped;
use crate::state::stores::{Store, StoreList};
use leptos::prelude::*;

const COLUMNS: [&str; 9] =
    ["Store", "State", "Version", "Requests", "Errors", "p50", "p95", "Last error", "Does not offer"];

#[component]
pub(crate) fn StoresPage() -> impl IntoView {
    page::set_title("Stores · Flarepath");
    let stores = Stores::of_page();
    let list = stores.list;
    let load = Callback::new(move |()| stores.load());
    load.run(());
    let body = move || match list.data.get() {
        None if list.error.with(Option::is_some) => ().into_any(),
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
        Some(found) if found.stores.is_empty() => {
            view! { <p class="muted">"There is no store that you may read."</p> }.into_any()
        }
        Some(found) => table(found),
    };
    view! {
        <div class="cards wide">
            <h1 class="visually-hidden">"Stores"</h1>
            <Section id="stores-title" title="Profile stores" action="Refresh" on_action=load>
                <p class="muted about">"Where profiles are read from. Requests, errors and durations are those of this server in the last five \
                    minutes. Stores are set in the sections "<code>"[stores.NAME]"</code>" of the configuration."</p>
                {failure("The list of stores", list.error, load)}
                {move || body()}
            </Section>
        </div>
    }
}

fn table(found: StoreList) -> AnyView {
    facts_table("Profile stores", &COLUMNS, found.stores.into_iter().map(row))
}

fn row(store: Store) -> AnyView {
    let (kind, uses) = (store.kind_text().to_owned(), store.uses());
    let uses = (!uses.is_empty()).then(|| view! { <span class="row-small">{uses}</span> });
    let state = store.state_text();
    let [p50, p95] = store.latency_texts();
    // The embedded one is part of this server: nothing is sent to it.
    let count = |number: u64| if store.kind == "embedded" { "–".to_owned() } else { grouped(number) };
    let (requests, errors) = (count(store.requests), count(store.errors));
    let failed = match store.last_error.clone() {
        Some((ms, text)) => view! { {text}<span class="row-small"><Timestamp ms /></span> }.into_any(),
        None => "–".into_any(),
    };
    let version = if store.version.is_empty() { "–".to_owned() } else { store.version.clone() };
    let missing = if store.missing.is_empty() { "–".to_owned() } else { store.missing.join(", ") };
    view! {
        <tr>
            <th scope="row" class="store-cell">{store.name.clone()}<span class="row-small">{kind}</span>{uses}</th>
            <td data-label="State" class:store-failing=store.is_failing()>{state}</td>
            <td data-label="Version">{version}</td>
            <td data-label="Requests">{requests}</td>
            <td data-label="Errors">{errors}</td>
            <td data-label="p50">{p50}</td>
            <td data-label="p95">{p95}</td>
            <td data-label="Last error">{failed}</td>
            <td data-label="Does not offer">{missing}</td>
        </tr>
    }
    .into_any()
}
