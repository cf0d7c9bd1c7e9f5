//! Puts the pages together: which address shows which page, and what is around all of them.

use crate::api::{Fetch, explore};
use crate::browser::history::Address;
use crate::browser::{page, panic_notice, theme};
use crate::components::drop_zone::DropZone;
use crate::components::header::Header;
use crate::components::shortcuts::Shortcuts;
use crate::pages::compare::Compare;
use crate::pages::explore::{Explore, Utc};
use crate::pages::local::LocalPage;
use crate::pages::not_found::NotFound;
use crate::reactive::{Memo, list};
use crate::state::local_files::LocalFiles;
use leptos::prelude::*;

/// The pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Explore,
    Compare,
    Local,
    NotFound,
}

/// The route table. `/` is Explore with everything left to the page.
fn page_at(path: &str) -> Page {
    match path.trim_end_matches('/') {
        "" | "/explore" => Page::Explore,
        "/compare" => Page::Compare,
        "/local" => Page::Local,
        _ => Page::NotFound,
    }
}

/// Starts the page.
pub fn start() {
    panic_notice::install();
    theme::apply(theme::stored());
    theme::follow_system();
    page::remove_skeleton();
    leptos::mount::mount_to_body(App);
}

/// The whole page.
#[component]
fn App() -> impl IntoView {
    let address = Address::follow();
    provide_context(address);
    provide_context(Utc::stored());
    LocalFiles::provide();
    let shown = Memo::new(move || address.path.with(|path| page_at(path)));
    let body = move || match shown.get() {
        Page::Explore => view! { <Explore address /> }.into_any(),
        Page::Compare => view! { <Compare address /> }.into_any(),
        Page::Local => view! { <LocalPage /> }.into_any(),
        Page::NotFound => view! { <NotFound /> }.into_any(),
    };
    view! {
        <a class="skip-link" href="#main">"Skip to the profile"</a>
        <Header path=address.path />
        <Warnings />
        <main id="main" tabindex="-1">{move || body()}</main>
        <Shortcuts />
        <DropZone />
    }
}

/// What the server wants everyone to know, for as long as it is so.
#[component]
fn Warnings() -> impl IntoView {
    let warnings = Fetch::new();
    warnings.start(|_| explore::warnings());
    let all = move || warnings.data.with(|w: &Option<Vec<String>>| w.clone().unwrap_or_default());
    let one = |text| view! { <p class="warning" role="alert">{text}</p> }.into_any();
    view! { {move || list(all().into_iter().map(one))} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_pages() {
        assert_eq!(page_at("/"), Page::Explore);
        assert_eq!(page_at("/explore/"), Page::Explore);
        assert_eq!(page_at("/compare"), Page::Compare);
        assert_eq!(page_at("/local"), Page::Local);
        assert_eq!(page_at("/explore/x"), Page::NotFound);
    }
}
