//! API tokens of a person or a service account: the list, new ones, and what ends them.

pub(crate) mod new;
pub(crate) mod rotate;
pub(crate) mod shown;

use crate::api::{Fetch, access};
use crate::components::confirm::{Confirm, Question};
use crate::components::listing::listing;
use crate::components::when::When;
use crate::reactive::{Callback, RwSignal, handler, list};
use crate::state::access::role_name;
use crate::state::people::{Token, TokenOwner, TokenState};
use leptos::prelude::*;
use new::NewToken;
use rotate::Rotate;

/// A token that was just made: its name, and the secret that is shown once.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Made {
    /// Its name.
    pub(crate) name: String,
    /// The whole token.
    pub(crate) secret: String,
}

/// The list with its heading.
#[component]
pub(crate) fn Tokens(
    /// Whose.
    owner: TokenOwner,
    /// The heading.
    heading: &'static str,
    /// Id of the heading.
    id: &'static str,
    /// What they are for.
    about: &'static str,
) -> impl IntoView {
    let tokens = Fetch::<Vec<Token>>::new();
    let question = RwSignal::new(None::<Question>);
    let (making, rotating) = (RwSignal::new(false), RwSignal::new(None::<Token>));
    let asked = owner.clone();
    let ask = Callback::new(move |()| {
        let owner = asked.clone();
        tokens.start(|_| access::tokens(owner));
    });
    ask.run(());
    let of = owner.clone();
    let rows = move |mut all: Vec<Token>| {
        // What works comes first, the newest of it on top.
        all.sort_by_key(|t| (t.state.is_over(), std::cmp::Reverse(t.created_ms)));
        let of = of.clone();
        let row = move |token| row(token, &of, question, rotating);
        view! {
            <table class="rows">
                <caption class="visually-hidden">"API tokens"</caption>
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Allows at most"</th><th scope="col">"Ends"</th>
                    <th scope="col">"Last used"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{list(all.into_iter().map(row))}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <div class="paper-head">
            <h2 id=id>{heading}</h2>
            <button class="button" type="button" on:click=handler(move |_| making.set(true))>"New token…"</button>
        </div>
        <p class="muted">{about}</p>
        {listing("The list of tokens", tokens, ask, "There are no tokens yet.", rows)}
        <NewToken owner=owner.clone() open=making on_made=ask />
        <Rotate owner token=rotating on_made=ask />
        <Confirm id="revoke-token" question on_done=ask />
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
        TokenState::Replaced => Some("being replaced"),
        TokenState::Expired => Some("expired"),
        TokenState::Revoked => Some("revoked"),
    };
    let tag = tag.map(|text| view! { " "<span class="tag">{text}</span> });
    let used = match token.used_ms {
        None => view! { <span class="muted">"never"</span> }.into_any(),
        Some(ms) => {
            let from = (!token.used_ip.is_empty()).then(|| format!(" from {}", token.used_ip));
            view! { <When ms /><span class="muted">{from}</span> }.into_any()
        }
    };
    let actions = if state.is_over() { ().into_any() } else { actions(&token, owner, question, rotating) };
    let allows = format!("{}, over {}", role_name(&token.role), token.scope());
    view! {
        <tr class:over=state.is_over()>
            <th scope="row">{token.name}{tag}<code class="row-code">{token.hint}</code></th>
            <td data-label="Allows at most">{allows}</td>
            <td data-label="Ends"><When ms=token.ends_ms /></td>
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
    let (rotate_label, revoke_label) = (format!("Rotate {name}"), format!("Revoke {name}"));
    let revoke = move |_| {
        let (id, owner) = (id.clone(), owner.clone());
        let text = format!("Whatever uses “{name}” is refused from now on. This cannot be undone.");
        question.set(Some(Question::new("Revoke this token?", text, "Revoke", move || {
            access::revoke_token(&owner, &id)
        })));
    };
    let again = token.clone();
    let rotate = (token.state == TokenState::Works).then(|| {
        view! {
            <button class="button" type="button" aria-label=rotate_label
                on:click=handler(move |_| rotating.set(Some(again.clone())))>"Rotate…"</button>
        }
    });
    view! {
        {rotate}
        <button class="button" type="button" aria-label=revoke_label on:click=handler(revoke)>"Revoke…"</button>
    }
    .into_any()
}
