//! The account control of the first program: a button like that of the menu, which the full program opens.

use super::icon::{CHEVRON_DOWN, Icon};
use super::share_button::missing;
use crate::context::pending_action::{ACCOUNT, PendingActions};
use crate::reactive::{RwSignal, attribute, handler, shown};
use leptos::prelude::*;

#[component]
pub(crate) fn AccountButton() -> impl IntoView {
    let actions = use_context::<PendingActions>();
    let failed = RwSignal::new(false);
    let open = move |_| {
        failed.set(false);
        actions.iter().for_each(|actions| actions.0.run((ACCOUNT.to_owned(), failed)));
    };
    view! {
        <div class="account">
            <div class="popover">
                <button class="button" type="button" on:click=handler(open)
                    {..attribute("aria-haspopup", "dialog")} {..attribute("aria-expanded", "false")}>
                    "Account"<Icon path=CHEVRON_DOWN />
                </button>
                {shown(move || failed.get(), || view! { <div class="panel end">{missing()}</div> }.into_any())}
            </div>
        </div>
    }
}
