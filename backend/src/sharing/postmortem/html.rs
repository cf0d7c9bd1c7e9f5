//! HTML format: a fragment without scripts and styles, to be pasted into a page, mail or document.

use super::Facts;
use super::document::Document;
use super::markup::{body, escape, title};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The fragment. With `png` the picture is embedded and needs no server; without, it is fetched from [`Facts::picture`].
pub(crate) fn html(facts: &Facts<'_>, png: Option<&[u8]>) -> String {
    let document = Document::of(facts);
    let embedded = png.map(|bytes| format!("data:image/png;base64,{}", STANDARD.encode(bytes)));
    let source = embedded.as_ref().or(document.picture.as_ref());
    let picture = source.map(|source| {
        let (source, alt) = (escape(source), escape(title(&document)));
        format!("<p><img src=\"{source}\" width=\"800\" height=\"420\" alt=\"{alt}\" /></p>\n")
    });
    format!("<section>\n{}</section>\n", body(&document, picture))
}
