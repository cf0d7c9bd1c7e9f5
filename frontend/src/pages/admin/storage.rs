//! Disk usage of stored profiles, and a forecast of when the disk will be full.

use crate::api::{Fetch, storage};
use crate::components::notice::failure;
use crate::components::section::Section;
use crate::components::timestamp::Timestamp;
use crate::reactive::{Callback, list};
use crate::state::storage::{Storage as Usage, size};
use leptos::prelude::*;

#[component]
pub(crate) fn Storage() -> impl IntoView {
    let found = Fetch::<Option<Usage>>::new();
    let load = Callback::new(move |()| found.start(|_| storage::storage()));
    load.run(());
    let body = move || match found.data.get() {
        None if found.error.with(Option::is_some) => ().into_any(),
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
        Some(None) => {
            view! { <p class="muted">"The profiles are not on a disk of this server."</p> }.into_any()
        }
        Some(Some(usage)) => facts(usage),
    };
    view! {
        <Section id="storage-title" title="Storage" action="Refresh" on_action=load>
            <p class="muted about">"Single profiles and blocks. Shares are kept elsewhere: they are neither counted nor dropped."</p>
            {failure("The disk usage", found.error, load)}
            {move || body()}
        </Section>
    }
}

fn facts(usage: Usage) -> AnyView {
    let growth = usage.growth();
    let parts = format!(
        "{} of data, {} of free pages, {} of log",
        size(usage.used),
        size(usage.free_pages),
        size(usage.log)
    );
    let rows = [
        ("On disk", size(usage.total()), parts),
        ("Free on the disk", size(usage.disk_free), String::new()),
        ("Limit", usage.max_size.map_or_else(|| "none".to_owned(), size), "retention.max_size".to_owned()),
        ("Forecast", usage.forecast, growth),
    ];
    let row = |(name, value, more): (&'static str, String, String)| {
        let more = (!more.is_empty()).then(|| view! { " "<span class="muted">"("{more}")"</span> });
        view! { <div><dt>{name}</dt><dd>{value}{more}</dd></div> }.into_any()
    };
    let oldest =
        usage.oldest_ms.map(|ms| view! { <div><dt>"Oldest data"</dt><dd><Timestamp ms /></dd></div> });
    view! { <dl class="facts">{list(rows.map(row))}{oldest}</dl> }.into_any()
}
