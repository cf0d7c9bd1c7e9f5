//! A text field with a list to choose from, after the ARIA combobox pattern: typing narrows the list, arrows
//! move through it, Enter takes, Escape leaves all as it was.

use crate::browser::event::{Event, FocusEvent, KeyboardEvent, PointerEvent, value_of};
use crate::browser::page;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list};
use leptos::prelude::*;

/// Options shown at once; more are found by typing.
const SHOWN: usize = 100;

/// No choice is marked.
const NONE: usize = usize::MAX;

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What choosing it gives.
    pub(crate) value: String,
    /// What is shown.
    pub(crate) label: String,
    /// Small print beside it, such as the number of series.
    pub(crate) detail: String,
}

/// A searchable picker.
#[component]
pub(crate) fn Combobox(
    /// Unique on the page.
    id: &'static str,
    /// Accessible name.
    label: &'static str,
    /// What the field shows while nobody types.
    #[prop(into)]
    shown: Signal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// Receives what was chosen.
    on_choose: Callback<String>,
    /// Whether text that fits no choice is taken too.
    #[prop(optional)]
    free: bool,
    /// Whether text is taken as typed, and a choice only when the arrows went to it.
    #[prop(optional)]
    literal: bool,
    /// Called when the list opens, as the moment to fetch choices.
    #[prop(optional, into)]
    on_open: Option<Callback<()>>,
    /// Whether the list opens as soon as the field has the focus.
    #[prop(optional)]
    eager: bool,
    /// Shown in the empty field.
    #[prop(optional)]
    placeholder: &'static str,
) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let open = RwSignal::new(false);
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move || {
        let needle = typed.get().unwrap_or_default();
        choices.with(|all| narrowed(all, &needle))
    });
    let begin = move || {
        if !open.get_untracked() {
            open.set(true);
            let unchosen = if literal { NONE } else { 0 };
            active.set(
                found
                    .with_untracked(|f| f.iter().position(|c| c.label == shown.get_untracked()))
                    .unwrap_or(unchosen),
            );
            on_open.inspect(|call| call.run(()));
        }
    };
    let end = move || {
        open.set(false);
        typed.set(None);
    };
    let take = move |value: String| {
        end();
        on_choose.run(value);
    };
    let accept = move || {
        let chosen = found.with_untracked(|f| f.get(active.get_untracked()).map(|c| c.value.clone()));
        let text = typed.get_untracked().filter(|t| (free || literal) && !t.is_empty());
        if let Some(value) = chosen.or(text) {
            take(value);
        }
    };
    let step = move |by: isize| {
        begin();
        let last = found.with_untracked(|f| f.len().min(SHOWN)).saturating_sub(1);
        active.update(|a| {
            *a = match *a {
                NONE => {
                    if by > 0 {
                        0
                    } else {
                        last
                    }
                }
                at => at.saturating_add_signed(by).min(last),
            }
        });
        page::reveal(&format!("{id}-{}", active.get_untracked()));
    };
    let options = move || {
        found.with(|all| {
            list(all.iter().take(SHOWN).cloned().enumerate().map(|(i, choice)| {
                let Choice { value, label, detail } = choice;
                view! {
                    <li
                        id=format!("{id}-{i}")
                        role="option"
                        class:active=move || active.get() == i
                        aria-selected=move || (active.get() == i).to_string()
                        on:pointerdown=handler(|e: PointerEvent| e.prevent_default())
                        on:click=handler(move |_| take(value.clone()))
                    >
                        <span class="choice-label">{label}</span>
                        <span class="choice-detail">{detail}</span>
                    </li>
                }
                .into_any()
            }))
        })
    };
    let more = move || match found.with(Vec::len) {
        0 => "Nothing fits".to_owned(),
        n if n > SHOWN => format!("{} more; type to narrow", n - SHOWN),
        _ => String::new(),
    };
    view! {
        <div class="combobox">
            <input
                id=id
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                aria-label=label
                aria-autocomplete="list"
                aria-expanded=move || open.get().to_string()
                aria-controls=format!("{id}-list")
                aria-activedescendant=move || (open.get() && active.get() != NONE).then(|| format!("{id}-{}", active.get()))
                placeholder=placeholder
                prop:value=move || typed.get().unwrap_or_else(|| shown.get())
                title=move || shown.get()
                on:focus=handler(move |e: FocusEvent| {
                    page::select_text(&e);
                    if eager {
                        begin();
                    }
                })
                on:click=handler(move |_| begin())
                on:blur=handler(move |_| end())
                on:input=handler(move |e: Event| {
                    begin();
                    typed.set(Some(value_of(&e)));
                    active.set(if literal { NONE } else { 0 });
                })
                on:keydown=handler(move |e: KeyboardEvent| {
                    match e.key().as_str() {
                        "ArrowDown" => step(1),
                        "ArrowUp" => step(-1),
                        "Enter" if open.get_untracked() => accept(),
                        "Escape" if open.get_untracked() => end(),
                        _ => return,
                    }
                    e.prevent_default();
                })
            />
            <div class="choices" hidden=move || !open.get()>
                <ul id=format!("{id}-list") role="listbox" aria-label=label>{move || options()}</ul>
                <p class="choices-more" hidden=move || more().is_empty()>{move || more()}</p>
            </div>
        </div>
    }
}

/// Choices that hold all words of `needle`; those that begin with it come first.
fn narrowed(all: &[Choice], needle: &str) -> Vec<Choice> {
    let needle = needle.trim().to_lowercase();
    let words: Vec<&str> = needle.split_whitespace().collect();
    let text = |c: &Choice| format!("{} {}", c.label, c.value).to_lowercase();
    let found = all.iter().filter(|c| words.iter().all(|w| text(c).contains(w))).cloned();
    let (first, rest): (Vec<Choice>, Vec<Choice>) =
        found.partition(|c| c.label.to_lowercase().starts_with(&needle));
    [first, rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_narrows_and_beginnings_come_first() {
        let choice = |text: &str| Choice { value: text.into(), label: text.into(), detail: String::new() };
        let all = ["big-shop", "Shop", "mail"].map(choice);
        let names = |needle: &str| narrowed(&all, needle).into_iter().map(|c| c.value).collect::<Vec<_>>();
        assert_eq!(names(""), ["big-shop", "Shop", "mail"]);
        assert_eq!(names("shop"), ["Shop", "big-shop"]);
        assert_eq!(names(" shop BIG "), ["big-shop"]);
        assert!(names("x").is_empty());
    }
}
