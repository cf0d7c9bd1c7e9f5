//! The full program: every page. Links to any page but Home and Explore start here; from these, the first program hands over, and has
//! parts of its pages shown before that.

use crate::app::{self, Program};
use crate::browser::file_drop::PickedFile;
use crate::browser::history::Address;
use crate::browser::{command, download, focus_keeper, handover, page, page_focus, panic_notice, timer};
use crate::components::account_menu::AccountMenu;
use crate::components::shortcuts::{self, Shortcuts};
use crate::components::unknown_store::unknown_store;
use crate::context::account_menu::{self, AccountMenuOpen};
use crate::context::file_opener::FileOpener;
use crate::context::local_files::{LocalFiles, LocalSides};
use crate::context::pending_action::{
    ACCOUNT, COMMAND, OF_VIEW, PALETTE, PendingActions, PendingViewRequest, SAVE, SHORTCUTS,
};
use crate::context::session::Session;
use crate::context::stores::Stores;
use crate::context::utc::Utc;
use crate::local_file::job::Job;
use crate::pages::admin::Admin;
use crate::pages::auth_pages::{Claim, Invitation, Login};
use crate::pages::compare::Compare;
use crate::pages::explore::Explore;
use crate::pages::explore::controls::Controls;
use crate::pages::explore::full_controls::lent_part;
use crate::pages::heatmap::HeatmapPage;
use crate::pages::home::Home;
use crate::pages::incident::IncidentPage;
use crate::pages::labels::Labels;
use crate::pages::local::LocalPage;
use crate::pages::not_found::NotFound;
use crate::pages::offline_page;
use crate::pages::service::ServicePage;
use crate::pages::settings::Settings;
use crate::pages::shares::SharesPage;
use crate::pages::snapshot::SharedPage;
use crate::pages::stores::StoresPage;
use crate::reactive::{Callback, RwSignal};
use crate::routes::Page;
use crate::state::compare_source::page_of_files;
use crate::state::view::HistoryMode;
use crate::views::kernels::Kernels;
use crate::views::palette::{Palette, PaletteState};
use crate::views::parts::Parts;
use crate::views::save::dialog::{self, SaveDialog};
use crate::views::share::dialog::ShareDialog;
use crate::views::share::dialog_state::ShareDialogState;
use leptos::prelude::*;

/// Starts the program.
pub fn start() {
    if let Some(data) = download::saved_data() {
        return offline_page::start(&data);
    }
    focus_keeper::start();
    let program = Program {
        show: |page, address| {
            let notice = page.reads_a_store().then(|| unknown_store(address));
            let page = match page {
                Page::Home => view! { <Home address /> }.into_any(),
                Page::Explore => view! { <Explore address /> }.into_any(),
                Page::Compare => view! { <Compare address /> }.into_any(),
                Page::Heatmap => view! { <HeatmapPage address /> }.into_any(),
                Page::Incident => view! { <IncidentPage address /> }.into_any(),
                Page::Labels => view! { <Labels address /> }.into_any(),
                Page::Service => view! { <ServicePage address /> }.into_any(),
                Page::Local => view! { <LocalPage /> }.into_any(),
                Page::Shared => view! { <SharedPage address /> }.into_any(),
                Page::Shares => view! { <SharesPage address /> }.into_any(),
                Page::Stores => view! { <StoresPage /> }.into_any(),
                Page::Login => view! { <Login address /> }.into_any(),
                Page::Claim => view! { <Claim address /> }.into_any(),
                Page::Invite => view! { <Invitation /> }.into_any(),
                Page::Settings => view! { <Settings /> }.into_any(),
                Page::Admin => view! { <Admin address /> }.into_any(),
                Page::NotFound => view! { <NotFound /> }.into_any(),
            };
            Some(view! { {notice}{page}<SaveDialog address /><ShareDialog /><Palette address /> }.into_any())
        },
        provide,
        account: || view! { <AccountMenu /> }.into_any(),
        shortcuts: || view! { <Shortcuts /> }.into_any(),
    };
    if handover::is_called() {
        panic_notice::install();
        let lent = |part, question| {
            provide_context(Utc::stored());
            lent_part(part, question)
        };
        handover::wait(move || app::start(program), lent);
    } else {
        app::start(program);
    }
}

/// Provides what the pages need, and does what was asked before the program started.
fn provide(address: Address) {
    provide_context(Parts::FULL);
    provide_context(Controls::FULL);
    provide_context(Kernels::ALL);
    Session::provide(address);
    Stores::provide();
    let files = LocalFiles::provide();
    let sides = LocalSides::provide();
    let open = move |picked: &[PickedFile]| match picked {
        [] => {}
        [file] => files.open(file),
        several => sides.open(several),
    };
    open(handover::take_files().as_slice());
    page_focus::follow(address, handover::is_called());
    let run = actions();
    provide_context(PendingActions(Callback::new(move |(action, _)| run(action))));
    handover::take_action().into_iter().for_each(run);
    provide_context(FileOpener(Callback::new(move |picked: Vec<PickedFile>| {
        // A shared link to a local view, or a reloaded one, waits on `/local` for its file: stay there.
        let waits = picked.len() == 1 && files.job.with_untracked(|job| *job == Job::None);
        open(picked.as_slice());
        if !waits || address.path.with_untracked(|path| path != "/local") {
            address.go(page_of_files(picked.len()), HistoryMode::Push);
        }
    })));
}

/// Provides what actions change. Returns what does an action; see [`crate::context::pending_action`].
fn actions() -> impl Fn(String) + Copy + Send + Sync + 'static {
    let shares = ShareDialogState::provide();
    let account = AccountMenuOpen(RwSignal::new(false));
    provide_context(account);
    let palette = PaletteState::provide();
    let requested = PendingViewRequest(RwSignal::new(None));
    provide_context(requested);
    move |action: String| match action.as_str() {
        SAVE => dialog::open(),
        PALETTE => palette.open(),
        ACCOUNT => {
            account.0.set(true);
            page::focus_soon(account_menu::BUTTON);
        }
        // Once the dialog is on the page.
        SHORTCUTS => timer::after(0, shortcuts::open),
        text if text.starts_with(OF_VIEW) => requested.0.set(Some(action)),
        text => match text.strip_prefix(COMMAND) {
            Some(text) => {
                let (id, typed) = text.split_once('\n').unwrap_or((text, ""));
                command::run_once_offered(id.to_owned(), typed.to_owned());
            }
            None => shares.open(action),
        },
    }
}
