//! The store that a request reads.

use crate::app::{App, OneStore};
use crate::auth::Principal;
use crate::http::ApiError;
use crate::problem::ProblemKind;
use std::sync::Arc;

/// The store of this name; without one, the default.
///
/// # Errors
/// 404 if there is none that the caller may read. A store of other teams and one that does not exist are answered alike.
pub(crate) fn readable_store(
    app: &App,
    who: &Principal,
    name: Option<&str>,
) -> Result<Arc<OneStore>, ApiError> {
    let found = name.map_or_else(|| Some(app.stores.default()), |name| app.stores.get(name));
    let readable = found.filter(|store| store.is_readable_by(who)).cloned();
    readable.ok_or_else(|| {
        let what = match name {
            Some(name) => format!("no store `{name}` is configured here that you may read"),
            None => "you may not read the default store of this server, and no other is named".to_owned(),
        };
        ApiError::new(ProblemKind::UnknownStore, format!("{what}; GET /api/v1/stores lists them"))
    })
}
