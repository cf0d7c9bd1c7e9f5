//! Tables of Instruments.

mod formats_support;

use flarepath_profile::formats::instruments::{InstrumentsError, read};
use flarepath_profile::formats::{Detected, Format, Normalised, detect};
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

const SHOP: &[u8] = include_bytes!("../testdata/instruments/shop.txt");
const ALLOCATIONS: &[u8] = include_bytes!("../testdata/instruments/allocations.txt");

#[rstest]
#[case::time(SHOP, "time/nanoseconds", &[
    "main start Main Thread  0x1a2b shop (4711) = 1000000",
    "Cart::total(std::vector<int> const&) main start Main Thread  0x1a2b shop (4711) = 800000000",
    "mix(unsigned int) Cart::total(std::vector<int> const&) main start Main Thread  0x1a2b shop (4711) = 46000000",
    "Search::run() main start Main Thread  0x1a2b shop (4711) = 403000000",
])]
#[case::bytes(ALLOCATIONS, "count/count space/bytes", &[
    "malloc cart() main start = 40 2097152",
    "search() main start = 20 1048576",
    "malloc search() main start = 10 524288",
])]
#[case::old(b"Running Time\tSelf (ms)\t\tSymbol Name\n4273.0ms   99.9%\t73\t \tstart\n4200.0ms   99.9%\t4200\t \t f\n", "time/nanoseconds",
    &["start = 73000000", "f start = 4200000000"])]
#[case::cycles(b"Weight\tSelf Weight\tSymbol Names\n1.50 Gc  100.0%\t-\t   main\n1.50 Gc  100.0%\t1.50 Gc\t    f\n532 cycles    0.0%\t532 cycles\t   g\n", "cycles/count",
    &["f main = 1500000000", "g = 532"])]
fn reads_tables(#[case] text: &[u8], #[case] types: &str, #[case] expected: &[&str]) {
    assert_eq!(detect(text), Detected::Readable(Format::Instruments));
    let (profile, notes) = read(text).unwrap();
    assert_eq!(describe(&profile), expected);
    let found: Vec<_> = profile
        .sample_types
        .iter()
        .map(|t| format!("{}/{}", profile.str(t.kind), profile.str(t.unit)))
        .collect();
    assert_eq!(found.join(" "), types);
    assert!(notes.is_empty());
}

#[test]
fn rejects_or_notes_invalid_input() {
    let head = "Weight\tSelf Weight\tSymbol Name\n";
    let (_, notes) = read(format!("{head}1 s\t1 s\tf\nnonsense\n1 parsec\t1\tg\n").as_bytes()).unwrap();
    assert_eq!(notes.count(Normalised::BadLine), 2);
    assert_eq!(read(head.as_bytes()), Err(InstrumentsError::NoRows));
    assert_eq!(read(b"hello\n"), Err(InstrumentsError::NoColumns));
}

proptest! {
    #[test]
    fn never_panics_on_any_input(bytes: Vec<u8>, text in "([0-9.]{0,4} ?(s|ms|MB)?\t[0-9]{0,2}\t {0,3}[a-c]?\n){0,6}", cut in 0..SHOP.len()) {
        let _ = read(&bytes);
        let _ = read(format!("Weight\tSelf Weight\tSymbol Name\n{text}").as_bytes());
        let _ = read(&SHOP[..cut]);
    }
}
