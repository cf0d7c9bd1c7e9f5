//! Folded stacks and lines: all variants in use, and invalid input.

mod formats_support;

use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::formats::folded::{FoldedError, SIDES, read, read_sides, write};
use flarepath_profile::formats::{Normalised, lines};
use flarepath_profile::frame_table::{Frame, FrameId, FrameTable};
use formats_support::describe;
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case::plain("main;work 12\nmain 3\n", &["work main = 12", "main = 3"], 0)]
#[case::windows("main;work 12\r\n\r\nmain 3\r\n", &["work main = 12", "main = 3"], 0)]
#[case::comments("# austin: 1\n\nmain 3", &["main = 3"], 0)]
#[case::spaces("a b;c d (e) 7\n\ta\t1\n", &["c d (e) a b = 7", "\ta = 1"], 0)]
#[case::bad("main 3\nnonsense\n 5\nmain -2\nmain x\n", &["main = 3"], 4)]
#[case::fraction("a 2.5\nb 1e3\n", &["a = 3", "b = 1000"], 0)]
#[case::empty_frames("a;;b; 1\n", &["b a = 1"], 0)]
#[case::comparison("a;b 1 2\na 0 3\n", &["b a = 1 2", "a = 0 3"], 0)]
#[case::number_in_name("a;worker 1 2\na 3\n", &["worker 1 a = 2", "a = 3"], 0)]
#[case::same_stack_again("a;b 1\na;b 2\na 1\na;b 4\nx\na;b 8\n", &["b a = 3", "a = 1", "b a = 4", "b a = 8"], 1)]
#[case::sum_too_large("a 9223372036854775807\na 1\n", &["a = 9223372036854775807", "a = 1"], 0)]
#[case::mark("\u{feff}a 1\n", &["a = 1"], 0)]
fn reads_folded_stacks(#[case] text: &str, #[case] expected: &[&str], #[case] bad: u64) {
    let (profile, notes) = read(text.as_bytes()).unwrap();
    assert_eq!(describe(&profile), expected);
    assert_eq!(notes.count(Normalised::BadLine), bad);
}

#[test]
fn comparisons_have_two_sample_types() {
    let (profile, _) = read(b"a;b 1 2\na 0 3\n").unwrap();
    assert_eq!(profile.sample_type_index("baseline"), Some(0));
    assert_eq!(profile.sample_type_index("comparison"), Some(1));
    assert_eq!((profile.samples.total(0), profile.samples.total(1)), (1, 5));
}

#[test]
fn reads_comparisons_as_two_profiles() {
    let text: Vec<u8> = "\u{feff}a;b 1 2\r\na 0 3.4\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let sides = read_sides(&text).unwrap();
    let names: Vec<_> = sides.iter().map(|side| side.name.as_str()).collect();
    assert_eq!(names, SIDES);
    assert_eq!(describe(&sides[0].profile), ["b a = 1"]);
    assert_eq!(describe(&sides[1].profile), ["b a = 2", "a = 3"]);
    assert!(sides.iter().all(|side| side.profile.sample_type_index("samples") == Some(0)));
    assert_eq!(sides[0].notes.count(Normalised::Fraction), 1);
    assert_eq!(read_sides(b"a;b 1\n").unwrap().len(), 1);
}

#[test]
fn repairs_numbers_and_text_with_notes() {
    let (profile, notes) = read(b"a\xff;b 2.4\nc 99999999999999999999\n").unwrap();
    assert_eq!(describe(&profile), ["b a\u{fffd} = 2".to_owned(), format!("c = {}", i64::MAX)]);
    for what in [Normalised::InvalidUtf8, Normalised::Fraction, Normalised::Overflow] {
        assert_eq!(notes.count(what), 1, "{what:?}");
    }
}

#[rstest]
#[case("", "found no line at all")]
#[case("\n# x\n", "found no line at all")]
#[case("\nhello world\nmain -1", "found `hello world` in line 2")]
fn rejects_files_without_stacks(#[case] text: &str, #[case] says: &str) {
    let error = read(text.as_bytes()).unwrap_err();
    assert!(matches!(error, FoldedError::NoStacks { .. }));
    assert!(error.to_string().contains(says), "{error}");
}

#[test]
fn counts_each_line_once() {
    let (profile, _) = lines::read(b"main;a\nmain;a\r\n\nmain;b 2\n").unwrap();
    assert_eq!(describe(&profile), ["a main = 1", "a main = 1", "b 2 main = 1"]);
    assert!(lines::read(b"\n\n").is_err());
}

#[test]
fn writes_a_tree_path_by_path() {
    let mut frames = FrameTable::new();
    let mut frame = |name: &str| {
        let name = frames.strings.intern(name);
        frames.push(Frame { name, symbolized: true, ..Frame::default() })
    };
    let (a, b, odd) = (frame("a"), frame("b"), frame("x;y\nz"));
    let tree = CallTree::from_columns(
        frames,
        vec![FrameId::ROOT, a, b, odd, b],
        [0, 0, 1, 1, 0].map(NodeId).to_vec(),
        vec![9, 0, 2, 3, 4],
    )
    .unwrap();
    assert_eq!(write(&tree), "(no stack) 9\na;b 2\na;x:y z 3\nb 4\n");
    assert_eq!(write(&CallTree::empty()), "");
}

proptest! {
    #[test]
    fn never_panics_on_any_text(text in "([a-c;# ]{0,6}[ \t]?[0-9.e+-]{0,4}[\r\n]{0,2}){0,8}", bytes: Vec<u8>) {
        let _ = read(text.as_bytes());
        let _ = read(&bytes);
        let _ = lines::read(&bytes);
    }
}
