//! Label filters: a chip for each matcher, an editor for another, or the whole selector as text.

use super::combobox::{Choice, Combobox, Entry};
use super::filter_chip::{filter_chip, remove_command};
use super::icon::{CROSS, FILTER, Icon, PLUS, TEXT};
use crate::api::{Fetch, explore};
use crate::browser::event::{Event, KeyboardEvent, SubmitEvent, value_of};
use crate::browser::page;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list, shown};
use crate::state::query::Query;
use crate::state::time_range::Span;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use leptos::prelude::*;

const OPERATORS: [(MatchOp, &str); 4] = [
    (MatchOp::Equal, "is"),
    (MatchOp::NotEqual, "is not"),
    (MatchOp::Regex, "matches"),
    (MatchOp::NotRegex, "does not match"),
];

/// Ids of the editor's fields: label, value, selector text, error. Unique on the page.
pub(crate) type FilterIds = [&'static str; 4];

/// The ids on pages with one editor.
pub(crate) const FILTER_IDS: FilterIds = ["filter-name", "filter-value", "filter-text", "filter-problem"];

/// The filter of a query.
#[component]
pub(crate) fn FilterBar(
    /// Ids of its fields.
    #[prop(default = FILTER_IDS)]
    ids: FilterIds,
    /// The question; its filter may be invalid.
    query: Memo<Query>,
    /// The time range, for the numbers of series beside options.
    span: Memo<Span>,
    /// Receives the question with another filter.
    #[prop(into)]
    on_query: Callback<Query>,
) -> impl IntoView {
    let adding = RwSignal::new(false);
    let as_text = RwSignal::new(false);
    let error = Memo::new(move || query.with(|q| q.matchers().err()));
    // An invalid filter can only be edited as text.
    let text_mode = Memo::new(move || as_text.get() || error.with(Option::is_some));
    let matchers = Memo::new(move || query.with(|q| q.matchers().unwrap_or_default()));
    let remove = move |index: usize| {
        let mut left = matchers.get_untracked();
        if index < left.len() {
            left.remove(index);
        }
        on_query.run(query.with_untracked(|q| q.with_matchers(left)));
    };
    let add = Callback::new(move |matcher: Matcher| {
        let mut all = matchers.get_untracked();
        all.push(matcher);
        adding.set(false);
        on_query.run(query.with_untracked(|q| q.with_matchers(all)));
    });
    let chips = move || {
        let chip = |(index, matcher)| {
            filter_chip(matcher, |name| {
                let command = remove_command(index);
                view! {
                    <button class="condition-remove" type="button" data-command=command aria-label=name.clone() title=name
                        on:click=handler(move |_| remove(index))><Icon path=CROSS /></button>
                }
                .into_any()
            })
        };
        list(matchers.get().into_iter().enumerate().map(chip))
    };
    let stop_adding = Callback::new(move |()| adding.set(false));
    let to_chips = Callback::new(move |()| as_text.set(false));
    view! {
        <div class="filter-bar" role="group" aria-label="Label filters">
            <Icon path=FILTER />
            {shown(move || text_mode.get(), move || view! { <SelectorText ids query on_query on_done=to_chips /> }.into_any())}
            {shown(move || !text_mode.get(), move || view! { <ul class="conditions">{move || chips()}</ul> }.into_any())}
            {shown(
                move || !text_mode.get() && adding.get(),
                move || view! { <NewMatcher ids query span on_add=add on_cancel=stop_adding /> }.into_any(),
            )}
            {shown(move || !text_mode.get() && !adding.get(), move || view! {
                <button class="button quiet" type="button" data-command="filter" on:click=handler(move |_| adding.set(true))>
                    <Icon path=PLUS />"Filter"
                </button>
            }.into_any())}
            <button
                class="button quiet icon-only"
                type="button"
                data-command="filter-text"
                aria-pressed=move || text_mode.get().to_string()
                aria-label="Edit filters as text"
                title="Edit filters as text"
                on:click=handler(move |_| as_text.update(|t| *t = !*t))
            >
                <Icon path=TEXT />
            </button>
        </div>
    }
}

/// The editor of a matcher: label, operator, value. Choosing a value completes it.
#[component]
fn NewMatcher(
    ids: FilterIds,
    query: Memo<Query>,
    span: Memo<Span>,
    on_add: Callback<Matcher>,
    on_cancel: Callback<()>,
) -> impl IntoView {
    let [name_id, value_id, ..] = ids;
    let name = RwSignal::new(String::new());
    let operator = RwSignal::new(0_usize);
    let names = Fetch::new();
    let values = Fetch::new();
    let selector = move || query.with_untracked(|q| q.selector().unwrap_or_default());
    let store = move || query.with_untracked(|q| q.store.clone());
    names.start(|_| explore::label_names(store(), selector(), span.get_untracked()));
    page::focus_soon(name_id);
    let name_choices =
        Signal::derive(move || choices(&names, |text| text != SERVICE_NAME && !text.starts_with("__")));
    let value_choices = Signal::derive(move || choices(&values, |_| true));
    let choose_name = Callback::new(move |text: String| {
        // Values of the whole service, so that a filter can also be widened.
        let service = Selector {
            matchers: selector().matchers.into_iter().filter(|m| m.name == SERVICE_NAME).collect(),
        };
        values.start(|_| explore::label_values(text.clone(), store(), service, span.get_untracked()));
        name.set(text);
        page::focus_soon(value_id);
    });
    let choose_value = Callback::new(move |value: String| {
        let name = name.get_untracked();
        if !name.is_empty() {
            on_add.run(Matcher { name, op: OPERATORS[operator.get_untracked() % OPERATORS.len()].0, value });
        }
    });
    let failed = move || names.error.get().or_else(|| values.error.get()).map(|e| e.title);
    view! {
        <div
            class="new-condition"
            on:keydown=handler(move |e: KeyboardEvent| {
                if e.key() == "Escape" && !e.default_prevented() {
                    // Not also the panel around it.
                    e.prevent_default();
                    on_cancel.run(());
                }
            })
        >
            <Combobox id=name_id label="Label" shown=name choices=name_choices on_choose=choose_name entry=Entry::OptionOrText placeholder="label" />
            <select
                class="input"
                aria-label="Operator"
                on:change=handler(move |e: Event| operator.set(value_of(&e).parse().unwrap_or(0)))
            >
                {list(OPERATORS.iter().enumerate().map(|(i, (op, words))| view! {
                    <option value=i.to_string()>{op.to_string()} " " {*words}</option>
                }.into_any()))}
            </select>
            <Combobox
                id=value_id
                label="Value"
                shown=Signal::derive(String::new)
                choices=value_choices
                on_choose=choose_value
                entry=Entry::Text
                placeholder="value"
            />
            <button class="button quiet icon-only" type="button" aria-label="Cancel" on:click=handler(move |_| on_cancel.run(()))>
                <Icon path=CROSS />
            </button>
            <span class="field-error" role="status">{move || failed()}</span>
        </div>
    }
}

fn choices(fetch: &Fetch<Vec<explore::Counted>>, keep: impl Fn(&str) -> bool) -> Vec<Choice> {
    fetch.data.with(|data| {
        let all = data.iter().flatten().filter(|c| keep(&c.text));
        all.map(|c| Choice {
            value: c.text.clone(),
            label: c.text.clone(),
            detail: format!("{} series", c.series),
        })
        .collect()
    })
}

/// The selector as text; applied on Enter, kept while it is invalid.
#[component]
fn SelectorText(
    ids: FilterIds,
    query: Memo<Query>,
    on_query: Callback<Query>,
    on_done: Callback<()>,
) -> impl IntoView {
    let [.., text_id, problem_id] = ids;
    let apply = move || {
        let filter = page::field_text(text_id).trim().to_owned();
        on_query.run(Query { filter, ..query.get_untracked() });
    };
    let problem =
        move || query.with(|q| q.matchers().err().map(|e| located(&q.filter, e.position, &e.message)));
    page::focus_soon(text_id);
    view! {
        <form
            class="selector-text"
            on:submit=handler(move |e: SubmitEvent| {
                e.prevent_default();
                apply();
                if query.with_untracked(|q| q.matchers().is_ok()) {
                    on_done.run(());
                }
            })
        >
            <input
                id=text_id
                class="input code"
                type="text"
                spellcheck="false"
                autocomplete="off"
                aria-label="Selector"
                aria-describedby=problem_id
                aria-invalid=move || problem().is_some().to_string()
                placeholder="{region=\"eu\", pod=~\"checkout-.*\"}"
                prop:value=move || query.with(|q| q.filter.clone())
            />
            <button class="button" type="submit">"Apply"</button>
            <span class="field-error" id=problem_id role="status">{move || problem()}</span>
        </form>
    }
}

/// The message with its position: `expected a value, at 8: {region=▸}`.
fn located(text: &str, position: usize, message: &str) -> String {
    let text = text.trim();
    let at = (0..=position.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (before, after) = text.split_at(at);
    let shown_before: String = before.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
    let shown_after: String = after.chars().take(12).collect();
    format!("{message}, at {position}: {shown_before}▸{shown_after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_point_at_their_position() {
        assert_eq!(located("{region=}", 8, "expected a value"), "expected a value, at 8: {region=▸}");
        assert_eq!(located("ü", 1, "x"), "x, at 1: ▸ü");
        assert_eq!(located("", 9, "x"), "x, at 9: ▸");
    }
}
