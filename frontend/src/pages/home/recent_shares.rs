//! The newest shares of the person, below the services. Only in the full program.

use crate::api::Fetch;
use crate::api::shares::{self, Listed, Row, Whose};
use crate::components::timestamp::Timestamp;
use crate::reactive::{Memo, Signal, effect, list, shown};
use crate::state::lent_part::is_ready;
use crate::state::share_view::ShareKey;
use leptos::prelude::*;

/// How many are shown.
const MOST: usize = 5;
/// Kinds of errors of those who may not list shares.
const NOT_PERMITTED: [&str; 2] = ["forbidden", "signed-out"];

/// The section, once the services are on screen; nothing without shares, and for those who may not list any.
pub(crate) fn recent_shares(question: Signal<String>) -> AnyView {
    let listed = Fetch::<Listed>::new();
    let ready = Memo::new(move || question.with(|text| is_ready(text)));
    effect(move || {
        if ready.get() && listed.data.with_untracked(Option::is_none) {
            listed.start(|abort| shares::listed(Whose::Mine, String::new(), abort));
        }
    });
    let newest =
        Memo::new(move || listed.data.with(|listed| listed.as_ref().map(newest)).unwrap_or_default());
    let failed = Memo::new(move || {
        let error = listed.error.get().filter(|error| !NOT_PERMITTED.contains(&error.kind.as_str()))?;
        Some(format!("Recent shares could not be loaded. {}", error.line()))
    });
    let items = move || list(newest.get().into_iter().map(item));
    view! {
        {shown(move || failed.with(Option::is_some), move || view! { <p class="home-note" role="status">{move || failed.get()}</p> }.into_any())}
        {shown(move || newest.with(|rows| !rows.is_empty()), move || view! {
            <section class="home-shares" aria-labelledby="home-shares">
                <h2 id="home-shares">"Recent shares"</h2>
                <ul>{move || items()}</ul>
                <a href="/shares">"All shares"</a>
            </section>
        }.into_any())}
    }
    .into_any()
}

fn item(row: Row) -> AnyView {
    let href = ShareKey::Record(row.id).path();
    view! { <li><a href=href>{row.title}</a>" "<span class="muted">{row.kind}" · "<Timestamp ms=row.created_ms /></span></li> }
        .into_any()
}

/// Those that still open.
fn newest(listed: &Listed) -> Vec<Row> {
    listed.rows.iter().filter(|row| row.state == "active").take(MOST).cloned().collect()
}
