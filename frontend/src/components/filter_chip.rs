//! A label filter in words, with a button that removes it.

use flarepath_profile::selector::Matcher;
use leptos::prelude::*;

/// The command that removes the filter at an index.
pub(crate) fn remove_command(index: usize) -> String {
    format!("remove-filter-{index}")
}

/// The filter; `remove` is the button of this accessible name.
pub(crate) fn filter_chip(matcher: Matcher, remove: impl FnOnce(String) -> AnyView) -> AnyView {
    let remove = remove(format!("Remove filter {} {} {}", matcher.name, matcher.op, matcher.value));
    view! {
        <li class="condition">
            <span class="condition-name">{matcher.name}</span>
            <span class="condition-op">{matcher.op.to_string()}</span>
            <span class="condition-value" title=matcher.value.clone()><bdi>{matcher.value.clone()}</bdi></span>
            {remove}
        </li>
    }
    .into_any()
}
