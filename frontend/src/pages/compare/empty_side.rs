//! In place of a side without profiles: why it has none, and comparisons of which both sides have data.

use super::offers::{Offer, Offers};
use super::state::CompareState;
use super::summary::empty_sides;
use crate::reactive::{Memo, handler, list, shown};
use leptos::prelude::*;

/// Nothing while both sides have profiles.
#[component]
pub(crate) fn EmptySides(state: CompareState) -> impl IntoView {
    let texts =
        Memo::new(move || state.answer.data.with(|a| a.as_ref().map(empty_sides).unwrap_or_default()));
    view! { {shown(move || texts.with(|t| !t.is_empty()), move || view! { <Empty state texts /> }.into_any())} }
}

#[component]
fn Empty(state: CompareState, texts: Memo<Vec<String>>) -> impl IntoView {
    let offers = Offers::new(state);
    offers.wanted.set(true);
    offers.times_wanted.set(true);
    let button = move |(text, sides): Offer| {
        view! { <button type="button" class="button" on:click=handler(move |_| state.go(&sides))>{text}</button> }
            .into_any()
    };
    let below = move || match (offers.is_busy(), offers.with_data()) {
        (true, _) => view! { <p>"Looking for data to compare with …"</p> }.into_any(),
        (false, found) if found.is_empty() => {
            let text = match offers.error() {
                Some(error) => format!("The search for data to compare with failed: {}", error.title),
                None => "No other data was found in the week before. Choose another service, filter or time above.".to_owned(),
            };
            view! { <p>{text}</p> }.into_any()
        }
        (false, found) => view! {
            <p>"These comparisons have data on both sides:"</p>
            <div class="empty-actions">{list(found.into_iter().map(button))}</div>
        }
        .into_any(),
    };
    let why =
        move || list(texts.get().into_iter().map(|text| view! { <p><strong>{text}</strong></p> }.into_any()));
    view! { <div class="message empty-side" role="status"><div>{move || why()}{move || below()}</div></div> }
}
