//! perf script: a capture, and output with other options.

mod formats_support;

use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::perf_script::read;
use flarepath_profile::formats::{Detected, Format, NamedProfile, Normalised, detect, folded};
use flarepath_profile::profile::Profile;
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

const SHOP: &[u8] = include_bytes!("../testdata/perf_script/shop.perf.txt");

fn types(profile: &Profile) -> Vec<String> {
    profile.sample_types.iter().map(|t| format!("{}/{}", profile.str(t.kind), profile.str(t.unit))).collect()
}

#[test]
fn reads_a_profile_per_thread() {
    assert_eq!(detect(SHOP), Detected::Readable(Format::PerfScript));
    let threads = read(SHOP).unwrap();
    let names: Vec<_> = threads.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["cart worker (23636)", "search (23637)", "shop (23633)"]);
    let totals: Vec<_> =
        threads.iter().map(|p| (p.profile.samples.total(0), p.profile.samples.total(1))).collect();
    // Summed up by awk from the same text.
    assert_eq!(totals, [(1, 331_658_250), (9462, 281_407_000), (288, 0)]);
    let cart = &threads[0].profile;
    assert_eq!(types(cart), ["page-faults/count", "cpu-clock/nanoseconds"]);
    assert_eq!(cart.default_sample_type_index(), 1);
    assert_eq!(cart.samples.timestamp(0), Some(15_055_272_993_000));
    assert_eq!((cart.samples.len(), cart.time_nanos, cart.duration_nanos), (67, 0, 629_901_000));
    assert!(threads.iter().all(|p| p.notes.is_empty()));
}

#[test]
fn reads_symbols_and_files() {
    let threads = read(SHOP).unwrap();
    let tree = from_profile(&threads[0].profile, 1).unwrap();
    insta::assert_snapshot!(folded::write(&tree), @r"
    start_thread;price 326633125
    start_thread;price;asm_sysvec_apic_timer_interrupt;irqentry_exit_to_user_mode;schedule;__schedule;finish_task_switch.isra.0 5025125
    ");
    let search = &threads[1].profile;
    let files: Vec<_> = search.mappings.iter().map(|m| search.str(m.file)).collect();
    assert!(files.contains(&"/usr/lib/x86_64-linux-gnu/libc.so.6"), "{files:?}");
}

fn one(text: &str) -> NamedProfile {
    let mut all = read(text.as_bytes()).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[rstest]
#[case::no_periods("a 1 [000] 2.5: cycles:\n\t 10 f+0x1 (x)\n\t 20 main (x)\n\n", &["samples/count"], "f main = 1")]
#[case::no_time("a 1 100 cycles:u:\n\t 10 f (x)\n", &["samples/count", "cycles:u/count"], "f = 1 100")]
#[case::clock("a 1 2.5: 100 task-clock:u:\n\t 10 f (x)\n", &["samples/count", "task-clock:u/nanoseconds"], "f = 1 100")]
#[case::one_line("   a  1 [000] 2.5: 100 cycles:  10 f+0x1 (x)\n", &["samples/count", "cycles/count"], "f = 1 100")]
#[case::tracepoint("a 1 [000] 2.5: sched:sched_switch: prev_comm=a\n\t 10 f (x)\n", &["samples/count"], "f = 1")]
#[case::windows("a 1 2.5: cycles:\r\n\t 10 f (x)\r\n\r\n", &["samples/count"], "f = 1")]
#[case::unknown("a 1 2.5: cycles:\n\t 10 [unknown] (x)\n\t 20 f ([unknown])\n", &["samples/count"], "0x10 f = 1")]
#[case::inlined("a 1 2.5: cycles:\n\t 10 g (inlined)\n\t 10 f (x)\n\t 20 main (x)\n", &["samples/count"], "g f main = 1")]
fn reads_text(#[case] text: &str, #[case] expected_types: &[&str], #[case] sample: &str) {
    assert_eq!(detect(text.as_bytes()), Detected::Readable(Format::PerfScript));
    let named = one(text);
    assert_eq!(types(&named.profile), expected_types);
    assert_eq!(describe(&named.profile), [sample]);
    assert!(named.notes.is_empty(), "{}", named.notes);
    assert!(named.name.starts_with("a (1)"));
}

#[test]
fn inlined_frames_share_a_location() {
    let named =
        one("a 1 2.5: cycles:\n\t 10 g (inlined)\n  a.h:7\n\t 10 f+0x3 (x)\n  a.c:9\n\t 20 main (x)\n  :0\n");
    let profile = &named.profile;
    assert_eq!(profile.stacks.get(profile.samples.stack(0)).len(), 2);
    let location = profile.locations.get(profile.stacks.get(profile.samples.stack(0))[0].index());
    assert_eq!((location.address, location.lines.len(), location.lines[0].line), (0x10, 2, 7));
    assert_eq!(profile.str(profile.functions[location.lines[1].function.index()].file), "a.c");
}

#[test]
fn reads_truncated_files_up_to_the_last_whole_sample() {
    let text = "a 1 2.5: cycles:\n\t 10 f (x)\n\t 20 main (x)\n\na 1 2.6: cycles:\n\t 10 f (x)\n\t 2";
    let named = one(text);
    assert_eq!(describe(&named.profile), ["f main = 1"]);
    assert_eq!(named.notes.count(Normalised::CutOff), 1);
}

#[test]
fn rejects_or_notes_invalid_input() {
    let named = one("nonsense here\n\na 1 2.5: cycles:\n\t 10 f (x)\n\n\t 30 lost (x)\n");
    assert_eq!(named.notes.count(Normalised::BadLine), 2);
    let error = read(b"# x\n\nhello world\n").unwrap_err().to_string();
    assert!(error.ends_with("found `hello world` in line 3"), "{error}");
    assert!(read(b"").unwrap_err().to_string().ends_with("found no line at all"));
}

proptest! {
    #[test]
    fn never_panics_on_any_text(
        text in "([a ]{0,3}( ?[0-9]{1,3}(/1)?)?( ?\\[0\\])?( [0-9]\\.[0-9]:)?( [0-9]{1,2})?( ?c:)?[ \t]?[()+x0-9 ]{0,6}\n{0,2}){0,8}",
        bytes: Vec<u8>,
        cut in 0..SHOP.len(),
    ) {
        let _ = read(text.as_bytes());
        let _ = read(&bytes);
        let _ = read(&SHOP[..cut]);
    }
}
