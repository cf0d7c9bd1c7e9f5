//! The page in place of a share that cannot be opened. It is the same for all reasons, unless the user owns the share: it says what
//! the person can do next, and nothing about the share.

use crate::api::ApiError;
use crate::context::session::Session;
use crate::reactive::{Memo, list};
use crate::state::session::Who;
use crate::state::url_text::encode;
use leptos::prelude::*;

const WRONG: &str = "The link is incomplete or misspelled.";
const ENDED: &str = "The share has expired or was revoked.";
const SIGN_IN: &str = "You have to sign in first.";
const NOT_YOURS: &str = "It was not shared with you.";

/// What may be the reason, as far as the person may know.
fn causes(who: Who) -> &'static [&'static str] {
    match who {
        Who::Nobody => &[WRONG, ENDED, SIGN_IN, NOT_YOURS],
        Who::User => &[WRONG, ENDED, NOT_YOURS],
        // Nobody signs in here, and nothing is shared with some people only.
        Who::Local => &[WRONG, ENDED],
    }
}

/// The page. The owner of the share is told why (`share-ended`).
pub(crate) fn unavailable(error: &ApiError, path: &str) -> AnyView {
    let why = match error.kind != "share-not-found" {
        true => view! {
            <p>{error.detail.clone()}</p>
            <p><a class="button" href="/shares">"My shares"</a></p>
        }
        .into_any(),
        false => possible_causes(path.to_owned()),
    };
    view! { <div class="empty-page"><h1>"This link cannot be opened"</h1>{why}</div> }.into_any()
}

fn possible_causes(path: String) -> AnyView {
    let session = use_context::<Session>();
    let me = session.map(Session::me);
    let loaded =
        move || session.is_none_or(|s| s.0.data.with(Option::is_some) || s.0.error.with(Option::is_some));
    let who = Memo::new(move || me.map_or(Who::Nobody, |me| me.with(|me| me.who)));
    let name = move || me.map_or_else(String::new, |me| me.with(|me| me.called().to_owned()));
    let reasons = move || list(causes(who.get()).iter().map(|text| view! { <li>{*text}</li> }.into_any()));
    let next = move || loaded().then(|| next_step(who.get(), &name(), &path));
    view! {
        <p>"Possible causes:"</p>
        <ul class="snapshot-causes">{move || reasons()}</ul>
        {move || next()}
    }
    .into_any()
}

/// What the person can do.
fn next_step(who: Who, name: &str, path: &str) -> AnyView {
    let text = match who {
        Who::Nobody => {
            let login = format!("/login?next={}", encode(path));
            return view! { <p><a class="button primary" href=login>"Sign in"</a></p> }.into_any();
        }
        Who::User => format!(
            "You are signed in as {name}. Ask the person who sent the link: the owner of a share and administrators can give you \
             access or create a new link."
        ),
        Who::Local => {
            "Ask the person who sent it for a new link, or create one in the list of shares.".to_owned()
        }
    };
    view! {
        <p>{text}</p>
        <p><a class="button" href="/shares">"My shares"</a></p>
    }
    .into_any()
}
