//! Detection of formats, and the errors for unsupported ones.

mod formats_support;

use flarepath_profile::formats::{Detected, Format, ReadError, detect, read};
use formats_support::tiny;
use proptest::prelude::*;
use rstest::rstest;

const OTLP: &[u8] = include_bytes!("../testdata/otlp/export.pb");
const OTLP_JSON: &[u8] = include_bytes!("../testdata/otlp/export.json");
const SPEEDSCOPE: &str = r#"{"shared":{"frames":[{"name":"a"}]},"profiles":[{"type":"sampled","unit":"none",
    "samples":[[0]],"weights":[2]}],"$schema":"https://www.speedscope.app/file-format-schema.json"}"#;

#[rstest]
#[case(OTLP, Format::OtlpProtobuf, 3)]
#[case(OTLP_JSON, Format::OtlpJson, 3)]
#[case(SPEEDSCOPE.as_bytes(), Format::Speedscope, 1)]
#[case(b"main;work 12\n", Format::Folded, 1)]
#[case(b"# comment\nnot a stack\n{x};y 3.5\n", Format::Folded, 1)]
#[case(b"\xff\xfea\0 \x001\0", Format::Folded, 1)]
fn detects_formats_by_content(#[case] bytes: &[u8], #[case] format: Format, #[case] profiles: usize) {
    readable_files_are_known(bytes, format, profiles);
}

fn readable_files_are_known(bytes: &[u8], format: Format, profiles: usize) {
    assert_eq!(detect(bytes), Detected::Readable(format));
    assert_eq!(read(bytes, None).unwrap().len(), profiles);
    assert_eq!(read(bytes, Some(format)).unwrap().len(), profiles);
}

#[rstest]
#[case(b"", "is empty")]
#[case(b"\x1f\x8b\x08\0", "compressed with gzip")]
#[case(b"\x28\xb5\x2f\xfd", "compressed with zstd")]
#[case(b"PERFILE2....", "perf.data")]
#[case(br#"{"traceEvents":[]}"#, "the Chrome trace has 0 events")]
#[case(br#"[{"ph":"X","ts":1}]"#, "the Chrome trace has 1 events")]
#[case(br#"[{"ph":"#, "ends too early, at byte 7")]
#[case(br#"{"nodes":[],"samples":[1],"timeDeltas":[]}"#, "1 samples but 0 timeDeltas")]
#[case(br#"{"hello":"world"}"#, "unknown format")]
#[case(b"hello world\n", "supported formats: pprof, folded stacks, speedscope JSON, OTLP profiles")]
#[case(b"\0\0\0\0", "unknown format")]
fn errors_name_unsupported_files(#[case] bytes: &[u8], #[case] says: &str) {
    let error = read(bytes, None).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn detects_pprof_by_all_its_fields() {
    let mut pprof = tiny();
    readable_files_are_known(pprof.as_ref(), Format::Pprof, 1);
    // A field that pprof does not have makes it something else.
    pprof.number(16, 1);
    assert_eq!(detect(pprof.as_ref()), Detected::Unknown);
}

#[test]
fn explicit_format_overrides_detection() {
    assert_eq!(read(b"main;work\n", Some(Format::Lines)).unwrap()[0].profile.samples.total(0), 1);
    assert!(matches!(read(b"main;work 1\n", Some(Format::Pprof)), Err(ReadError::Pprof(_))));
    let tree = b"\x00\x00\x01\x01a\x05\x00";
    assert_eq!(read(tree, Some(Format::Tree)).unwrap()[0].profile.samples.total(0), 5);
    assert_eq!(read(tree, Some(Format::Trie)).unwrap()[0].profile.samples.total(0), 5);
    assert_eq!(read(OTLP, None).unwrap()[0].name, "shop process_cpu");
}

proptest! {
    #[test]
    fn never_panics_on_any_input(bytes: Vec<u8>, text in "[a-z;{}\\[\\]\": 0-9\n]{0,40}") {
        let _ = read(&bytes, None);
        let _ = read(text.as_bytes(), None);
    }
}
