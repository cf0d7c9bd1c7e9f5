//! Chrome traces: a capture of Chromium, spans in every notation, and truncated files.

mod formats_support;

use flarepath_profile::formats::chrome_trace::read;
use flarepath_profile::formats::{Detected, Format, NamedProfile, Normalised, detect};
use flate2::read::GzDecoder;
use formats_support::{describe, folded_head};
use proptest::prelude::*;
use rstest::rstest;
use std::io::Read;

fn capture() -> Vec<u8> {
    let mut trace = Vec::new();
    let zipped = include_bytes!("../testdata/chrome/shop.trace.json.gz");
    GzDecoder::new(&zipped[..]).read_to_end(&mut trace).unwrap();
    trace
}

#[test]
fn reads_a_chromium_trace() {
    let trace = capture();
    assert_eq!(detect(&trace), Detected::Readable(Format::ChromeTrace));
    let profiles = read(&trace).unwrap();
    let names: Vec<_> = profiles.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "CPU profile of CrRendererMain · Renderer 8510",
            "CrRendererMain · Renderer 8510",
            "ThreadPoolForegroundWorker · Renderer 8510",
            "ThreadPoolForegroundWorker · Renderer 8510",
            "ThreadPoolForegroundWorker · Renderer 8510",
            "asynchronous · Renderer 8510"
        ]
    );
    assert!(profiles.iter().all(|p| p.notes.is_empty()));
    let cpu = &profiles[0].profile;
    assert_eq!(cpu.samples.len(), 506);
    // From the first to the last sample, plus the average length of one.
    assert_eq!(cpu.samples.total(1), 361_563_000 + 361_563_000 / 505);
    assert_eq!(cpu.samples.timestamp(0), Some(15_581_186_169_000));
    let lines = (0..cpu.locations.len()).flat_map(|i| cpu.locations.get(i).lines);
    let of_price = lines.filter(|line| cpu.str(cpu.functions[line.function.index()].name) == "price");
    let lines: Vec<_> = of_price.map(|line| line.line).collect();
    assert!(lines.contains(&7), "the inner loop of `price` is in line 7: {lines:?}");
    insta::assert_snapshot!(folded_head(cpu, "wall", 12));
    let main = &profiles[1].profile;
    assert_eq!((main.samples.total(0), main.samples.width()), (340_191_000, 1));
    insta::assert_snapshot!(folded_head(main, "wall", 12));
    // Two frames of animation, which do not overlap.
    assert_eq!(profiles[5].profile.samples.total(0), 325_173_000 + 4_060_000);
}

fn events(events: &[&str]) -> Vec<NamedProfile> {
    read(format!("[{}]", events.join(",\n")).as_bytes()).unwrap()
}

#[test]
fn spans_of_a_thread_form_its_stack() {
    let profiles = events(&[
        r#"{"ph":"X","name":"inner","pid":1,"tid":2,"ts":20,"dur":5}"#,
        r#"{"ph":"M","name":"thread_name","pid":1,"tid":2,"args":{"name":"worker"}}"#,
        r#"{"ph":"X","name":"outer","pid":1,"tid":2,"ts":10,"dur":30.5}"#,
        r#"{"ph":"B","name":"begun","pid":1,"tid":2,"ts":22}"#,
        r#"{"ph":"B","name":"other","pid":1,"tid":"x","ts":0}"#,
        r#"{"ph":"E","pid":1,"tid":2,"ts":23}"#,
        r#"{"ph":"E","pid":1,"tid":"x","ts":"4"}"#,
        r#"{"ph":"i","name":"instant","pid":1,"tid":2,"ts":24,"s":"t","args":[1]}"#,
        r#"{"ph":"X","name":"inner","pid":1,"tid":2,"ts":50,"dur":1,"args":{"detail":"x.cc"}}"#,
    ]);
    assert_eq!(profiles.len(), 2);
    assert_eq!((&*profiles[0].name, &*profiles[1].name), ("worker · process 1", "thread x · process 1"));
    let worker = &profiles[0].profile;
    let stacks = [
        "outer = 10000",
        "inner outer = 2000",
        "begun inner outer = 1000",
        "inner outer = 2000",
        "outer = 15500",
        "inner x.cc = 1000",
    ];
    assert_eq!(describe(worker), stacks);
    assert_eq!(worker.samples.timestamp(2), Some(22_000));
    assert_eq!(worker.duration_nanos, 41_000);
    assert_eq!(describe(&profiles[1].profile), ["other = 4000"]);
}

#[test]
fn async_spans_nest_by_category_and_id() {
    let profiles = events(&[
        r#"{"ph":"b","cat":"net","id":"0x1","name":"a","pid":1,"tid":1,"ts":0}"#,
        r#"{"ph":"b","cat":"net","id2":{"local":"0x2"},"name":"b","pid":1,"tid":2,"ts":2}"#,
        r#"{"ph":"b","cat":"net","id":"0x1","name":"c","pid":1,"tid":9,"ts":3}"#,
        r#"{"ph":"e","cat":"net","id":"0x1","name":"c","pid":1,"tid":1,"ts":5}"#,
        r#"{"ph":"e","cat":"net","id":"0x1","name":"a","pid":1,"tid":1,"ts":6}"#,
        r#"{"ph":"e","cat":"net","id2":{"local":"0x2"},"name":"b","pid":1,"tid":1,"ts":6}"#,
    ]);
    assert_eq!(profiles[0].name, "asynchronous · process 1");
    assert_eq!(describe(&profiles[0].profile), ["a = 3000", "b = 4000", "c a = 2000", "a = 1000"]);
}

