//! Quotas: what is used of each limit, and which services were refused in the last hour.

use crate::api::Fetch;
use crate::api::quotas::{self, Usage};
use crate::components::data_table::facts_table;
use crate::components::notice::failure;
use crate::components::section::Section;
use crate::reactive::Callback;
use crate::state::quotas::{QuotaRefusal, QuotaUse, grouped};
use leptos::prelude::*;

#[component]
pub(crate) fn Quotas() -> impl IntoView {
    let usage = Fetch::<Usage>::new();
    let reload = Callback::new(move |()| usage.start(|_| quotas::usage()));
    reload.run(());
    let body = move |full: fn(Usage) -> AnyView| match usage.data.get() {
        None if usage.error.with(Option::is_some) => {
            view! { <p class="muted">"This appears here once it has been loaded."</p> }.into_any()
        }
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
        Some(usage) => full(usage),
    };
    view! {
        <Section id="quotas-title" title="Quotas" action="Refresh" on_action=reload>
            <p class="muted about">"How much senders of profiles may add. The limits are set in the section "<code>"[quotas]"</code>
                " of the configuration. For limits per service, the ten services with the highest use are listed."</p>
            {failure("The use of quotas", usage.error, reload)}
            {move || body(uses)}
        </Section>
        <Section id="refusals-title" title="Refused in the last hour">
            {move || body(refusals)}
        </Section>
    }
}

fn uses(usage: Usage) -> AnyView {
    if usage.uses.is_empty() {
        return view! { <p class="muted">"There are no limits."</p> }.into_any();
    }
    let row = |line: QuotaUse| {
        let (used, limit) = (line.used_text(), line.limit_text());
        let label = (!line.service.is_empty()).then_some("Service");
        view! {
            <tr>
                <th scope="row">{line.meaning}<span class="row-small">{line.key}</span></th>
                <td data-label=label>{line.service}</td>
                <td data-label="Used">{used}</td>
                <td data-label="Limit">{limit}</td>
            </tr>
        }
        .into_any()
    };
    facts_table("Quotas", &["Limit of", "Service", "Used", "Limit"], usage.uses.into_iter().map(row))
}

fn refusals(usage: Usage) -> AnyView {
    if usage.refusals.is_empty() {
        return view! { <p class="muted">"No profiles were refused in the last hour."</p> }.into_any();
    }
    let row = |line: QuotaRefusal| {
        let subject = line.subject();
        view! {
            <tr>
                <th scope="row">{subject}</th>
                <td data-label="Limit of">{line.meaning}<span class="row-small">{line.key}</span></td>
                <td data-label="Refused">{grouped(line.count)}</td>
            </tr>
        }
        .into_any()
    };
    facts_table("Refused profiles", &["Service", "Limit of", "Refused"], usage.refusals.into_iter().map(row))
}
