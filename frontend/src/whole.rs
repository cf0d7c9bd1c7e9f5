//! The page with all that it can do. Links to anything but Explore start here; from Explore the first program hands over.

use flarepath_frontend::app::{self, Program};
use flarepath_frontend::browser::{download, whole};
use flarepath_frontend::components::account_menu::AccountMenu;
use flarepath_frontend::components::drop_zone::FileOpener;
use flarepath_frontend::components::wish::{SAVE, Wishes};
use flarepath_frontend::local_file::job::Job;
use flarepath_frontend::pages::admin::Admin;
use flarepath_frontend::pages::compare::Compare;
use flarepath_frontend::pages::compare::file_side::LocalSides;
use flarepath_frontend::pages::door::{Claim, Invite, Login};
use flarepath_frontend::pages::explore::Explore;
use flarepath_frontend::pages::heatmap::HeatmapPage;
use flarepath_frontend::pages::labels::Labels;
use flarepath_frontend::pages::local::LocalPage;
use flarepath_frontend::pages::not_found::NotFound;
use flarepath_frontend::pages::saved;
use flarepath_frontend::pages::session::Session;
use flarepath_frontend::pages::settings::Settings;
use flarepath_frontend::pages::shares::SharesPage;
use flarepath_frontend::pages::snapshot::SharedPage;
use flarepath_frontend::reactive::Callback;
use flarepath_frontend::routes::Page;
use flarepath_frontend::state::local_files::LocalFiles;
use flarepath_frontend::state::view::HistoryMode;
use flarepath_frontend::views::parts::Parts;
use flarepath_frontend::views::save::dialog::{self, SaveDialog};
use flarepath_frontend::views::share::desk::ShareDesk;
use flarepath_frontend::views::share::dialog::ShareDialog;
use leptos::prelude::*;

fn main() {
    if let Some(data) = download::saved_data() {
        return saved::start(&data);
    }
    app::start(Program {
        show: |page, address| {
            let page = match page {
                Page::Explore => view! { <Explore address /> }.into_any(),
                Page::Compare => view! { <Compare address /> }.into_any(),
                Page::Heatmap => view! { <HeatmapPage address /> }.into_any(),
                Page::Labels => view! { <Labels address /> }.into_any(),
                Page::Local => view! { <LocalPage /> }.into_any(),
                Page::Shared => view! { <SharedPage address /> }.into_any(),
                Page::Shares => view! { <SharesPage address /> }.into_any(),
                Page::Login => view! { <Login address /> }.into_any(),
                Page::Claim => view! { <Claim address /> }.into_any(),
                Page::Invite => view! { <Invite /> }.into_any(),
                Page::Settings => view! { <Settings /> }.into_any(),
                Page::Admin => view! { <Admin address /> }.into_any(),
                Page::NotFound => view! { <NotFound /> }.into_any(),
            };
            Some(view! { {page}<SaveDialog address /><ShareDialog /> }.into_any())
        },
        provide: |address| {
            provide_context(Parts::WHOLE);
            Session::provide(address);
            let files = LocalFiles::provide();
            provide_context(LocalSides([LocalFiles::new(), LocalFiles::new()]));
            if let Some(file) = whole::left_file() {
                files.open(&file);
            }
            let shares = ShareDesk::provide();
            let fulfil = move |wish: String| match wish.as_str() {
                SAVE => dialog::open(),
                _ => shares.open(wish),
            };
            provide_context(Wishes(Callback::new(move |(wish, _)| fulfil(wish))));
            whole::left_wish().into_iter().for_each(fulfil);
            provide_context(FileOpener(Callback::new(move |file| {
                // A link to what was seen of a file, and a page that was loaded again, wait for that file.
                let waits = files.job.with_untracked(|job| *job == Job::None);
                files.open(&file);
                if !waits || address.path.with_untracked(|path| path != "/local") {
                    address.go("/local", HistoryMode::Push);
                }
            })));
        },
        account: || view! { <AccountMenu /> }.into_any(),
    });
}
