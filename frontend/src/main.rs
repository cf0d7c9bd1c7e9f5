//! The page as it comes first: Explore, and no more than that needs. The rest is in the program `whole`.

use flarepath_frontend::app::{self, Program};
use flarepath_frontend::browser::whole;
use flarepath_frontend::components::drop_zone::FileOpener;
use flarepath_frontend::components::wish::Wishes;
use flarepath_frontend::pages::explore::Explore;
use flarepath_frontend::pages::not_found::NotFound;
use flarepath_frontend::reactive::{Callback, RwSignal};
use flarepath_frontend::routes::Page;
use flarepath_frontend::state::view::HistoryMode;
use leptos::prelude::*;

fn main() {
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
