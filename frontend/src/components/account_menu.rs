//! The account menu in the header: who is signed in, their pages, preferences of the device, help, sign-out.
//!
//! Its button says "Account" on every page, as that of the first program does, which does not know who is signed in; the panel
//! says who that is. It is there without a session, too.

use super::popover::Popover;
use super::preferences_menu::Preferences;
use super::shortcuts;
use crate::api::{Sending, people};
use crate::browser::{navigation, page};
use crate::context::account_menu::{AccountMenuOpen, BUTTON};
use crate::context::session::Session;
use crate::reactive::{RwSignal, Signal, handler, list, shown};
use crate::state::session::{Me, Who};
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

#[component]
pub(crate) fn AccountMenu() -> impl IntoView {
    let me = expect_context::<Session>().me();
    let open = expect_context::<AccountMenuOpen>().0;
    let name = Signal::new(move || {
        me.with(|me| match me.called() {
            "" => "Account".to_owned(),
            name => format!("Account of {name}"),
        })
    });
    let label = || view! { <span class="button-text">"Account"</span> };
    view! {
        <div class="account">
            <Popover id=BUTTON name label open end=true>
                <Person open />
                <Preferences />
                <Help open />
            </Popover>
        </div>
    }
}

/// Who is signed in, their pages, and sign-out; empty until that is known.
#[component]
fn Person(open: RwSignal<bool>) -> impl IntoView {
    let known = expect_context::<Session>().0.data;
    let sending = Sending::default();
    let who = Signal::new(move || known.with(|me| me.as_ref().map(who_text)));
    let is_user = move || known.with(|me| me.as_ref().is_some_and(|me| me.who == Who::User));
    let link = move |(to, name): (&'static str, &'static str)| {
        view! { <li><a class="list-item" href=to on:click=handler(move |_| open.set(false))>{name}</a></li> }
            .into_any()
    };
    let links = move || list(known.get().iter().flat_map(pages_of).map(link));
    let sign_out = move |_| sending.send(people::sign_out(), |()| navigation::to("/login"));
    let person = move || {
        view! {
            <p class="account-name">{move || who.get()}</p>
            <ul class="list-menu">
                {move || links()}
                {shown(is_user, move || view! {
                    <li><button type="button" class="list-item" on:click=handler(sign_out)>"Sign out"</button></li>
                }.into_any())}
            </ul>
            <p class="field-error" role="alert">{move || sending.error.get().map(|e| e.title)}</p>
        }
        .into_any()
    };
    shown(move || known.with(Option::is_some), person)
}

fn who_text(me: &Me) -> String {
    match me.who {
        Who::User => format!("Signed in as {}", me.called()),
        Who::Local => "Sign-in is disabled".to_owned(),
        Who::Nobody => "Not signed in".to_owned(),
    }
}

/// The pages that somebody may open: path and title.
fn pages_of(me: &Me) -> Vec<(&'static str, &'static str)> {
    if me.who == Who::Nobody {
        return vec![("/login", "Sign in")];
    }
    let admin = ADMIN.into_iter().find(|(_, _, needed)| me.may(needed));
    let mut pages = vec![("/settings", "Settings")];
    pages.extend(me.may("shares:create").then_some(("/shares", "Shares")));
    pages.extend(admin.map(|(to, ..)| (to, "Administration")));
    pages
}

/// The API's documentation, and the keyboard shortcuts.
#[component]
fn Help(open: RwSignal<bool>) -> impl IntoView {
    let show_keys = move |_| {
        // The dialog gives the focus back to what has it now.
        page::focus(BUTTON);
        open.set(false);
        shortcuts::open();
    };
    view! {
        <ul class="list-menu">
            <li><a class="list-item" href="/api/docs">"API documentation"</a></li>
            <li>
                <button type="button" class="list-item with-key" on:click=handler(show_keys)>
                    "Keyboard shortcuts"<kbd aria-hidden="true">"?"</kbd>
                </button>
            </li>
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_those_of_the_person() {
        let titles = |me: &Me| pages_of(me).into_iter().map(|(_, title)| title).collect::<Vec<_>>();
        assert_eq!(titles(&Me::default()), ["Sign in"]);
        let local = Me { who: Who::Local, ..Me::default() };
        assert_eq!(titles(&local), ["Settings"]);
        let permissions = ["shares:create", "metrics:read"].map(str::to_owned).to_vec();
        let me = Me { who: Who::User, name: "ann".into(), permissions, ..Me::default() };
        assert_eq!(titles(&me), ["Settings", "Shares", "Administration"]);
        assert_eq!(pages_of(&me)[2].0, "/admin/quotas");
        assert_eq!(who_text(&me), "Signed in as ann");
    }
}
