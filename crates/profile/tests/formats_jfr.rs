//! Recordings of Java Flight Recorder: by async-profiler (Pyroscope's agent) and by the virtual machine itself. The
//! numbers expected were read off the same files with the JDK's own `jfr print`.

use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::jfr::{Contexts, JfrError, Options, read, read_with};
use flarepath_profile::formats::{NamedProfile, Normalised, ReadError};
use flarepath_profile::profile::Profile;
use flarepath_profile::sample::SampleLabelValue;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

fn recording(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/jfr").join(name);
    let mut inflated = Vec::new();
    flate2::read::GzDecoder::new(&std::fs::read(path).unwrap()[..]).read_to_end(&mut inflated).unwrap();
    inflated
}

/// One line for each sample type: `name kind/unit total, samples`.
fn totals(profiles: &[NamedProfile]) -> Vec<String> {
    let lines = profiles.iter().flat_map(|NamedProfile { name, profile: p, .. }| {
        let types = p.sample_types.iter().enumerate();
        types.map(move |(i, t)| {
            format!("{name} {}/{} {}, {}", p.str(t.kind), p.str(t.unit), p.samples.total(i), p.samples.len())
        })
    });
    lines.collect()
}

fn of<'p>(profiles: &'p [NamedProfile], name: &str, kind: &str) -> &'p Profile {
    let found = profiles.iter().find(|p| p.name == name && p.profile.sample_type_index(kind).is_some());
    &found.unwrap_or_else(|| panic!("no {name} {kind}")).profile
}

fn by_thread(p: &Profile, column: usize) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for i in 0..p.samples.len() {
        for label in p.samples.labels(i).iter().filter(|l| p.str(l.key) == "thread") {
            if let SampleLabelValue::Text(name) = label.value {
                *all.entry(p.str(name).to_owned()).or_default() += p.samples.values(i)[column];
            }
        }
    }
    all
}

/// `root;…;leaf value`, the largest first.
fn folded(p: &Profile, column: usize, lines: usize) -> String {
    let mut stacks = BTreeMap::<String, i64>::new();
    for i in 0..p.samples.len() {
        let names = p.stacks.get(p.samples.stack(i)).iter().rev().flat_map(|location| {
            let lines = p.locations.get(location.index()).lines;
            lines.iter().rev().map(|line| p.str(p.functions[line.function.index()].name))
        });
        *stacks.entry(names.collect::<Vec<_>>().join(";")).or_default() += p.samples.values(i)[column];
    }
    let mut stacks: Vec<_> = stacks.into_iter().collect();
    stacks.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let lines: Vec<String> =
        stacks.iter().take(lines).map(|(stack, value)| format!("{stack} {value}")).collect();
    lines.join("\n")
}

#[test]
fn reads_an_agent_recording() {
    let profiles = read(&recording("shop.jfr.gz")).unwrap();
    assert_eq!(
        totals(&profiles),
        [
            "process_cpu cpu/nanoseconds 4730000000, 473",
            "memory alloc_in_new_tlab_objects/count 4083, 4083",
            "memory alloc_in_new_tlab_bytes/bytes 1070333952, 4083",
            "mutex contentions/count 249, 249",
            "mutex delay/nanoseconds 2570182322, 249",
        ]
    );
    let cpu = of(&profiles, "process_cpu", "cpu");
    assert_eq!(cpu.period, 10_000_000);
    let threads = by_thread(cpu, 0);
    assert_eq!(threads["main"], 1_790_000_000);
    assert_eq!(threads["worker-1"], 1_380_000_000);
    assert_eq!(
        threads["C2 CompilerThre"], 140_000_000,
        "a thread that Java does not know, by its system name"
    );
    let tree = from_profile(cpu, 0).unwrap();
    let frames = tree.frames();
    assert!(frames.iter().any(|f| frames.strings.get(f.mapping) == "libjvm.so" && f.symbolized));
    let sort = frames.named("java.util.DualPivotQuicksort.sort").iter().filter(|named| **named).count();
    assert_eq!(sort, 1, "overloads and lines are one function");
    insta::assert_snapshot!("jfr_agent", folded_firsts(&profiles));
}