#[test]
fn repairs_and_notes_spans_that_do_not_nest() {
    let named = &events(&[
        r#"{"ph":"X","name":"a","ts":0,"dur":10}"#,
        r#"{"ph":"X","name":"b","ts":5,"dur":10}"#,
        r#"{"ph":"E","ts":11}"#,
        r#"{"ph":"B","name":"open","ts":12}"#,
        r#"{"ph":"X","name":"c","ts":13,"dur":2}"#,
    ])[0];
    assert_eq!(describe(&named.profile), ["a = 5000", "b a = 5000", "open = 1000", "c open = 2000"]);
    let counts = [Normalised::CrossingSpan, Normalised::UnmatchedEnd, Normalised::OpenFrame];
    assert_eq!(counts.map(|what| named.notes.count(what)), [1, 1, 1]);
}

#[test]
fn reads_a_whole_cpu_profile() {
    let profiles =
        events(&[r#"{"ph":"I","name":"CpuProfile","pid":1,"tid":2,"ts":9,"args":{"data":{"cpuProfile":
        {"nodes":[{"id":1,"callFrame":{"functionName":"(root)"},"children":[2]},
                  {"id":2,"callFrame":{"functionName":"f"}}],
         "startTime":5,"endTime":10,"samples":[2,1],"timeDeltas":[1,2]}}}}"#]);
    assert_eq!(describe(&profiles[0].profile), ["f = 1 2000", " = 1 2000"]);
    assert_eq!(profiles[0].name, "CPU profile of thread 2 · process 1");
}

#[rstest]
#[case("")]
#[case(",")]
#[case(",\n{\"ph\":\"X\",\"na")]
#[case(",{\"ph\":\"X\",\"name\":\"caf\u{e9}")]
fn reads_a_truncated_trace(#[case] rest: &str) {
    let whole = r#"{"otherData":{},"traceEvents":[{"ph":"X","name":"a","ts":1,"dur":2}"#;
    let text = format!("{whole}{rest}");
    // The last character of the last case has two bytes, one of which is missing.
    let bytes = if text.is_ascii() { text.as_bytes() } else { &text.as_bytes()[..text.len() - 1] };
    assert_eq!(detect(bytes), Detected::Readable(Format::ChromeTrace));
    let named = &read(bytes).unwrap()[0];
    assert_eq!(describe(&named.profile), ["a = 2000"]);
    assert_eq!(named.notes.count(Normalised::CutOff), 1);
}

#[test]
fn never_panics_on_truncated_captures() {
    let trace = capture();
    for end in (0..trace.len()).step_by(10_007) {
        match read(&trace[..end]) {
            Ok(profiles) => assert_eq!(profiles[0].notes.count(Normalised::CutOff), 1),
            Err(error) => assert!(end < 40_000, "{end}: {error}"),
        }
    }
}

#[rstest]
#[case("[]", "the Chrome trace has 0 events, but no CPU profile")]
#[case(r#"[{"ph":"C","name":"memory","ts":1}]"#, "has 1 events, but no CPU profile")]
#[case("[{\"ph\":\"X\"\n\"name\":}]", "expected value at byte 18 (line 2)")]
#[case(
    r#"[{"ph":"P","name":"ProfileChunk","args":{"data":{"cpuProfile":{"samples":[1]},"timeDeltas":[1]}}}]"#,
    "invalid CPU profile in the Chrome trace: sample 0 of the V8 profile refers to node 1"
)]
#[case("7", "expected `{`, found `7` at byte 0")]
fn errors_say_what_is_unreadable(#[case] file: &str, #[case] says: &str) {
    let error = read(file.as_bytes()).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn reads_deep_spans() {
    let begins = (0..5_000).map(|i| format!(r#"{{"ph":"B","name":"f{i}","ts":{i}}}"#)).collect::<Vec<_>>();
    let named = &events(&begins.iter().map(String::as_str).collect::<Vec<_>>())[0];
    assert_eq!(named.profile.samples.len(), 4_999);
    assert_eq!(named.notes.count(Normalised::OpenFrame), 5_000);
}

proptest! {
    #[test]
    fn never_panics_on_any_events(
        all in prop::collection::vec((0usize..8, 0u8..3, any::<f64>(), any::<f64>()), 0..20), bytes: Vec<u8>,
    ) {
        let phases = ["X", "B", "E", "b", "e", "M", "P", "?"];
        let all: Vec<_> = all.iter().map(|(phase, name, at, dur)| {
            let phase = phases[*phase];
            format!(r#"{{"ph":"{phase}","name":"{name}","ts":{at:e},"dur":{dur:e}}}"#)
        }).collect();
        let _ = read(format!("[{}]", all.join(",")).as_bytes());
        let _ = read(&bytes);
    }
}
