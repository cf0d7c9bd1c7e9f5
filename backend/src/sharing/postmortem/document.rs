//! Content and order of a postmortem, independent of the format.

use super::verdict::delta;
use super::{Facts, Mover, Movers, Retention, Side};
use crate::sharing::text::one_line;
use flarepath_profile::diff::{Pair, Scale};
use flarepath_profile::units::{Unit, format_share, format_value};
use flarepath_profile::unix_nanos::UnixNanos;
use jiff::Timestamp;
use std::ops::Range;

/// Most characters of an untrusted text.
const MAX_CHARS: usize = 240;
/// Most gaps that are listed.
const MAX_GAPS: usize = 3;
/// Stands for unknown facts.
const UNKNOWN: &str = "not known";

/// Content of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Trusted text.
    Trusted(String),
    /// Untrusted text from a profile or a user.
    Untrusted(String),
}

/// A table; each row has as many cells as the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The content, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// One line each.
    pub(super) title: String,
    pub(super) verdict: String,
    pub(super) picture: Option<String>,
    pub(super) link: Option<String>,
    pub(super) tables: Vec<Table>,
    /// How to read the numbers.
    pub(super) note: &'static str,
}

impl Document {
    pub(super) fn of(facts: &Facts<'_>) -> Document {
        let line = |text: &str| one_line(text, MAX_CHARS).into_owned();
        let note = match facts.movers.scale {
            None => "Self is what was spent in a function itself, total includes what it called.",
            Some(_) => {
                "Self is what was spent in a function itself, total includes what it called. Changes are the \
                 difference of two measurements; whether they are reproducible was not tested."
            }
        };
        Document {
            title: line(facts.title),
            verdict: line(facts.verdict),
            picture: facts.picture.and_then(address),
            link: address(facts.link),
            tables: vec![sides(facts), common(facts), movers(facts.movers, facts.unit)],
            note,
        }
    }
}

/// Facts about each side, one column per side.
fn sides(facts: &Facts<'_>) -> Table {
    let named = |side: &Side<'_>| match one_line(side.label, MAX_CHARS) {
        label if label.is_empty() => "Value".to_owned(),
        label => label.into_owned(),
    };
    let head = std::iter::once("Data".to_owned()).chain(facts.sides.iter().map(named)).collect();
    type Fact = fn(&Side<'_>, &Unit) -> Cell;
    let rows: [(&str, Fact); 10] = [
        ("Service", |side, _| untrusted(side.service.as_deref())),
        ("Version", |side, _| untrusted(side.version.as_deref())),
        ("Selector", |side, _| untrusted(Some(side.selector))),
        ("Window (UTC)", |side, _| Cell::Trusted(window(side))),
        ("Total", |side, unit| Cell::Trusted(format_value(side.total as f64, unit))),
        ("Profiles, samples", |side, _| {
            Cell::Trusted(format!("{}, {}", number(side.profiles), number(side.samples)))
        }),
        ("Sampling period", |side, _| match &side.period {
            Some((period, unit)) => Cell::Trusted(format_value(*period as f64, unit)),
            None => unknown(),
        }),
        ("Instances covered", |side, _| Cell::Trusted(instances(side))),
        ("Gaps", |side, _| Cell::Trusted(side.gaps.as_deref().map_or_else(|| UNKNOWN.to_owned(), gaps))),
        ("Retention at that time", |side, _| Cell::Trusted(retention(side))),
    ];
    let row = |(label, of): (&str, Fact)| {
        let cells = facts.sides.iter().map(|side| of(side, facts.unit));
        std::iter::once(Cell::Trusted(label.to_owned())).chain(cells).collect()
    };
    Table { head, rows: rows.into_iter().map(row).collect() }
}

/// Facts about the share.
fn common(facts: &Facts<'_>) -> Table {
    let ends = match facts.link_ends_at {
        Some(at) => Cell::Trusted(time(at)),
        None => Cell::Trusted("no end set".to_owned()),
    };
    let rows = [
        ("Profile type", untrusted(Some(facts.profile_type))),
        ("Snapshot", untrusted(Some(facts.snapshot))),
        ("Removed before sharing", untrusted(Some(facts.sanitised))),
        ("Created by", untrusted(Some(facts.creator))),
        ("Created (UTC)", Cell::Trusted(time(facts.created_at))),
        ("Link ends (UTC)", ends),
    ];
    let row = |(label, value): (&str, Cell)| vec![Cell::Trusted(label.to_owned()), value];
    Table { head: vec!["Share".to_owned(), "Value".to_owned()], rows: rows.map(row).to_vec() }
}

