//! Firefox: captures in both formats, old layouts, written profiles, and inconsistent files.

mod formats_support;

use flarepath_profile::call_tree::{self, CallTree, NodeId};
use flarepath_profile::formats::firefox::{gecko, processed, write};
use flarepath_profile::formats::{Detected, Format, NamedProfile, detect, folded, pprof, read};
use flarepath_profile::profile::Profile;
use flate2::read::GzDecoder;
use formats_support::{any_profile, describe, folded_head};
use proptest::prelude::*;
use rstest::rstest;
use std::io::Read;

const RAW: &[u8] = include_bytes!("../testdata/firefox/shop.gecko.json.gz");
const PROCESSED: &[u8] = include_bytes!("../testdata/firefox/shop.processed.json.gz");

fn inflate(zipped: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(zipped).read_to_end(&mut plain).unwrap();
    plain
}

fn total_of(tree: &CallTree, name: &str) -> i64 {
    let nodes = (0..tree.len() as u32).map(NodeId);
    nodes.filter(|node| tree.name(*node) == name).map(|node| tree.total(node)).sum()
}

fn checks(profiles: &[NamedProfile]) {
    let names: Vec<_> = profiles.iter().map(|p| p.name.as_str()).collect();
    let expected = ["Parent Process 4437", "Web Content 4527", "file:// Content 4585"];
    assert_eq!(names, expected.map(|process| format!("GeckoMain · {process}")));
    let page = &profiles[2].profile;
    let types: Vec<_> = page.sample_types.iter().map(|t| [page.str(t.kind), page.str(t.unit)]).collect();
    assert_eq!(types, [["samples", "count"], ["wall", "nanoseconds"], ["cpu", "nanoseconds"]]);
    assert_eq!(page.default_sample_type_index(), 1);
    let totals = profiles.iter().map(|p| (p.profile.samples.total(0), p.profile.samples.total(2)));
    assert_eq!(totals.collect::<Vec<_>>(), [(556, 538_647_163), (24, 41_965_870), (65, 162_928_085)]);
    let tree = call_tree::from_profile(page, 0).unwrap();
    let functions = [("price", 12), ("serve", 29), ("renderReceipt", 11), ("sortInventory", 4)];
    for (name, samples) in functions.into_iter().chain([("js::RunScript", 32)]) {
        assert_eq!(total_of(&tree, name), samples, "{name}");
    }
    let price = page.functions.iter().find(|f| page.str(f.name) == "price").unwrap();
    assert_eq!((page.str(price.file), price.start_line), ("file:///home/shop/fx/shop.html", 4));
    assert!(page.mappings.iter().any(|m| page.str(m.file).ends_with("/libxul.so")));
    assert!(profiles.iter().all(|p| p.notes.is_empty()));
}

#[test]
fn reads_a_raw_profile() {
    let bytes = inflate(RAW);
    assert_eq!(detect(&bytes), Detected::Readable(Format::Gecko));
    let profiles = read(&bytes, None).unwrap();
    checks(&profiles);
    let page = &profiles[2].profile;
    assert_eq!(page.time_nanos.unsigned_abs(), page.samples.timestamp(0).unwrap());
    assert_eq!(page.samples.total(1), 1_705_524_559 + 10_000_000);
    let libxul = page.mappings.iter().find(|m| page.str(m.file).ends_with("/libxul.so")).unwrap();
    assert!(libxul.start > 0 && libxul.limit > libxul.start && !page.str(libxul.build_id).is_empty());
    // The work of the page itself, without that of the browser.
    let all = folded_head(page, "samples", usize::MAX);
    let of_page: Vec<_> = all.lines().filter_map(|line| line.split_once(";serve")).collect();
    let of_page: String = of_page.iter().map(|(_, below)| format!("serve{below}\n")).collect();
    insta::assert_snapshot!(of_page);
}

#[test]
fn reads_a_processed_profile() {
    let bytes = inflate(PROCESSED);
    assert_eq!(detect(&bytes), Detected::Readable(Format::Firefox));
    let profiles = read(&bytes, None).unwrap();
    checks(&profiles);
    // The same recording with the same times, to the microsecond: the clocks of processes were aligned.
    let raw = read(&inflate(RAW), None).unwrap();
    for (raw, processed) in raw.iter().zip(&profiles) {
        let times = [raw, processed].map(|named| named.profile.samples.timestamp(0).unwrap());
        assert!(times[0].abs_diff(times[1]) < 1000, "{times:?}");
    }
}

