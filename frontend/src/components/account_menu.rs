//! The account menu in the header: settings, shares, administration, sign-out.
//!
//! Its button says "Account" on every page, as the link of the first program does, which does not know who is signed in; the panel
//! says who that is.

use super::popover::Popover;
use crate::api::{Sending, people};
use crate::browser::navigation;
use crate::context::session::Session;
use crate::reactive::{RwSignal, Signal, handler, list, shown};
use crate::state::session::Who;
use leptos::prelude::*;

/// Administration pages: path, title, required permission.
pub(crate) const ADMIN: [(&str, &str, &str); 8] = [
    ("/admin/users", "Users", "people:manage"),
    ("/admin/teams", "Teams", "people:manage"),
    ("/admin/access", "Access", "people:manage"),
    ("/admin/service-accounts", "Service accounts", "people:manage"),
    ("/admin/own-code", "Own code", "services:edit"),
    ("/admin/audit", "Audit log", "audit:read"),
    ("/admin/quotas", "Quotas", "metrics:read"),
    ("/admin/storage", "Storage", "metrics:read"),
];

/// The menu; a sign-in link without a session.
#[component]
pub(crate) fn AccountMenu() -> impl IntoView {
    let me = expect_context::<Session>().me();
    let who = Signal::new(move || me.with(|me| me.who));
    let menu = move || match who.get() {
        Who::Nobody => view! { <a class="button quiet" href="/login">"Sign in"</a> }.into_any(),
        _ => view! { <Menu /> }.into_any(),
    };
    let known = expect_context::<Session>().0.data;
    shown(move || known.with(Option::is_some), move || menu.into_any())
}

#[component]
fn Menu() -> impl IntoView {
    let me = expect_context::<Session>().me();
    let open = RwSignal::new(false);
    let sending = Sending::default();
    let name = Signal::new(move || me.with(|me| me.called().to_owned()));
    let is_user = move || me.with(|me| me.who == Who::User);
    let label = || view! { <span class="button-text">"Account"</span> };
    let signed_in = move || match me.with(|me| me.who) {
        Who::User => format!("Signed in as {}", name.get()),
        _ => "Sign-in is disabled".to_owned(),
    };
    let link = move |(to, name): (&'static str, &'static str)| {
        view! { <li><a class="list-item" href=to on:click=handler(move |_| open.set(false))>{name}</a></li> }
            .into_any()
    };
    let links = move || {
        let admin = me.with(|me| ADMIN.into_iter().find(|(_, _, needed)| me.may(needed)));
        let mut links = vec![("/settings", "Settings")];
        links.extend(me.with(|me| me.may("shares:create")).then_some(("/shares", "Shares")));
        links.extend(admin.map(|(to, ..)| (to, "Administration")));
        list(links.into_iter().map(link))
    };
    let sign_out = move |_| sending.send(people::sign_out(), |()| navigation::to("/login"));
    view! {
        <Popover name=Signal::new(move || format!("Account of {}", name.get())) label=label open end=true>
            <p class="account-name">{move || signed_in()}</p>
            <ul class="list-menu">
                {move || links()}
                {shown(is_user, move || view! {
                    <li><button type="button" class="list-item" on:click=handler(sign_out)>"Sign out"</button></li>
                }.into_any())}
            </ul>
            <p class="field-error" role="alert">{move || sending.error.get().map(|e| e.title)}</p>
        </Popover>
    }
}
