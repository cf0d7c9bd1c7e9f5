//! An incident as Markdown, for a chat or a ticket: the server's sentences, what was compared, the functions that explain the change, and
//! a link.
//!
//! Names of functions are code spans, in which nothing is a link, a mention or HTML; all other text is escaped.

use super::verdict::Verdict;
use std::fmt::Write;

/// Most functions that are listed.
const FUNCTIONS: usize = 10;

/// What is said about an incident besides the verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct IncidentFacts {
    /// `Incident: checkout at 14:02`
    pub(crate) title: String,
    /// Profile type, window, baseline and others: what, and its text.
    pub(crate) rows: Vec<(&'static str, String)>,
    /// The address of the page, with all times written out.
    pub(crate) link: String,
}

/// The text.
pub(crate) fn markdown(facts: &IncidentFacts, verdict: &Verdict) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(out, "### {}\n", prose(&facts.title));
    let _ = writeln!(out, "**{}**\n", sentence(&verdict.headline));
    for text in verdict.sentences.iter().skip(1) {
        let _ = writeln!(out, "{}\n", sentence(text));
    }
    for (what, text) in &facts.rows {
        let _ = writeln!(out, "- {what}: {}", prose(text));
    }
    let causes = verdict.functions.iter().filter(|cause| cause.moved.is_none()).take(FUNCTIONS);
    for (at, cause) in causes.enumerate() {
        if at == 0 {
            out.push_str("\nFunctions that explain the change:\n\n");
        }
        let caller = &cause.near[0];
        let called_by =
            if caller.is_empty() { String::new() } else { format!(", called by {}", code(caller)) };
        let _ = writeln!(out, "{}. {}{called_by}", at + 1, code(&cause.name));
    }
    let _ = writeln!(out, "\n[Open the incident]({})", facts.link);
    out
}

/// A sentence of the server, which has its names in backticks.
fn sentence(text: &str) -> String {
    let part = |(at, part): (usize, &str)| if at % 2 == 0 { prose(part) } else { code(part) };
    text.split('`').enumerate().map(part).collect()
}

/// Escaped text in one line.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '^' | '@' | '#' => out.extend(['\\', c]),
            '\n' | '\r' | '\t' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// A name as a code span, whose fence is longer than any row of backticks in it.
fn code(name: &str) -> String {
    let name = name.replace(['\n', '\r', '\t'], " ");
    let longest = name.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space keeps a backtick at an end apart from the fence; Markdown drops it.
    let pad = if name.starts_with('`') || name.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{name}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::verdict::Cause;

    fn facts() -> IncidentFacts {
        IncidentFacts {
            title: "Incident: check_out at 14:02".into(),
            rows: vec![("Window", "2026-11-21 13:57 – 14:32 UTC".into()), ("Baseline", "version v1".into())],
            link: "https://flarepath.example/i?service=check_out&at=2026-11-21T14:02:00Z".into(),
        }
    }

    #[test]
    fn the_servers_sentences_and_the_culprit_are_in_the_text() {
        let cause = |name: &str, caller: &str| Cause {
            name: name.into(),
            near: [caller.into(), String::new()],
            ..Cause::default()
        };
        let moved = Cause { moved: Some("b".into()), ..cause("a", "") };
        let verdict = Verdict {
            headline: "CPU use is 15 % higher: `Regex::new` under `handle_order`.".into(),
            sentences: vec!["The headline.".into(), "Called <once> an order.".into()],
            functions: vec![cause("Regex::new", "handle_order"), moved, cause("a`b", "")],
            ..Verdict::default()
        };
        assert_eq!(
            markdown(&facts(), &verdict),
            "### Incident: check\\_out at 14:02\n\n\
             **CPU use is 15 % higher: `Regex::new` under `handle_order`.**\n\n\
             Called &lt;once&gt; an order.\n\n\
             - Window: 2026-11-21 13:57 – 14:32 UTC\n\
             - Baseline: version v1\n\n\
             Functions that explain the change:\n\n\
             1. `Regex::new`, called by `handle_order`\n\
             2. ``a`b``\n\n\
             [Open the incident](https://flarepath.example/i?service=check_out&at=2026-11-21T14:02:00Z)\n"
        );
    }

    #[test]
    fn without_a_culprit_there_is_no_list() {
        let verdict = Verdict { headline: "No significant change.".into(), ..Verdict::default() };
        let text = markdown(&facts(), &verdict);
        assert!(text.contains("**No significant change.**") && !text.contains("explain"), "{text}");
    }

    #[test]
    fn names_stay_code_whatever_is_in_them() {
        assert_eq!(code("f"), "`f`");
        assert_eq!(code("`f`"), "`` `f` ``");
        assert_eq!(code("a``b\nc"), "```a``b c```");
        assert_eq!(prose("a|b @you #1"), "a\\|b \\@you \\#1");
    }
}
