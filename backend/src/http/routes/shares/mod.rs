//! Shares over HTTP. Looking needs a link and whatever its visibility asks for; managing needs a row id, somebody signed in
//! and the share to be one's own, or the permission to manage all.

mod body;
mod create;
mod file;
mod link_page;
mod manage;
mod open;
mod remarks;
mod retention;
mod source;

pub(in crate::http) use open::NOT_FOUND;

use crate::http::router::Route;

/// The lines of the route table.
pub(crate) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(create::routes());
    all.extend(open::routes());
    all.extend(manage::routes());
    all.extend(remarks::routes());
    all.extend(file::routes());
    all.extend(retention::routes());
    all.extend(link_page::routes());
    all
}
