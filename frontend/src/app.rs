//! The frame around all pages, and the start of the program that shows them.

use crate::api::{ApiError, Fetch, explore};
use crate::browser::history::Address;
use crate::browser::{handover, page, panic_notice, theme, timer};
use crate::components::drop_zone::DropZone;
use crate::components::header::Header;
use crate::components::notice::FailedNotice;
use crate::components::page_keys::PageKeys;
use crate::components::skeleton::page_skeleton;
use crate::context::printing::Printing;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, RwSignal, effect, list, scope};
use crate::routes::Page;
use crate::views::parts::Parts;
use crate::views::stand_ins;
use leptos::prelude::*;

/// Time between two looks at the server's warnings: some come and go, such as that of a wrong clock.
const WARNINGS_MS: u32 = 300_000;

/// The parts in which the two programs that show the page differ. See docs/decisions/0009-two-programs.md.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    /// Shows a page; `None` when only the full program has it.
    pub(crate) show: fn(Page, Address) -> Option<AnyView>,
    /// Provides the contexts that its pages need.
    pub(crate) provide: fn(Address),
    /// The account menu at the end of the header, or a button that asks for it.
    pub(crate) account: fn() -> AnyView,
    /// The list of keyboard shortcuts, or what asks for it.
    pub(crate) shortcuts: fn() -> AnyView,
}

/// Starts a program.
pub(crate) fn start(program: Program) {
    panic_notice::install();
    theme::apply(theme::stored());
    theme::follow_system();
    page::remove_skeleton();
    handover::mount(move || view! { <App program /> });
}

#[component]
fn App(program: Program) -> impl IntoView {
    let address = Address::follow();
    provide_context(address);
    provide_context(Utc::stored());
    provide_context(Printing::follow());
    // The full program provides its own.
    let missing = || view! { <Handover /> }.into_any();
    provide_context(Parts {
        view_menu: stand_ins::view_menu,
        chips: stand_ins::chips,
        function_menu: stand_ins::function_menu,
        call_tree: None,
        sandwich: None,
        function_panel: None,
        markers: stand_ins::markers,
        missing,
    });
    (program.provide)(address);
    let shown = Memo::new(move || address.page());
    let body = move || {
        let page = shown.get();
        scope(|| (program.show)(page, address).unwrap_or_else(|| view! { <Handover /> }.into_any()))
    };
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <PageKeys address />
        <Header address account=program.account />
        <Warnings />
        <main id="main" tabindex="-1">{move || body()}</main>
        {(program.shortcuts)()}
        <DropZone />
    }
}

/// Placeholder of a page until the full program has taken over.
#[component]
fn Handover() -> impl IntoView {
    let failed = RwSignal::new(None::<ApiError>);
    let hand_over = move || {
        failed.set(None);
        handover::take_over(Box::new(move || {
            if failed.try_get_untracked().is_some() {
                failed.set(Some(ApiError::unreachable()));
            }
        }));
    };
    effect(hand_over);
    let notice = move || match failed.get() {
        None => {
            view! { <p class="message" role="status">"Loading this page …"</p>{page_skeleton()} }.into_any()
        }
        Some(error) => {
            let on_retry = Callback::new(move |()| hand_over());
            view! { <FailedNotice what="This page".to_owned() error on_retry /> }.into_any()
        }
    };
    view! { {move || notice()} }
}

/// Warnings of the server, above every page.
#[component]
fn Warnings() -> impl IntoView {
    let warnings = Fetch::new();
    warnings.start(|_| explore::warnings());
    timer::every(WARNINGS_MS, move || warnings.start(|_| explore::warnings()));
    // Unchanged ones are not announced again.
    let all = Memo::new(move || warnings.data.with(|w: &Option<Vec<String>>| w.clone().unwrap_or_default()));
    let one = |text| view! { <p class="warning" role="alert">{text}</p> }.into_any();
    view! { {move || list(all.get().into_iter().map(one))} }
}
