//! The page as it comes first: Explore, and no more than that needs. The rest is in the program `whole`.

use crate::app::{self, Program};
use crate::browser::whole;
use crate::components::drop_zone::FileOpener;
use crate::components::wish::Wishes;
use crate::pages::explore::Explore;
use crate::pages::not_found::NotFound;
use crate::reactive::{Callback, RwSignal};
use crate::routes::Page;
use crate::state::view::HistoryMode;
use leptos::prelude::*;

/// Starts the program.
pub fn start() {
    app::start(Program {
        show: |page, address| match page {
            Page::Explore => Some(view! { <Explore address /> }.into_any()),
            Page::NotFound => Some(view! { <NotFound /> }.into_any()),
            _ => None,
        },
        provide: |address| {
            whole::prepare_soon();
            provide_context(Wishes(Callback::new(|(wish, failed): (String, RwSignal<bool>)| {
                whole::leave_wish(&wish);
                whole::take_over(move || {
                    if failed.try_get_untracked().is_some() {
                        failed.set(true);
                    }
                });
            })));
            provide_context(FileOpener(Callback::new(move |file| {
                whole::leave_file(&file);
                address.go("/local", HistoryMode::Push);
            })));
        },
        account: || view! { <a class="button quiet" href="/settings">"Account"</a> }.into_any(),
    });
}
