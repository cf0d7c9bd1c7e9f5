//! Named views and annotations of a share.

use super::{NamedView, path_of};
use crate::api::change::{Change, delete, send};
use crate::state::url_text::encode;
use flarepath_wire::shares::{ShareAnnotation, ShareView};
use gloo_net::http::Method;

/// Saves a view under a number and a name.
pub(crate) fn keep_view(row: &str, view: NamedView) -> Change<()> {
    let NamedView { number, name, state } = view;
    send(Method::PUT, &format!("{}/views/{number}", path_of(row)), &ShareView { number, name, state })
}

/// Adds an annotation at a path of the tree.
pub(crate) fn annotate(row: &str, path: Vec<String>, text: String) -> Change<()> {
    let annotation = ShareAnnotation { path, text, ..ShareAnnotation::default() };
    send(Method::POST, &format!("{}/annotations", path_of(row)), &annotation)
}

pub(crate) fn delete_annotation(row: &str, id: &str) -> Change<()> {
    delete(&format!("{}/annotations/{}", path_of(row), encode(id)))
}