/// Two threads with separate tables (version 48), or one with shared tables and flags (version 75).
fn old(samples: &str, stacks: &str) -> String {
    format!(
        r#"{{"meta":{{"preprocessedProfileVersion":48,"startTime":1000,"interval":2}},
        "libs":[{{"name":"libshop.so","path":"/lib/libshop.so","breakpadId":"B","codeId":null}}],
        "threads":[{{"name":"main","pid":"7","processName":"shop","samples":{samples},
          "stringArray":["main","serve","inner","0x40","shop.c","libshop.so"],
          "stackTable":{stacks},
          "frameTable":{{"length":4,"address":[16,32,32,64],"inlineDepth":[0,0,1,0],"func":[0,1,2,3],
            "nativeSymbol":[null,null,null,null],"line":[5,null,9,null],"column":[null,null,2,null]}},
          "funcTable":{{"length":4,"name":[0,1,2,3],"resource":[0,0,0,0],"fileName":[4,4,4,null],
            "lineNumber":[1,null,8,null]}},
          "resourceTable":{{"length":1,"lib":[0],"name":[5]}},
          "nativeSymbols":{{"length":0,"libIndex":[]}}}}]}}"#
    )
}

const STACKS: &str = r#"{"length":4,"frame":[0,1,2,3],"prefix":[null,0,1,0]}"#;

#[test]
fn inlined_functions_are_one_location() {
    let samples =
        r#"{"length":4,"stack":[2,null,3,1],"time":[1,2,4,9],"weight":null,"weightType":"samples"}"#;
    let named = &processed::read(old(samples, STACKS).as_bytes()).unwrap()[0];
    let profile = &named.profile;
    assert_eq!(named.name, "main · shop 7");
    assert_eq!(
        describe(profile),
        ["inner serve main = 1 1000000", "0x40 main = 1 5000000", "serve main = 1 2000000"]
    );
    let inner = profile.stacks.get(profile.samples.stack(0));
    assert_eq!(inner.len(), 2, "three functions, two places");
    let place = profile.locations.get(inner[0].index());
    assert_eq!((place.address, place.lines.len(), place.mapping), (32, 2, Some(0)));
    assert_eq!((place.lines[0].line, place.lines[0].column), (9, 2));
    assert_eq!((profile.str(profile.mappings[0].file), profile.mappings.len()), ("/lib/libshop.so", 1));
    assert_eq!(profile.samples.timestamp(0), Some(1_001_000_000));
    let tree = call_tree::from_profile(profile, 0).unwrap();
    assert_eq!(folded::write(&tree), "main;libshop.so+0x40 1\nmain;serve 1\nmain;serve;inner 1\n");
}

