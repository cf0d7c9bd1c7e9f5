//! The notice above a page whose address names a store that is not there, or that the person may not read.

use crate::browser::history::Address;
use crate::context::stores::Stores;
use crate::reactive::{Memo, shown};
use leptos::prelude::*;

/// The notice with a link to the same page in another store; nothing while the store is known.
pub(crate) fn unknown_store(address: Address) -> AnyView {
    let stores = Stores::of_page();
    stores.ask();
    let data = stores.list.data;
    let problem = Memo::new(move || {
        address.query.with(|query| data.with(|list| list.as_ref().and_then(|list| list.problem(query))))
    });
    let link = move || {
        let way = address.query.with(|query| data.with(|list| list.as_ref()?.way_out(query)));
        way.map(|(text, href)| view! { <a class="button" href=href>{text}</a> }.into_any())
    };
    let notice = move || {
        view! {
            <div class="message failed" role="alert">
                <p>{move || problem.get()}</p>
                {move || link()}
            </div>
        }
        .into_any()
    };
    shown(move || problem.with(Option::is_some), notice)
}
