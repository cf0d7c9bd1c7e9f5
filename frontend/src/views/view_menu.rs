//! The View menu: how the picture is drawn, and transforms of the tree. What is shown stays outside of it.

use super::menu::Menus;
use super::transform_bar::{entries, open_menu};
use crate::browser::{keys, node, page, timer};
use crate::components::icon::{Icon, SLIDERS};
use crate::components::popover::Popover;
use crate::context::pending_action::{PendingViewRequest, TRANSFORMS};
use crate::reactive::{Callback, RwSignal};
use leptos::html::{Div, Input};
use leptos::prelude::*;

/// Id of the button.
const BUTTON: &str = "view-menu";

/// The button with its panel; key `t` opens the transforms alone.
#[component]
pub(crate) fn ViewMenu(
    /// Of the views whose tree can be transformed.
    #[prop(default = None)]
    transforms: Option<(Menus, NodeRef<Input>)>,
    /// The options.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let anchor = NodeRef::<Div>::new();
    if let Some((menus, field)) = transforms {
        let open_transforms = move || {
            let rect = node::rect(anchor);
            if let Some(rect) = rect {
                let closed = Callback::new(|()| page::focus(BUTTON));
                open_menu(menus, field, (rect.x, rect.y + rect.height + 4.0), closed);
            }
            rect.is_some()
        };
        keys::on_page_key(move |key| key == "t" && open_transforms());
        let before = use_context::<PendingViewRequest>()
            .and_then(|asked| asked.take(|text| (text == TRANSFORMS).then_some(())));
        if before.is_some() {
            // Once it is on the page.
            timer::after(0, move || {
                open_transforms();
            });
        }
    }
    let label = || view! { <Icon path=SLIDERS />"View" }.into_any();
    view! {
        <div class="view-menu" node_ref=anchor>
            <Popover name="View" label open end=true id=BUTTON command="view">
                <div class="view-panel">
                    <div class="view-options">{children()}</div>
                    {transforms.map(|(menus, field)| entries(menus.model, field, open))}
                </div>
            </Popover>
        </div>
    }
}
