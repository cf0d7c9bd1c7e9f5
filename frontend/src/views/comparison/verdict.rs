//! The verdict on a comparison: its number and its headline, and behind a disclosure everything that it rests on.

use crate::components::code_text::code_text;
use crate::components::term::with_term;
use crate::reactive::{Memo, Signal, list, shown};
use crate::state::verdict::{Number, Outcome, Verdict};
use crate::views::on_screen;
use leptos::prelude::*;

/// Why files are compared without one.
pub(crate) const NO_VERDICT: &str = "There is no verdict on files: one profile does not show how much its numbers vary from minute to minute.";

/// Live comparisons and snapshots show the same.
#[component]
pub(crate) fn VerdictCard(
    /// `None` while there is none.
    verdict: Signal<Option<Verdict>>,
    /// What to say in its place.
    instead: Signal<String>,
) -> impl IntoView {
    on_screen::add_verdict(verdict);
    let headline = move || match verdict.get() {
        Some(verdict) => with_code(&verdict, &verdict.headline),
        None => view! { <span class="muted">{instead.get()}</span> }.into_any(),
    };
    let is = move |outcome| verdict.with(|v| v.as_ref().is_some_and(|v| v.outcome == outcome));
    let any = Memo::new(move || verdict.with(Option::is_some));
    view! {
        <section class="verdict" aria-label="Verdict" class:is-changed=move || is(Outcome::Changed)
            class:is-unchanged=move || is(Outcome::Unchanged)>
            <div class="verdict-strip">
                {move || verdict.with(|v| v.as_ref().and_then(number))}
                <p class="verdict-headline" role="status">{move || headline()}</p>
            </div>
            {shown(move || any.get(), move || view! {
                <details class="verdict-details"><summary>"Evidence and limits"</summary>{move || verdict.get().map(evidence)}</details>
            }.into_any())}
        </section>
    }
}

/// The number beside the headline, and what it is of. The headline says the same in words.
pub(crate) fn number(verdict: &Verdict) -> Option<AnyView> {
    let Number { text, label, grew } = verdict.number.as_ref()?;
    let class = if *grew { "verdict-number grew" } else { "verdict-number shrank" };
    let shown = view! {
        <p class=class><strong>{text.clone()}</strong><span>{with_code(verdict, label)}</span></p>
    };
    Some(shown.into_any())
}

fn evidence(verdict: Verdict) -> AnyView {
    let details = verdict.details().into_iter();
    let details =
        details.map(|(what, text)| view! { <div><dt>{with_term(what)}</dt><dd>{text}</dd></div> }.into_any());
    let sentence = |text: &String| view! { <p>{with_code(&verdict, text)}</p> }.into_any();
    let note = |text: &String| view! { <li>{text.clone()}</li> }.into_any();
    let notes = (!verdict.notes.is_empty()).then(|| {
        view! { <ul class="verdict-notes" aria-label="Notes">{list(verdict.notes.iter().map(note))}</ul> }
            .into_any()
    });
    view! {
        {list(verdict.sentences.iter().skip(1).map(sentence))}
        <dl>{list(details)}</dl>
        {notes}
    }
    .into_any()
}

/// A sentence with its names in backticks as code; the whole name is its title.
pub(crate) fn with_code(verdict: &Verdict, text: &str) -> AnyView {
    code_text(text, &|part| verdict.whole_name(part).unwrap_or(part).to_owned())
}
