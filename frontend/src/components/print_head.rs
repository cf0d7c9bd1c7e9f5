//! The head of a printed page, in place of its controls: what it shows, and its address. Not on screen.

use crate::browser::page;
use crate::context::printing::Printing;
use crate::reactive::{Signal, list, shown};
use leptos::prelude::*;

/// The head. Needs [`Printing`] in the context.
#[component]
pub(crate) fn PrintHead(
    /// What is shown, with its time; a line for each side of a comparison.
    lines: Signal<Vec<String>>,
    /// Path and query of what is shown, with both ends of the time written out.
    path: Signal<String>,
) -> impl IntoView {
    let printing = use_context::<Printing>();
    let line = |text: String| view! { <p>{text}</p> }.into_any();
    let link = move || format!("{}{}", page::origin(), path.get());
    shown(
        move || printing.is_some_and(|printing| printing.0.get()),
        move || {
            view! {
                <div class="print-head">
                    {move || list(lines.get().into_iter().map(line))}
                    <p class="print-link">{move || link()}</p>
                </div>
            }
            .into_any()
        },
    )
}
