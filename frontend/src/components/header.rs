//! The header of all pages: navigation and the account.

use super::palette_button::PaletteButton;
use crate::browser::history::Address;
use crate::reactive::{Memo, Signal, list, live_attribute};
use crate::routes::Page;
use crate::state::query::STORE;
use crate::state::service_page::service_param;
use leptos::prelude::*;

const PAGES: [(&str, &str); 6] = [
    ("/", "Home"),
    ("/explore", "Explore"),
    ("/compare", "Compare"),
    ("/heatmap", "Heat map"),
    ("/labels", "Labels"),
    ("/local", "Local file"),
];

/// The parameters of a query that all pages share: the question, not the view. Home has only the first of them.
const QUESTION: [&str; 6] = [STORE, "service", "type", "filter", "from", "until"];

/// What of a query string are these parameters.
fn kept(query: &str, params: &[&str]) -> String {
    let common = |part: &&str| params.contains(&part.split('=').next().unwrap_or_default());
    let kept: Vec<&str> = query.split('&').filter(common).collect();
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
}

/// The question of an address: the path of a service's page says the service.
pub(crate) fn question_at(path: &str, query: &str) -> String {
    kept(&format!("{}{query}", service_param(path)), &QUESTION)
}

/// The address of Home in the store of a query.
pub(crate) fn home_at(query: &str) -> String {
    format!("/{}", kept(query, &QUESTION[..1]))
}

#[component]
pub(crate) fn Header(
    address: Address,
    /// The account menu, or the button that asks for it.
    account: fn() -> AnyView,
) -> impl IntoView {
    let asked =
        Memo::new(move || address.path.with(|path| address.query.with(|query| question_at(path, query))));
    let home = Signal::derive(move || address.query.with(|query| home_at(query)));
    let here = Memo::new(move || address.page());
    let page = move |(to, name): (&'static str, &'static str)| {
        let current = move || (here.get() == Page::at(to, "")).then(|| "page".to_owned());
        // The others are about what is on screen.
        let href = move || match to {
            "/" => Some(home.get()),
            "/local" => Some(to.to_owned()),
            _ => Some(format!("{to}{}", asked.get())),
        };
        view! { <a {..live_attribute("href", href)} {..live_attribute("aria-current", current)}>{name}</a> }
            .into_any()
    };
    view! {
        <header class="header">
            <a class="brand" {..live_attribute("href", move || Some(home.get()))}><Logo />"Flarepath"</a>
            <nav aria-label="Pages">{list(PAGES.map(page))}</nav>
            <PaletteButton />
            {account()}
        </header>
    }
}

/// Three bars of a flame graph, on fire.
#[component]
fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
            <rect class="logo-base" x="2" y="17" width="20" height="5" rx="1.5" />
            <rect class="logo-mid" x="5" y="10.5" width="11" height="5" rx="1.5" />
            <path class="logo-top" d="M9 9.5C8 6 11 5 10.5 1.5c3 1.5 4.5 4.5 3 8z" />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn navigation_keeps_the_question() {
        let question = |query| question_at("/explore", query);
        assert_eq!(question("service=a%26b&mode=table&from=now-1h"), "?service=a%26b&from=now-1h");
        assert_eq!(question("b.from=1&mode=table"), "");
        assert_eq!(question(""), "");
        assert_eq!(question("store=prod&service=a&mode=table"), "?store=prod&service=a");
        assert_eq!(
            (home_at("service=a&store=prod"), home_at("service=a")),
            ("/?store=prod".into(), "/".into())
        );
        assert_eq!(
            question_at("/service/a%2Fb", "from=now-1h&until=now"),
            "?service=a%2Fb&from=now-1h&until=now"
        );
        assert_eq!(question_at("/labels", "service=a"), "?service=a");
    }
}
