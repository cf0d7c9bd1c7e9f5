//! The verdict on a comparison, as the server gives it: live, or frozen in a snapshot.
//!
//! Headline and sentences are the server's; nothing here composes another. [`Verdict::details`] lists the numbers behind them.

use crate::state::clock_text::span_text;
use crate::state::compare::Sides;
use crate::state::query::Query;
use crate::state::time_range::{Span, TimeRange};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::own_code::OwnPattern;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_profile::short_name::short_name;
use flarepath_profile::units::{Unit, format_alike, format_value};
use flarepath_profile::unix_nanos::MINUTE_NS;

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The total or a function has changed.
    Changed,
    /// Neither has.
    #[default]
    Unchanged,
    /// A side has too little data, or the verdict could not be computed.
    NoVerdict,
}

/// A verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    /// The number that the headline begins with; `None` without a significant change, and in snapshots of before.
    pub(crate) number: Option<Number>,
    /// The verdict in one or two sentences.
    pub(crate) headline: String,
    /// The verdict in full, the headline first.
    pub(crate) sentences: Vec<String>,
    pub(crate) outcome: Outcome,
    /// Whether two versions were compared.
    pub(crate) of_versions: bool,
    /// Unit of the costs; `None` before it is known.
    pub(crate) unit: Option<Unit>,
    /// Baseline, then comparison.
    pub(crate) sides: [VerdictSide; 2],
    /// Further baselines, each of which shows the change, too.
    pub(crate) confirmed_by: Vec<Span>,
    /// The total of a replica; absent with too little data.
    pub(crate) total: Option<Figure>,
    /// Whether the total has changed significantly; `None` with too little data.
    pub(crate) total_changed: Option<bool>,
    /// Smallest change that would have been seen: of the total, and of a function; both as fractions of the total.
    pub(crate) visible: [f64; 2],
    /// Functions that explain the change, the most telling first, or between which costs moved.
    pub(crate) functions: Vec<Cause>,
    /// Functions of which only the share has changed.
    pub(crate) only_share: Vec<String>,
    /// The test: false discovery rate, number of tests, whether replicas were compared with themselves.
    pub(crate) method: Option<(f64, u64, bool)>,
    /// What to know about the baseline.
    pub(crate) notes: Vec<String>,
    /// What is set to be own code of the service; `None`: it is guessed.
    pub(crate) own_code: Option<Vec<OwnPattern>>,
    /// Of a snapshot: positions of the functions that were own code, see `OwnCode::positions`.
    pub(crate) own_functions: Option<Vec<u32>>,
    /// The message that it was read from, encoded, for a saved page.
    pub(crate) message: Vec<u8>,
}

/// The number of a verdict, as the server wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Number {
    /// With its sign and unit.
    pub(crate) text: String,
    /// What has changed by it; names are in backticks.
    pub(crate) label: String,
    pub(crate) grew: bool,
}

/// A side of a verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct VerdictSide {
    /// Series selector and range of time; `None` in a message without them.
    pub(crate) selection: Option<(String, Span)>,
    pub(crate) profiles: u64,
    /// Replicas that were measured, and in all (0 if no label tells them apart).
    pub(crate) replicas: [u64; 2],
    /// Time that profiles cover, of all measured replicas together.
    pub(crate) covered_ms: i64,
    /// Windows that were compared, and the width of one.
    pub(crate) windows: u64,
    pub(crate) window_ms: i64,
}

/// A value of both sides, with the 95 % interval of the difference.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Figure {
    pub(crate) before: f64,
    pub(crate) after: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// A function of a verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cause {
    pub(crate) name: String,
    /// Its source file; empty if unknown.
    pub(crate) file: String,
    /// Others that a sentence about it may name: its caller, and the deepest function that explains it.
    pub(crate) near: [String; 2],
    /// Whether its cost only moved, and from or to which function (empty if none stands out).
    pub(crate) moved: Option<String>,
}

impl Verdict {
    /// The sides that were compared, as questions like `like`; `None` if a selection cannot be read.
    pub(crate) fn compared(&self, like: &Query) -> Option<Sides> {
        let [baseline, comparison] =
            self.sides.each_ref().map(|side| side.selection.as_ref().and_then(|s| question(s, like)));
        Some(Sides { baseline: baseline?, comparison: comparison? })
    }

    /// The whole name of a function that a sentence has shortened; `None` for one that is whole.
    pub(crate) fn whole_name(&self, shown: &str) -> Option<&str> {
        let of = |cause| {
            let Cause { name, near: [caller, deepest], moved, .. }: &Cause = cause;
            [name, caller, deepest].into_iter().chain(moved)
        };
        let names = self.functions.iter().flat_map(of).chain(&self.only_share);
        names.map(String::as_str).find(|name| *name != shown && short_name(name) == shown)
    }

