//! `.cpuprofile` and `.heapprofile`: captures of Node.js, the old layout, and inconsistent files.

mod formats_support;

use flarepath_profile::call_tree::{self, CallTree, NodeId};
use flarepath_profile::formats::v8::{cpu, heap};
use flarepath_profile::formats::{Detected, Format, Normalised, detect, read};
use flarepath_profile::profile::Profile;
use formats_support::{describe, folded_head};
use proptest::prelude::*;
use rstest::rstest;

const CPU: &[u8] = include_bytes!("../testdata/v8/shop.cpuprofile");
const HEAP: &[u8] = include_bytes!("../testdata/v8/shop.heapprofile");
const OLD: &[u8] = include_bytes!("../testdata/v8/old-layout.cpuprofile");

fn types(profile: &Profile) -> Vec<[&str; 2]> {
    profile.sample_types.iter().map(|t| [profile.str(t.kind), profile.str(t.unit)]).collect()
}

fn self_of(tree: &CallTree, name: &str) -> i64 {
    let nodes = (0..tree.len() as u32).map(NodeId);
    nodes.filter(|node| tree.name(*node) == name).map(|node| tree.self_value(node)).sum()
}

#[test]
fn reads_a_node_cpu_profile() {
    assert_eq!(detect(CPU), Detected::Readable(Format::CpuProfile));
    let named = &read(CPU, None).unwrap()[0];
    let profile = &named.profile;
    assert!(named.notes.is_empty(), "{}", named.notes);
    assert_eq!(types(profile), [["samples", "count"], ["wall", "nanoseconds"]]);
    assert_eq!(profile.samples.len(), 86);
    assert_eq!((profile.samples.total(0), profile.samples.total(1)), (86, 344_649_000));
    assert_eq!(profile.samples.timestamp(0), Some(15_604_862_570_000));
    assert_eq!((profile.time_nanos, profile.duration_nanos), (0, 361_019_000));
    let tree = call_tree::from_profile(profile, 1).unwrap();
    assert_eq!(self_of(&tree, "renderReceipt"), 112_738_000);
    assert_eq!(self_of(&tree, "(garbage collector)"), 39_787_000);
    let price = profile.functions.iter().find(|f| profile.str(f.name) == "price").unwrap();
    assert!(profile.str(price.file).ends_with("/shop.js"), "{}", profile.str(price.file));
    assert_eq!(price.start_line, 4);
    insta::assert_snapshot!(folded_head(profile, "wall", 12));
}

#[test]
fn reads_a_heap_profile_deeper_than_serde_allows() {
    assert_eq!(detect(HEAP), Detected::Readable(Format::HeapProfile));
    let profile = &read(HEAP, None).unwrap()[0].profile;
    assert_eq!(types(profile), [["inuse_space", "bytes"]]);
    assert_eq!(profile.samples.total(0), 13_059_992);
    let tree = call_tree::from_profile(profile, 0).unwrap();
    assert_eq!(self_of(&tree, "renderReceipt"), 7_480_656);
    assert!(serde_json::from_slice::<serde_json::Value>(HEAP).is_err(), "shallow enough for serde");
    insta::assert_snapshot!(folded_head(profile, "inuse_space", 6));
}

#[test]
fn reads_the_old_layout() {
    assert_eq!(detect(OLD), Detected::Readable(Format::CpuProfile));
    let named = cpu::read(OLD).unwrap();
    assert_eq!(named.name, "shop");
    let stacks = [
        "serve = 1 1000000",
        "price serve = 1 1000000",
        // The garbage collector is on top of the stack that it interrupted.
        "(garbage collector) price serve = 1 1000000",
        "price serve = 1 1000000",
        "(anonymous 12:0) serve = 1 1000000",
    ];
    assert_eq!(describe(&named.profile), stacks);
    assert_eq!(named.profile.samples.timestamp(1), Some(1_000_502_000_000));
    assert_eq!(named.profile.duration_nanos, 6_000_000);
    let starts: Vec<_> = named.profile.functions.iter().map(|f| f.start_line).collect();
    assert!(starts.contains(&30) && starts.contains(&4), "{starts:?}");
}

