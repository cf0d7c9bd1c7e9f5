//! Service accounts: programs of a team, with tokens of their own. Which one's tokens are shown is in the address.

use crate::api::{Fetch, Sending, access};
use crate::browser::event::SubmitEvent;
use crate::browser::form;
use crate::browser::history::Address;
use crate::components::confirm::{Confirm, Question};
use crate::components::field::Field;
use crate::components::listing::listing;
use crate::components::modal::Modal;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::components::when::When;
use crate::pages::tokens::Tokens;
use crate::reactive::{Callback, Memo, RwSignal, handler, list};
use crate::state::access::meaning;
use crate::state::people::{Binding, ServiceAccount, TokenOwner};
use crate::state::url_text::{parse_pairs, write_pairs};
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn ServiceAccounts(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let accounts = Fetch::<Vec<ServiceAccount>>::new();
    let bindings = Fetch::<Vec<Binding>>::new();
    let again = Callback::new(move |()| {
        accounts.start(|_| access::service_accounts());
        bindings.start(|_| access::bindings());
    });
    again.run(());
    let question = RwSignal::new(None::<Question>);
    let open = RwSignal::new(false);
    let rows = move |all: Vec<ServiceAccount>| {
        view! {
            <table class="rows">
                <caption class="visually-hidden">"Service accounts"</caption>
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Access"</th><th scope="col">"Added"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{list(all.into_iter().map(move |account| row(account, bindings, question)))}</tbody>
            </table>
        }
        .into_any()
    };
    let chosen = Memo::new(move || {
        let id = address.query.with(|q| parse_pairs(q).into_iter().find(|(key, _)| key == "account"))?.1;
        accounts.data.with(|all| all.iter().flatten().find(|account| account.id == id).cloned())
    });
    let tokens = move || {
        match chosen.get() {
        None => ().into_any(),
        Some(account) => view! {
            <section class="paper" aria-labelledby="account-tokens">
                <p class="muted">"Service account " <strong>{account.name}</strong></p>
                <Tokens owner=TokenOwner::ServiceAccount(account.id) heading="Tokens" id="account-tokens"
                    about="What a token allows is never more than the account's own roles, which are given under Access." />
            </section>
        }
        .into_any(),
    }
    };
    view! {
        <section class="paper" aria-labelledby="accounts-title">
            <div class="paper-head">
                <h2 id="accounts-title">"Service accounts"</h2>
                <button class="button primary" type="button" on:click=handler(move |_| open.set(true))>"New service account…"</button>
            </div>
            <p class="muted">"For programs: profilers that send, pipelines that ask. They belong to nobody who could leave."</p>
            {listing("The list of service accounts", accounts, again, "There are no service accounts yet.", rows)}
            <NewAccount open on_done=again />
            <Confirm id="confirm-account" question on_done=again />
        </section>
        {move || tokens()}
    }
}

fn row(
    account: ServiceAccount,
    bindings: Fetch<Vec<Binding>>,
    question: RwSignal<Option<Question>>,
) -> AnyView {
    let id = account.id.clone();
    let means = move || {
        bindings.data.with(|all| {
            let Some(all) = all else { return String::new() };
            let own = all.iter().filter(|b| b.subject_kind == "service_account" && b.subject_id == id);
            let own: Vec<String> = own.map(meaning).collect();
            if own.is_empty() {
                "nothing yet: give it a role under Access".to_owned()
            } else {
                own.join("; ")
            }
        })
    };
    let (id, name) = (account.id.clone(), account.name.clone());
    let href = format!("/admin/service-accounts?{}", write_pairs([("account", id.as_str())]));
    let (disabled, tokens_label) = (account.disabled, format!("Tokens of {name}"));
    let verb = if disabled { "Enable" } else { "Disable" };
    let switch_label = format!("{verb} {name}");
    let switch = move |_| {
        let id = id.clone();
        let text = match disabled {
            true => "Its tokens work again, as far as their time is not over.",
            false => "All its tokens are refused until you enable it again.",
        };
        question.set(Some(Question::new(format!("{verb} {name}?"), text, verb, move || {
            access::set_account_disabled(&id, !disabled)
        })));
    };
    let actions = view! {
        <a class="button" href=href aria-label=tokens_label>"Tokens"</a>
        <button class="button" type="button" aria-label=switch_label on:click=handler(switch)>{verb}"…"</button>
    };
    let tag = disabled.then(|| view! { " "<span class="tag">"disabled"</span> });
    view! {
        <tr class:over=disabled>
            <th scope="row">{account.name}{tag}</th>
            <td data-label="Access">{means}</td>
            <td data-label="Added"><When ms=account.created_ms /></td>
            <td class="row-actions">{actions}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn NewAccount(open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let sending = Sending::default();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        let name = form::text(&sent, "account-name");
        sending.send(access::create_service_account(name.trim()), move |()| {
            open.set(false);
            on_done.run(());
        });
    };
    let body = move || {
        view! {
            <form class="form" on:submit=handler(send)>
                <Field id="account-name" label="Name" placeholder="checkout-agents" />
                <SendingNotice sending />
                <div class="form-actions"><SendButton sending text="Add" /></div>
            </form>
        }
    };
    view! { <Modal id="new-account" title="New service account" open>{body}</Modal> }
}
