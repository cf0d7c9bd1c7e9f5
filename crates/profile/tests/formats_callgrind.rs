//! Callgrind: a capture compared with callgrind_annotate, and small files.

mod formats_support;

use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::callgrind::{CallgrindError, read};
use flarepath_profile::formats::{Detected, Format, NamedProfile, detect, folded};
use flarepath_profile::profile::Profile;
use flarepath_profile::top_table::top_table;
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

const SHOP: &[u8] = include_bytes!("../testdata/callgrind/shop.callgrind");

fn one(text: &[u8]) -> NamedProfile {
    assert_eq!(detect(text), Detected::Readable(Format::Callgrind));
    let mut all = read(text).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Self cost and total of a function.
fn cost(profile: &Profile, name: &str) -> (i64, i64) {
    let tree = from_profile(profile, 0).unwrap();
    let rows = top_table(&tree);
    let rows: Vec<_> = rows.iter().filter(|row| tree.frames().name(row.frame) == name).collect();
    (rows.iter().map(|row| row.self_value).sum(), rows.iter().map(|row| row.total).sum())
}

#[test]
fn recorded_costs_match_callgrind_annotate() {
    let NamedProfile { name, profile, notes } = one(SHOP);
    assert_eq!(name, "./shop");
    assert!(notes.is_empty());
    assert_eq!(profile.samples.total(0), 457_034, "totals:");
    assert_eq!(profile.str(profile.sample_types[0].kind), "Ir");
    assert_eq!(profile.str(profile.sample_types[0].unit), "count");
    for (function, own) in [("by_value", 59_854), ("main", 14_027), ("total", 5016), ("fib'2", 6721)] {
        assert_eq!(cost(&profile, function).0, own, "{function}");
    }
    assert_eq!(cost(&profile, "price.h (inlined)").0, 17_500);
    // The total of a function with a single caller is exact except for rounding.
    for (function, total) in [("cart", 307_513), ("main", 334_619), ("qsort", 288_845)] {
        let (_, ours) = cost(&profile, function);
        assert!((ours - total).abs() < total / 1000, "{function}: {ours}");
    }
}

#[test]
fn reads_stacks_of_a_recorded_file() {
    let NamedProfile { profile, .. } = one(SHOP);
    let tree = from_profile(&profile, 0).unwrap();
    let text = folded::write(&tree);
    let of_total: Vec<_> = text
        .lines()
        .filter(|line| line.contains("total"))
        .map(|line| &line[line.find("main;").unwrap()..])
        .collect();
    insta::assert_snapshot!(of_total.join("\n"), @r"
    main;cart;total 4012
    main;cart;total;price.h (inlined) 13997
    main;report;total 1004
    main;report;total;price.h (inlined) 3503
    ");
    let by_value = profile.functions.iter().find(|f| profile.str(f.name) == "by_value").unwrap();
    assert_eq!(profile.str(by_value.file), "/home/dev/shop.c");
    assert!(profile.mappings.iter().any(|m| profile.str(m.file) == "/home/dev/shop"));
}

#[rstest]
#[case::plain("events: Ir\nfl=a.c\nfn=main\n16 400\n", "main = 400")]
#[case::calls(
    "events: Ir\nfl=a.c\nfn=main\n16 1\ncfn=f\ncalls=2 50\n+1 9\n\nfn=f\n50 9\n",
    "main = 1,f main = 9"
)]
#[case::numbers(
    "events: Ir\nfl=(1) a.c\nfn=(1) main\n16 1\ncfn=(2) f\ncalls=2 50\n* 9\nfn=(2)\n50 9\n",
    "main = 1,f main = 9"
)]
#[case::missing("positions: instr line\nevents: Ir Dr\nfn=main\n0x10 16 400\n+2 * 1 2\n", "main = 401 2")]
#[case::jumps(
    "events: Ir\nfn=main\n1 1\njcnd=2/2 +39 \n* \njfi=(7) b.c\nfi=(7)\n+1 2\n",
    "main = 1,b.c (inlined) main = 2"
)]
#[case::xdebug("events: Time_(10ns) Memory_(bytes)\nfl=(1) a.php\nfn=(1) {main}\n1 5 7\n", "{main} = 50 7")]
#[case::several_parts("events: Ir\npart: 1\nfn=f\n1 1\npart: 2\nfn=f\n1 2\n", "f = 3")]
fn reads_text(#[case] text: &str, #[case] samples: &str) {
    assert_eq!(describe(&one(text.as_bytes()).profile).join(","), samples);
}

#[test]
fn reads_each_thread_as_a_profile() {
    let all = read(b"events: Ir\nthread: 1\nfn=f\n1 1\nthread: 2\nfn=f\n1 2\n").unwrap();
    let all: Vec<_> = all.iter().map(|p| (p.name.as_str(), p.profile.samples.total(0))).collect();
    assert_eq!(all, [("thread 1", 1), ("thread 2", 2)]);
}

#[rstest]
#[case("# callgrind format\n", "has no costs")]
#[case(
    "events: Ir\nfn=f\n1 x\n",
    "line 3 of the callgrind file: expected a cost (a whole number), found `1 x`"
)]
#[case("events: Ir\n1 1\n", "expected `fn=` before the first cost")]
#[case("fn=f\n1 1\n", "expected `events:`")]
#[case("events: Ir\nfn=f\n+x 1\n", "expected a position")]
#[case("events: Ir\nfn=f\ncalls=1 1\n1 1\n", "expected `cfn=` before `calls=`")]
#[case("events: Ir\nhello\n", "expected a cost line")]
fn rejects_invalid_input(#[case] text: &str, #[case] says: &str) {
    let error = read(text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains(says), "{error}");
    assert!(!matches!(error, CallgrindError::TooMuch(_)));
}

proptest! {
    #[test]
    fn never_panics_on_any_text(
        text in "((fn|cfn|fl|fi|calls|ob)=(\\([0-9]\\))?[a-c]?\n|[+*-]?[0-9]{0,2} [0-9]{0,19}\n){0,12}",
        bytes: Vec<u8>,
        cut in 0..SHOP.len(),
    ) {
        let _ = read(format!("events: A B\n{text}").as_bytes());
        let _ = read(&bytes);
        let _ = read(&SHOP[..cut.min(9000)]);
    }
}
