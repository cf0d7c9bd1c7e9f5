//! The user's active sessions, which can be ended one by one or all at once.

use crate::api::{Fetch, people};
use crate::browser::navigation;
use crate::components::confirm::{Confirm, Question};
use crate::components::data_table::{data_table, row_action};
use crate::components::listing::listing;
use crate::components::section::Section;
use crate::components::timestamp::Timestamp;
use crate::reactive::{Callback, RwSignal};
use crate::state::browser_name::browser_name;
use crate::state::people::SessionInfo;
use leptos::prelude::*;

#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let sessions = Fetch::<Vec<SessionInfo>>::new();
    let question = RwSignal::new(None::<Question>);
    let reload = Callback::new(move |()| sessions.start(|_| people::sessions()));
    reload.run(());
    let end_all = Callback::new(move |()| {
        let text = "All your sessions end, including this one. API tokens keep working.";
        question.set(Some(Question::new("Sign out everywhere?", text, "Sign out everywhere", || {
            Box::pin(async {
                people::end_all_sessions().await?;
                navigation::to("/login");
                Ok(())
            })
        })));
    });
    let rows = move |all: Vec<SessionInfo>| {
        let rows = all.into_iter().map(move |session| row(session, question));
        data_table("Active sessions", &["Browser", "IP address", "Signed in", "Last used"], rows)
    };
    view! {
        <Section id="sessions-title" title="Active sessions" action="Sign out everywhere…" on_action=end_all>
            {listing("The list of sessions", sessions, reload, "No active sessions", rows)}
            <Confirm id="end-session" question on_done=reload />
        </Section>
    }
}

fn row(session: SessionInfo, question: RwSignal<Option<Question>>) -> AnyView {
    let SessionInfo { id, current, method, ip, user_agent, created_ms, used_ms, .. } = session;
    let name = browser_name(&user_agent);
    let method = match method.as_str() {
        "oidc" => "with the identity provider",
        "proxy" => "through the proxy",
        "claim" => "by claiming the server",
        "invitation" => "with an invitation",
        _ => "with the password",
    };
    let text = format!("{name} at {ip} is signed out immediately.");
    let action = match current {
        true => view! { <span class="tag">"This session"</span> }.into_any(),
        false => row_action("Sign out…", format!("Sign out {name} at {ip}"), move || {
            let id = id.clone();
            let act = move || people::end_session(&id);
            question.set(Some(Question::new("End this session?", text.clone(), "Sign out", act)));
        }),
    };
    view! {
        <tr>
            <th scope="row" title=user_agent>{name}</th>
            <td data-label="IP address">{ip}</td>
            <td data-label="Signed in"><Timestamp ms=created_ms />" "<span class="muted">{method}</span></td>
            <td data-label="Last used"><Timestamp ms=used_ms /></td>
            <td class="row-actions">{action}</td>
        </tr>
    }
    .into_any()
}
