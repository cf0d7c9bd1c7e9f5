//! Salvage of a file that ends too early or is damaged: its beginning, completed.
//!
//! Formats of lines, JFR, Chrome traces and Austin read as far as they go by themselves. JSON is cut at the last value
//! that is complete and its brackets are closed; a pprof is cut at the last complete field, and strings that were in the
//! lost part (the table comes last) are called `(lost)`.

use flarepath_profile::formats::{Format, NamedProfile, detect, read};
use flarepath_profile::varint::split;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeSet, HashSet};

/// What the lost strings of a pprof are called.
const LOST: &[u8] = b"\x32\x06(lost)";
/// How many strings may be lost; more than that was not much of a profile.
const MAX_LOST: usize = 1 << 18;

/// Beginnings of a JSON file that are tried before it is given up.
const TRIES: usize = 12;

/// The profiles in the readable beginning of a file, and what to say of it; `None` when nothing is left.
pub(crate) fn salvage(bytes: &[u8]) -> Option<(Vec<NamedProfile>, String)> {
    let json = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    let (profiles, at) = if json { from_json(bytes)? } else { from_pprof(bytes)? };
    let share = at as f64 / bytes.len().max(1) as f64 * 100.0;
    let what = format!("The file is damaged or truncated at byte {at} of {} ({share:.0} %).", bytes.len());
    Some((profiles, format!("{what} Only what comes before is shown; the numbers are incomplete.")))
}

fn with_samples(profiles: Vec<NamedProfile>) -> Option<Vec<NamedProfile>> {
    profiles.iter().any(|p| !p.profile.samples.is_empty()).then_some(profiles)
}

/// Where JSON becomes invalid, as a sentence; `None` for valid JSON, and for what is not JSON.
pub(crate) fn json_error(bytes: &[u8]) -> Option<String> {
    let json = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    let at = json.then(|| json_end(bytes)).flatten()?;
    Some(format!(
        "Its JSON is invalid at byte {at} of {}, and no profile could be read from what comes before.",
        bytes.len()
    ))
}

/// The first invalid byte, or the length of what ends too early; `None` for complete JSON.
fn json_end(bytes: &[u8]) -> Option<usize> {
    let error = serde_json::from_slice::<IgnoredAny>(bytes).err()?;
    Some(if error.is_eof() { bytes.len() } else { offset(bytes, error.line(), error.column()) })
}

fn from_json(bytes: &[u8]) -> Option<(Vec<NamedProfile>, usize)> {
    let at = json_end(bytes)?;
    let text = &bytes[..at];
    let is_v8 = holds(text, b"\"callFrame\"") && holds(text, b"\"hitCount\"");
    let profiles = beginnings(text).into_iter().take(TRIES).find_map(|whole| {
        // Without its last members a CPU profile is not known by its keys; its nodes still count their samples.
        let v8 = || is_v8.then(|| read(&with_lost_nodes(&whole)?, Some(Format::CpuProfile)).ok()).flatten();
        read(&whole, None).ok().or_else(v8).and_then(with_samples)
    })?;
    Some((profiles, at))
}

fn from_pprof(bytes: &[u8]) -> Option<(Vec<NamedProfile>, usize)> {
    let (whole, at) = repair_pprof(bytes)?;
    Some((read(&whole, Some(Format::Pprof)).ok().and_then(with_samples)?, at))
}

/// The nodes of a CPU profile, as far as it matters who calls whom.
#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<NodeIds>,
}

#[derive(Deserialize)]
struct NodeIds {
    id: u64,
    #[serde(default)]
    children: Vec<u64>,
}

/// A CPU profile cut among its nodes names children that are lost: they are put behind the others, without a name.
fn with_lost_nodes(whole: &[u8]) -> Option<Vec<u8>> {
    let Nodes { nodes } = serde_json::from_slice(whole).ok()?;
    let known: HashSet<u64> = nodes.iter().map(|node| node.id).collect();
    let lost: BTreeSet<u64> =
        nodes.iter().flat_map(|n| &n.children).copied().filter(|id| !known.contains(id)).collect();
    if lost.is_empty() {
        return Some(whole.to_vec());
    }
    let mut text = whole.strip_suffix(b"]}")?.to_vec();
    for id in lost {
        let node = format!(
            r#",{{"id":{id},"callFrame":{{"functionName":"(lost)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1}},"hitCount":0}}"#
        );
        text.extend_from_slice(node.as_bytes());
    }
    text.extend_from_slice(b"]}");
    Some(text)
}

/// Whether a text holds another.
fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// A place where JSON can end: how much of it, and how many brackets are open there.
type End = (usize, usize);

/// JSON that ends too early, made whole in several ways, the one that keeps most first: cut after its last complete value,
/// then after the last complete one of each bracket around that, then before each of its outermost members.
fn beginnings(text: &[u8]) -> Vec<Vec<u8>> {
    let mut last: End = (0, 0);
    let mut open = Vec::new();
    // The last comma of each open bracket, and all of the outermost.
    let mut commas: Vec<Option<usize>> = Vec::new();
    let mut outermost = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for (i, &byte) in text.iter().enumerate() {
        if quoted {
            (quoted, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => {
                open.push(if byte == b'{' { b'}' } else { b']' });
                commas.push(None);
                last = (i + 1, open.len());
            }
            b'}' | b']' => {
                open.pop();
                commas.pop();
                last = (i + 1, open.len());
            }
            b',' => {
                last = (i, open.len());
                if let Some(comma) = commas.last_mut() {
                    *comma = Some(i);
                }
                if open.len() == 1 {
                    outermost.push(i);
                }
            }
            _ => {}
        }
    }
    let around = commas.iter().enumerate().rev().filter_map(|(depth, comma)| Some(((*comma)?, depth + 1)));
    let members = outermost.iter().rev().map(|&comma| (comma, 1));
    let mut ends: Vec<End> = [last].into_iter().chain(around).chain(members).collect();
    ends.dedup();
    let close = |(end, depth): End| {
        let brackets = open[..depth.min(open.len())].iter().rev();
        text[..end].iter().chain(brackets).copied().collect()
    };
    // Each is a copy: no more than are tried.
    ends.into_iter().take(TRIES).map(close).collect()
}

/// The byte at a line and column, both counted from 1.
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let newlines = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1);
    let start = [0].into_iter().chain(newlines).nth(line.saturating_sub(1)).unwrap_or(bytes.len());
    (start + column.saturating_sub(1)).min(bytes.len())
}

