//! A context menu at a point, opened by right click, long press or key.

use crate::browser::event::{KeyboardEvent, MouseEvent};
use crate::browser::focus;
use crate::reactive::{Callback, RwSignal, effect, handler, list};
use leptos::html::Div;
use leptos::prelude::*;

/// One entry.
#[derive(Clone)]
pub(crate) struct MenuItem {
    pub(crate) label: String,
    /// Its keyboard shortcut; empty for none.
    pub(crate) key: &'static str,
    pub(crate) run: Callback<()>,
}

/// An open menu. Positions are CSS pixels in the window.
#[derive(Clone)]
pub(crate) struct OpenMenu {
    /// Left edge; shifted to stay inside the window.
    pub(crate) x: f64,
    /// Top edge; shifted to stay inside the window.
    pub(crate) y: f64,
    /// What the menu acts on.
    pub(crate) title: String,
    pub(crate) items: Vec<MenuItem>,
    /// Called after it closed, to restore the focus.
    pub(crate) closed: Callback<()>,
}

/// Space kept between the menu and the edge of the window.
const MARGIN: f64 = 8.0;
/// The title is the first child.
const FIRST: u32 = 1;

/// Shows the menu in `menu` until an entry is chosen or it is dismissed.
#[component]
pub(crate) fn ContextMenu(menu: RwSignal<Option<OpenMenu>>) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let close = move || {
        if let Some(open) = menu.try_get_untracked().flatten() {
            menu.set(None);
            open.closed.run(());
        }
    };
    let current = RwSignal::new(0usize);
    effect(move || {
        if let (Some(_), Some(element)) = (menu.get(), element.get()) {
            focus::keep_inside(&element, MARGIN);
            current.set(0);
            focus::child(&element, FIRST);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let count = menu.with(|m| m.as_ref().map_or(0, |m| m.items.len())).max(1);
        let at = current.get_untracked();
        let to = match event.key().as_str() {
            "ArrowDown" => (at + 1) % count,
            "ArrowUp" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            "Escape" | "Tab" => {
                event.prevent_default();
                event.stop_propagation();
                return close();
            }
            key => {
                let items = menu.get_untracked().map(|m| m.items).unwrap_or_default();
                let Some(item) = items.into_iter().find(|item| item.key == key) else { return };
                event.prevent_default();
                event.stop_propagation();
                close();
                return item.run.run(());
            }
        };
        event.prevent_default();
        event.stop_propagation();
        current.set(to);
        if let Some(element) = element.get() {
            focus::child(&element, FIRST + to as u32);
        }
    };
    let opened = move || {
        menu.get().map(|open| {
            let items = open.items.into_iter().map(move |item| {
                let run = move |_| {
                    close();
                    item.run.run(());
                };
                view! { <button type="button" role="menuitem" tabindex="-1" on:click=handler(run)>{item.label}{key_hint(item.key)}</button> }.into_any()
            });
            view! {
                <div class="menu-backdrop" on:pointerdown=handler(move |_| close()) on:contextmenu=handler(move |e: MouseEvent| { e.prevent_default(); close() })></div>
                <div class="menu" role="menu" aria-label=open.title.clone() node_ref=element on:keydown=handler(on_key)
                    style:left=format!("{}px", open.x) style:top=format!("{}px", open.y)>
                    <p class="menu-title" role="presentation"><bdi>{open.title.clone()}</bdi></p>
                    {list(items)}
                </div>
            }
            .into_any()
        })
    };
    view! { {move || opened()} }
}

/// The shortcut as it is printed on keyboards.
fn key_hint(key: &'static str) -> AnyView {
    let upper = key.to_ascii_uppercase();
    let is_shifted = key.bytes().all(|byte| byte.is_ascii_uppercase());
    let text = if is_shifted { format!("⇧{key}") } else { upper };
    (!key.is_empty()).then(|| view! { <kbd aria-hidden="true">{text}</kbd> }.into_any()).into_any()
}
