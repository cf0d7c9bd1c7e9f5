//! Parts of the first program in place of those that change the tree, and of menus: asked for, they have the full one take over and do
//! it.

use super::chip::chip;
use super::menu::Menus;
use super::menu_request::text_of;
use super::model::Model;
use super::timeline::markers::Markers;
use crate::components::icon::{Icon, SLIDERS};
use crate::components::share_button::missing;
use crate::components::stand_in::{handing_over, stand_in_at_key, stand_in_popover};
use crate::context::pending_action::TRANSFORMS;
use crate::reactive::{Callback, effect, shown};
use leptos::html::Input;
use leptos::prelude::*;

/// Has the full program do what is asked of the menus.
pub(crate) fn function_menu(menus: Menus) -> AnyView {
    let (hand_over, failed) = handing_over();
    effect(move || {
        let Some((subject, kind)) = menus.asked.get() else { return };
        menus.asked.set(None);
        hand_over.run(text_of(subject, &kind));
    });
    shown(move || failed.get(), missing)
}

/// Has the full program do what is asked of markers.
pub(crate) fn markers(markers: Markers) -> AnyView {
    let (hand_over, failed) = handing_over();
    effect(move || {
        let Some(request) = markers.asked.get() else { return };
        markers.asked.set(None);
        hand_over.run(request.text());
    });
    shown(move || failed.get(), missing)
}

/// The button of the View menu; key `t` asks for the transforms alone.
pub(crate) fn view_menu(_: Menus, _: NodeRef<Input>) -> AnyView {
    let label = view! { <Icon path=SLIDERS />"View" }.into_any();
    view! {
        <div class="view-menu">
            {stand_in_popover("view", "View".into(), label, true)}
            {stand_in_at_key("t", TRANSFORMS)}
        </div>
    }
    .into_any()
}

/// The highlighted function, with a button that removes it.
pub(crate) fn chips(model: Model) -> AnyView {
    let marked = move || {
        model.marked.get().map(|name| {
            let remove = Callback::new(move |()| model.marked.set(None));
            let chip = chip("highlighted", name.clone(), name, remove);
            view! { <ul class="chips" aria-label="Transforms and highlights">{chip}</ul> }.into_any()
        })
    };
    view! { {move || marked()}<p class="chips-unused" role="status"></p> }.into_any()
}
