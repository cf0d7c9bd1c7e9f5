//! Settings of the user: display name, password, sessions and API tokens.

pub(crate) mod password;
pub(crate) mod sessions;

use crate::api::{Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::{form, navigation, page};
use crate::components::account_menu::ADMIN;
use crate::components::field::Field;
use crate::components::notice::failure;
use crate::components::section::Section;
use crate::components::submit::{SubmitButton, SubmitError};
use crate::components::timestamp::exact;
use crate::context::session::Session;
use crate::pages::tokens::Tokens;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list};
use crate::state::access::permission_text;
use crate::state::people::TokenOwner;
use crate::state::session::{Me, Who};
use leptos::prelude::*;
use password::Password;
use sessions::Sessions;

#[component]
pub(crate) fn Settings() -> impl IntoView {
    page::set_title("Settings · Flarepath");
    let session = expect_context::<Session>();
    let known = Signal::new(move || session.0.data.get());
    effect(move || {
        if known.with(|me| me.as_ref().is_some_and(|me| me.who == Who::Nobody)) {
            navigation::redirect_if_needed("signed-out");
        }
    });
    let retry = Callback::new(move |()| session.load());
    // A new display name or a longer session must not reset forms and their messages.
    let kind =
        Memo::new(move || known.with(|me| me.as_ref().map(|me| (me.who, me.has_password, me.name.clone()))));
    let account = move || list(known.get().map(|me| view! { <Account me /> }.into_any()));
    let body = move || {
        match kind.get() {
        Some((Who::User, has_password, name)) => view! {
            {move || account()}
            {has_password.then(|| view! { <Password name /> })}
            <Sessions />
            <Tokens owner=TokenOwner::Me title="API tokens" id="tokens-title"
                about="For programs that act on your behalf: SDKs that push, scripts that query. A token never has more permissions \
                    than you. For programs of a team, use a service account." />
        }
        .into_any(),
        Some((Who::Local, ..)) => {
            view! { <SignInDisabled me=known.get_untracked().unwrap_or_default() /> }.into_any()
        }
        Some((Who::Nobody, ..)) => ().into_any(),
        None if session.0.error.with(Option::is_some) => ().into_any(),
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
    }
    };
    view! { <div class="cards"><h1>"Settings"</h1>{failure("Your account", session.0.error, retry)}{move || body()}</div> }
}

/// Name, permissions and teams of the user.
#[component]
fn Account(me: Me) -> impl IntoView {
    let session = expect_context::<Session>();
    let named = me.called().to_owned();
    let may: Vec<&str> = me.permissions.iter().filter_map(|name| permission_text(name)).collect();
    let may =
        if may.is_empty() { "none: ask an administrator for a role".to_owned() } else { may.join("; ") };
    let teams = if me.teams.is_empty() { "none".to_owned() } else { me.teams.join(", ") };
    let ends = me.session_ends_ms;
    let sending = Sending::default();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        sending.send(people::rename_me(form::text(&sent, "display-name").trim()), move |()| session.load());
    };
    view! {
        <Section id="account-title" title="Account">
            <dl class="facts">
                <div><dt>"Name"</dt><dd>{named.clone()}" "<span class="muted">"(user name: " {me.name} ")"</span></dd></div>
                <div><dt>"Permissions"</dt><dd>{may}</dd></div>
                <div><dt>"Teams"</dt><dd>{teams}</dd></div>
                <div><dt>"Profiles"</dt><dd><a href="/stores">"Stores that you may read"</a></dd></div>
                {ends.map(|ms| view! { <div><dt>"Session expires"</dt><dd>{move || exact(ms)}</dd></div> })}
            </dl>
            <form class="form row-form" on:submit=handler(send)>
                <Field id="display-name" label="Display name" value=named autocomplete="name" />
                <SubmitButton sending text="Save" />
                <SubmitError sending />
            </form>
        </Section>
    }
}

/// In place of settings on a server without sign-in.
#[component]
fn SignInDisabled(me: Me) -> impl IntoView {
    let pages = ADMIN.into_iter().filter(|(_, _, needed)| me.may(needed));
    let links = list(pages.map(|(to, name, _)| view! { <li><a href=to>{name}</a></li> }.into_any()));
    view! {
        <Section id="account-title" title="Sign-in is disabled">
            <p>"This server was started with --insecure-no-auth: everyone who can reach it is an administrator. Start it without \
                that flag to use accounts, sessions and tokens."</p>
            <ul class="plain-links">{links}<li><a href="/stores">"Stores"</a></li></ul>
        </Section>
    }
}
