//! Confluence's storage format: XHTML with elements of Confluence's own for pictures. It is what the editor's source view and
//! the REST API take.

use super::Facts;
use super::document::Document;
use super::html::title;
use super::markup::{element, escape, link, table};

/// The text in storage format.
pub(crate) fn confluence(facts: &Facts<'_>) -> String {
    let document = Document::of(facts);
    let mut out = String::new();
    element("h3", title(&document), &mut out);
    out.push('\n');
    if !document.verdict.is_empty() {
        out.push_str("<p>");
        element("strong", &document.verdict, &mut out);
        out.push_str("</p>\n");
    }
    if let Some(picture) = &document.picture {
        out.push_str("<ac:image ac:width=\"800\" ac:alt=\"");
        escape(title(&document), &mut out);
        out.push_str("\"><ri:url ri:value=\"");
        escape(picture, &mut out);
        out.push_str("\" /></ac:image>\n");
    }
    if let Some(address) = &document.link {
        link(address, "Open the snapshot", &mut out);
    }
    for rows in &document.tables {
        table(rows, &mut out);
    }
    element("p", document.note, &mut out);
    out.push('\n');
    out
}
