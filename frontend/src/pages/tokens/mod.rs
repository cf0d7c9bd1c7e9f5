//! API tokens of a user or a service account: the list, creation, rotation and revocation.

pub(crate) mod create;
pub(crate) mod created;
pub(crate) mod rotate;

use crate::api::{Fetch, access};
use crate::components::confirm::{Confirm, Question};
use crate::components::data_table::{data_table, row_action};
use crate::components::listing::listing;
use crate::components::section::Section;
use crate::components::timestamp::Timestamp;
use crate::reactive::{Callback, RwSignal};
use crate::state::access::role_name;
use crate::state::people::{Token, TokenOwner, TokenState};
use create::NewToken;
use leptos::prelude::*;
use rotate::Rotate;

/// A token that was just created: its name, and the secret that is shown once.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NewSecret {
    pub(crate) name: String,
    /// The whole token.
    pub(crate) secret: String,
}

/// The section with the list.
#[component]
pub(crate) fn Tokens(
    owner: TokenOwner,
    #[prop(into)] title: String,
    /// Id of the heading.
    id: &'static str,
    /// What the tokens are for.
    about: &'static str,
) -> impl IntoView {
    let tokens = Fetch::<Vec<Token>>::new();
    let question = RwSignal::new(None::<Question>);
    let (creating, rotating) = (RwSignal::new(false), RwSignal::new(None::<Token>));
    let of = owner.clone();
    let reload = Callback::new(move |()| {
        let owner = of.clone();
        tokens.start(|_| access::tokens(owner));
    });
    reload.run(());
    let of = owner.clone();
    let rows = move |mut all: Vec<Token>| {
        // Usable tokens first, the newest on top.
        all.sort_by_key(|t| (t.state.is_over(), std::cmp::Reverse(t.created_ms)));
        let rows = all.into_iter().map(|token| row(token, &of, question, rotating));
        data_table("API tokens", &["Name", "Permissions", "Expires", "Last used"], rows)
    };
    let create = Callback::new(move |()| creating.set(true));
    view! {
        <Section id title action="New token…" on_action=create>
            <p class="muted">{about}</p>
            {listing("The list of tokens", tokens, reload, "There are no tokens yet.", rows)}
            <NewToken owner=owner.clone() open=creating on_done=reload />
            <Rotate owner token=rotating on_done=reload />
            <Confirm id="revoke-token" question on_done=reload />
        </Section>
    }
}

fn row(
    token: Token,
    owner: &TokenOwner,
    question: RwSignal<Option<Question>>,
    rotating: RwSignal<Option<Token>>,
) -> AnyView {
    let state = token.state;
    let tag = match state {
        TokenState::Works => None,
        TokenState::Replaced => Some("rotated"),
        TokenState::Expired => Some("expired"),
        TokenState::Revoked => Some("revoked"),
    };
    let tag = tag.map(|text| view! { " "<span class="tag">{text}</span> });
    let used = match token.used_ms {
        None => view! { <span class="muted">"never"</span> }.into_any(),
        Some(ms) => {
            let from = (!token.used_ip.is_empty()).then(|| format!(" from {}", token.used_ip));
            view! { <Timestamp ms /><span class="muted">{from}</span> }.into_any()
        }
    };
    let actions = (!state.is_over()).then(|| actions(&token, owner, question, rotating));
    let permissions = format!("{}, {}", role_name(&token.role), token.scope());
    view! {
        <tr class:over=state.is_over()>
            <th scope="row">{token.name}{tag}<code class="row-code">{token.hint}</code></th>
            <td data-label="Permissions">{permissions}</td>
            <td data-label="Expires"><Timestamp ms=token.ends_ms /></td>
            <td data-label="Last used">{used}</td>
            <td class="row-actions">{actions}</td>
        </tr>
    }
    .into_any()
}

fn actions(
    token: &Token,
    owner: &TokenOwner,
    question: RwSignal<Option<Question>>,
    rotating: RwSignal<Option<Token>>,
) -> AnyView {
    let (name, id, owner) = (token.name.clone(), token.id.clone(), owner.clone());
    let rotate = (token.state == TokenState::Works).then(|| {
        let token = token.clone();
        row_action("Rotate…", format!("Rotate {name}"), move || rotating.set(Some(token.clone())))
    });
    let text = format!("Clients that use “{name}” are rejected from now on. This cannot be undone.");
    let revoke = row_action("Revoke…", format!("Revoke {name}"), move || {
        let (id, owner) = (id.clone(), owner.clone());
        let act = move || access::revoke_token(&owner, &id);
        question.set(Some(Question::new("Revoke this token?", text.clone(), "Revoke", act)));
    });
    view! { {rotate}{revoke} }.into_any()
}
