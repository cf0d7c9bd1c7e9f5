//! The pages before one is anybody: sign in, claim a new instance, accept an invitation.

pub mod claim;
pub mod invite;
pub mod login;

pub use claim::Claim;
pub use invite::Invite;
pub use login::Login;

use crate::state::session::safe_next;
use crate::state::url_text::parse_pairs;
use leptos::prelude::*;

/// The frame of these pages.
#[component]
pub fn Door(
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
