//! Markers of a service.

use super::change::{Change, delete, send};
use super::request::in_store;
use super::{ApiError, get};
use crate::state::marker_form::NewMarker;
use crate::state::markers::{Kind, Marker, MarkerList, safe_link};
use crate::state::time_range::Span;
use crate::state::time_text::{End, api_text};
use crate::state::url_text::{encode, write_pairs};
use flarepath_wire::markers as wire;
use gloo_net::http::Method;
use web_sys::AbortController;

const PATH: &str = "/api/v1/markers";
/// Most pages that are loaded for one timeline; more markers would share its pixels.
const PAGES: usize = 10;

/// The markers of a service within a time.
pub(crate) async fn markers(
    store: Option<String>,
    service: String,
    span: Span,
    abort: AbortController,
) -> Result<MarkerList, ApiError> {
    let (from, until) = (api_text(span.from_ns), api_text(span.until_ns));
    let (mut markers, mut cursor) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let mut pairs =
            vec![("service", service.as_str()), ("from", from.as_str()), ("until", until.as_str())];
        pairs.extend((!cursor.is_empty()).then_some(("cursor", cursor.as_str())));
        let page: wire::MarkersResponse =
            get(&format!("{PATH}?{}{}", in_store(store.as_deref()), write_pairs(pairs)), Some(&abort))
                .await?;
        markers.extend(page.markers.into_iter().map(from_wire));
        cursor = page.next_cursor;
        if cursor.is_empty() {
            return Ok(MarkerList { service, markers, note: page.note });
        }
    }
    let note = format!("Only the first {} markers of this time range are shown.", markers.len());
    Ok(MarkerList { service, markers, note })
}

fn from_wire(marker: wire::Marker) -> Marker {
    Marker {
        kind: Kind::of(&marker.kind),
        inferred: marker.source != "posted",
        link: safe_link(&marker.url).to_owned(),
        id: marker.id,
        at_ns: marker.at_ns,
        selector: marker.selector,
        version: marker.version,
        text: marker.text,
        created_by: marker.created_by,
        deletable: marker.deletable,
    }
}

/// Posts a marker.
pub(crate) fn create(new: NewMarker) -> Change<()> {
    let draft = wire::MarkerDraft {
        kind: new.kind,
        time: End::At(new.at_ns).text(),
        service: new.service,
        version: new.version,
        text: new.text,
        url: new.url,
        ..wire::MarkerDraft::default()
    };
    send(Method::POST, PATH, &draft)
}

/// Deletes a posted marker.
pub(crate) fn delete_marker(id: &str) -> Change<()> {
    delete(&format!("{PATH}/{}", encode(id)))
}
