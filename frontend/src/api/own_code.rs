//! Rules for the own code of a service.

use super::change::{Change, delete, fetch};
use super::request::in_store;
use super::{ApiError, get};
use crate::state::own_code::{OwnCode, OwnPattern};
use crate::state::url_text::write_pairs;
use flarepath_profile::own_code::OwnPattern as ProfilePattern;
use flarepath_wire::own_code as wire;
use gloo_net::http::Method;
use web_sys::AbortController;

const PATH: &str = "/api/v1/own-code";
/// Services asked for at once.
const PAGE: &str = "200";

/// What is set for a service that the person sees in a store.
pub(crate) async fn own_code(store: Option<String>, service: String) -> Result<OwnCode, ApiError> {
    let path =
        format!("{PATH}?{}{}", in_store(store.as_deref()), write_pairs([("service", service.as_str())]));
    Ok(from_wire(get(&path, None).await?))
}

/// A pattern as the functions of a profile are compared with it.
pub(super) fn own_pattern(wire::OwnCodePattern { of, text }: wire::OwnCodePattern) -> ProfilePattern {
    match of.as_str() {
        "package" => ProfilePattern::Package(text),
        "file" => ProfilePattern::File(text),
        _ => ProfilePattern::Name(text),
    }
}

/// What is set, of all services that the person may change, by name.
pub(crate) async fn all(abort: AbortController) -> Result<Vec<OwnCode>, ApiError> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("{PATH}/services?{}", write_pairs([("limit", PAGE), ("after", after.as_str())]));
        let page: wire::OwnCodesResponse = get(&path, Some(&abort)).await?;
        all.extend(page.services.into_iter().map(from_wire));
        after = page.next;
        if after.is_empty() {
            return Ok(all);
        }
    }
}

/// Sets it.
pub(crate) fn set(service: &str, patterns: &[OwnPattern]) -> Change<OwnCode> {
    let pattern = |p: &OwnPattern| wire::OwnCodePattern { of: p.of.clone(), text: p.text.clone() };
    let patterns = patterns.iter().map(pattern).collect();
    let draft = wire::OwnCodeDraft { service: service.to_owned(), patterns };
    let sent: Change<wire::OwnCodeResponse> = fetch(Method::PUT, PATH, &draft);
    Box::pin(async move { sent.await.map(from_wire) })
}

/// Has it guessed again.
pub(crate) fn reset(service: &str) -> Change<()> {
    delete(&format!("{PATH}?{}", write_pairs([("service", service)])))
}

fn from_wire(answer: wire::OwnCodeResponse) -> OwnCode {
    let pattern = |p: wire::OwnCodePattern| OwnPattern { of: p.of, text: p.text };
    OwnCode {
        service: answer.service,
        is_set: answer.set,
        patterns: answer.patterns.into_iter().map(pattern).collect(),
        changed_by: answer.changed_by,
        changed_ms: answer.changed_at_ns.div_euclid(1_000_000),
        editable: answer.editable,
    }
}
