//! What every storage adapter must do, checked against the naive merge of [`MemoryStore`].
//!
//! A [`Case`] is a list of profiles, described by small numbers so that a property test can make and shrink them, and the
//! questions asked afterwards. [`check`] stores the same profiles in an adapter and in the oracle and compares every
//! answer; [`run`] does so for the cases that are always worth trying. Nothing here knows which adapter it is.

use super::memory::MemoryStore;
use super::{
    CostsAsked, Function, NewProfile, ProfileStore, ProfileWriter, Selection, StoreError, TimeRange,
};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::profile::{self, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::{SampleLabel, SampleLabelValue, Samples};
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::top_table::Cost;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

/// A store that can be written to and read from.
pub trait ReadWrite: ProfileStore + ProfileWriter {}
impl<S: ProfileStore + ProfileWriter> ReadWrite for S {}

/// Where the adapter differs from the oracle, or why it could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Nonconformity {
    /// An answer differs.
    #[error("{question}:\n  expected {expected}\n  found    {found}")]
    Answer {
        /// What was asked.
        question: String,
        /// What the oracle says.
        expected: String,
        /// What the adapter says.
        found: String,
    },
    /// A call failed.
    #[error("{0}")]
    Failed(#[from] StoreError),
}

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

/// What is asked after the profiles are stored.
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
}

/// Profiles and questions.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Stored one batch after the other.
    pub batches: Vec<Vec<ProfileSpec>>,
    /// Asked when all is stored.
    pub questions: Vec<Question>,
}

/// Stores the profiles of a case in `subject` and in an oracle, calls `between` after each batch, and compares all answers.
///
/// # Errors
/// The first difference, or the first failure.
pub async fn check<F: Future<Output = Result<(), StoreError>>>(
    subject: &Arc<dyn ReadWrite>,
    case: &Case,
    mut between: impl FnMut() -> F,
) -> Result<(), Nonconformity> {
    let oracle = MemoryStore::new();
    for batch in &case.batches {
        let batch: Vec<NewProfile> = batch.iter().map(new_profile).collect();
        oracle.append(batch.clone()).await?;
        subject.append(batch).await?;
        between().await?;
    }
    compare(&**subject, &oracle, case).await
}

/// Asks both stores the questions of a case.
///
/// # Errors
/// The first difference, or the first failure.
pub async fn compare(
    subject: &dyn ReadWrite,
    oracle: &dyn ProfileStore,
    case: &Case,
) -> Result<(), Nonconformity> {
    for question in &case.questions {
        let selection = selection(question);
        let wanted = profile_type(question.kind);
        let by: Vec<String> = ["service_name", "pod", "absent"]
            .iter()
            .enumerate()
            .filter(|(bit, _)| question.by >> bit & 1 == 1)
            .map(|(_, name)| (*name).to_owned())
            .collect();
        same("series", question, subject.series(&selection).await?, oracle.series(&selection).await?)?;
        let totals = subject.totals(&selection, &wanted, question.step_ns, &by).await?;
        same("totals", question, totals, oracle.totals(&selection, &wanted, question.step_ns, &by).await?)?;
        let found = subject.call_tree(&selection, &wanted).await?;
        let expected = oracle.call_tree(&selection, &wanted).await?;
        same("profiles merged", question, found.profiles, expected.profiles)?;
        same("call tree", question, nodes(&found.tree), nodes(&expected.tree))?;
        let expected_tree = expected.tree;
        let asked = costs_asked(question, &expected_tree);
        let found = subject.costs_over_time(&selection, &wanted, &asked).await?;
        let expected = oracle.costs_over_time(&selection, &wanted, &asked).await?;
        same("costs over time", question, found, expected)?;
        for function in functions_asked(&expected_tree) {
            let found = subject.line_costs(&selection, &wanted, &function).await?;
            let expected = oracle.line_costs(&selection, &wanted, &function).await?;
            same(&format!("lines of {function}"), question, found, expected)?;
        }
        let found = all_totals(subject, &selection, &wanted).await?;
        same("each total", question, found, all_totals(oracle, &selection, &wanted).await?)?;
        let found = subject.profile(&selection, &wanted).await?;
        let expected = oracle.profile(&selection, &wanted).await?;
        same("merged profile", question, paths(&found), paths(&expected))?;
        same("facts of the merged profile", question, facts(&found), facts(&expected))?;
    }
    for service in 0..5 {
        let name = service_name(service);
        same("has_service", &name, subject.has_service(&name).await?, oracle.has_service(&name).await?)?;
    }
    Ok(())
}

