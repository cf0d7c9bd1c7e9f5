//! pprof before protocol buffers: captures of gperftools and Go, compared with their own tools.

mod formats_support;

use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::legacy_pprof::{LegacyPprofError, read};
use flarepath_profile::formats::{Detected, Format, Normalised, detect, folded};
use flarepath_profile::profile::Profile;
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

const HEAP: &[u8] = include_bytes!("../testdata/gperftools/shop.0001.heap");
const CPU: &[u8] = include_bytes!("../testdata/gperftools/shop.prof");
const CPU_RAW: &[u8] = include_bytes!("../testdata/gperftools/shop.raw");
const GO_HEAP: &[u8] = include_bytes!("../testdata/go_text/heap.txt");
const GO_MUTEX: &[u8] = include_bytes!("../testdata/go_text/mutex.txt");
const GO_BLOCK: &[u8] = include_bytes!("../testdata/go_text/block.txt");
const GO_GOROUTINE: &[u8] = include_bytes!("../testdata/go_text/goroutine.txt");
const GO_THREADS: &[u8] = include_bytes!("../testdata/go_text/threadcreate.txt");

fn profile(bytes: &[u8]) -> Profile {
    assert_eq!(detect(bytes), Detected::Readable(Format::LegacyPprof));
    let (profile, notes) = read(bytes).unwrap();
    assert!(notes.is_empty(), "{notes}");
    profile
}

fn totals(profile: &Profile) -> Vec<String> {
    let line = |(i, t): (usize, &flarepath_profile::profile::ValueType)| {
        format!("{}/{} {}", profile.str(t.kind), profile.str(t.unit), profile.samples.total(i))
    };
    profile.sample_types.iter().enumerate().map(line).collect()
}

#[rstest]
#[case::heap(HEAP, &["alloc_objects/count 165011", "alloc_space/bytes 203672107", "inuse_objects/count 15001", "inuse_space/bytes 15679096"])]
#[case::cpu(CPU, &["samples/count 155", "cpu/nanoseconds 775000000"])]
// google-pprof omits the period.
#[case::cpu_raw(CPU_RAW, &["samples/count 155"])]
// Contentions and delays: 59 + 1, and 315 549 240 and 6 052 cycles at 2 445 423 703 a second.
#[case::go_mutex(GO_MUTEX, &["contentions/count 60", "delay/nanoseconds 129039108"])]
#[case::go_threads(GO_THREADS, &["threadcreate/count 5"])]
#[case::go_goroutine(GO_GOROUTINE, &["goroutine/count 4"])]
fn recorded_totals_match_their_tools(#[case] bytes: &[u8], #[case] expected: &[&str]) {
    assert_eq!(totals(&profile(bytes)), expected);
}

#[test]
fn resolves_addresses_to_mapped_files() {
    let heap = profile(HEAP);
    let first = heap.stacks.get(heap.samples.stack(0));
    let location = heap.locations.get(first[0].index());
    // Return addresses are decreased by one.
    assert_eq!(location.address, 0x4014dc);
    let mapping = heap.mappings[location.mapping.unwrap() as usize];
    assert_eq!(
        (heap.str(mapping.file), mapping.start, mapping.limit),
        ("/home/dev/shop", 0x401000, 0x402000)
    );
    let text = folded::write(&from_profile(&heap, 3).unwrap());
    assert!(text.lines().any(|line| line.ends_with("shop+0x153f;shop+0x14dc 15675000")), "{text}");
}

#[test]
fn reads_embedded_symbols() {
    // As `google-pprof --text ./shop shop.prof`: 153 of 155 samples are in search, 137 of them in itself.
    let text = folded::write(&from_profile(&profile(CPU_RAW), 0).unwrap());
    let search: i64 = text
        .lines()
        .filter(|line| line.contains("search(int)"))
        .map(|l| l.rsplit(' ').next().unwrap().parse::<i64>().unwrap())
        .sum();
    assert_eq!(search, 153);
    assert!(text.lines().any(|line| line.ends_with("main;search(int) 137")), "{text}");
}

