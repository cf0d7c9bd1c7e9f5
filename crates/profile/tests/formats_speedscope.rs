//! speedscope: both kinds of profiles, round trips, and inconsistent files.

mod formats_support;

use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::formats::speedscope::{SpeedscopeError, read, write};
use flarepath_profile::formats::{NamedProfile, Normalised};
use flarepath_profile::frame_table::{Frame, FrameId, FrameTable};
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

const FRAMES: &str =
    r#""shared":{"frames":[{"name":"main","file":"m.py","line":3},{"name":"a"},{"name":"b","col":null}]}"#;

fn file(profiles: &str) -> Result<Vec<NamedProfile>, SpeedscopeError> {
    let schema = "https://www.speedscope.app/file-format-schema.json";
    read(format!(r#"{{"$schema":"{schema}",{FRAMES},"name":"file","profiles":[{profiles}]}}"#).as_bytes())
}

#[test]
fn sums_sampled_profiles_by_stack() {
    let sampled = r#"{"type":"sampled","name":"t1","unit":"milliseconds","startValue":0,"endValue":9,
        "samples":[[0,1],[0,1,2],[0,1],[]],"weights":[1,0.5,2,0]}"#;
    let profiles =
        file(&format!("{sampled},{}", sampled.replace("t1", "").replace("milliseconds", "none"))).unwrap();
    assert_eq!(profiles.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["t1", "file"]);
    let p = &profiles[0].profile;
    assert_eq!(describe(p), ["a main = 3000000", "b a main = 500000"]);
    assert_eq!((p.str(p.sample_types[0].kind), p.str(p.sample_types[0].unit)), ("time", "nanoseconds"));
    let main = p.functions.iter().find(|f| p.str(f.name) == "main").unwrap();
    assert_eq!(p.str(main.file), "m.py");
    let unit = profiles[1].profile.sample_types[0].unit;
    assert_eq!(profiles[1].profile.str(unit), "count");
}

fn events(events: &str, end: u32) -> Result<Vec<NamedProfile>, SpeedscopeError> {
    file(&format!(
        r#"{{"type":"evented","name":"e","unit":"seconds","startValue":0,"endValue":{end},"events":[{events}]}}"#
    ))
}

fn event(kind: &str, frame: u32, at: f64) -> String {
    format!(r#"{{"type":"{kind}","frame":{frame},"at":{at}}}"#)
}

#[test]
fn evented_profiles_sum_time_between_events() {
    let all = [
        event("O", 0, 1.0),
        event("O", 1, 2.5),
        event("C", 1, 3.0),
        event("O", 1, 3.0),
        event("O", 2, 3.25),
        event("C", 2, 4.0),
        event("C", 1, 4.0),
        event("C", 0, 5.0),
    ];
    let profiles = events(&all.join(","), 9).unwrap();
    assert_eq!(
        describe(&profiles[0].profile),
        ["main = 2500000000", "a main = 750000000", "b a main = 750000000"]
    );
    assert!(profiles[0].notes.is_empty());
}

#[test]
fn closes_open_frames_at_the_end() {
    let profiles = events(&[event("O", 0, 1.0), event("O", 1, 2.0)].join(","), 4).unwrap();
    assert_eq!(describe(&profiles[0].profile), ["main = 1000000000", "a main = 2000000000"]);
    assert_eq!(profiles[0].notes.count(Normalised::OpenFrame), 2);
    assert_eq!(events("", 1).unwrap()[0].profile.samples.len(), 0);
}

#[rstest]
#[case(&[event("C", 0, 1.0)], "event 0 closes `main`, but no frame is open")]
#[case(&[event("O", 0, 1.0), event("C", 1, 2.0)], "event 1 closes `a`, but the innermost open frame is `main`")]
#[case(&[event("O", 0, 2.0), event("O", 1, 1.0)], "event 1 is at 1, before the previous event at 2")]
#[case(&[event("O", 9, 2.0)], "event 0 refers to frame 9, but the file has 3")]
#[case(&[event("X", 0, 2.0)], "unknown variant `X`")]
fn rejects_events_out_of_order(#[case] all: &[String], #[case] says: &str) {
    let error = events(&all.join(","), 9).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[rstest]
#[case("", "has no profiles")]
#[case(r#"{"type":"sampled","unit":"none","samples":[[0]],"weights":[]}"#, "1 samples but 0 weights")]
#[case(r#"{"type":"sampled","unit":"none","samples":[[7]],"weights":[1]}"#, "sample 0 refers to frame 7")]
#[case(r#"{"type":"sampled","unit":"none","samples":[[0]],"weights":[-1]}"#, "is negative (-1)")]
#[case(r#"{"type":"guessed","unit":"none"}"#, "expected `sampled` or `evented`")]
#[case(r#"{"type":"sampled"}"#, "missing field `unit`")]
fn rejects_contradictory_files(#[case] profiles: &str, #[case] says: &str) {
    let error = file(profiles).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn round_trips_a_tree() {
    let mut frames = FrameTable::new();
    let mut frame = |name: &str, file: &str, line| {
        let (name, file) = (frames.strings.intern(name), frames.strings.intern(file));
        frames.push(Frame { name, file, line, symbolized: true, ..Frame::default() })
    };
    let (a, b) = (frame("a \"quoted\"", "", 0), frame("b", "b.rs", 7));
    let parents = [0, 0, 1, 2, 0].map(NodeId).to_vec();
    let tree = CallTree::from_columns(frames, vec![FrameId::ROOT, a, b, a, b], parents, vec![0, 1, 2, 3, 4])
        .unwrap();
    let text = write(&tree, "cpu \"x\"", "nanoseconds");
    let again = &read(text.as_bytes()).unwrap()[0];
    assert_eq!(again.name, "cpu \"x\"");
    let stacks = ["a \"quoted\" = 1", "b a \"quoted\" = 2", "a \"quoted\" b a \"quoted\" = 3", "b = 4"];
    assert_eq!(describe(&again.profile), stacks);
    let b = again.profile.functions.iter().find(|f| again.profile.str(f.name) == "b").unwrap();
    assert_eq!(again.profile.str(b.file), "b.rs");
    assert!(read(write(&CallTree::empty(), "", "widgets").as_bytes()).unwrap()[0].profile.samples.is_empty());
}

#[test]
fn rejects_truncated_files() {
    let text = write(&CallTree::empty(), "x", "bytes");
    assert!((0..text.len()).all(|end| read(&text.as_bytes()[..end]).is_err()));
}

proptest! {
    #[test]
    fn never_panics_on_any_events(
        kinds in prop::collection::vec((any::<bool>(), 0u32..4, -1e300f64..1e300), 0..12), end: u32,
    ) {
        let all: Vec<_> = kinds.iter().map(|&(o, f, at)| event(if o { "O" } else { "C" }, f, at)).collect();
        let _ = events(&all.join(","), end);
    }
}