    /// How sure the verdict is: the interval of the difference, and how small a change would have been seen. Empty with too little data.
    pub(crate) fn confidence(&self) -> Vec<(&'static str, String)> {
        let Some((figure, unit)) = self.total.zip(self.unit.as_ref()) else { return Vec::new() };
        let [_, interval] = total_rows(&figure, unit);
        vec![interval, self.visible_row()]
    }

    fn visible_row(&self) -> (&'static str, String) {
        let [total, function] = self.visible.map(|fraction| fraction * 100.0);
        let text =
            format!("total ± {total:.1} %, one function ± {function:.1} percentage points of the total");
        ("Smallest visible change", text)
    }

    /// The numbers behind the sentences: what, and its text.
    pub(crate) fn details(&self) -> Vec<(&'static str, String)> {
        let mut rows = Vec::new();
        if let Some((figure, unit)) = self.total.zip(self.unit.as_ref()) {
            rows.extend(total_rows(&figure, unit));
            rows.push(self.visible_row());
        }
        for (side, name) in self.sides.iter().zip(["Baseline", "Comparison"]) {
            if side.profiles > 0 {
                rows.push((name, side.text()));
            }
        }
        if !self.confirmed_by.is_empty() {
            let spans = self.confirmed_by.iter().map(|s| span_text(s.from_ns, s.until_ns, 0));
            rows.push(("Confirmed against", format!("{} (UTC)", spans.collect::<Vec<_>>().join(", "))));
        }
        if !self.only_share.is_empty() {
            rows.push(("Only the share changed", self.only_share.join(", ")));
        }
        if let Some((q, tests, paired)) = self.method {
            let pairs = if paired { ", each replica compared with itself" } else { "" };
            let percent = format_value(q * 100.0, &Unit::parse("count"));
            rows.push(("Test", format!("{tests} tests, false discovery rate {percent} %{pairs}")));
        }
        rows
    }
}

fn total_rows(figure: &Figure, unit: &Unit) -> [(&'static str, String); 2] {
    let Figure { before, after, low, high } = *figure;
    let [before, after, low_text, high_text] = format_alike([before, after, low.abs(), high.abs()], unit);
    let signed = |value: f64, text: &str| format!("{}{text}", if value < 0.0 { "−" } else { "+" });
    [
        ("Total of a replica", format!("{before} in the baseline, {after} in the comparison")),
        ("95 % interval", format!("{} to {}", signed(low, &low_text), signed(high, &high_text))),
    ]
}

impl VerdictSide {
    fn text(&self) -> String {
        let [measured, all] = self.replicas;
        let replicas = match (measured, all) {
            (_, 0) => String::new(),
            (1, 1) => "1 replica, ".to_owned(),
            (measured, all) if measured < all => format!("{measured} of {all} replicas, "),
            (measured, _) => format!("{measured} replicas, "),
        };
        let time = |ms: i64| format_value(ms as f64, &Unit::parse("ms"));
        let profiles = count(self.profiles, "profile", "profiles");
        format!(
            "{replicas}{profiles} over {}, {} of {}",
            time(self.covered_ms),
            count(self.windows, "window", "windows"),
            time(self.window_ms)
        )
    }
}

/// `1 profile`, `4,800 profiles`.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", format_value(n as f64, &Unit::parse("count")), if n == 1 { one } else { many })
}

/// The question that selects these profiles, of the type of `like`.
fn question((selector, span): &(String, Span), like: &Query) -> Option<Query> {
    let mut matchers = selector.parse::<Selector>().ok()?.matchers;
    let is_service = |m: &Matcher| m.name == SERVICE_NAME && m.op == MatchOp::Equal;
    let service = matchers.iter().position(is_service).map(|at| matchers.remove(at).value);
    let query = Query { service, range: Some(TimeRange::Between(*span)), by: None, ..like.clone() };
    // The person's own text of the filter stays where it says the same.
    let is_same = like.matchers().is_ok_and(|own| own == matchers);
    Some(if is_same { query } else { query.with_matchers(matchers) })
}

/// The baseline of `sides` in words, such as `version 1` or `the period before`; `spans` are their times. Versions and times are
/// named as such; `chosen` says that the server chose it.
pub(crate) fn baseline_name(sides: &Sides, spans: [Span; 2], chosen: Option<&Verdict>) -> String {
    let matchers = |query: &Query| query.matchers().unwrap_or_default();
    let (before, after) = (matchers(&sides.baseline), matchers(&sides.comparison));
    let mut own = before.iter().filter(|m| !after.contains(m));
    match (own.next(), own.next()) {
        _ if sides.baseline.service != sides.comparison.service => {
            format!("service {}", sides.baseline.service.as_deref().unwrap_or("unknown"))
        }
        (None, None) if before.len() == after.len() => time_name(spans).to_owned(),
        (Some(m), None) => {
            let before = if chosen.is_some_and(|v| v.of_versions) { ", the version before" } else { "" };
            match m.op {
                MatchOp::Equal => format!("{} {}{before}", m.name, m.value),
                MatchOp::NotEqual => format!("all but {} {}", m.name, m.value),
                _ => format!("{} {} {}", m.name, m.op, m.value),
            }
        }
        _ => "another selection".to_owned(),
    }
}