#[test]
fn reads_go_frame_names_from_comments() {
    let heap = profile(GO_HEAP);
    let text = folded::write(&from_profile(&heap, 3).unwrap());
    insta::assert_snapshot!(text, @r"
    runtime.main;main.main;main.cart 16289130
    runtime.systemstack;runtime.newproc.func1;runtime.newproc1;runtime.malg;runtime.newobject;runtime.mallocgc 65776
    ");
    let cart = heap.functions.iter().find(|f| heap.str(f.name) == "main.cart").unwrap();
    assert_eq!(heap.str(cart.file), "/home/dev/main.go");
    assert_eq!(heap.period, 65_536);
    let text = folded::write(&from_profile(&profile(GO_BLOCK), 1).unwrap());
    assert!(text.contains("main.main.gowrap1;main.search;sync.(*Mutex).Lock "), "{text}");
}

#[rstest]
#[case::growth("heap profile: 1: 8 [1: 8] @ growthz\n 1: 8 [1: 8] @ 0x5 0x9\n", &["[unknown]+0x4 [unknown]+0x8 = 1 8"])]
#[case::v2("heap profile: 1: 8 [1: 8] @ heap_v2/524288\n1: 524288 [2: 1048576] @ 0x5\n", &["[unknown]+0x4 = 3 1658823 2 829411"])]
#[case::count("shop/requests profile: total 3\n3 @ 0x5 0x0\n", &["[unknown]+0x4 = 3"])]
#[case::old_contention("--- contentionz 1 ---\ncycles/second = 1000\nsampling period = 10\n 5 2 @ 0x5\n", &["[unknown]+0x4 = 20 50000000"])]
#[case::threads("--- threadz 1 ---\n\n--- Thread 7f (name: main/12) stack: ---\n  PC: 0x5:\n  0x9\n--- Memory map: ---\n", &["[unknown]+0x4 [unknown]+0x8 = 1 thread=main/12"])]
fn reads_text(#[case] text: &str, #[case] expected: &[&str]) {
    let described = describe(&profile(text.as_bytes()));
    let described: Vec<_> = described.iter().map(|line| line.replace("0x", "[unknown]+0x")).collect();
    assert_eq!(described, expected);
}

#[test]
fn reads_both_word_sizes_and_byte_orders() {
    let words = [0u64, 3, 0, 10_000, 0, 7, 2, 0x50, 0x60, 0, 1, 0];
    let files: [Vec<u8>; 4] = [
        words.iter().flat_map(|w| w.to_le_bytes()).collect(),
        words.iter().flat_map(|w| w.to_be_bytes()).collect(),
        words.iter().flat_map(|w| (*w as u32).to_le_bytes()).collect(),
        words.iter().flat_map(|w| (*w as u32).to_be_bytes()).collect(),
    ];
    for bytes in files {
        assert_eq!(describe(&profile(&bytes)), ["0x50 0x5f = 7 70000000"]);
    }
}

#[test]
fn reads_whole_stacks_of_a_truncated_cpu_profile() {
    let (cut, notes) = read(&CPU[..404]).unwrap();
    assert!(!cut.samples.is_empty() && cut.samples.total(0) < 155);
    assert_eq!(notes.count(Normalised::CutOff), 1);
}

#[test]
fn rejects_or_notes_invalid_input() {
    let (_, notes) = read(b"x profile: total 1\n1 @ 0x5\nhello\n2 @ zzz\n").unwrap();
    assert_eq!(notes.count(Normalised::BadLine), 2);
    let error = read(b"x profile: total 1\n\nhello\n").unwrap_err().to_string();
    assert!(error.ends_with("found `hello` in line 3"), "{error}");
    assert!(matches!(read(b"hello"), Err(LegacyPprofError::Unknown(_))));
    assert!(matches!(read(b"--- symbol\n0x1 a\n---\n"), Err(LegacyPprofError::Unknown(_))));
}

proptest! {
    #[test]
    fn never_panics_on_any_input(bytes: Vec<u8>, cut in 0..CPU.len(), text in "([0-9: \\[\\]]{0,12} @( 0x[0-9a]{0,16}){0,4}\n|#\t0x5\t[a+]{0,3}\t:\n){0,5}") {
        let _ = read(&bytes);
        let _ = read(&CPU[..cut]);
        let _ = read(&CPU_RAW[..cut.min(CPU_RAW.len())]);
        let _ = read(&HEAP[..cut.min(HEAP.len())]);
        for first in ["heap profile: 1: 8 [1: 8] @ heap/5", "a profile: total 1", "--- mutex:", "--- threadz 1 ---"] {
            let _ = read(format!("{first}\n{text}").as_bytes());
        }
        let header: Vec<u8> = [0u32, 3, 0, 10, 0].iter().flat_map(|w| w.to_le_bytes()).chain(bytes).collect();
        let _ = read(&header);
    }
}
