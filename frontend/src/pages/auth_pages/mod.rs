//! Pages without a session: sign in, claim a new server, accept an invitation.

pub(crate) mod claim;
pub(crate) mod invitation;
pub(crate) mod login;

pub(crate) use claim::Claim;
pub(crate) use invitation::Invitation;
pub(crate) use login::Login;

use crate::api::{Fetch, people};
use crate::components::notice::failure;
use crate::reactive::{Callback, shown};
use crate::state::instance::Instance;
use crate::state::session::safe_next;
use crate::state::url_text::parse_pairs;
use leptos::prelude::*;

/// The frame of these pages.
#[component]
pub(crate) fn AuthPage(title: &'static str, children: Children) -> impl IntoView {
    crate::browser::page::set_title(&format!("{title} · Flarepath"));
    view! { <section class="sign-in"><h1>{title}</h1>{children()}</section> }
}

/// What `body` makes of the instance, once that is known; asks for it now.
fn with_instance(
    instance: Fetch<Instance>,
    body: impl Fn(Instance) -> AnyView + Send + Sync + Clone + 'static,
) -> AnyView {
    let load = Callback::new(move |()| instance.start(|_| people::instance()));
    load.run(());
    let content = move || match instance.data.get() {
        None => view! { <p role="status">"Loading …"</p> }.into_any(),
        Some(found) => body(found),
    };
    view! {
        {failure("This page", instance.error, load)}
        {shown(move || instance.error.with(Option::is_none), move || { let content = content.clone(); view! { {move || content()} }.into_any() })}
    }
    .into_any()
}

/// The address to return to, from the parameter `next` of a query.
fn return_path(query: &str) -> String {
    let pairs = parse_pairs(query);
    let next = pairs.iter().find(|(key, _)| key == "next").map_or("/", |(_, value)| value.as_str());
    safe_next(next).to_owned()
}
