//! Service accounts: non-human principals with tokens of their own. The address says whose tokens are listed.

use super::access_text;
use crate::api::{Fetch, Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::browser::history::Address;
use crate::components::confirm::{Confirm, Question};
use crate::components::data_table::{data_table, row_action};
use crate::components::field::Field;
use crate::components::listing::listing;
use crate::components::modal::{Modal, closing};
use crate::components::notice::failure;
use crate::components::section::Section;
use crate::components::submit::SubmitForm;
use crate::components::timestamp::Timestamp;
use crate::pages::tokens::Tokens;
use crate::reactive::{Callback, Memo, RwSignal, shown};
use crate::state::people::{Binding, ServiceAccount, TokenOwner};
use crate::state::url_text::{parse_pairs, write_pairs};
use leptos::prelude::*;

#[component]
pub(crate) fn ServiceAccounts(address: Address) -> impl IntoView {
    let accounts = Fetch::<Vec<ServiceAccount>>::new();
    let bindings = Fetch::<Vec<Binding>>::new();
    let reload = Callback::new(move |()| {
        accounts.start(|_| access::service_accounts());
        bindings.start(|_| access::bindings());
    });
    reload.run(());
    let question = RwSignal::new(None::<Question>);
    let open = RwSignal::new(false);
    let rows = move |all: Vec<ServiceAccount>| {
        let rows = all.into_iter().map(move |account| row(account, bindings, question));
        data_table("Service accounts", &["Name", "Access", "Created"], rows)
    };
    let chosen = Memo::new(move || {
        let id = address.query.with(|q| parse_pairs(q).into_iter().find(|(key, _)| key == "account"))?.1;
        accounts.data.with(|all| all.iter().flatten().find(|account| account.id == id).cloned())
    });
    let tokens = move || {
        chosen.get().map(|account| {
            view! {
                <Tokens owner=TokenOwner::ServiceAccount(account.id) id="account-tokens" title=format!("Tokens of {}", account.name)
                    about="A token never has more permissions than its service account, whose roles are granted under Access." />
            }
        })
    };
    let create = Callback::new(move |()| open.set(true));
    view! {
        <Section id="accounts-title" title="Service accounts" action="New service account…" on_action=create main=true>
            <p class="muted about">"For programs: profilers that push, pipelines that query. They don't depend on a person's account."</p>
            // What keeps both from loading is said once.
            {shown(move || accounts.error.with(Option::is_none), move || failure("The list of roles", bindings.error, reload))}
            {listing("The list of service accounts", accounts, reload, "There are no service accounts yet.", rows)}
            <NewAccount open on_done=reload />
            <Confirm id="confirm-account" question on_done=reload />
        </Section>
        {move || tokens()}
    }
}

fn row(
    account: ServiceAccount,
    bindings: Fetch<Vec<Binding>>,
    question: RwSignal<Option<Question>>,
) -> AnyView {
    let ServiceAccount { id, name, disabled, created_ms, .. } = account;
    let means = access_text(bindings, "service_account", id.clone(), "none: grant a role under Access");
    let href = format!("/admin/service-accounts?{}", write_pairs([("account", id.as_str())]));
    let tokens_label = format!("Tokens of {name}");
    let (verb, text, button) = match disabled {
        true => ("Enable", "Unexpired tokens work again.", "Enable…"),
        false => ("Disable", "All its tokens are rejected until it is enabled again.", "Disable…"),
    };
    let title = format!("{verb} {name}?");
    let switch = row_action(button, format!("{verb} {name}"), move || {
        let id = id.clone();
        let act = move || access::set_account_disabled(&id, !disabled);
        question.set(Some(Question::new(title.clone(), text, verb, act)));
    });
    let tag = disabled.then(|| view! { " "<span class="tag">"disabled"</span> });
    view! {
        <tr class:over=disabled>
            <th scope="row">{name}{tag}</th>
            <td data-label="Access">{means}</td>
            <td data-label="Created"><Timestamp ms=created_ms /></td>
            <td class="row-actions"><a class="button" href=href aria-label=tokens_label>"Tokens"</a>{switch}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn NewAccount(open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let create = Callback::new(move |sent: SubmitEvent| {
        let name = form::text(&sent, "account-name");
        sending.send(access::create_service_account(name.trim()), closing(open, on_done));
    });
    let body = move || {
        view! {
            <SubmitForm sending submit="Create" on_submit=create>
                <Field id="account-name" label="Name" placeholder="checkout-agents" />
            </SubmitForm>
        }
    };
    view! { <Modal id="new-account" title="New service account" open>{body}</Modal> }
}
