//! A field for a point in time. It is text, as fields for dates show the time as the browser's language does, which may have no
//! 24 hours. `state::time_text` writes and reads it.

use crate::reactive::Signal;
use leptos::prelude::*;

#[component]
pub(crate) fn TimeField(
    /// Unique on the page; also its name in the form.
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    /// Its text until the person changes it.
    value: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="field"><label for=id>{move || label.get()}</label>
            <input id=id name=id class="input" type="text" autocomplete="off" spellcheck="false" prop:value=move || value.get() /></div>
    }
}
