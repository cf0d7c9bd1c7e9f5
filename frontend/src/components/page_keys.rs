//! Keys that work on every page: those of the commands on screen, and sequences that open pages.

use super::header::{home_at, question_at};
use crate::browser::history::Address;
use crate::browser::{command, keys, page};
use crate::state::command::{COMMANDS, GO, PAGES, PageKey};
use crate::state::view::HistoryMode;
use leptos::prelude::*;

/// Ids of the pickers of a service; a page has one of them, or neither.
const SERVICE_PICKERS: [&str; 2] = ["service", "comparison-service"];

/// The address of a page, about the service and the time of the path and query on screen where it keeps them; Home keeps the store.
pub(crate) fn page_path(page: &PageKey, path: &str, query: &str) -> String {
    match page.path {
        "/" => home_at(query),
        to if page.keeps_question => format!("{to}{}", question_at(path, query)),
        to => to.to_owned(),
    }
}

/// Listens for the keys; put once on the page, before what has keys of its own.
#[component]
pub(crate) fn PageKeys(address: Address) -> impl IntoView {
    keys::on_page_key(|key| COMMANDS.iter().any(|c| c.key == key && command::run(c.id)));
    let open_page = move |key: &str| {
        let page = PAGES.iter().find(|page| page.key == key);
        page.into_iter().for_each(|page| {
            let (path, query) = (address.path.get_untracked(), address.query.get_untracked());
            address.go(&page_path(page, &path, &query), HistoryMode::Push);
        });
        page.is_some()
    };
    keys::on_sequence(GO, open_page, || SERVICE_PICKERS.into_iter().for_each(page::focus));
}
