//! stackprof: captures with and without raw samples, and small files.

mod formats_support;

use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::stackprof::{StackprofError, read};
use flarepath_profile::formats::{Detected, Format, detect, folded};
use flarepath_profile::profile::Profile;
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

const RAW: &[u8] = include_bytes!("../testdata/stackprof/cpu-raw.json");
const WALL: &[u8] = include_bytes!("../testdata/stackprof/wall.json");
const OBJECT: &[u8] = include_bytes!("../testdata/stackprof/object.json");

fn types(profile: &Profile) -> Vec<String> {
    profile.sample_types.iter().map(|t| format!("{}/{}", profile.str(t.kind), profile.str(t.unit))).collect()
}

#[rstest]
// Totals were summed up by a script from the same files.
#[case::raw(RAW, "cpu/nanoseconds", [67, 396_127_000])]
#[case::wall(WALL, "wall/nanoseconds", [172, 344_000_000])]
#[case::object(OBJECT, "alloc_objects/count", [705, 141_000])]
fn reads_recorded_files(#[case] bytes: &[u8], #[case] second: &str, #[case] totals: [i64; 2]) {
    assert_eq!(detect(bytes), Detected::Readable(Format::Stackprof));
    let profile = read(bytes).unwrap().profile;
    assert_eq!(types(&profile), ["samples/count", second]);
    assert_eq!([profile.samples.total(0), profile.samples.total(1)], totals);
    assert_eq!(profile.default_sample_type_index(), 1);
    let price = profile.functions.iter().find(|f| profile.str(f.name) == "Object#price").unwrap();
    assert_eq!((profile.str(price.file), price.start_line), ("/home/dev/shop.rb", 5));
}

#[test]
fn raw_samples_have_timestamps() {
    let profile = read(RAW).unwrap().profile;
    assert_eq!(profile.samples.len(), 67);
    assert_eq!(profile.samples.timestamp(0), Some(14_985_428_068_000));
    assert_eq!((profile.duration_nanos, profile.time_nanos, profile.period), (396_127_000, 0, 2_000_000));
}

#[test]
fn reads_stacks_from_samples_or_edges() {
    let lines = |bytes: &[u8], of: &str| {
        let text = folded::write(&from_profile(&read(bytes).unwrap().profile, 0).unwrap());
        let start = "<main>;<main>;StackProf.run;block in <main>;Object#shop;";
        let lines = text.lines().filter_map(|line| line.strip_prefix(start)?.strip_prefix(of));
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(lines(RAW, "Object#search;"), @r"
    Enumerable#sort_by 10
    Enumerable#sort_by;Array#each 1
    Enumerable#sort_by;Array#each;Enumerable#sort_by 3
    Enumerable#sort_by;Array#each;Enumerable#sort_by;Object#search 1
    ");
    insta::assert_snapshot!(lines(OBJECT, "Object#report;"), @r"
    Array#flatten 1
    Enumerable#to_a;Enumerator#each;Enumerable#each_slice 16
    Enumerable#to_a;Enumerator#each;Enumerable#each_slice;Array#each;Enumerable#each_slice 8
    Enumerable#to_a;Enumerator#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice 4
    Enumerable#to_a;Enumerator#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice 2
    Enumerable#to_a;Enumerator#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice 1
    Enumerable#to_a;Enumerator#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice;Array#each;Enumerable#each_slice 1
    JSON.parse;JSON::Ext::Parser#parse 32
    ");
}

const FRAMES: &str = r#""frames":{"1":{"name":"a","file":"a.rb","line":3,"samples":1,"edges":{"2":2,"9":1}},
    "2":{"name":"b","samples":2}}"#;

fn json(rest: &str) -> String {
    format!("{{\"mode\":\"wall\",\"interval\":1000,{FRAMES},\"missed_samples\":0{rest}}}")
}

#[rstest]
#[case::edges("", &["a = 1 1000000", "b a = 2 2000000"])]
#[case::raw(r#","raw":[2,1,2,3,1,1,1]"#, &["b a = 3 3000000", "a = 1 1000000"])]
#[case::times(r#","raw":[2,1,2,1,1,1,1],"raw_timestamp_deltas":[7,9]"#, &["b a = 1 7000", "a = 1 9000"])]
fn reads_json(#[case] rest: &str, #[case] samples: &[&str]) {
    let text = json(rest);
    assert_eq!(detect(text.as_bytes()), Detected::Readable(Format::Stackprof));
    assert_eq!(describe(&read(text.as_bytes()).unwrap().profile), samples);
}

#[rstest]
#[case(r#","raw":[2,1,7,1]"#, "`raw[2]` of the stackprof file: frame 7 does not exist")]
#[case(r#","raw":[3,1,2,1]"#, "`raw[0]` of the stackprof file: a stack of 3 frames does not fit")]
#[case(
    r#","raw":[1,1,2],"raw_timestamp_deltas":[5]"#,
    "`raw[2]` of the stackprof file: sample 1 has no entry"
)]
#[case(r#","raw":[18446744073709551615]"#, "does not fit into the list")]
fn list_errors_have_a_position(#[case] rest: &str, #[case] says: &str) {
    let error = read(json(rest).as_bytes()).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn rejects_other_json() {
    assert!(matches!(read(b"{\"mode\":1}"), Err(StackprofError::Json(_))));
    assert_eq!(read(br#"{"mode":"cpu","frames":{}}"#), Err(StackprofError::NoSamples));
}

proptest! {
    #[test]
    fn never_panics_on_any_input(bytes: Vec<u8>, cut in 0..RAW.len(), raw: Vec<u8>) {
        let _ = read(&bytes);
        let _ = read(&RAW[..cut]);
        let _ = read(json(&format!(",\"raw\":{raw:?}")).as_bytes());
    }
}
