//! Markup that HTML and Confluence's storage format share: everything but the picture.

use super::document::Document;
use super::table::{Cell, Table};

/// The document, with `picture` as it is.
pub(super) fn body(document: &Document, picture: Option<String>) -> String {
    let mut out = element("h3", title(document)) + "\n";
    if !document.headline.is_empty() {
        out += &format!("<p><strong>{}</strong></p>\n", inline(&document.headline));
    }
    out.extend(document.paragraphs.iter().map(|parts| format!("<p>{}</p>\n", inline(parts))));
    out += &picture.unwrap_or_default();
    if let Some(link) = &document.link {
        let link = escape(link);
        out += &format!("<p><a href=\"{link}\" rel=\"noopener noreferrer\">Open the snapshot</a></p>\n");
    }
    out.extend(document.tables.iter().map(table));
    out + &element("p", document.note) + "\n"
}

/// The title, or a generic one.
pub(super) fn title(document: &Document) -> &str {
    if document.title.is_empty() { "Shared profile" } else { &document.title }
}

/// Text for elements and attributes. Braces and brackets are written as references too: a page that is read as wiki markup
/// on its way would take them for macros and links.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in html_escape::encode_quoted_attribute(text).chars() {
        match c {
            '{' | '}' | '[' | ']' => out += &format!("&#{};", u32::from(c)),
            other => out.push(other),
        }
    }
    out
}

fn element(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>", escape(text))
}

/// A sentence, or the content of a cell.
fn inline(parts: &[Cell]) -> String {
    let part = |part: &Cell| match part {
        Cell::Trusted(text) => escape(text),
        Cell::Untrusted(name) => element("code", name),
    };
    parts.iter().map(part).collect()
}

fn table(table: &Table) -> String {
    let cell = |cell: &Cell| format!("<td>{}</td>", inline(std::slice::from_ref(cell)));
    let head: String = table.head.iter().map(|head| element("th", head)).collect();
    let row = |row: &Vec<Cell>| format!("<tr>{}</tr>\n", row.iter().map(cell).collect::<String>());
    let rows: String = table.rows.iter().map(row).collect();
    format!("<table><tbody>\n<tr>{head}</tr>\n{rows}</tbody></table>\n")
}
