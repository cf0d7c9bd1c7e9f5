//! The person's API tokens.

use crate::pages::tokens::Tokens as TokensOf;
use crate::state::people::TokenOwner;
use leptos::prelude::*;

/// The list.
#[component]
pub(crate) fn Tokens() -> impl IntoView {
    view! {
        <section class="paper" aria-labelledby="tokens-title">
            <TokensOf owner=TokenOwner::Me heading="API tokens" id="tokens-title"
                about="For programs that act for you: SDKs that push, scripts that read. A token never allows more than you may do yourself. \
                    For programs of a team, use a service account." />
        </section>
    }
}
