//! The audit log, filtered and paged by the address.

use super::audit_entry::entry;
use crate::api::Fetch;
use crate::api::audit::{self, AuditPage};
use crate::browser::clock::zone_min;
use crate::browser::event::SubmitEvent;
use crate::browser::history::Address;
use crate::browser::{clock, form};
use crate::components::field::Field;
use crate::components::notice::failure;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, effect, handler, list};
use crate::state::audit::AuditView;
use crate::state::clock_text::{Civil, civil, instant, offset_name};
use crate::state::view::HistoryMode;
use leptos::prelude::*;

#[component]
pub(crate) fn Audit(address: Address) -> impl IntoView {
    let view = Memo::new(move || address.query.with(|query| AuditView::parse(query)));
    let found = Fetch::<AuditPage>::new();
    let load = Callback::new(move |()| found.start(|_| audit::entries(view.get_untracked())));
    effect(move || {
        view.with(|_| ());
        load.run(());
    });
    let body = move || match found.data.get() {
        None if found.error.with(Option::is_some) => ().into_any(),
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
        Some(page) if page.entries.is_empty() => {
            view! { <p class="muted">"No matching audit entries"</p> }.into_any()
        }
        Some(page) => view! { <Entries page view /> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="audit-title" aria-busy=move || found.pending.get().to_string()>
            <div class="card-head">
                <h2 id="audit-title">"Audit log"</h2>
                <a class="button" download="audit.ndjson" href=move || audit::export_path(&view.get())>"Download (NDJSON)"</a>
            </div>
            {move || view! { <Filters now=view.get() address /> }}
            {failure("The audit log", found.error, load)}
            {move || body()}
        </section>
    }
}

/// The filters; built anew for each address.
#[component]
fn Filters(now: AuditView, address: Address) -> impl IntoView {
    let utc = expect_context::<Utc>().0;
    let zone = move || zone_min(utc.get(), clock::now_ms());
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let text = |name| form::text(&sent, name).trim().to_owned();
        let time = |name| {
            let at = Civil::parse(&text(name));
            at.map_or_else(String::new, |at| {
                instant(at, zone_min(utc.get_untracked(), instant(at, 0))).to_string()
            })
        };
        let view = AuditView {
            actor: text("audit-actor"),
            action: text("audit-action"),
            object: text("audit-object"),
            from: time("audit-from"),
            until: time("audit-until"),
            before: String::new(),
        };
        address.go(&view.path(), HistoryMode::Push);
    };
    let time_field = move |id: &'static str, label: &'static str, ms: String| {
        let value = move || {
            let at = ms.parse::<i64>().ok().map(|ms| civil(ms, zone_min(utc.get(), ms)));
            at.map(|at| at.input_value()).unwrap_or_default()
        };
        view! {
            <div class="field"><label for=id>{label}" ("{move || offset_name(zone())}")"</label>
                <input class="input" id=id name=id type="datetime-local" step="1" prop:value=value /></div>
        }
        .into_any()
    };
    let filtered = now != AuditView::default();
    view! {
        <form class="filters" role="search" aria-label="Filter audit log" on:submit=handler(send)>
            <Field id="audit-actor" label="Actor" value=now.actor optional=true />
            <Field id="audit-action" label="Action" value=now.action optional=true />
            <Field id="audit-object" label="Object" value=now.object optional=true />
            {time_field("audit-from", "From", now.from)}
            {time_field("audit-until", "Until", now.until)}
            <button class="button primary" type="submit">"Apply"</button>
            {filtered.then(|| view! { <a class="button" href="/admin/audit">"Clear"</a> })}
        </form>
    }
}

#[component]
fn Entries(page: AuditPage, view: Memo<AuditView>) -> impl IntoView {
    let AuditPage { entries, older } = page;
    let now = view.get_untracked();
    let newest = AuditView { before: String::new(), ..now.clone() };
    let newest =
        (!now.before.is_empty()).then(|| view! { <a class="button" href=newest.path()>"Newest"</a> });
    let older = older.map(|before| {
        let href = AuditView { before, ..now }.path();
        view! { <a class="button" href=href>"Older"</a> }
    });
    view! {
        <table class="rows audit">
            <caption class="visually-hidden">"Audit log, newest first"</caption>
            <thead><tr><th scope="col">"Time"</th><th scope="col">"Actor"</th><th scope="col">"Action"</th>
                <th scope="col">"Object"</th><th scope="col">"Source"</th></tr></thead>
            {list(entries.into_iter().map(entry))}
        </table>
        <nav class="form-actions" aria-label="Audit log pages">{newest}{older}</nav>
    }
}
