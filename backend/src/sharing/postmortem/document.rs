//! Content and order of a postmortem, independent of the format.

use super::Facts;
use super::costs::{merged, tables};
use super::sides::sides;
use super::table::{Cell, MAX_CHARS, Table, time, untrusted};
use crate::sharing::payload::{VerdictResponse, VerdictSelection, VerdictSide};
use crate::sharing::text::{one_line, split_at};
use flarepath_profile::short_name::short_name;
use flarepath_profile::unix_nanos::UnixNanos;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;

/// Most characters of a sentence: it may have several names.
const MAX_SENTENCE_CHARS: usize = 2000;

/// The content, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// On one line.
    pub(super) title: String,
    /// What it shows, in one or two sentences; empty if there is nothing to say.
    pub(super) headline: Vec<Cell>,
    /// What else there is to say about it, each a paragraph.
    pub(super) paragraphs: Vec<Vec<Cell>>,
    pub(super) picture: Option<String>,
    pub(super) link: Option<String>,
    pub(super) tables: Vec<Table>,
    /// How to read the numbers.
    pub(super) note: &'static str,
}

impl Document {
    pub(super) fn of(facts: &Facts<'_>) -> Document {
        let names = facts.verdict.map(quoted).unwrap_or_default();
        let headline = sentence(facts.headline, &names);
        let mut paragraphs = Vec::new();
        if let Some(verdict) = facts.verdict {
            // The headline is the first of them, unless it says more than that.
            let told = |text: &&String| facts.headline.contains(text.as_str());
            let rest: Vec<&str> =
                verdict.sentences.iter().filter(|text| !told(text)).map(String::as_str).collect();
            paragraphs.push(sentence(&rest.join(" "), &names));
            // The sides of a comparison have columns of their own.
            paragraphs.extend(compared(verdict).filter(|_| facts.sides.len() < 2));
            paragraphs.extend(verdict.notes.iter().map(|note| sentence(&format!("Note: {note}."), &names)));
        }
        paragraphs.extend(facts.without_verdict.map(|why| vec![Cell::Trusted(why.to_owned())]));
        paragraphs.extend(merged(facts.top, facts.is_comparison).map(|text| vec![Cell::Trusted(text)]));
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        Document {
            title: one_line(facts.title, MAX_CHARS).into_owned(),
            headline,
            paragraphs,
            picture: facts.picture.and_then(address),
            link: address(facts.link),
            tables: [sides(facts), common(facts)].into_iter().chain(tables(facts)).collect(),
            note: note(facts),
        }
    }
}

/// The selections that a verdict is about, which are not those of the only side.
fn compared(verdict: &VerdictResponse) -> Option<Vec<Cell>> {
    let selection = |side: &Option<VerdictSide>| side.as_ref().and_then(|side| side.selection.clone());
    let (baseline, comparison) = (selection(&verdict.baseline)?, selection(&verdict.comparison)?);
    let window = |of: &VerdictSelection| {
        let [from, until] = [of.start_ns, of.end_ns].map(|ns| time(UnixNanos(ns)));
        format!("from {from} to {until}")
    };
    Some(vec![
        Cell::Trusted("The verdict compares ".to_owned()),
        untrusted(&comparison.selector),
        Cell::Trusted(format!(" {} with ", window(&comparison))),
        untrusted(&baseline.selector),
        Cell::Trusted(format!(" {} (UTC).", window(&baseline))),
    ])
}