/// The time of the baseline as seen from the comparison.
fn time_name([baseline, comparison]: [Span; 2]) -> &'static str {
    let length = comparison.length_ns();
    let shift = comparison.from_ns - baseline.from_ns;
    let is = |expected: i64| (shift - expected).abs() <= MINUTE_NS;
    match (baseline.length_ns() - length).abs() <= MINUTE_NS {
        true if is(0) => "the same time",
        true if is(length) => "the period before",
        true if is(60 * MINUTE_NS) => "the same period an hour earlier",
        true if is(1440 * MINUTE_NS) => "the same period a day earlier",
        true if is(10_080 * MINUTE_NS) => "the same period a week earlier",
        _ => "another time",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn query(filter: &str) -> Query {
        let service = Some("shop".to_owned());
        Query { service, profile_type: Some("cpu".into()), filter: filter.into(), ..Query::default() }
    }

    fn span(from: i64) -> Span {
        Span::of_ms(from * HOUR, (from + 1) * HOUR)
    }

    #[test]
    fn selections_become_the_sides_on_screen() {
        let side = |selector: &str, from| VerdictSide {
            selection: Some((selector.to_owned(), span(from))),
            ..VerdictSide::default()
        };
        let verdict = Verdict {
            sides: [
                side(r#"{service_name="shop",version="1"}"#, 8),
                side(r#"{service_name="shop",version="2"}"#, 9),
            ],
            ..Verdict::default()
        };
        let sides = verdict.compared(&query("")).unwrap();
        assert_eq!(sides.baseline.filter, r#"{version="1"}"#);
        assert_eq!(sides.comparison.filter, r#"{version="2"}"#);
        assert_eq!(sides.comparison.service.as_deref(), Some("shop"));
        assert_eq!(sides.baseline.range, Some(TimeRange::between_ms(8 * HOUR, 9 * HOUR)));
        let own = verdict.compared(&query(r#"{ version = "2" }"#)).unwrap();
        assert_eq!(own.comparison.filter, r#"{ version = "2" }"#, "the person's own text stays");
        assert!(Verdict::default().compared(&query("")).is_none());
    }

    #[test]
    fn baselines_are_named() {
        let name = |before: &str, after: &str, from| {
            let sides = Sides { baseline: query(before), comparison: query(after) };
            baseline_name(&sides, [span(from), span(500)], None)
        };
        assert_eq!(name("", "", 499), "the period before");
        assert_eq!(name("", "", 476), "the same period a day earlier");
        assert_eq!(name("", "", 332), "the same period a week earlier");
        assert_eq!(name("", "", 400), "another time");
        assert_eq!(name(r#"{version="1"}"#, r#"{version="2"}"#, 500), "version 1");
        assert_eq!(name(r#"{pod!="a"}"#, r#"{pod="a"}"#, 500), "all but pod a");
        let sides = Sides { baseline: query(r#"{version="1"}"#), comparison: query(r#"{version="2"}"#) };
        let chosen = Verdict { of_versions: true, ..Verdict::default() };
        assert_eq!(baseline_name(&sides, [span(1), span(1)], Some(&chosen)), "version 1, the version before");
    }

    #[test]
    fn a_shortened_name_is_told_whole() {
        let long =
            format!("<alloc::vec::Vec<{}> as core::ops::drop::Drop>::drop", "shop::cart::Item".repeat(3));
        let near = [String::new(), "handle_order".to_owned()];
        let functions = vec![Cause { name: long.clone(), near, ..Cause::default() }];
        let verdict = Verdict { functions, ..Verdict::default() };
        assert_eq!(verdict.whole_name(&short_name(&long)), Some(long.as_str()));
        assert_eq!([verdict.whole_name("handle_order"), verdict.whole_name(&long)], [None, None]);
    }

    #[test]
    fn details_have_one_unit_and_signs() {
        let unit = Unit::of("cpu", "nanoseconds").per_second();
        let verdict = Verdict {
            unit: Some(unit),
            total: Some(Figure { before: 64e6, after: 74e6, low: -5.5e6, high: 14.7e6 }),
            visible: [0.041, 0.008],
            ..Verdict::default()
        };
        let rows = verdict.details();
        assert_eq!(rows[0].1, "0.064 cores in the baseline, 0.074 cores in the comparison");
        assert_eq!(rows[1].1, "−0.0055 cores to +0.0147 cores");
        assert_eq!(rows[2].1, "total ± 4.1 %, one function ± 0.8 percentage points of the total");
        assert_eq!(verdict.confidence(), rows[1..3]);
        let little = Verdict { total: None, ..verdict };
        assert!(little.details().is_empty() && little.confidence().is_empty());
    }
}