/// Runs the cases that are always worth trying, each on a store of its own.
///
/// # Errors
/// The first difference, or the first failure.
pub async fn run<F: Future<Output = Result<Arc<dyn ReadWrite>, StoreError>>>(
    mut make: impl FnMut() -> F,
) -> Result<(), Nonconformity> {
    for case in fixed_cases() {
        check(&make().await?, &case, || async { Ok(()) }).await?;
    }
    Ok(())
}

const MINUTE: i64 = 60_000_000_000;
const HOUR: i64 = 60 * MINUTE;
/// Not aligned to any window.
const BASE: i64 = 1_700_000_123_456_789_012;

fn fixed_cases() -> Vec<Case> {
    let range = TimeRange::nanos;
    let ask = |range| Question { range, matchers: vec![], kind: 0, step_ns: MINUTE, by: 0, span: 0 };
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
    let everything = ask(range(BASE - HOUR, BASE + 48 * HOUR));
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
            (0..2).map(move |kind| Question { kind, by: 3, step_ns: 7 * MINUTE, ..ask(range) })
        })
        .collect();
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
                .collect(),
        },
    ]
}

/// Name of a service.
pub fn service_name(service: u8) -> String {
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

fn selection(question: &Question) -> Selection {
    let matchers = question.matchers.iter().map(|&m| matcher(m)).collect();
    let mut selection = Selection::new(&Selector { matchers }, question.range).unwrap_or_else(|_| {
        Selection::new(&Selector::default(), question.range)
            .unwrap_or_else(|e| unreachable!("no pattern: {e}"))
    });
    if question.span > 0 {
        selection.spans.push(span_id(question.span));
    }
    selection
}

/// Starts and totals of all profiles, sorted.
async fn all_totals(
    store: &(impl ProfileStore + ?Sized),
    selection: &Selection,
    wanted: &ProfileType,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut found = Vec::new();
    store.each_total(selection, wanted, &mut |start, total| found.push((start.0, total))).await?;
    found.sort_unstable();
    Ok(found)
}

/// Some functions of a tree, in rows of one and two, and one that is nowhere. Steps are those of windows now and then,
/// and never so small that the oracle is asked for more than some hundred trees.
fn costs_asked(question: &Question, tree: &CallTree) -> CostsAsked {
    let function = |id: u32| {
        let text = tree.frames().text(FrameId(id));
        let [name, file, mapping] = [text.name, text.file, text.mapping].map(str::to_owned);
        Function { name, file, mapping }
    };
    let some: Vec<Function> = (1..tree.frames().len() as u32).step_by(2).take(9).map(function).collect();
    let mut rows: Vec<Vec<Function>> = some.chunks(2).map(<[Function]>::to_vec).collect();
    let [name, file, mapping] = ["nowhere", "", ""].map(str::to_owned);
    rows.push(vec![Function { name, file, mapping }]);
    let length = question.range.end.0.abs_diff(question.range.start.0) as i64;
    let step_ns = match question.by % 4 {
        0 => 5 * MINUTE,
        1 => HOUR,
        _ => question.step_ns,
    };
    let cost = if question.by & 4 == 0 { Cost::Total } else { Cost::SelfValue };
    CostsAsked { step_ns: step_ns.max(length / 300), cost, rows }
}

/// The names of some functions of a tree, and one that is nowhere.
fn functions_asked(tree: &CallTree) -> Vec<String> {
    let names = (1..tree.frames().len() as u32).step_by(3).take(4);
    let mut names: Vec<String> = names.map(|id| tree.frames().name(FrameId(id)).to_owned()).collect();
    names.push("nowhere".to_owned());
    names
}

fn span_id(span: u8) -> String {
    format!("{span:016x}")
}

fn profile_type(kind: u8) -> ProfileType {
    let [name, sample_type, sample_unit, period_type, period_unit] = match kind % 2 {
        0 => ["process_cpu", "cpu", "nanoseconds", "cpu", "nanoseconds"],
        _ => ["memory", "inuse_space", "bytes", "space", "bytes"],
    }
    .map(str::to_owned);
    ProfileType { name, sample_type, sample_unit, period_type, period_unit }
}

/// The profile that a specification describes. Call site `c` is in function `c / 3`; every seventh has two lines (one
/// inlined), every eleventh no symbol; odd ones are in a second mapping.
pub fn new_profile(spec: &ProfileSpec) -> NewProfile {
    let mut p = Profile {
        time_nanos: spec.start_ns,
        duration_nanos: 15_000_000_000,
        period: 10_000_000,
        ..Profile::default()
    };
    let mut id = |text: &str| p.strings.intern(text);
    let wanted = profile_type(spec.kind);
    let types: [(&str, &str); 2] = if spec.kind.is_multiple_of(2) {
        [("samples", "count"), ("cpu", "nanoseconds")]
    } else {
        [("inuse_objects", "count"), ("inuse_space", "bytes")]
    };
    let sample_types = types.map(|(kind, unit)| ValueType { kind: id(kind), unit: id(unit) });
    let period_type = ValueType { kind: id(&wanted.period_type), unit: id(&wanted.period_unit) };
    let span_key = id("span_id");
    let files = ["/bin/app", "/lib/libc.so"].map(&mut id);
    p.sample_types = sample_types.to_vec();
    p.period_type = period_type;
    p.mappings = (0..2u64)
        .map(|m| Mapping {
            start: m << 20,
            limit: (m + 1) << 20,
            file: files[m as usize],
            ..Mapping::default()
        })
        .collect();
    p.samples = Samples::new(2);
    let mut sites = BTreeMap::new();
    for sample in &spec.samples {
        let path: Vec<LocationId> = sample
            .path
            .iter()
            .map(|&site| *sites.entry(site).or_insert_with(|| call_site(&mut p, site)))
            .collect();
        let stack = p.stacks.push(path);
        let second =
            if spec.kind.is_multiple_of(2) { sample.value * 10_000_000 } else { sample.value * 17 + 3 };
        let mut labels = Vec::new();
        if sample.span > 0 {
            let value = SampleLabelValue::Text(p.strings.intern(&span_id(sample.span)));
            labels.push(SampleLabel { key: span_key, value });
        }
        p.samples.push(stack, &[sample.value, second], &labels);
    }
    let mut labels = vec![("service_name".to_owned(), service_name(spec.service))];
    if spec.pod > 0 {
        labels.push(("pod".to_owned(), format!("pod-{}", spec.pod)));
    }
    NewProfile { labels: labels.into_iter().collect(), name: wanted.name, profile: p }
}

fn call_site(p: &mut Profile, site: u8) -> LocationId {
    let mut function = |number: u8| {
        let name = p.strings.intern(&format!("function_{number}"));
        let file = p.strings.intern(&format!("file_{}.rs", number % 4));
        p.functions.push(profile::Function { name, system_name: name, file, start_line: i64::from(number) });
        FunctionId(p.functions.len() as u32 - 1)
    };
    let line = |function| Line { function, line: i64::from(site), column: 0 };
    let lines = match site {
        s if s % 11 == 10 => vec![],
        s if s % 7 == 6 => vec![line(function(200)), line(function(s / 3))],
        s => vec![line(function(s / 3))],
    };
    let mapping = u32::from(site % 2);
    LocationId(p.locations.push(Some(mapping), (u64::from(mapping) << 20) + u64::from(site), lines))
}

fn same<T: PartialEq + Debug>(
    what: &str,
    question: &impl Debug,
    found: T,
    expected: T,
) -> Result<(), Nonconformity> {
    if found == expected {
        return Ok(());
    }
    Err(Nonconformity::Answer {
        question: format!("{what} of {question:?}"),
        expected: format!("{expected:?}"),
        found: format!("{found:?}"),
    })
}

type Node = (String, String, String, NodeId, i64, i64);

/// The columns of a tree with frames as text, as frame ids may differ.
fn nodes(tree: &CallTree) -> Vec<Node> {
    let (frames, parents, selfs, totals) = tree.columns();
    let table = tree.frames();
    (0..tree.len())
        .map(|i| {
            let text =
                [table.name(frames[i]), table.file(frames[i]), table.mapping(frames[i])].map(str::to_owned);
            let [name, file, mapping] = text;
            (name, file, mapping, parents[i], selfs[i], totals[i])
        })
        .collect()
}

/// Sum by call path, each call site as text.
fn paths(profile: &Profile) -> BTreeMap<Vec<String>, i64> {
    let mut sums = BTreeMap::new();
    for i in 0..profile.samples.len() {
        let stack = profile.stacks.get(profile.samples.stack(i));
        let path = stack.iter().map(|l| {
            let location = profile.locations.get(l.index());
            let mapping = location.mapping.map(|m| profile.str(profile.mappings[m as usize].file));
            let lines = location.lines.iter().map(|line| {
                let f = profile.functions[line.function.index()];
                (
                    profile.str(f.name),
                    profile.str(f.system_name),
                    profile.str(f.file),
                    f.start_line,
                    line.line,
                )
            });
            format!("{mapping:?} {:#x} {:?}", location.address, lines.collect::<Vec<_>>())
        });
        *sums.entry(path.collect()).or_insert(0) += profile.samples.values(i)[0];
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

fn facts(profile: &Profile) -> (i64, i64, i64, Vec<(String, String)>) {
    let text = |t: &ValueType| (profile.str(t.kind).to_owned(), profile.str(t.unit).to_owned());
    let types = profile.sample_types.iter().chain([&profile.period_type]).map(text).collect();
    (profile.time_nanos, profile.duration_nanos, profile.period, types)
}
