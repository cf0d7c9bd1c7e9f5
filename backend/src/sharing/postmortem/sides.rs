//! The table of facts about each side, one column a side.

use super::table::{Cell, MAX_CHARS, Table, time, untrusted};
use super::{Facts, Instances, Known, Period, Retention, Side};
use crate::sharing::basis::Per;
use crate::sharing::text::one_line;
use flarepath_profile::units::{Unit, format_value};
use flarepath_profile::unix_nanos::UnixNanos;
use std::ops::Range;

/// Most gaps that are listed.
const MAX_GAPS: usize = 3;

/// The table.
pub(super) fn sides(facts: &Facts<'_>) -> Table {
    let named = |side: &Side<'_>| match label(side) {
        label if label.is_empty() => "Value".to_owned(),
        label => label,
    };
    let head = std::iter::once("Data".to_owned()).chain(facts.sides.iter().map(named)).collect();
    type Fact = fn(&Side<'_>, &Unit) -> Cell;
    let rows: [(&str, Fact); 16] = [
        ("Service", |side, _| named_by(&side.service)),
        ("Versions", |side, _| named_by(&side.versions)),
        ("Selector", |side, _| named_by(&side.selector.map(str::to_owned))),
        ("Window (UTC)", |side, _| Cell::Trusted(window(side))),
        ("Covered by profiles", |side, _| known(&side.covered_ns, |ns| duration(*ns))),
        ("Total", |side, unit| Cell::Trusted(format_value(side.total as f64, unit))),
        ("Mean of one replica", |side, unit| Cell::Trusted(rate(side, unit))),
        ("Profiles, samples", |side, _| {
            let [profiles, samples] = [&side.profiles, &side.samples].map(|n| text(n, u64::to_string));
            // Why neither is known is said once.
            let is_one = side.profiles.is_err() && profiles == samples;
            Cell::Trusted(if is_one { profiles } else { format!("{profiles}, {samples}") })
        }),
        ("Sampling period", |side, _| known(&side.period, period)),
        ("Profiler and runtime", |side, _| named_by(&side.profilers)),
        ("Sample types", |side, _| named_by(&side.sample_types)),
        ("Instances covered", |side, _| known(&side.instances, instances)),
        ("Gaps", |side, _| known(&side.gaps, |list| gaps(list))),
        ("Store", |side, _| named_by(&side.store)),
        ("Retention at that time", |side, _| known(&side.retention, |kept| retention(*kept, side.until))),
        ("Missing, would have helped", |side, _| known(&side.gaps, |gaps| would_have_helped(side, gaps))),
    ];
    let row = |(label, of): (&str, Fact)| {
        let cells = facts.sides.iter().map(|side| of(side, facts.unit));
        std::iter::once(Cell::Trusted(label.to_owned())).chain(cells).collect()
    };
    Table { head, rows: rows.into_iter().map(row).collect() }
}

/// The label of a side, on one line.
pub(super) fn label(side: &Side<'_>) -> String {
    one_line(side.label, MAX_CHARS).into_owned()
}

fn text<T>(fact: &Known<T>, write: impl Fn(&T) -> String) -> String {
    match fact {
        Ok(fact) => write(fact),
        Err(why) => format!("not known: {why}"),
    }
}

fn known<T>(fact: &Known<T>, write: impl Fn(&T) -> String) -> Cell {
    Cell::Trusted(text(fact, write))
}

fn named_by(fact: &Known<String>) -> Cell {
    match fact {
        Ok(name) => untrusted(name),
        Err(_) => known(fact, String::clone),
    }
}

fn rate(side: &Side<'_>, unit: &Unit) -> String {
    match side.per {
        Some(per) => {
            let by = if matches!(per, Per::Covered(_)) { "covered time" } else { "the number of profiles" };
            format!(
                "{}, derived from the total and {by}",
                format_value(per.rate(side.total), &per.unit(unit))
            )
        }
        None => "not known, as covered time is not".to_owned(),
    }
}

fn period(period: &Period) -> String {
    let value = format_value(period.value as f64, &period.unit);
    if period.is_derived {
        format!("{value}, derived from the time and the number of samples")
    } else {
        value
    }
}

fn instances(instances: &Instances) -> String {
    match instances.known {
        Some(known) => format!("{} of {known}", instances.covered),
        None => format!("{}; how many ran is not known", instances.covered),
    }
}

fn window(side: &Side<'_>) -> String {
    match (side.from, side.until) {
        (Some(from), Some(until)) => {
            format!("{} to {} ({})", time(from), time(until), duration(until.nanos_since(from)))
        }
        (Some(from), None) => format!("from {}", time(from)),
        (None, Some(until)) => format!("until {}", time(until)),
        (None, None) => "not known: the file does not say".to_owned(),
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

fn retention(kept: Retention, until: Option<UnixNanos>) -> String {
    match (kept, until) {
        (Retention::Forever, _) => "kept forever".to_owned(),
        (Retention::For(ns), Some(until)) => {
            format!("{}; profiles gone by {}", duration(ns), time(UnixNanos(until.0.saturating_add(ns))))
        }
        (Retention::For(ns), None) => duration(ns),
    }
}

/// What is missing that would have made the numbers surer. Only of sides whose facts were recorded, as their gaps are.
fn would_have_helped(side: &Side<'_>, gaps: &[Range<UnixNanos>]) -> String {
    let mut missing = Vec::new();
    if side.versions.is_err() {
        missing.push("a label that names the version".to_owned());
    }
    match side.instances {
        Err(_) => missing.push("a label that names instances".to_owned()),
        Ok(Instances { covered, known }) => match known.map_or(0, |known| known.saturating_sub(covered)) {
            0 => {}
            1 => missing.push("profiles of 1 more instance".to_owned()),
            n => missing.push(format!("profiles of {n} more instances")),
        },
    }
    let others = [
        (!gaps.is_empty(), "profiles during the gaps"),
        (side.period.is_err(), "the sampling period"),
        (side.samples.is_err(), "the number of samples"),
        // A rate rises with the traffic, a level does not have to.
        (matches!(side.per, Some(Per::Covered(_))), "how many requests were served"),
    ];
    missing.extend(others.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| what.to_owned()));
    if missing.is_empty() { "nothing".to_owned() } else { missing.join("; ") }
}

fn duration(ns: i64) -> String {
    format_value(ns as f64, &Unit::of("wall", "nanoseconds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_period_says_so() {
        let of =
            |is_derived| period(&Period { value: 10_000_000, unit: Unit::parse("nanoseconds"), is_derived });
        assert_eq!(of(false), "10 ms");
        assert_eq!(of(true), "10 ms, derived from the time and the number of samples");
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
