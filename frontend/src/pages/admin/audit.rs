//! The audit log, filtered and paged by the address.

use super::audit_entry::entry;
use crate::api::Fetch;
use crate::api::audit::{self, AuditPage};
use crate::browser::event::SubmitEvent;
use crate::browser::history::Address;
use crate::browser::{clock, form};
use crate::components::field::{Choose, Field};
use crate::components::notice::failure;
use crate::components::time_field::TimeField;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, RwSignal, Signal, effect, handler, list};
use crate::state::audit::{AuditTime, AuditView};
use crate::state::audit_words::options;
use crate::state::view::HistoryMode;
use leptos::prelude::*;

const FROM_ID: &str = "audit-from";
const UNTIL_ID: &str = "audit-until";

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
    let problem = RwSignal::new(String::new());
    let shown = now.clone();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let text = |name| form::text(&sent, name).trim().to_owned();
        let zone = clock::zone(utc.get_untracked());
        match shown.with_times([&text(FROM_ID), &text(UNTIL_ID)], zone, clock::now_ms()) {
            Err(text) => problem.set(text),
            Ok(times) => {
                let (actor, action) = (text("audit-actor"), text("audit-action"));
                let view = AuditView { actor, action, object: text("audit-object"), ..times };
                problem.set(String::new());
                address.go(&view.path(), HistoryMode::Push);
            }
        }
    };
    let time_field = move |id: &'static str, name: &'static str, time: &AuditTime| {
        let (time, same) = (time.clone(), time.clone());
        let label = Signal::derive(move || {
            let zone = clock::zone(utc.get());
            format!("{name} ({})", zone.name(same.ms().unwrap_or_else(clock::now_ms)))
        });
        let value = Signal::derive(move || time.field_text(clock::zone(utc.get())));
        view! { <TimeField id label value /> }.into_any()
    };
    let times = [time_field(FROM_ID, "From", &now.from), time_field(UNTIL_ID, "Until", &now.until)];
    let filtered = now != AuditView::default();
    view! {
        <form class="filters" role="search" aria-label="Filter audit log" on:submit=handler(send)>
            <Field id="audit-actor" label="Actor" value=now.actor optional=true />
            <Choose id="audit-action" label="Action" choices=options(&now.action) value=now.action />
            <Field id="audit-object" label="Object" value=now.object optional=true />
            {list(times)}
            <button class="button primary" type="submit">"Apply"</button>
            {filtered.then(|| view! { <a class="button" href="/admin/audit">"Clear"</a> })}
            <span class="field-error" role="status">{move || problem.get()}</span>
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
            <thead><tr><th scope="col">"Time"</th><th scope="col">"Event"</th><th scope="col">"Address"</th></tr></thead>
            <tbody>{list(entries.into_iter().map(entry))}</tbody>
        </table>
        <nav class="form-actions" aria-label="Audit log pages">{newest}{older}</nav>
    }
}
