//! Where the person is signed in, and signing out there.

use crate::api::{Fetch, people};
use crate::browser::navigation;
use crate::components::confirm::{Confirm, Question};
use crate::components::listing::listing;
use crate::components::when::When;
use crate::reactive::{Callback, RwSignal, handler, list};
use crate::state::browser_name::browser_name;
use crate::state::people::SessionInfo;
use leptos::prelude::*;

/// The list.
#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let sessions = Fetch::<Vec<SessionInfo>>::new();
    let question = RwSignal::new(None::<Question>);
    let ask = Callback::new(move |()| sessions.start(|_| people::sessions()));
    ask.run(());
    let end_all = move |_| {
        let text =
            "Every browser where you are signed in is signed out, this one too. API tokens go on working.";
        question.set(Some(Question::new("Sign out everywhere?", text, "Sign out everywhere", || {
            Box::pin(async {
                people::end_all_sessions().await?;
                navigation::to("/login");
                Ok(())
            })
        })));
    };
    let rows = move |all: Vec<SessionInfo>| {
        let row = move |session| row(session, question);
        view! {
            <table class="rows">
                <caption class="visually-hidden">"Where you are signed in"</caption>
                <thead><tr><th scope="col">"Browser"</th><th scope="col">"Address"</th><th scope="col">"Signed in"</th>
                    <th scope="col">"Last used"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th></tr></thead>
                <tbody>{list(all.into_iter().map(row))}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="paper" aria-labelledby="sessions-title">
            <div class="paper-head">
                <h2 id="sessions-title">"Signed in"</h2>
                <button class="button" type="button" on:click=handler(end_all)>"Sign out everywhere…"</button>
            </div>
            {listing("The list of sessions", sessions, ask, "You are signed in nowhere.", rows)}
            <Confirm id="end-session" question on_done=ask />
        </section>
    }
}

fn row(session: SessionInfo, question: RwSignal<Option<Question>>) -> AnyView {
    let SessionInfo { id, current, method, ip, user_agent, created_ms, used_ms, .. } = session;
    let name = browser_name(&user_agent);
    let how = match method.as_str() {
        "oidc" => "elsewhere",
        "proxy" => "by the proxy",
        "claim" => "by claiming the server",
        "invitation" => "by an invitation",
        _ => "with the password",
    };
    let last = match current {
        true => view! { <span class="tag">"This one"</span> }.into_any(),
        false => {
            let text = format!("{name} at {ip} is signed out at once.");
            let ask = move |_| {
                let id = id.clone();
                question.set(Some(Question::new("Sign out there?", text.clone(), "Sign out", move || {
                    people::end_session(&id)
                })));
            };
            let label = format!("Sign out {name} at {ip}");
            view! { <button class="button" type="button" aria-label=label on:click=handler(ask)>"Sign out…"</button> }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" title=user_agent>{name}</th>
            <td data-label="Address">{ip}</td>
            <td data-label="Signed in"><When ms=created_ms />" "<span class="muted">{how}</span></td>
            <td data-label="Last used"><When ms=used_ms /></td>
            <td class="row-actions">{last}</td>
        </tr>
    }
    .into_any()
}