/// The top functions.
fn movers(movers: &Movers, unit: &Unit) -> Table {
    let amount = |value: i64, whole: i64| {
        let share = format_share(value as f64, whole as f64);
        Cell::Trusted(format!("{} ({share})", format_value(value as f64, unit)))
    };
    let after = |pair: Pair| amount(pair.comparison, movers.whole.comparison);
    let before = |pair: Pair| amount(pair.baseline, movers.whole.baseline);
    let function = |row: &Mover| untrusted(Some(&row.name));
    let change = |scale: &Scale, pair: Pair| Cell::Trusted(delta(scale, scale.delta(pair), unit));
    let first = format!("Function (top {} of {})", movers.rows.len(), movers.functions);
    let (head, rows): (&[&str], _) = match &movers.scale {
        None => (
            &["Self", "Total"],
            movers.rows.iter().map(|r| vec![function(r), after(r.self_value), after(r.total)]).collect(),
        ),
        Some(scale) => {
            let head =
                &["Self before", "Self after", "Self change", "Total before", "Total after", "Total change"];
            let row = |r: &Mover| {
                let own = [before(r.self_value), after(r.self_value), change(scale, r.self_value)];
                let all = [before(r.total), after(r.total), change(scale, r.total)];
                std::iter::once(function(r)).chain(own).chain(all).collect()
            };
            (head, movers.rows.iter().map(row).collect())
        }
    };
    let head = std::iter::once(first).chain(head.iter().map(|&text| text.to_owned())).collect();
    Table { head, rows }
}

fn untrusted(text: Option<&str>) -> Cell {
    match text.map(|text| one_line(text, MAX_CHARS)) {
        Some(text) if !text.is_empty() => Cell::Untrusted(text.into_owned()),
        _ => unknown(),
    }
}

fn unknown() -> Cell {
    Cell::Trusted(UNKNOWN.to_owned())
}

fn number(count: Option<u64>) -> String {
    count.map_or_else(|| UNKNOWN.to_owned(), |count| count.to_string())
}

fn instances(side: &Side<'_>) -> String {
    match side.instances {
        None => UNKNOWN.to_owned(),
        Some(instances) => match instances.known {
            Some(known) => format!("{} of {known}", instances.covered),
            None => format!("{}; how many ran is {UNKNOWN}", instances.covered),
        },
    }
}

fn window(side: &Side<'_>) -> String {
    match (side.from, side.until) {
        (Some(from), Some(until)) => {
            format!("{} to {} ({})", time(from), time(until), duration(until.nanos_since(from)))
        }
        (Some(from), None) => format!("from {}", time(from)),
        (None, Some(until)) => format!("until {}", time(until)),
        (None, None) => UNKNOWN.to_owned(),
    }
}

fn gaps(gaps: &[Range<UnixNanos>]) -> String {
    if gaps.is_empty() {
        return "none".to_owned();
    }
    let lasts = |gap: &Range<UnixNanos>| gap.end.nanos_since(gap.start).max(0);
    let all = gaps.iter().fold(0i64, |sum, gap| sum.saturating_add(lasts(gap)));
    let listed =
        gaps.iter().take(MAX_GAPS).map(|gap| format!("{} for {}", time(gap.start), duration(lasts(gap))));
    let listed = listed.collect::<Vec<_>>().join("; ");
    let more =
        if gaps.len() > MAX_GAPS { format!("; and {} more", gaps.len() - MAX_GAPS) } else { String::new() };
    format!("{} in all: {listed}{more}", duration(all))
}

fn retention(side: &Side<'_>) -> String {
    match side.retention {
        Retention::Unknown => UNKNOWN.to_owned(),
        Retention::Forever => "kept forever".to_owned(),
        Retention::For(ns) => match side.until {
            Some(until) => {
                format!("{}; profiles gone by {}", duration(ns), time(UnixNanos(until.0.saturating_add(ns))))
            }
            None => duration(ns),
        },
    }
}

fn duration(ns: i64) -> String {
    format_value(ns as f64, &Unit::of("wall", "nanoseconds"))
}

/// A time as RFC 3339, in UTC, to the second.
fn time(at: UnixNanos) -> String {
    let time = Timestamp::from_second(at.0.div_euclid(1_000_000_000));
    // Every i64 of nanoseconds is between the years 1677 and 2262, which all can be written.
    time.map_or_else(|_| UNKNOWN.to_owned(), |time| time.to_string())
}

/// A URL that is safe in links of all formats: absolute, HTTP, without characters that are special in any of them.
fn address(address: &str) -> Option<String> {
    if !(address.starts_with("https://") || address.starts_with("http://")) || address.len() > 2048 {
        return None;
    }
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'?' | b'#' | b'=' | b'&' | b'%' | b'+' | b','
            | b'@' | b'[' | b']' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn times_are_utc_to_the_second() {
        assert_eq!(time(UnixNanos(1_795_266_000_999_999_999)), "2026-11-21T13:00:00Z");
        assert_eq!(time(UnixNanos::MIN), "1677-09-21T00:12:43Z");
    }

    #[test]
    fn gaps_are_summed_and_the_first_ones_listed() {
        let minute = |i: i64| UnixNanos(i * 60_000_000_000);
        let list: Vec<_> = (0..5).map(|i| minute(i * 10)..minute(i * 10 + 1)).collect();
        let expected = "5 min in all: 1970-01-01T00:00:00Z for 1 min; 1970-01-01T00:10:00Z for 1 min; \
            1970-01-01T00:20:00Z for 1 min; and 2 more";
        assert_eq!(gaps(&list), expected);
        assert_eq!(gaps(&[]), "none");
    }
}