#[rstest]
#[case("tracing-ms", "[1.5,2]", "wall", "nanoseconds", [1_500_000, 2_000_000])]
#[case("bytes", "[64,-8]", "space", "bytes", [64, -8])]
#[case("samples", "[3,null]", "samples", "count", [3, 0])]
fn reads_weights_by_type(
    #[case] kind: &str,
    #[case] weights: &str,
    #[case] name: &str,
    #[case] unit: &str,
    #[case] values: [i64; 2],
) {
    let samples = format!(r#"{{"stack":[0,0],"timeDeltas":[1,2],"weight":{weights},"weightType":"{kind}"}}"#);
    let profile = &processed::read(old(&samples, STACKS).as_bytes()).unwrap()[0].profile;
    let value_type = profile.sample_types[0];
    assert_eq!((profile.str(value_type.kind), profile.str(value_type.unit)), (name, unit));
    assert_eq!([0, 1].map(|i| profile.samples.values(i)[0]), values);
    assert_eq!(profile.samples.timestamp(1), Some(1_003_000_000));
}

#[test]
fn weighted_samples_keep_their_cpu_time() {
    let samples =
        r#"{"stack":[0,0],"time":[1,9],"weight":[1,4],"threadCPUDelta":[7,3],"weightType":"samples"}"#;
    let units = r#""interval":2,"sampleUnits":{"threadCPUDelta":"µs"}"#;
    let file = old(samples, STACKS).replace("\"interval\":2", units);
    let profile = &processed::read(file.as_bytes()).unwrap()[0].profile;
    assert_eq!(describe(profile), ["main = 1 0", "main = 4 3000"]);
    assert_eq!(profile.str(profile.sample_types[1].kind), "cpu");
}

const ONE: &str = r#"{"stack":[1],"time":[1]}"#;

#[rstest]
#[case(
    r#"{"stack":[9],"time":[1]}"#,
    STACKS,
    "sample 0 in thread `main · shop 7` of the Firefox profile refers to stack 9"
)]
#[case(r#"{"stack":[1],"time":[]}"#, STACKS, "has 1 samples but 0 times")]
#[case(ONE, r#"{"frame":[0,0],"prefix":[null,1]}"#, "stack 1 in thread `main · shop 7`")]
#[case(ONE, r#"{"frame":[0,0],"prefixOffset":[0,2]}"#, "stack 1 in thread `main · shop 7`")]
#[case(ONE, r#"{"frame":[0,7],"prefix":[null,0]}"#, "refers to frame 7")]
#[case(r#"{"stack":[null],"time":[1]}"#, STACKS, "no thread of the Firefox profile has samples")]
#[case("[", STACKS, "not a readable Firefox profile")]
fn rejects_contradictory_files(#[case] samples: &str, #[case] stacks: &str, #[case] says: &str) {
    let error = processed::read(old(samples, stacks).as_bytes()).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn rejects_old_versions() {
    let file = old(ONE, STACKS).replace("Version\":48", "Version\":23");
    let error = processed::read(file.as_bytes()).unwrap_err().to_string();
    assert!(
        error.contains(
            "version 23 of the processed Firefox profile format is too old; the oldest supported is 24"
        ),
        "{error}"
    );
    let error = gecko::read(br#"{"meta":{"version":5},"libs":[],"threads":[]}"#).unwrap_err().to_string();
    assert!(
        error.contains("version 5 of the raw Firefox profile format is too old; the oldest supported is 20"),
        "{error}"
    );
}

#[test]
fn rejects_truncated_files() {
    for zipped in [RAW, PROCESSED] {
        let whole = inflate(zipped);
        for end in (0..whole.len()).step_by(20_011) {
            assert!(processed::read(&whole[..end]).is_err() && gecko::read(&whole[..end]).is_err(), "{end}");
        }
    }
}

fn tree_text(profile: &Profile, sample_type: usize) -> String {
    folded::write(&call_tree::from_profile(profile, sample_type).unwrap())
}

#[test]
fn round_trips_written_profiles() {
    let shop = inflate(include_bytes!("../testdata/pprof/shop-2-3.pb.gz"));
    let (shop, _) = pprof::read(&shop).unwrap();
    for sample_type in 0..shop.sample_types.len() {
        let text = write(&shop, sample_type, "shop \"cpu\"");
        assert_eq!(detect(text.as_bytes()), Detected::Readable(Format::Firefox));
        let again = &processed::read(text.as_bytes()).unwrap()[0];
        assert_eq!(again.name, "shop \"cpu\" · shop \"cpu\" 0");
        assert_eq!(tree_text(&again.profile, 0), tree_text(&shop, sample_type));
    }
}

#[test]
fn writes_times_and_libraries() {
    let raw = &read(&inflate(RAW), None).unwrap()[2].profile;
    let again = &processed::read(write(raw, 1, "page").as_bytes()).unwrap()[0].profile;
    assert_eq!(tree_text(again, 0), tree_text(raw, 1));
    assert_eq!(again.samples.len(), raw.samples.len());
    for i in 0..raw.samples.len() {
        let times = [raw, again].map(|profile| profile.samples.timestamp(i).unwrap());
        // Fractional milliseconds since 1970 have a resolution of about a quarter of a microsecond.
        assert!(times[0].abs_diff(times[1]) < 1000, "{times:?}");
    }
    assert_eq!(again.mappings.len(), raw.mappings.len());
}

proptest! {
    #[test]
    fn writes_any_profile(profile in any_profile()) {
        for sample_type in 0..profile.sample_types.len() {
            let text = write(&profile, sample_type, "x");
            let _ = processed::read(text.as_bytes());
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }

    #[test]
    fn never_panics_on_any_input(bytes: Vec<u8>, at in 0usize..1000, with: u8) {
        let _ = (processed::read(&bytes), gecko::read(&bytes));
        let mut damaged = old(ONE, STACKS).into_bytes();
        let at = at % damaged.len();
        damaged[at] = with;
        let _ = (processed::read(&damaged), gecko::read(&damaged));
    }

    #[test]
    fn never_panics_on_any_tables(
        frames in prop::collection::vec(-2i64..6, 0..6), prefixes in prop::collection::vec(-2i64..6, 0..6),
        stack in -2i64..8,
    ) {
        let samples = format!(r#"{{"stack":[{stack}],"time":[1]}}"#);
        for key in ["prefix", "prefixOffset"] {
            let stacks = format!(r#"{{"frame":{frames:?},"{key}":{prefixes:?}}}"#);
            let _ = processed::read(old(&samples, &stacks).as_bytes());
        }
    }
}
