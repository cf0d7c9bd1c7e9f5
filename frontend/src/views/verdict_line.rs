//! The verdict on what Explore shows, against the baseline that the server chooses: the server's number and sentence, with the
//! comparison that they are about.
//!
//! It is asked for when the profile is on screen, and at most once a minute while the page refreshes itself.

use super::comparison::verdict::{number, with_code};
use crate::api::Fetch;
use crate::api::request::ProfileRequest;
use crate::api::verdict::{ChosenSides, choose_sides};
use crate::browser::clock;
use crate::reactive::{Memo, Signal, effect};
use crate::state::compare::{DiffView, compare_path};
use crate::state::verdict_question::{Schedule, Step, VerdictQuestion};
use leptos::prelude::*;

/// The strip, for a [`VerdictQuestion`] as text. Nothing while it is loaded: the style sheet shows a skeleton in an empty one.
pub(crate) fn verdict_line(question: Signal<String>) -> AnyView {
    let answer = Fetch::<ChosenSides>::new();
    let mut schedule = Schedule::default();
    effect(move || {
        let question = question.with(|text| VerdictQuestion::parse(text));
        let step = schedule.next(question.as_ref(), clock::now_ms());
        if matches!(step, Step::Clear | Step::Ask { anew: true }) {
            answer.clear();
        }
        if let (Step::Ask { .. }, Some(question)) = (step, question) {
            ask(answer, question);
        }
    });
    let failed = Memo::new(move || answer.error.with(|error| error.as_ref().map(|error| error.line())));
    // The same sentence is not announced again.
    let headline = Memo::new(move || {
        answer.data.with(|chosen| chosen.as_ref().map(|chosen| chosen.verdict.headline.clone()))
    });
    let line = move || match (failed.get(), headline.get()) {
        (Some(error), _) => {
            let text = format!("The verdict could not be loaded. {error}");
            view! { <p class="muted" role="status">{text}</p> }.into_any()
        }
        (None, Some(headline)) => sentence(answer, &headline),
        (None, None) => ().into_any(),
    };
    (move || line()).into_any()
}

fn ask(answer: Fetch<ChosenSides>, question: VerdictQuestion) {
    let VerdictQuestion { query, span, .. } = question;
    if let Ok(Some(request)) = ProfileRequest::new(&query, span) {
        answer.start(|abort| choose_sides(query, request, abort));
    }
}

fn sentence(answer: Fetch<ChosenSides>, headline: &str) -> AnyView {
    let parts = |chosen: &ChosenSides| (number(&chosen.verdict), with_code(&chosen.verdict, headline));
    let (number, text) = answer.data.with_untracked(|chosen| chosen.as_ref().map(parts)).unzip();
    let href = move || {
        let path = |chosen: &ChosenSides| compare_path(&chosen.sides, &DiffView::default());
        answer.data.with(|chosen| chosen.as_ref().map(path)).unwrap_or_default()
    };
    view! {
        <div class="verdict-strip">
            {number.flatten()}
            <p class="verdict-headline" role="status">{text}" "<a href=href>"See the comparison"</a></p>
        </div>
    }
    .into_any()
}
