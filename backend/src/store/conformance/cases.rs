//! Cases of the conformance suite: profiles and questions, described by small numbers.

use crate::selector::BadSelector;
use crate::store::{Selection, TimeRange};
use flarepath_profile::selector::{MatchOp, Matcher, Selector};

/// A profile, described by small numbers.
#[derive(Clone, Debug, Default)]
pub struct ProfileSpec {
    /// Which service.
    pub service: u8,
    /// Value of the label `pod`; 0 has no such label.
    pub pod: u8,
    /// Even: `process_cpu` with samples and nanoseconds; odd: `memory` with two unrelated types.
    pub kind: u8,
    /// Start, nanoseconds since the epoch.
    pub start_ns: i64,
    /// Samples.
    pub samples: Vec<SampleSpec>,
}

/// A sample.
#[derive(Clone, Debug, Default)]
pub struct SampleSpec {
    /// Call sites, leaf first; each number is one call site.
    pub path: Vec<u8>,
    /// Value of the first sample type.
    pub value: i64,
    /// Its span; 0 has none.
    pub span: u8,
}

/// A query about the stored profiles.
#[derive(Clone, Debug)]
pub struct Question {
    /// When.
    pub range: TimeRange,
    /// Conditions; see [`matcher`].
    pub matchers: Vec<u8>,
    /// Even: CPU nanoseconds; odd: memory bytes.
    pub kind: u8,
    /// Width of a bucket in nanoseconds, at least 1.
    pub step_ns: i64,
    /// Which labels to group by: bit 0 `service_name`, bit 1 `pod`, bit 2 a label that no series has.
    pub by: u8,
    /// Only this span; 0: all samples.
    pub span: u8,
    /// Bounds of a principal, each a list of conditions; absent: unbounded.
    pub bounds: Option<Vec<Vec<u8>>>,
}

/// Profiles and questions.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Stored one batch after the other.
    pub batches: Vec<Vec<ProfileSpec>>,
    /// Queries, once all is stored.
    pub questions: Vec<Question>,
}

pub(super) const MINUTE: i64 = 60_000_000_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
/// Not aligned to any window.
const BASE: i64 = 1_700_000_123_456_789_012;

/// Cases that every store has to pass.
pub fn fixed_cases() -> Vec<Case> {
    let range = TimeRange::nanos;
    let question =
        |range| Question { range, matchers: vec![], kind: 0, step_ns: MINUTE, by: 0, span: 0, bounds: None };
    let sample = |path: &[u8], value, span| SampleSpec { path: path.to_vec(), value, span };
    let at = |minute: i64, samples| ProfileSpec {
        start_ns: BASE + minute * MINUTE,
        samples,
        ..ProfileSpec::default()
    };
    let recursion = at(
        0,
        vec![
            sample(&[1, 1, 1, 2], 5, 0),
            sample(&[], 3, 0),
            sample(&[7, 2], 2, 0),
            sample(&[1, 1, 1, 2], 1, 0),
        ],
    );
    let spans = at(1, vec![sample(&[1, 2], 5, 1), sample(&[1, 2], 7, 0), sample(&[3], 2, 2)]);
    let everything = question(range(BASE - HOUR, BASE + 48 * HOUR));
    let long: Vec<ProfileSpec> = (0..1600)
        .map(|m| ProfileSpec {
            service: (m % 2) as u8,
            pod: (m % 3) as u8,
            kind: (m % 5 == 0).into(),
            ..at(m, vec![sample(&[(m % 11) as u8, (m % 3) as u8, 40], m, 0)])
        })
        .collect();
    let late = (0..50).map(|m| at(m * 31, vec![sample(&[9, 9], 1, 0)])).collect();
    let edges: Vec<Question> = [(0, 30), (3, 67), (55, 130), (100, 1500), (-5, 1600), (1700, 1800)]
        .into_iter()
        .flat_map(|(from, to)| {
            let range = range(BASE + from * MINUTE + 7, BASE + to * MINUTE + 11);
            (0..2).map(move |kind| Question { kind, by: 3, step_ns: 7 * MINUTE, ..question(range) })
        })
        .collect();
    // None; one; overlapping, which must not count twice; one that contains the other; none that holds anything.
    let bounds = [vec![], vec![vec![1]], vec![vec![0], vec![1, 6]], vec![vec![], vec![2]], vec![vec![7]]];
    let bounded = bounds.map(|bounds| Question { bounds: Some(bounds), by: 3, ..everything.clone() });
    vec![
        Case { batches: vec![], questions: vec![everything.clone()] },
        Case {
            batches: vec![vec![ProfileSpec { start_ns: BASE, ..Default::default() }]],
            questions: vec![everything.clone()],
        },
        Case {
            batches: vec![vec![recursion], vec![spans]],
            questions: (0..4).map(|span| Question { span, ..everything.clone() }).collect(),
        },
        Case {
            batches: vec![long, late],
            questions: edges
                .into_iter()
                .chain((0..8).map(|m| Question { matchers: vec![m], ..everything.clone() }))
                .chain(bounded)
                .collect(),
        },
    ]
}

/// The id of a span, in 16 hexadecimal digits.
pub(super) fn span_id(span: u8) -> String {
    format!("{span:016x}")
}

/// Name of a service.
pub(crate) fn service_name(service: u8) -> String {
    format!("service-{service}")
}

/// A condition, by number.
pub fn matcher(number: u8) -> Matcher {
    let (name, op, value) = match number % 8 {
        0 => ("service_name", MatchOp::Equal, "service-0"),
        1 => ("pod", MatchOp::Equal, "pod-1"),
        2 => ("pod", MatchOp::NotEqual, "pod-1"),
        3 => ("pod", MatchOp::Regex, "pod-[12]"),
        4 => ("pod", MatchOp::NotRegex, "pod-.*"),
        5 => ("absent", MatchOp::Equal, ""),
        6 => ("service_name", MatchOp::Regex, "service-(1|2)"),
        _ => ("service_name", MatchOp::Equal, "unknown"),
    };
    Matcher { name: name.to_owned(), op, value: value.to_owned() }
}

/// The selection that a question describes.
pub(super) fn selection(question: &Question) -> Result<Selection, BadSelector> {
    let selector = |numbers: &Vec<u8>| Selector { matchers: numbers.iter().map(|&n| matcher(n)).collect() };
    let mut selection = Selection::new(&selector(&question.matchers), question.range)?;
    if question.span > 0 {
        selection.spans.push(span_id(question.span));
    }
    match &question.bounds {
        Some(bounds) => selection.within(&bounds.iter().map(selector).collect::<Vec<_>>()),
        None => Ok(selection),
    }
}