#[test]
fn reads_a_jvm_recording() {
    let profiles = read(&recording("kiln.jfr.gz")).unwrap();
    assert_eq!(
        totals(&profiles),
        [
            "process_cpu cpu/nanoseconds 580000000, 58",
            "block contentions/count 44, 44",
            "block delay/nanoseconds 1400000448, 44",
            "memory alloc_in_new_tlab_objects/count 947, 947",
            "memory alloc_in_new_tlab_bytes/bytes 431680976, 947",
            "memory alloc_outside_tlab_objects/count 1086, 1086",
            "memory alloc_outside_tlab_bytes/bytes 58400640, 1086",
            "memory alloc_sample_objects/count 993, 993",
            "memory alloc_sample_bytes/bytes 498755504, 993",
            "mutex contentions/count 42, 42",
            "mutex delay/nanoseconds 1033636529, 42",
            "native native/nanoseconds 930000000, 93",
        ]
    );
    let cpu = by_thread(of(&profiles, "process_cpu", "cpu"), 0);
    assert_eq!(cpu["main"] + cpu["loader-0"] + cpu["loader-1"], 580_000_000);
    assert_eq!(by_thread(of(&profiles, "native", "native"), 0)["doorbell"], 920_000_000);
    insta::assert_snapshot!("jfr_virtual_machine", folded_firsts(&profiles));
}

#[test]
fn reads_async_profiler_recordings() {
    let profiles = read(&recording("kiln_async.jfr.gz")).unwrap();
    assert_eq!(
        totals(&profiles),
        [
            "process_cpu cpu/nanoseconds 1040000000, 104",
            "wall wall/nanoseconds 28950000000, 261",
            "memory alloc_in_new_tlab_objects/count 1461, 1461",
            "memory alloc_in_new_tlab_bytes/bytes 765984768, 1461",
            "memory live/count 1, 1",
            "mutex contentions/count 57, 57",
            "mutex delay/nanoseconds 690106014, 57",
        ]
    );
    assert_eq!(of(&profiles, "wall", "wall").period, 50_000_000);
    let wall = read(&recording("kiln_wall.jfr.gz")).unwrap();
    assert_eq!(totals(&wall), ["wall wall/nanoseconds 19200000000, 346"], "960 at 20 ms");
}

/// The three largest stacks of the last sample type of each profile.
fn folded_firsts(profiles: &[NamedProfile]) -> String {
    let each = profiles.iter().map(|p| {
        let last = p.profile.sample_types.len() - 1;
        let kind = p.profile.str(p.profile.sample_types[last].kind);
        format!("{} {kind}\n{}\n", p.name, folded(&p.profile, last, 3))
    });
    each.collect()
}

#[test]
fn reads_sample_times() {
    let profiles = read(&recording("shop.jfr.gz")).unwrap();
    for NamedProfile { profile: p, .. } in &profiles {
        assert_eq!(p.time_nanos, 1_795_227_705_730_488_000, "the recording began 02:21:45.730 UTC");
        let end = p.time_nanos + p.duration_nanos;
        let times: Vec<i64> = (0..p.samples.len()).map(|i| p.samples.timestamp(i).unwrap() as i64).collect();
        assert!(times.iter().all(|t| (p.time_nanos..=end).contains(t)));
        let span = times.iter().max().unwrap() - times.iter().min().unwrap();
        assert!(span > 4_000_000_000, "{span} ns");
    }
}

#[test]
fn merges_equal_samples_by_context_labels() {
    let bytes = recording("shop.jfr.gz");
    let mut contexts = Contexts::default();
    contexts.strings.extend([(1, "endpoint".to_owned()), (2, "/cart".to_owned())]);
    let each = read(&bytes).unwrap();
    // A number that samples of the main thread carry.
    contexts.labels.insert(6341, vec![(1, 2)]);
    let options = Options { contexts: Some(&contexts), ..Options::default() };
    let sums = read_with(&bytes, &options).unwrap();
    for (each, sums) in each.iter().zip(&sums) {
        for column in 0..each.profile.sample_types.len() {
            assert_eq!(each.profile.samples.total(column), sums.profile.samples.total(column));
        }
        assert!(sums.profile.samples.len() < each.profile.samples.len());
        assert!(!sums.profile.samples.has_timestamps());
    }
    let cpu = of(&sums, "process_cpu", "cpu");
    let labelled = (0..cpu.samples.len()).filter(|&i| !cpu.samples.labels(i).is_empty());
    let labels: Vec<_> = labelled.map(|i| (cpu.samples.labels(i), cpu.samples.values(i)[0])).collect();
    assert_eq!(labels.len(), 1);
    assert_eq!(cpu.str(labels[0].0[0].key), "endpoint");
    assert_eq!(labels[0].1, 10_000_000);
}

