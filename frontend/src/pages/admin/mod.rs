//! Administration: users, teams, access, service accounts, own code of services, the audit log, quotas and storage.

pub(crate) mod access;
pub(crate) mod access_form;
pub(crate) mod audit;
pub(crate) mod audit_entry;
pub(crate) mod own_code;
pub(crate) mod quotas;
mod roles;
pub(crate) mod service_accounts;
pub(crate) mod storage;
pub(crate) mod subjects;
pub(crate) mod team_form;
pub(crate) mod teams;
pub(crate) mod user_form;
pub(crate) mod users;

use crate::api::Fetch;
use crate::browser::history::Address;
use crate::browser::page;
use crate::components::account_menu::ADMIN;
use crate::context::session::Session;
use crate::reactive::{Memo, effect, list};
use crate::state::access::{meaning, permission_text};
use crate::state::people::Binding;
use crate::state::session::Who;
use access::Access;
use audit::Audit;
use leptos::prelude::*;
use own_code::OwnCodeOfServices;
use quotas::Quotas;
use service_accounts::ServiceAccounts;
use storage::Storage;
use teams::Teams;
use users::Users;

/// The page at the address, with tabs for the others.
#[component]
pub(crate) fn Admin(address: Address) -> impl IntoView {
    let session = expect_context::<Session>();
    let me = session.me();
    let path = Memo::new(move || {
        let path = address.path.get();
        let found = ADMIN.into_iter().find(|(to, ..)| path.trim_end_matches('/') == *to);
        found.map_or("/admin/users", |(to, ..)| to)
    });
    let entry = move || ADMIN.into_iter().find(|(to, ..)| *to == path.get()).unwrap_or(ADMIN[0]);
    effect(move || page::set_title(&format!("{} · Flarepath", entry().1)));
    // While the session is unknown, the page's own requests report what is wrong.
    let denied = Memo::new(move || {
        let (_, _, needed) = entry();
        let known = session.0.data.with(|me| me.as_ref().is_some_and(|me| me.who != Who::Nobody));
        (known && !me.with(|me| me.may(needed))).then_some(needed)
    });
    let body = move || match (denied.get(), path.get()) {
        (Some(needed), _) => view! { <Denied needed /> }.into_any(),
        (None, "/admin/teams") => view! { <Teams /> }.into_any(),
        (None, "/admin/access") => view! { <Access /> }.into_any(),
        (None, "/admin/service-accounts") => view! { <ServiceAccounts address /> }.into_any(),
        (None, "/admin/own-code") => view! { <OwnCodeOfServices /> }.into_any(),
        (None, "/admin/audit") => view! { <Audit address /> }.into_any(),
        (None, "/admin/quotas") => view! { <Quotas /> }.into_any(),
        (None, "/admin/storage") => view! { <Storage /> }.into_any(),
        (None, _) => view! { <Users /> }.into_any(),
    };
    let link = move |(to, name, needed): (&'static str, &'static str, &'static str)| {
        let current = move || (path.get() == to).then_some("page");
        let offered = move || me.with(|me| me.may(needed)) || path.get() == to;
        view! { <a href=to aria-current=current hidden=move || !offered()>{name}</a> }.into_any()
    };
    // A page of its own: everybody who reads profiles may see it.
    let stores = move || {
        let offered = me.with(|me| me.may("metrics:read") && me.may("profiles:read"));
        offered.then(|| view! { <a href="/stores">"Stores"</a> }.into_any())
    };
    view! {
        <div class="cards wide">
            <h1 class="visually-hidden">{move || entry().1}</h1>
            <nav class="tabs" aria-label="Administration">{list(ADMIN.map(link))}{move || stores()}</nav>
            {move || body()}
        </div>
    }
}

/// In place of a page that the user may not open.
#[component]
fn Denied(needed: &'static str) -> impl IntoView {
    let text = permission_text(needed).unwrap_or_default();
    view! {
        <div class="empty-page" role="alert">
            <h2>"Permission denied"</h2>
            <p>"This page requires permission to " {text} " (" <code>{needed}</code> "). An administrator can grant it to you."</p>
            <a class="button primary" href="/explore">"Open Explore"</a>
        </div>
    }
}

/// The permissions that a subject's own roles give it, as text; `none` when it has no role. While they are loading, or could not be
/// loaded, that is said.
fn access_text(
    bindings: Fetch<Vec<Binding>>,
    kind: &'static str,
    id: String,
    none: &'static str,
) -> impl Fn() -> String + Send + 'static {
    move || {
        let failed = bindings.error.with(Option::is_some);
        bindings.data.with(|all| {
            let Some(all) = all else {
                let text = if failed { "not known: the roles could not be loaded" } else { "Loading …" };
                return text.to_owned();
            };
            let own = all.iter().filter(|b| b.subject_kind == kind && b.subject_id == id);
            let own: Vec<String> = own.map(meaning).collect();
            if own.is_empty() { none.to_owned() } else { own.join("; ") }
        })
    }
}
