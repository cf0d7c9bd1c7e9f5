//! Attributes by their names. leptos has types for each name and each kind of value; those here are one type for fixed texts and one for
//! texts that follow signals. For names that are rare on the pages of the first program, and for those that leptos lacks.
//!
//! ```text
//! view! { <div role="row" {..attribute("aria-rowindex", "1")}></div> }
//! ```

use leptos::attr::custom::{CustomAttr, custom_attribute};

type Text = Box<dyn FnMut() -> Option<String> + Send>;

/// An attribute with a fixed text.
pub(crate) fn attribute(
    name: &'static str,
    text: impl Into<String>,
) -> CustomAttr<&'static str, Option<String>> {
    optional_attribute(name, Some(text.into()))
}

/// The same; left out without a text.
pub(crate) fn optional_attribute(
    name: &'static str,
    text: Option<String>,
) -> CustomAttr<&'static str, Option<String>> {
    custom_attribute(name, text)
}

/// An attribute that follows signals; left out while there is no text.
pub(crate) fn live_attribute(
    name: &'static str,
    text: impl FnMut() -> Option<String> + Send + 'static,
) -> CustomAttr<&'static str, Text> {
    custom_attribute(name, Box::new(text))
}

/// An attribute that is `true` or `false`, as those of ARIA.
pub(crate) fn live_state(
    name: &'static str,
    mut is: impl FnMut() -> bool + Send + 'static,
) -> CustomAttr<&'static str, Text> {
    live_attribute(name, move || Some(is().to_string()))
}