fn note(facts: &Facts<'_>) -> &'static str {
    match (facts.is_comparison, facts.per.is_some()) {
        (false, _) if facts.verdict.is_some() && facts.sides.len() < 2 => {
            "Self is what was spent in a function itself, total includes what it called. Costs that the verdict names are per replica and \
             second that profiles cover; levels, such as memory in use, are means of profiles."
        }
        (false, _) => "Self is what was spent in a function itself, total includes what it called.",
        (true, true) => {
            "Costs are per replica and second that profiles cover; levels, such as memory in use, are means of profiles. Self is \
             what was spent in a function itself. Differences that the verdict does not name may be noise."
        }
        (true, false) => {
            "Self is what was spent in a function itself. Values of the two sides are of unequal time and cannot be compared: \
             how much of each window has data is not known."
        }
    }
}

/// The names that sentences of a verdict quote, in the backticks that they stand in: short ones, and in older snapshots whole ones.
fn quoted(verdict: &VerdictResponse) -> Vec<String> {
    let functions = verdict.functions.iter().flat_map(|f| [&f.name, &f.called_by, &f.deepest, &f.moved_from]);
    let all = functions.chain(&verdict.only_share).filter(|name| !name.is_empty());
    let both = all.flat_map(|name| [short_name(name), Cow::Borrowed(name.as_str())]);
    both.map(|name| one_line(&format!("`{name}`"), MAX_SENTENCE_CHARS).into_owned()).collect()
}

/// A sentence in parts: the names in it are untrusted.
fn sentence(text: &str, names: &[String]) -> Vec<Cell> {
    let line = one_line(text, MAX_SENTENCE_CHARS);
    let part = |(part, name): (&str, Option<usize>)| match name {
        None => Cell::Trusted(part.to_owned()),
        Some(_) => Cell::Untrusted(part[1..part.len() - 1].to_owned()),
    };
    split_at(&line, names).into_iter().map(part).collect()
}

/// Facts about the share.
fn common(facts: &Facts<'_>) -> Table {
    let ends = match facts.link_ends_at {
        Some(at) => Cell::Trusted(time(at)),
        None => Cell::Trusted("never".to_owned()),
    };
    let rows = [
        ("Profile type", untrusted(facts.profile_type)),
        ("Snapshot", untrusted(facts.snapshot)),
        ("Removed before sharing", untrusted(facts.sanitised)),
        ("Created by", untrusted(facts.creator)),
        ("Created (UTC)", Cell::Trusted(time(facts.created_at))),
        ("Link expires (UTC)", ends),
    ];
    let row = |(label, value): (&str, Cell)| vec![Cell::Trusted(label.to_owned()), value];
    Table { head: vec!["Share".to_owned(), "Value".to_owned()], rows: rows.map(row).to_vec() }
}

/// All but the characters of URLs that are special in no format.
const SPECIAL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b'?')
    .remove(b'#')
    .remove(b'=')
    .remove(b'&')
    .remove(b'%')
    .remove(b'+')
    .remove(b',')
    .remove(b'@')
    .remove(b'[')
    .remove(b']');

/// A URL that is safe in links of all formats: absolute, HTTP, without characters that are special in any of them.
fn address(address: &str) -> Option<String> {
    if !(address.starts_with("https://") || address.starts_with("http://")) || address.len() > 2048 {
        return None;
    }
    Some(utf8_percent_encode(address, SPECIAL).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::payload::VerdictFunction;

    #[test]
    fn urls_contain_no_markup() {
        assert_eq!(
            address("https://x/s/a(b)<c> \"|`\n").as_deref(),
            Some("https://x/s/a%28b%29%3Cc%3E%20%22%7C%60%0A")
        );
        assert_eq!(address("http://[::1]:4100/s/a").as_deref(), Some("http://[::1]:4100/s/a"));
        assert_eq!(address("javascript:alert(1)"), None);
        assert_eq!(address("/s/a"), None);
    }

    #[test]
    fn short_and_whole_names_in_sentences_are_untrusted() {
        let name = format!("shop::Sorted<{}>::sort", "shop::Item, ".repeat(8));
        let function = VerdictFunction { name: name.clone(), ..VerdictFunction::default() };
        let verdict = VerdictResponse { functions: vec![function], ..VerdictResponse::default() };
        for shown in ["shop::Sorted<…>::sort", &name] {
            let parts = sentence(&format!("It is `{shown}`."), &quoted(&verdict));
            assert_eq!(parts[1], Cell::Untrusted(shown.to_owned()));
        }
    }
}
