//! The pages before one is anybody: sign in, claim a new instance, accept an invitation.

pub(crate) mod claim;
pub(crate) mod invite;
pub(crate) mod login;

pub(crate) use claim::Claim;
pub(crate) use invite::Invite;
pub(crate) use login::Login;

use crate::state::session::safe_next;
use crate::state::url_text::parse_pairs;
use leptos::prelude::*;

/// The frame of these pages.
#[component]
pub(crate) fn Door(
    /// The heading.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    crate::browser::page::set_title(&format!("{title} · Flarepath"));
    view! { <section class="door"><h1>{title}</h1>{children()}</section> }
}

/// Where to go on to, as the query says it.
fn next_of(query: &str) -> String {
    let pairs = parse_pairs(query);
    let wanted = pairs.iter().find(|(key, _)| key == "next").map_or("/", |(_, value)| value.as_str());
    safe_next(wanted).to_owned()
}