fn cpu_file(samples: &str, deltas: &str, end: u32) -> String {
    format!(
        r#"{{"nodes":[{{"id":7,"callFrame":{{"url":"x.js","lineNumber":0,"functionName":"b"}},"parent":9}},
            {{"id":9,"callFrame":{{"functionName":"a"}},"children":[]}},
            {{"id":1,"callFrame":{{"functionName":"(root)"}},"children":[9]}}],
            "startTime":100,"endTime":{end},"samples":[{samples}],"timeDeltas":[{deltas}]}}"#
    )
}

#[test]
fn reorders_late_samples() {
    // At 110, 130, 120 and 140; the end is given.
    let profile = cpu::read(cpu_file("7,9,7,9", "10,20,-10,20", 150).as_bytes()).unwrap().profile;
    assert_eq!(describe(&profile), ["b a = 1 10000", "b a = 1 10000", "a = 1 10000", "a = 1 10000"]);
    let times: Vec<_> = (0..4).filter_map(|i| profile.samples.timestamp(i)).collect();
    assert_eq!(times, [110_000, 120_000, 130_000, 140_000]);
    // An end before the last sample is ignored: that sample gets the average duration of the others.
    let profile = cpu::read(cpu_file("7,9", "10,20", 120).as_bytes()).unwrap().profile;
    assert_eq!(describe(&profile), ["b a = 1 20000", "a = 1 20000"]);
}

#[test]
fn uses_hit_counts_without_samples() {
    let file = r#"{"nodes":[{"id":1,"hitCount":3,"callFrame":{"functionName":"a"}},
        {"id":2,"hitCount":1,"callFrame":{"functionName":"b"},"parent":1}],
        "timeDeltas":[],"startTime":0,"endTime":8}"#;
    assert_eq!(describe(&cpu::read(file.as_bytes()).unwrap().profile), ["a = 3 6000", "b a = 1 2000"]);
}

#[rstest]
#[case(&cpu_file("7,9", "1", 9), "2 samples but 1 timeDeltas")]
#[case(&cpu_file("7,8", "1,1", 9), "sample 1 of the V8 profile refers to node 8, which does not exist")]
#[case(&cpu_file("7", "1", 9).replace("[9]", "[8]"), "a list of children of the V8 profile refers to node 8")]
#[case(&cpu_file("7", "1", 9).replace("\"id\":9", "\"id\":7"), "two nodes with id 7")]
#[case(&cpu_file("7", "1", 9).replace("[9]", "[]").replace("\"b\"", "\"b\"},\"children\":[9],\"x\":{\"y\":0"), "is its own descendant")]
#[case("{\"nodes\": [{\"id\": \"x\"}]}", "invalid type: string")]
#[case("[1]", "expected `{`, found `[` at byte 0 (line 1)")]
#[case("{\"nodes\":\n[{\"id\"", "ends too early, at byte 15 (line 2)")]
fn rejects_contradictory_files(#[case] file: &str, #[case] says: &str) {
    let error = cpu::read(file.as_bytes()).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn rejects_truncated_files() {
    assert!((0..OLD.len() - 2).all(|end| cpu::read(&OLD[..end]).is_err()));
    for end in (0..HEAP.len()).step_by(97) {
        assert!(heap::read(&HEAP[..end]).is_err(), "{end}");
    }
}

#[test]
fn truncates_very_deep_trees() {
    let node = r#"{"callFrame":{"functionName":"f"},"selfSize":0,"children":["#;
    let leaf = r#"{"callFrame":{"functionName":"g"},"selfSize":5}"#;
    let file = format!(r#"{{"head":{}{leaf}{}}}"#, node.repeat(100_000), "]}".repeat(100_000));
    let named = heap::read(file.as_bytes()).unwrap();
    assert_eq!(named.profile.samples.total(0), 5);
    assert_eq!(named.notes.count(Normalised::DeepStack), 1);
}

proptest! {
    #[test]
    fn never_panics_on_any_input(bytes: Vec<u8>, at in 0..OLD.len(), with: u8) {
        let _ = (cpu::read(&bytes), heap::read(&bytes));
        let mut damaged = OLD.to_vec();
        damaged[at] = with;
        let _ = (cpu::read(&damaged), heap::read(&damaged));
    }
}