#[test]
fn reads_consecutive_chunks() {
    let (agent, machine) = (recording("shop.jfr.gz"), recording("kiln.jfr.gz"));
    let both = read(&[&agent[..], &machine].concat()).unwrap();
    assert_eq!(of(&both, "process_cpu", "cpu").samples.total(0), 4_730_000_000 + 580_000_000);
    assert_eq!(of(&both, "mutex", "delay").samples.total(0), 249 + 42);
    assert!(both.iter().all(|p| p.notes.is_empty()));
    // Each chunk numbers its stacks anew.
    let names = folded(of(&both, "block", "delay"), 1, 10);
    assert!(names.contains("Kiln.rest;"), "{names}");
    assert_eq!(of(&both, "block", "delay").samples.len(), 44);
}

#[test]
fn reads_truncated_files_up_to_the_truncation() {
    let (agent, machine) = (recording("shop.jfr.gz"), recording("kiln.jfr.gz"));
    let cut = [&agent[..], &machine[..machine.len() / 2]].concat();
    let profiles = read(&cut).unwrap();
    assert_eq!(of(&profiles, "process_cpu", "cpu").samples.total(0), 4_730_000_000);
    assert_eq!(profiles[0].notes.count(Normalised::CutOff), 1);
    for end in [5, 67, 68, 3000, agent.len() / 2] {
        match read(&agent[..end]) {
            Err(JfrError::CutOff { at, .. }) => assert_eq!(at, end),
            other => panic!("{end}: {other:?}"),
        }
    }
}

#[test]
fn errors_name_the_problem() {
    let agent = recording("shop.jfr.gz");
    let changed = |at: usize, to: &[u8]| {
        let mut bytes = agent.clone();
        bytes[at..at + to.len()].copy_from_slice(to);
        read(&bytes).unwrap_err().to_string()
    };
    assert!(changed(4, &[0, 3]).contains("JFR version 3"));
    assert!(changed(16, &[0; 8]).contains("no constant pools"));
    assert!(changed(24, &[0; 8]).contains("no metadata"));
    assert!(changed(24, &80u64.to_be_bytes()).contains("corrupt near byte"));
    assert!(changed(8, &100_000u64.to_be_bytes()).contains("corrupt near byte"), "shorter than its tables");
    let read = |bytes: &[u8]| flarepath_profile::formats::read(bytes, None);
    assert!(matches!(read(&agent[..70]), Err(ReadError::Jfr(JfrError::CutOff { .. }))));
    assert_eq!(read(&agent).unwrap().len(), 3, "recognised by its first bytes");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn never_panics_on_corrupt_recordings(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20), cut: prop::sample::Index,
        whole: bool, machine: bool,
    ) {
        let mut bytes = recording(if machine { "kiln.jfr.gz" } else { "shop.jfr.gz" });
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        let len = bytes.len().max(1);
        bytes.resize(len, 0);
        for (at, to) in changes {
            bytes[at.index(len)] = to;
        }
        let _ = read(&bytes);
    }

    #[test]
    fn survives_corrupt_tables(changes in prop::collection::vec((0..8000usize, any::<u8>()), 1..6)) {
        let mut bytes = recording("shop.jfr.gz");
        // The offset of the metadata, and the chunk's header.
        let metadata = usize::try_from(u64::from_be_bytes(bytes[24..32].try_into().unwrap())).unwrap();
        for (at, to) in changes {
            let at = if at < 68 { at } else { metadata + at };
            if let Some(byte) = bytes.get_mut(at) {
                *byte = to;
            }
        }
        let _ = read(&bytes);
    }

    #[test]
    fn rejects_random_bytes(tail in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&tail);
        let _ = read(&[b"FLR\0\0\x02\0\0".as_slice(), &tail].concat());
    }
}
