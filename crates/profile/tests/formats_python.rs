//! Austin and py-spy: captures of one program, and small files.

mod formats_support;

use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::austin::AustinError;
use flarepath_profile::formats::{
    Detected, Format, NamedProfile, Normalised, austin, detect, folded, py_spy,
};
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

const TEXT: &[u8] = include_bytes!("../testdata/austin/shop.austin");
const FULL: &[u8] = include_bytes!("../testdata/austin/full.austin");
const MOJO: &[u8] = include_bytes!("../testdata/austin/shop.mojo");
const SPY: &[u8] = include_bytes!("../testdata/py_spy/shop.txt");
const SPY_THREADS: &[u8] = include_bytes!("../testdata/py_spy/threads.txt");

fn types(named: &NamedProfile) -> Vec<String> {
    let profile = &named.profile;
    profile.sample_types.iter().map(|t| format!("{}/{}", profile.str(t.kind), profile.str(t.unit))).collect()
}

fn total(all: &[NamedProfile], sample_type: usize) -> i64 {
    all.iter().map(|p| p.profile.samples.total(sample_type)).sum()
}

#[test]
fn reads_austin_text() {
    assert_eq!(detect(TEXT), Detected::Readable(Format::Austin));
    let all = austin::read(TEXT).unwrap();
    assert_eq!(types(&all[0]), ["samples/count", "wall/nanoseconds"]);
    // Summed up by awk from the same text.
    assert_eq!((all.len(), total(&all, 0), total(&all, 1)), (3, 117, 2_300_955_000));
    assert!(all.iter().any(|p| p.name == "process 25471 thread 25474"), "{}", all[0].name);
    let search = all.iter().find(|p| p.name.ends_with("25475")).unwrap();
    assert_eq!(search.profile.period, 20_000_000);
    let times: Vec<_> = (0..3).map(|i| search.profile.samples.timestamp(i).unwrap()).collect();
    assert!(times.is_sorted() && times[0] > 0, "{times:?}");
}

#[test]
fn full_mode_separates_cpu_from_waiting() {
    let all = austin::read(FULL).unwrap();
    assert_eq!(types(&all[0]), ["samples/count", "wall/nanoseconds", "cpu/nanoseconds", "memory/bytes"]);
    assert_eq!([1, 2, 3].map(|t| total(&all, t)), [2_397_496_000, 824_158_000, 868_352]);
}

#[test]
fn mojo_equals_text() {
    assert_eq!(detect(MOJO), Detected::Readable(Format::Austin));
    let all = austin::read(MOJO).unwrap();
    assert_eq!((all.len(), types(&all[0])), (3, types(&austin::read(TEXT).unwrap()[0])));
    let functions = |all: &[NamedProfile]| {
        let mut names: Vec<_> = all
            .iter()
            .flat_map(|p| p.profile.functions.iter().map(|f| (p.profile.str(f.name), p.profile.str(f.file))))
            .filter(|(_, file)| file.ends_with("shop.py"))
            .map(|(name, file)| format!("{name} {file}"))
            .collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(functions(&all), functions(&austin::read(TEXT).unwrap()));
    let cart = all.iter().find(|p| folded_of(p).contains(";cart;")).unwrap();
    insta::assert_snapshot!(folded_of(cart), @r"
    Thread._bootstrap;Thread._bootstrap_inner;Thread.run;cart 1
    Thread._bootstrap;Thread._bootstrap_inner;Thread.run;cart;cart.<locals>.<genexpr> 1
    Thread._bootstrap;Thread._bootstrap_inner;Thread.run;cart;cart.<locals>.<genexpr>;price 38
    ");
}

fn folded_of(named: &NamedProfile) -> String {
    folded::write(&from_profile(&named.profile, 0).unwrap())
}

#[test]
fn reads_truncated_mojo() {
    let all = austin::read(&MOJO[..MOJO.len() / 2]).unwrap();
    assert_eq!(all.iter().map(|p| p.notes.count(Normalised::CutOff)).sum::<u64>(), 1);
    assert!(total(&all, 0) > 10);
}

#[rstest]
#[case::wall("P1;T2;/a.py:f:3;C:\\b.py:g:4 5\n", "g f = 1 5000")]
#[case::marks("P1;T0:2;/a.py:f:3;:GC: 5\n", "GC f = 1 5000")]
#[case::memory("# mode: memory\nP1;T0:2;/a.py:f:3 -5\n", "f = 1 -5")]
#[case::full("# mode: full\nP1;T0:2;/a.py:f:3 7,1,9\n", "f = 1 7000 0 9")]
#[case::idle("P1;T0:2 5\n", " = 1 5000")]
fn reads_austin_lines(#[case] text: &str, #[case] sample: &str) {
    let all = austin::read(format!("# austin: 3.7.0\n{text}").as_bytes()).unwrap();
    assert_eq!(describe(&all[0].profile), [sample]);
}

#[test]
fn rejects_input_not_written_by_austin() {
    assert_eq!(austin::read(b"# austin: 1\nhello 1\n"), Err(AustinError::NoSamples));
    assert_eq!(austin::read(b"# mode: moon\nP1;T2 1\n"), Err(AustinError::Mode("moon".to_owned())));
    for (bytes, says) in [
        (&b"MOJ\x09"[..], "unsupported version 9"),
        (b"MOJ\x03\x1f", "event 31"),
        (b"MOJ\x03\x05\x01", "without a stack"),
    ] {
        let error = austin::read(bytes).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn reads_py_spy() {
    assert_eq!(detect(SPY), Detected::Readable(Format::PySpy));
    let all = py_spy::read(SPY).unwrap();
    assert_eq!((all.len(), total(&all, 0)), (1, 74));
    let profile = &all[0].profile;
    let price = profile.functions.iter().find(|f| profile.str(f.name) == "price").unwrap();
    assert_eq!(profile.str(price.file), "shop.py");
    assert!((0..profile.locations.len()).any(|i| profile.locations.get(i).lines[0].line == 9));
}

#[test]
fn py_spy_separates_threads() {
    assert_eq!(detect(SPY_THREADS), Detected::Readable(Format::PySpy));
    let all = py_spy::read(SPY_THREADS).unwrap();
    let names: Vec<_> = all.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names[0], "thread (25527): cart");
    assert!(
        names.contains(&"thread (25528): search") && names.contains(&"thread (25524): MainThread"),
        "{names:?}"
    );
    assert_eq!(total(&all, 0), 90);
    let (text, owner) =
        ("process 1:\"x\";thread (0x7F): a b;f (a.py:3) 2\nbad\n", "process 1:\"x\" thread (0x7F): a b");
    let all = py_spy::read(text.as_bytes()).unwrap();
    assert_eq!((all[0].name.as_str(), all[0].notes.count(Normalised::BadLine)), (owner, 1));
    assert_eq!(describe(&all[0].profile), ["f = 2"]);
    assert!(py_spy::read(b"hello").is_err());
}

proptest! {
    #[test]
    fn never_panics_on_any_input(bytes: Vec<u8>, cut in 0..MOJO.len(), text in "(P1;T[0:]{0,2}[;a:1]{0,8} -?[0-9,]{0,5}\n){0,4}") {
        let _ = austin::read(&bytes);
        let _ = austin::read(&[b"MOJ\x03", &bytes[..]].concat());
        let _ = austin::read(&MOJO[..cut]);
        let _ = austin::read(text.as_bytes());
        let _ = py_spy::read(&bytes);
        let _ = py_spy::read(text.as_bytes());
        let _ = py_spy::read(&SPY_THREADS[..cut.min(SPY_THREADS.len())]);
    }
}
