//! The address bar and the history: the current path and query, and links within the app.
//!
//! Written here because the page needs little of a router and the little exactly: the query string as it
//! stands, steps that are replaced, and no rebuilding of a page when only its address changes.

use crate::reactive::RwSignal;
use crate::routes::Page;
use crate::state::view::HistoryMode;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement};

/// Where the page is. Copies share it; it lives as long as the app.
#[derive(Clone, Copy)]
pub(crate) struct Address {
    /// Path, such as `/explore`.
    pub(crate) path: RwSignal<String>,
    /// Query string without `?`, escaped.
    pub(crate) query: RwSignal<String>,
    /// Whether the query is kept in the part after `#`: pages that are files have no other of their own.
    in_fragment: bool,
}

impl Address {
    /// Reads the address and follows it from now on: back, forward, and links of this page.
    pub(crate) fn follow() -> Address {
        let (path, query) = current();
        let (path, query) = (RwSignal::new(path), RwSignal::new(query));
        let address = Address { path, query, in_fragment: false };
        let popped = window_event_listener(leptos::ev::popstate, move |_| address.reread());
        let clicked = window_event_listener(leptos::ev::click, move |event| {
            if event.default_prevented() || event.button() != 0 {
                return;
            }
            if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
                return;
            }
            if let Some(to) = event.target().and_then(own_link) {
                event.prevent_default();
                address.go(&to, HistoryMode::Push);
            }
        });
        on_cleanup(move || {
            popped.remove();
            clicked.remove();
        });
        address
    }

    /// The address of a page that is a file: only its query changes. `first` is the query of a link without one.
    pub(crate) fn in_fragment(first: String) -> Address {
        let query = RwSignal::new(fragment().unwrap_or(first));
        let address = Address { path: RwSignal::new(String::new()), query, in_fragment: true };
        let popped = window_event_listener(leptos::ev::popstate, move |_| {
            fragment().into_iter().for_each(|query| address.show(String::new(), query));
        });
        on_cleanup(move || popped.remove());
        address
    }

    /// Goes to `to`: a path with an optional query string.
    pub(crate) fn go(self, to: &str, mode: HistoryMode) {
        let (path, query) = to.split_once('?').unwrap_or((to, ""));
        let (path, to) = match self.in_fragment {
            true => ("", format!("#?{query}")),
            false => (path, to.to_owned()),
        };
        let history = window().history();
        let done = history.and_then(|history| match mode {
            HistoryMode::Push => history.push_state_with_url(&JsValue::NULL, "", Some(&to)),
            HistoryMode::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&to)),
        });
        // Browsers refuse steps that come too fast, as while panning: the picture still follows, and the
        // next step brings the address up to date.
        drop(done);
        self.show(path.to_owned(), query.to_owned());
    }

    /// Writes into the address what a page has chosen for itself, unless the page is about to be left.
    pub(crate) fn amend(self, to: &str) {
        let (path, query) = to.split_once('?').unwrap_or((to, ""));
        let here = self.path.with_untracked(|path| self.query.with_untracked(|query| Page::at(path, query)));
        if here == Page::at(path, query) {
            self.go(to, HistoryMode::Replace);
        }
    }

    /// The page on screen; follows the address.
    pub(crate) fn page(self) -> Page {
        self.path.with(|path| self.query.with(|query| Page::at(path, query)))
    }

    fn reread(self) {
        let (path, query) = current();
        self.show(path, query);
    }

    fn show(self, path: String, query: String) {
        // Path first, so that a page that is left is gone before it could ask what the address now says.
        if self.path.with_untracked(|p| *p != path) {
            self.path.set(path);
        }
        if self.query.with_untracked(|q| *q != query) {
            self.query.set(query);
        }
    }
}

/// The query after `#?`, if any.
fn fragment() -> Option<String> {
    let hash = window().location().hash().ok()?;
    hash.strip_prefix("#?").map(str::to_owned)
}

fn current() -> (String, String) {
    let location = window().location();
    let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
    let query = location.search().unwrap_or_default();
    (path, query.trim_start_matches('?').to_owned())
}

/// Where a click leads when it is on a link to a page of this app.
fn own_link(target: web_sys::EventTarget) -> Option<String> {
    let link = target.dyn_into::<Element>().ok()?.closest("a[href]").ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let stays = link.origin() == window().location().origin().ok()?
        && link.target().is_empty()
        && !link.has_attribute("download")
        && link.hash().is_empty()
        && !link.pathname().starts_with("/api/");
    stays.then(|| format!("{}{}", link.pathname(), link.search()))
}
