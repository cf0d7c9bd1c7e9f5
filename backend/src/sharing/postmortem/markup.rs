//! Escaping, links and tables for HTML and Confluence's storage format.

use super::document::{Piece, Table};

/// Appends text, for elements and for attributes. Braces and brackets are written as references too: a page that is read
/// as wiki markup on its way would take them for macros and links.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '{' => out.push_str("&#123;"),
            '}' => out.push_str("&#125;"),
            '[' => out.push_str("&#91;"),
            ']' => out.push_str("&#93;"),
            other => out.push(other),
        }
    }
}

/// Appends an element with text in it.
pub(super) fn element(tag: &str, text: &str, out: &mut String) {
    out.push_str(&format!("<{tag}>"));
    escape(text, out);
    out.push_str(&format!("</{tag}>"));
}

/// Appends a link; `address` is safe already.
pub(super) fn link(address: &str, text: &str, out: &mut String) {
    out.push_str("<p><a href=\"");
    escape(address, out);
    out.push_str("\" rel=\"noopener noreferrer\">");
    escape(text, out);
    out.push_str("</a></p>\n");
}

/// Appends a table.
pub(super) fn table(table: &Table, out: &mut String) {
    out.push_str("<table><tbody>\n<tr>");
    for head in &table.head {
        element("th", head, out);
    }
    out.push_str("</tr>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for piece in row {
            match piece {
                Piece::Trusted(words) => element("td", words, out),
                Piece::Untrusted(name) => {
                    out.push_str("<td>");
                    element("code", name, out);
                    out.push_str("</td>");
                }
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n");
}
