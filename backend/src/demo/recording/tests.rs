//! Recordings are read as they were written, in part if they were cut off, and not at all if they are something else.

use super::*;
use crate::demo::replay::{Pace, Replay, Until, request};
use crate::store::NewProfile;
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use proptest::prelude::*;
use std::io::Write;
use std::sync::LazyLock;

const S: i64 = 1_000_000_000;
/// When the recording starts, in seconds.
const START: i64 = 1_795_000_000;

/// A CPU profile of 15 s: stacks, root first, and their samples of 10 ms.
fn profile(at_s: i64, version: &str, stacks: &[(&str, i64)]) -> NewProfile {
    let mut p =
        Profile { time_nanos: at_s * S, duration_nanos: 15 * S, period: 10_000_000, ..Profile::default() };
    let mut id = |text: &str| p.strings.intern(text);
    let cpu = ValueType { kind: id("cpu"), unit: id("nanoseconds") };
    p.sample_types = vec![cpu];
    p.period_type = cpu;
    p.samples = Samples::new(1);
    for (path, ticks) in stacks {
        let mut locations: Vec<LocationId> = Vec::new();
        for (line, name) in path.split(';').enumerate() {
            let (name, file, empty) =
                (p.strings.intern(name), p.strings.intern("src/shop.rs"), p.strings.intern(""));
            p.functions.push(Function { name, system_name: empty, file, start_line: 0 });
            let function = FunctionId(p.functions.len() as u32 - 1);
            let line = Line { function, line: line as i64, column: 0 };
            locations.push(LocationId(p.locations.push(None, 0, [line])));
        }
        locations.reverse();
        let stack = p.stacks.push(locations);
        p.samples.push(stack, &[ticks * 10_000_000], &[]);
    }
    let labels = [("service_name", "checkout"), ("version", version), ("pod", "a")];
    NewProfile { labels: labels.into_iter().collect(), name: "process_cpu".to_owned(), profile: p }
}

/// A minute and a half of pushes, of version 2 for the last half minute.
fn pushed() -> Vec<NewProfile> {
    let of = |n: i64| {
        let stacks = [("main;order;price", 3), ("main;order;new_in_v2", n), ("main", 1)];
        let (version, stacks) = if n < 4 { ("v1", &stacks[..1]) } else { ("v2", &stacks[..]) };
        profile(START + n * 15, version, stacks)
    };
    (0..6).map(of).collect()
}

/// Each arrives 15.25 s after it began.
fn written(profiles: &[NewProfile]) -> RecordingWriter<Vec<u8>> {
    let start = UnixNanos(START * S);
    let mut writer = RecordingWriter::new(Vec::new(), "a test", start).unwrap();
    for new in profiles {
        let at = UnixNanos(new.profile.time_nanos + 15 * S + S / 4);
        let body = request(std::iter::once(new.clone()));
        assert_eq!(writer.push(at, "", &body).unwrap(), 1);
    }
    writer
}

fn recorded() -> Vec<u8> {
    written(&pushed()).finish().unwrap()
}

/// Stacks with their values, root first.
fn stacks(new: &NewProfile) -> Vec<(String, i64)> {
    let p = &new.profile;
    let name = |l: &LocationId| {
        let line = p.locations.get(l.index()).lines[0];
        let function = p.functions[line.function.index()];
        format!("{}:{}:{}", p.str(function.name), p.str(function.file), line.line)
    };
    let path = |i: usize| p.stacks.get(p.samples.stack(i)).iter().rev().map(name).collect::<Vec<_>>();
    let mut all: Vec<_> = (0..p.samples.len()).map(|i| (path(i).join(";"), p.samples.values(i)[0])).collect();
    all.sort();
    all
}

#[test]
fn profiles_are_read_as_they_were_pushed() {
    let recording = Recording::read(&recorded()).unwrap();
    assert_eq!((recording.note(), recording.started()), ("a test", UnixNanos(START * S)));
    assert_eq!(recording.length(), Duration::from_millis(90_250));
    assert_eq!(recording.deployed(), Some(Duration::from_secs(60)));
    let moved = UnixNanos((START + 3600) * S);
    for (push, sent) in recording.pushes().iter().zip(pushed()) {
        let found = recording.profile(push, moved);
        assert_eq!((&found.labels, &found.name), (&sent.labels, &sent.name));
        assert_eq!(stacks(&found), stacks(&sent));
        let (found, sent) = (&found.profile, &sent.profile);
        assert_eq!(found.time_nanos, sent.time_nanos + 3600 * S);
        assert_eq!((found.duration_nanos, found.period), (sent.duration_nanos, sent.period));
        assert_eq!(
            (found.str(found.period_type.kind), found.str(found.sample_types[0].unit)),
            ("cpu", "nanoseconds")
        );
    }
    assert_eq!(recording.pushes().len(), 6);
}

