//! Shares. Opening one requires a link and what its visibility demands; managing one, and opening it without the link, requires its
//! row id and a signed-in caller who owns it or may manage all shares.

mod annotations;
mod create;
mod link_page;
mod manage;
mod open;
mod open_by_id;
mod postmortem;
mod retention;
mod source;
mod source_verdict;

use crate::http::route::Route;

pub(crate) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(create::routes());
    all.extend(open::routes());
    all.extend(open_by_id::routes());
    all.extend(manage::routes());
    all.extend(annotations::routes());
    all.extend(postmortem::routes());
    all.extend(retention::routes());
    all.extend(link_page::routes());
    all
}
