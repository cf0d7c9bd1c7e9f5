//! What a person has here: the name, the password, the places where they are signed in, and API tokens.

pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod tokens;

use crate::api::{Sending, people};
use crate::browser::event::SubmitEvent;
use crate::browser::{form, navigation, page};
use crate::components::account_menu::ADMIN;
use crate::components::field::Field;
use crate::components::notice::FailedNotice;
use crate::components::sending_notice::{SendButton, SendingNotice};
use crate::components::when::exact;
use crate::context::session::Session;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list};
use crate::state::access::permission_text;
use crate::state::session::{Me, Who};
use leptos::prelude::*;
use password::Password;
use sessions::Sessions;
use tokens::Tokens;

/// The page.
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
    let retry = Callback::new(move |()| session.ask());
    let failed = move || {
        list(session.0.error.get().into_iter().map(|error| {
            view! { <FailedNotice what="Who you are".to_owned() error on_retry=retry /> }.into_any()
        }))
    };
    // Another name or a longer session must not take away what is being typed or was just said.
    let kind =
        Memo::new(move || known.with(|me| me.as_ref().map(|me| (me.who, me.has_password, me.name.clone()))));
    let you = move || list(known.get().map(|me| view! { <You me /> }.into_any()));
    let body = move || match kind.get() {
        Some((Who::User, has_password, name)) => view! {
            {move || you()}
            {has_password.then(|| view! { <Password name /> })}
            <Sessions />
            <Tokens />
        }
        .into_any(),
        Some((Who::Local, ..)) => {
            view! { <NoSignIn me=known.get_untracked().unwrap_or_default() /> }.into_any()
        }
        Some((Who::Nobody, ..)) => ().into_any(),
        None if session.0.error.with(Option::is_some) => ().into_any(),
        None => view! { <p class="muted" role="status">"Loading …"</p> }.into_any(),
    };
    view! { <div class="papers"><h1>"Settings"</h1>{move || failed()}{move || body()}</div> }
}

/// Who the person is here and what that allows.
#[component]
fn You(me: Me) -> impl IntoView {
    let session = expect_context::<Session>();
    let named = me.called().to_owned();
    let may: Vec<&str> = me.permissions.iter().filter_map(|name| permission_text(name)).collect();
    let may = if may.is_empty() {
        "nothing yet: ask an administrator for a role".to_owned()
    } else {
        may.join("; ")
    };
    let teams = if me.teams.is_empty() { "none".to_owned() } else { me.teams.join(", ") };
    let ends = me.session_ends_ms;
    let sending = Sending::default();
    let send = move |sent: SubmitEvent| {
        sent.prevent_default();
        sending.send(people::rename_me(form::text(&sent, "display-name").trim()), move |()| session.ask());
    };
    view! {
        <section class="paper" aria-labelledby="you-title">
            <h2 id="you-title">"You"</h2>
            <dl class="facts">
                <div><dt>"Name"</dt><dd>{named.clone()}" "<span class="muted">"signs in as " {me.name}</span></dd></div>
                <div><dt>"You may"</dt><dd>{may}</dd></div>
                <div><dt>"Teams"</dt><dd>{teams}</dd></div>
                {ends.map(|ms| view! { <div><dt>"Session ends"</dt><dd>{move || exact(ms)}</dd></div> })}
            </dl>
            <form class="form row-form" on:submit=handler(send)>
                <Field id="display-name" label="What others call you" value=named autocomplete="name" />
                <SendButton sending text="Save" />
                <SendingNotice sending />
            </form>
        </section>
    }
}

/// In place of all that where there is no sign-in.
#[component]
fn NoSignIn(me: Me) -> impl IntoView {
    let pages = ADMIN.into_iter().filter(|(_, _, needed)| me.may(needed));
    let links = list(pages.map(|(to, name, _)| view! { <li><a href=to>{name}</a></li> }.into_any()));
    view! {
        <section class="paper">
            <h2>"There is no sign-in here"</h2>
            <p>"This server was started with --insecure-no-auth: everyone who reaches it is its administrator. Start it without
                that flag to have users, sessions and tokens."</p>
            <ul class="plain-links">{links}</ul>
        </section>
    }
}
