//! The first program: Home, Explore and only what the first picture of each needs. Everything else is in the full program.

use crate::app::{self, Program};
use crate::browser::file_drop::PickedFile;
use crate::browser::{handover, page_focus};
use crate::components::account_button::AccountButton;
use crate::components::stand_in::stand_in_at_key;
use crate::context::file_opener::FileOpener;
use crate::context::pending_action::{PendingActions, SHORTCUTS};
use crate::pages::explore::Explore;
use crate::pages::explore::controls::Controls;
use crate::pages::home::Home;
use crate::pages::not_found::NotFound;
use crate::reactive::{Callback, RwSignal};
use crate::routes::Page;
use crate::state::compare_source::page_of_files;
use crate::state::view::HistoryMode;
use leptos::prelude::*;

/// Starts the program.
pub fn start() {
    app::start(Program {
        show: |page, address| match page {
            Page::Home => Some(view! { <Home address /> }.into_any()),
            Page::Explore => Some(view! { <Explore address /> }.into_any()),
            Page::NotFound => Some(view! { <NotFound /> }.into_any()),
            _ => None,
        },
        provide: |address| {
            handover::prepare_later();
            page_focus::follow(address, false);
            provide_context(Controls::STAND_INS);
            provide_context(PendingActions(Callback::new(|(action, failed): (String, RwSignal<bool>)| {
                handover::put_action(&action);
                handover::take_over(Box::new(move || {
                    if failed.try_get_untracked().is_some() {
                        failed.set(true);
                    }
                }));
            })));
            provide_context(FileOpener(Callback::new(move |files: Vec<PickedFile>| {
                handover::put_files(&files);
                address.go(page_of_files(files.len()), HistoryMode::Push);
            })));
        },
        account: || view! { <AccountButton /> }.into_any(),
        shortcuts: || stand_in_at_key("?", SHORTCUTS),
    });
}