#[test]
fn symbols_are_written_once() {
    let one = written(&pushed()[..1]).finish().unwrap();
    let many: Vec<NewProfile> =
        (0..200).map(|n| profile(START + n * 15, "v1", &[("main;order;price", 3)])).collect();
    let many = written(&many).finish().unwrap();
    assert!(many.len() < one.len() + 200 * 10, "{} after {}", many.len(), one.len());
}

#[test]
fn a_recording_that_was_cut_off_ends_with_its_last_minute() {
    let mut writer = written(&pushed());
    writer.flush().unwrap();
    let whole = writer.finish().unwrap();
    let read = |len: usize| Recording::read(&whole[..len]).map(|recording| recording.pushes().len());
    assert_eq!(read(whole.len()), Ok(6));
    // The first three arrived in the first minute.
    let found: Vec<usize> = (0..whole.len()).filter_map(|len| read(len).ok()).collect();
    assert!(found.contains(&3) && found.iter().all(|pushes| [0, 3, 6].contains(pushes)), "{found:?}");
}

#[test]
fn other_files_and_versions_are_refused() {
    let pack = |plain: &[u8]| {
        let mut frame = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        frame.write_all(plain).unwrap();
        frame.finish().unwrap()
    };
    for file in [&b""[..], b"flarepath recording\n", &pack(b"other")] {
        assert_eq!(Recording::read(file).unwrap_err(), BadRecording::Foreign);
    }
    assert_eq!(Recording::read(&pack(&[MAGIC, &[2]].concat())).unwrap_err(), BadRecording::Version(2));
    // A chunk whose frame has a function that does not exist.
    let bad = [MAGIC, &[VERSION as u8, 0, 0, /* strings */ 0, /* frames */ 1, 7, 7, 0, 0, 0]].concat();
    assert_eq!(Recording::read(&pack(&bad)).unwrap_err(), BadRecording::Damaged("function"));
}

#[test]
fn what_is_not_a_push_is_refused() {
    let mut writer = RecordingWriter::new(Vec::new(), "", UnixNanos(START * S)).unwrap();
    for (encoding, body) in [("", &b"{}"[..]), ("br", b""), ("gzip", b"plain")] {
        let error = writer.push(UnixNanos(START * S), encoding, body).unwrap_err();
        assert!(error.to_string().starts_with("a push cannot be recorded: "), "{error}");
    }
    assert!(Recording::read(&writer.finish().unwrap()).unwrap().pushes().is_empty());
}

#[test]
fn a_replay_keeps_distances_and_ends_now() {
    let recording = Recording::read(&recorded()).unwrap();
    let now = UnixNanos((START + 100_000) * S);
    let replay = |pace, start, until| Replay::new(&recording, pace, start, until, now).unwrap();
    let secs = Duration::from_secs;
    let mut at_once = replay(Pace::AtOnce, None, Until::Deploy(secs(16)));
    assert_eq!((at_once.at(secs(76)), at_once.left()), (now, 5));
    assert!(at_once.request(Duration::ZERO).is_some());
    assert_eq!((at_once.next_due(), at_once.left()), (None, 0));
    let start = UnixNanos(START * S);
    assert_eq!(replay(Pace::AtOnce, Some(start), Until::End).zero, start);
    assert_eq!(replay(Pace::Times(1.0), None, Until::End).zero, now);
    let mut fast = replay(Pace::Times(10.0), None, Until::Start(secs(50)));
    assert_eq!((fast.at(secs(50)), fast.left()), (now.plus(secs(5)), 3));
    assert_eq!(fast.next_due(), Some(Duration::from_millis(1525)));
    assert!(fast.request(secs(1)).is_none() && fast.request(secs(4)).is_some());
    assert_eq!(fast.left(), 1);
    let one_version = written(&pushed()[..2]).finish().unwrap();
    let one_version = Recording::read(&one_version).unwrap();
    assert!(Replay::new(&one_version, Pace::AtOnce, None, Until::Deploy(secs(1)), now).is_err());
}

static RECORDED: LazyLock<Vec<u8>> = LazyLock::new(recorded);

proptest! {
    #[test]
    fn damaged_recordings_never_panic(at in 0_usize..2000, byte in any::<u8>(), plain in any::<bool>()) {
        let mut file = RECORDED.clone();
        if plain {
            let mut text = zstd::stream::decode_all(&file[..]).unwrap();
            let at = at % text.len();
            text[at] = byte;
            let file = zstd::stream::encode_all(&text[..], 1).unwrap();
            if let Ok(recording) = Recording::read(&file) {
                for push in recording.pushes() {
                    recording.profile(push, UnixNanos(0));
                }
            }
        } else {
            let at = at % file.len();
            file[at] = byte;
            let _ = Recording::read(&file);
        }
    }
}
