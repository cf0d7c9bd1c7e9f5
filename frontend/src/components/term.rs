//! Texts whose words say what they mean: on hover, when the keyboard's focus is on them, and when they are tapped.

use crate::state::terms;
use leptos::prelude::*;

/// A text; its first word that has a meaning to tell is marked.
pub(crate) fn with_term(text: &str) -> AnyView {
    let Some((at, meaning)) = terms::find(text) else { return text.to_owned().into_any() };
    let (before, word, after) = (&text[..at.start], &text[at.clone()], &text[at.end..]);
    view! {
        {before.to_owned()}<abbr class="term" tabindex="0" title=meaning>{word.to_owned()}</abbr>{after.to_owned()}
    }
    .into_any()
}
