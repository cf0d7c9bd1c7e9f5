//! Confluence's storage format: XHTML with elements of Confluence's own for pictures. It is what the editor's source view and
//! the REST API take.

use super::Facts;
use super::document::Document;
use super::markup::{body, escape, title};

/// The text in storage format.
pub(crate) fn confluence(facts: &Facts<'_>) -> String {
    let document = Document::of(facts);
    let picture = document.picture.as_ref().map(|picture| {
        let (url, alt) = (escape(picture), escape(title(&document)));
        format!("<ac:image ac:width=\"800\" ac:alt=\"{alt}\"><ri:url ri:value=\"{url}\" /></ac:image>\n")
    });
    body(&document, picture)
}