/// A pprof up to its last complete field, with enough strings, and where it ends.
fn repair_pprof(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut at, mut types) = (0, 0);
    while let Some((number, next)) = field(bytes, at) {
        types += usize::from(number == 1);
        at = next;
    }
    // Text and other formats do not begin with fields of a pprof.
    if types == 0 || at == bytes.len() {
        return None;
    }
    let lost = (bytes.len() / 4).clamp(64, MAX_LOST);
    let has_strings =
        matches!(detect(&bytes[..at]), flarepath_profile::formats::Detected::Readable(Format::Pprof));
    let mut whole = bytes[..at].to_vec();
    if !has_strings {
        // The first string is always empty.
        whole.extend_from_slice(b"\x32\x00");
    }
    for _ in 0..lost {
        whole.extend_from_slice(LOST);
    }
    Some((whole, at))
}

/// The number of the protobuf field at `at`, and where the next one begins; `None` where none is complete.
fn field(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let (tag, at) = varint(bytes, at)?;
    let end = match tag & 7 {
        0 => varint(bytes, at)?.1,
        2 => {
            let (length, at) = varint(bytes, at)?;
            at.checked_add(usize::try_from(length).ok()?)?
        }
        _ => return None,
    };
    (end <= bytes.len() && (1..=15).contains(&(tag >> 3))).then_some((tag >> 3, end))
}

/// The number at `at`, and where the next one begins.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let (value, rest) = split(bytes.get(at..)?)?;
    Some((value, bytes.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::formats::{pprof, speedscope};

    const FOLDED: &[u8] = b"main;work;deep 12\nmain;rest 3\nmain;work 5\n";

    fn values(profiles: &[NamedProfile]) -> i64 {
        let profile = &profiles[0].profile;
        (0..profile.samples.len()).map(|i| profile.samples.values(i)[0]).sum()
    }

    #[test]
    fn json_is_read_up_to_where_it_breaks() {
        let profile = &read(FOLDED, None).unwrap()[0].profile;
        let tree = flarepath_profile::call_tree::from_profile(profile, 0).unwrap();
        let whole = speedscope::write(&tree, "a", "none");
        for cut in 0..whole.len() {
            if let Some((profiles, text)) = salvage(&whole.as_bytes()[..cut]) {
                assert!(values(&profiles) <= 20 && text.contains(&format!("at byte {cut}")), "{text}");
            }
        }
        let texts = |text: &str| -> Vec<String> {
            beginnings(text.as_bytes()).into_iter().map(|b| String::from_utf8(b).unwrap()).collect()
        };
        let found = texts(r#"{"a":[1,{"b":"x,\"}"},2],"c":[3,{"d":4,"e":tru"#);
        let expected = [
            r#"{"a":[1,{"b":"x,\"}"},2],"c":[3,{"d":4}]}"#,
            r#"{"a":[1,{"b":"x,\"}"},2],"c":[3]}"#,
            r#"{"a":[1,{"b":"x,\"}"},2]}"#,
        ];
        assert_eq!(found, expected);
        assert_eq!(offset(b"ab\ncd", 2, 2), 4);
        assert!(salvage(b"{}").is_none());
    }

    #[test]
    fn a_cpu_profile_without_its_samples_counts_by_its_nodes() {
        let node = |id: u32, name: &str, hits: u32, children: &str| {
            format!(
                r#"{{"id":{id},"callFrame":{{"functionName":"{name}","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1}},"hitCount":{hits},"children":[{children}]}}"#
            )
        };
        let lost = node(1, "(root)", 0, "2,3");
        let cut = format!(r#"{{"nodes":[{lost},{},{{"id":3,"callFr"#, node(2, "main", 7, ""));
        let (profiles, _) = salvage(cut.as_bytes()).unwrap();
        assert_eq!(values(&profiles), 7, "cut among the nodes");
        let nodes = [node(1, "(root)", 0, "2"), node(2, "main", 7, "")].join(",");
        let whole = format!(
            r#"{{"nodes":[{nodes}],"startTime":0,"endTime":9,"samples":[2,2,2,2],"timeDeltas":[1,1,"#
        );
        for cut in [whole.len(), whole.len() - 20] {
            let (profiles, _) = salvage(&whole.as_bytes()[..cut]).unwrap();
            assert_eq!(values(&profiles), 7);
        }
    }

    #[test]
    fn a_pprof_without_its_end_keeps_its_values() {
        let profile = &read(FOLDED, None).unwrap()[0].profile;
        let whole = pprof::write(profile);
        let (profiles, text) = salvage(&whole[..whole.len() - 4]).unwrap();
        assert_eq!(values(&profiles), 20);
        assert!(text.contains("the numbers are incomplete"), "{text}");
        for cut in 0..whole.len() {
            // Whatever is missing, nothing panics and nothing is invented.
            assert!(salvage(&whole[..cut]).is_none_or(|(profiles, _)| values(&profiles) <= 20));
        }
        assert!(salvage(b"no profile at all").is_none());
    }
}
