//! Sentences whose names are in backticks: these are shown as code.

use crate::reactive::list;
use leptos::prelude::*;

/// A sentence with its names as code; `title` gives the tooltip of a name.
pub(crate) fn code_text(text: &str, title: &dyn Fn(&str) -> String) -> AnyView {
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => part.to_owned().into_any(),
        _ => view! { <code title=title(part)>{part.to_owned()}</code> }.into_any(),
    };
    list(text.split('`').enumerate().map(part))
}
