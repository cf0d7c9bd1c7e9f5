//! HTML format: a fragment without scripts and styles, to be pasted into a page, mail or document.

use super::Facts;
use super::document::Document;
use super::markup::{element, escape, link, table};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The fragment. With `png` the picture is inside of it and needs no server any more; without, it is fetched from
/// [`Facts::picture`].
pub(crate) fn html(facts: &Facts<'_>, png: Option<&[u8]>) -> String {
    let document = Document::of(facts);
    let mut out = String::from("<section>\n");
    element("h3", title(&document), &mut out);
    out.push('\n');
    if !document.verdict.is_empty() {
        out.push_str("<p>");
        element("strong", &document.verdict, &mut out);
        out.push_str("</p>\n");
    }
    let inside = png.map(|bytes| format!("data:image/png;base64,{}", STANDARD.encode(bytes)));
    if let Some(source) = inside.as_ref().or(document.picture.as_ref()) {
        out.push_str("<p><img src=\"");
        escape(source, &mut out);
        out.push_str("\" width=\"800\" height=\"420\" alt=\"");
        escape(title(&document), &mut out);
        out.push_str("\" /></p>\n");
    }
    if let Some(address) = &document.link {
        link(address, "Open the snapshot", &mut out);
    }
    for rows in &document.tables {
        table(rows, &mut out);
    }
    element("p", document.note, &mut out);
    out.push_str("\n</section>\n");
    out
}

/// The title, or what stands for it.
pub(super) fn title(document: &Document) -> &str {
    if document.title.is_empty() { "Shared profile" } else { &document.title }
}
