//! Markdown format (GitHub flavored).
//!
//! Untrusted text is mostly written as code: in a code span nothing becomes a link, a mention, an issue, a formula or HTML.
//! Only two characters are special there: backticks (a longer fence encloses them) and, in a table, the bar (written `\|`;
//! after a backslash, where parsers differ, it is replaced by the broken bar `¦`).
//!
//! A title would look odd as code. In it, Markdown characters are escaped, and an invisible word joiner breaks up what forges
//! turn into links after parsing (`@name`, `#12`, `www.`, `https://`, e-mail addresses).

use super::Facts;
use super::document::Document;
use super::table::{Cell, Table};
use std::fmt::Write;

/// The text for GitHub, GitLab and other readers of the same Markdown.
pub(crate) fn markdown(facts: &Facts<'_>) -> String {
    let document = Document::of(facts);
    let mut out = String::new();
    // Writing to a string does not fail.
    let title = text(&document.title);
    let _ = writeln!(out, "### {}\n", if title.is_empty() { "Shared profile" } else { &title });
    if !document.headline.is_empty() {
        let _ = writeln!(out, "**{}**\n", inline(&document.headline));
    }
    for paragraph in &document.paragraphs {
        let _ = writeln!(out, "{}\n", inline(paragraph));
    }
    match (&document.picture, &document.link) {
        (Some(picture), Some(link)) => {
            let _ = writeln!(out, "[![{title}]({picture})]({link})\n");
        }
        (Some(picture), None) => {
            let _ = writeln!(out, "![{title}]({picture})\n");
        }
        _ => {}
    }
    if let Some(link) = &document.link {
        let _ = writeln!(out, "[Open the snapshot]({link})\n");
    }
    for table in &document.tables {
        write_table(table, &mut out);
    }
    let _ = writeln!(out, "{}", document.note);
    out
}

fn write_table(table: &Table, out: &mut String) {
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        out.push('|');
        for cell in cells {
            let _ = write!(out, " {cell} |");
        }
        out.push('\n');
    };
    line(&mut table.head.iter().map(|head| text(head)));
    line(&mut table.head.iter().map(|_| "---".to_owned()));
    for row in &table.rows {
        line(&mut row.iter().map(|cell| match cell {
            Cell::Trusted(words) => text(words),
            Cell::Untrusted(name) => code(&in_table(name)),
        }));
    }
    out.push('\n');
}

/// A sentence: names in it are code.
fn inline(parts: &[Cell]) -> String {
    let part = |part: &Cell| match part {
        Cell::Trusted(words) => text(words),
        Cell::Untrusted(name) => code(name),
    };
    parts.iter().map(part).collect()
}

/// One line of prose, escaped.
fn text(line: &str) -> String {
    /// Invisible; breaks up words.
    const JOINER: char = '\u{2060}';
    let mut out = String::with_capacity(line.len() + 16);
    let mut chars = line.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '^' | '=' | '@' | '#' => {
                out.extend(['\\', c]);
            }
            other => out.push(other),
        }
        let opens_link = match c {
            '@' | '#' => true,
            ':' => chars.peek() == Some(&'/'),
            'w' | 'W' => matches!(before, 'w' | 'W') && chars.peek() == Some(&'.'),
            _ => false,
        };
        if opens_link {
            out.push(JOINER);
        }
        before = c;
    }
    out
}

/// A name as a code span.
fn code(name: &str) -> String {
    let longest = name.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Parsers strip one space at each end; without it, a backtick at an end would be part of the fence.
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{name}{pad}{fence}")
}

/// A name for a code span in a table, where a bar would end the cell.
fn in_table(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        match c {
            '|' if before == '\\' => out.push('¦'),
            '|' => out.push_str("\\|"),
            other => out.push(other),
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_fenced_code() {
        assert_eq!(code("a.b"), "`a.b`");
        assert_eq!(code("`tick``"), "``` `tick`` ```");
        assert_eq!(code("operator||(T)"), "`operator||(T)`");
        assert_eq!(code(&in_table("operator||(T)")), "`operator\\|\\|(T)`");
        assert_eq!(code(&in_table("a\\|b")), "`a\\¦b`");
    }

    #[test]
    fn prose_contains_no_markup() {
        assert_eq!(text("a *b* [c](d) <e> &amp;"), "a \\*b\\* \\[c\\](d) &lt;e&gt; &amp;amp;");
        assert_eq!(text("https://x @me #1"), "https:\u{2060}//x \\@\u{2060}me \\#\u{2060}1");
        assert_eq!(text("www.evil.example"), "www\u{2060}.evil.example");
    }
}
