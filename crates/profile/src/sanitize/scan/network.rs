//! Network addresses, and user names and queries of URLs.

use super::runs::{at, before, run_end, run_start, runs};
use core::net::Ipv6Addr;
use std::ops::Range;

type Found = Vec<Range<usize>>;

fn ends_url(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`<>(){}[]|\\^,;".contains(&byte)
}

/// What stands between `://` and the last `@` before the path.
pub(super) fn url_userinfo(text: &str, found: &mut Found) {
    for (colon, mark) in text.match_indices("://") {
        let start = colon + mark.len();
        let end = run_end(text.as_bytes(), start, |b| !ends_url(b) && !b"/?#".contains(&b));
        if let Some(sign) = text[start..end].rfind('@').filter(|&n| n > 0) {
            found.push(start..start + sign);
        }
    }
}

/// In a URL what follows `?` or `#`, elsewhere what follows `?name=` or `#name=`. The mark stays.
pub(super) fn url_query(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for mark in (0..bytes.len()).filter(|&i| matches!(bytes[i], b'?' | b'#')) {
        if mark < done {
            continue;
        }
        let end = run_end(bytes, mark + 1, |b| !ends_url(b) || b"{}[](),;|^\\".contains(&b));
        let name = run_end(bytes, mark + 1, |b| b.is_ascii_alphanumeric() || b"_.-%[]".contains(&b));
        let named = name > mark + 1 && at(text, name) == Some(b'=');
        let in_url = || text[run_start(bytes, mark, |b| !ends_url(b))..mark].contains("://");
        if end > mark + 1 && (named || in_url()) {
            found.push(mark + 1..end);
            done = end;
        }
    }
}

/// Addresses of both versions, and host names such as `ip-10-0-0-1`.
pub(super) fn ip_address(text: &str, found: &mut Found) {
    ipv4(text, found);
    ipv6(text, found);
}

fn ipv4(text: &str, found: &mut Found) {
    let mut done = 0;
    for first in runs(text, 0..text.len(), |b| b.is_ascii_digit()) {
        if first.start < done {
            continue;
        }
        let lead = &text[..first.start];
        let host = lead.len() >= 3 && lead.as_bytes()[lead.len() - 3..].eq_ignore_ascii_case(b"ip-");
        let separator = if host { b'-' } else { b'.' };
        let closure = lead.ends_with("func");
        let version = lead.strip_suffix('v').is_some_and(|l| !l.ends_with(|c: char| c.is_alphanumeric()));
        if version || closure || lead.ends_with(".so.") {
            continue;
        }
        if let Some(end) = octets(text, first.start, separator) {
            done = end;
            // `2.1.1.1` is a version, or a closure in a closure; of addresses only a few public ones are like that.
            if end - first.start > "1.1.1.1".len() {
                found.push(first.start..end);
            }
        }
    }
}

/// The end of four numbers up to 255.
fn octets(text: &str, start: usize, separator: u8) -> Option<usize> {
    let mut from = start;
    for part in 0..4 {
        let end = run_end(text.as_bytes(), from, |b| b.is_ascii_digit());
        if end == from || end - from > 3 || text[from..end].parse::<u8>().is_err() {
            return None;
        }
        match part {
            3 => return Some(end),
            _ if at(text, end) != Some(separator) => return None,
            _ => from = end + 1,
        }
    }
    None
}

/// The last 32 bits of an address may be written as in version 4, which [`ipv4`] finds.
///
/// Paths of modules look like short addresses (`abc::def`), so that these need more: eight groups, or a first group of
/// four with a digit, which all addresses in use have.
fn ipv6(text: &str, found: &mut Found) {
    for run in runs(text, 0..text.len(), |b| b.is_ascii_hexdigit() || b == b':') {
        if text.as_bytes()[run.clone()].iter().filter(|&&b| b == b':').count() < 2 {
            continue;
        }
        let range = without_neighbours(text, run);
        let address = &text[range.clone()];
        let colons = address.bytes().filter(|&b| b == b':').count();
        if address.parse::<Ipv6Addr>().is_err() {
            continue;
        }
        let group = address.split(':').next().unwrap_or_default();
        let telling = group.len() == 4 && group.contains(|c: char| c.is_ascii_digit());
        let word_follows = at(text, range.end).is_some_and(|b| b.is_ascii_alphanumeric());
        let word_precedes = before(text, range.start).is_some_and(|b| b.is_ascii_alphanumeric());
        let short = colons <= 2 && (word_follows || word_precedes);
        if colons == 7 || (telling && !short) {
            found.push(range);
        }
    }
}

/// Without the colon before a port or after a word, and without letters of a word that runs into the address.
fn without_neighbours(text: &str, run: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = run;
    let part = &text[start..end];
    if part.starts_with(':') && !part.starts_with("::") {
        start += 1;
    }
    if part.ends_with(':') && !part.ends_with("::") {
        end -= 1;
    }
    let group = |part: &str| part.find(':').unwrap_or(part.len());
    start += group(&text[start..end]).saturating_sub(4);
    let last = text[start..end].rfind(':').map_or(start, |colon| start + colon + 1);
    start..end.min(last + 4)
}
