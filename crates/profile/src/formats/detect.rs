//! Format detection by content, never by file name.
//!
//! Order: magic numbers, then JSON by its keys, then protocol buffers by a walk over all their top-level
//! fields, then text. Formats that cannot be read yet are named all the same.

use super::pprof::wire::{Reader, Value};
use super::{austin, callgrind, instruments, legacy_pprof, py_spy};
use super::{folded, otlp, perf_script, speedscope};

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// pprof, protocol buffer.
    Pprof,
    /// Folded stacks.
    Folded,
    /// One stack a line. Never recognised: it looks like any text.
    Lines,
    /// Pyroscope's binary trie. Never recognised.
    Trie,
    /// Pyroscope's binary tree. Never recognised.
    Tree,
    /// speedscope JSON.
    Speedscope,
    /// OTLP profiles in protobuf.
    OtlpProtobuf,
    /// OTLP profiles in JSON.
    OtlpJson,
    /// Java Flight Recorder.
    Jfr,
    /// Text of `perf script`.
    PerfScript,
    /// `.cpuprofile` of V8.
    CpuProfile,
    /// `.heapprofile` of V8.
    HeapProfile,
    /// Events of the Chrome trace format.
    ChromeTrace,
    /// Callgrind.
    Callgrind,
    /// stackprof, as JSON.
    Stackprof,
    /// pprof as it was before protocol buffers: text, and gperftools' binary CPU profile.
    LegacyPprof,
    /// Austin's text, or its binary MOJO.
    Austin,
    /// `py-spy record -f raw`.
    PySpy,
    /// Text copied out of Instruments.
    Instruments,
    /// Firefox, processed, as profiler.firefox.com saves it.
    Firefox,
    /// Firefox, raw, as the browser writes it.
    Gecko,
}

impl Format {
    /// What the format is called.
    pub fn name(self) -> &'static str {
        match self {
            Format::Pprof => "pprof",
            Format::Folded => "folded stacks",
            Format::Lines => "stacks, one a line",
            Format::Trie => "Pyroscope trie",
            Format::Tree => "Pyroscope tree",
            Format::Speedscope => "speedscope JSON",
            Format::OtlpProtobuf => "OTLP profiles",
            Format::OtlpJson => "OTLP profiles as JSON",
            Format::Jfr => "JFR",
            Format::PerfScript => "perf script",
            Format::CpuProfile => "V8 CPU profile",
            Format::HeapProfile => "V8 heap profile",
            Format::ChromeTrace => "Chrome trace",
            Format::Callgrind => "callgrind",
            Format::Stackprof => "stackprof JSON",
            Format::LegacyPprof => "pprof as text or from gperftools",
            Format::Austin => "Austin",
            Format::PySpy => "py-spy raw",
            Format::Instruments => "Instruments deep copy",
            Format::Firefox => "Firefox profile",
            Format::Gecko => "Firefox profile, raw",
        }
    }
}

/// What bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detected {
    /// A format that can be read.
    Readable(Format),
    /// Compressed, by the method named; the caller decompresses it first.
    Compressed(&'static str),
    /// Known by name, but not readable.
    Unreadable(&'static str),
    /// Nothing known.
    Unknown,
}

/// Magic numbers at the very start.
const MAGIC: &[(&[u8], Detected)] = &[
    (b"\x1f\x8b", Detected::Compressed("gzip")),
    (b"\x28\xb5\x2f\xfd", Detected::Compressed("zstd")),
    (b"PK\x03\x04", Detected::Compressed("zip")),
    (b"MOJ", Detected::Readable(Format::Austin)),
    (b"FLR\0", Detected::Readable(Format::Jfr)),
    (b"PERFILE2", Detected::Unreadable("perf.data")),
    (b"2ELIFREP", Detected::Unreadable("perf.data")),
    (b"SIMPLEPERF", Detected::Unreadable("simpleperf")),
    (b"Nettrace", Detected::Unreadable("nettrace (.NET)")),
    (b"JAVA PROFILE ", Detected::Unreadable("hprof (Java heap dump)")),
    (b"SLOW", Detected::Unreadable("ART method trace")),
    (b"*version\n", Detected::Unreadable("ART method trace")),
    (b"# callgrind format", Detected::Readable(Format::Callgrind)),
    (b"<?xml", Detected::Unreadable("XML (Instruments)")),
    (b"# ========\n", Detected::Readable(Format::PerfScript)),
];

/// Keys that give a JSON format away; all of a row must be there.
const JSON_KEYS: &[(&[&str], Detected)] = &[
    (&[speedscope::SCHEMA], Detected::Readable(Format::Speedscope)),
    (&["\"resourceProfiles\""], Detected::Readable(Format::OtlpJson)),
    (&["\"preprocessedProfileVersion\""], Detected::Readable(Format::Firefox)),
    (&["\"meta\"", "\"threads\"", "\"libs\""], Detected::Readable(Format::Gecko)),
    (&["\"traceEvents\""], Detected::Readable(Format::ChromeTrace)),
    (&["\"nodes\"", "\"timeDeltas\""], Detected::Readable(Format::CpuProfile)),
    (&["\"head\"", "\"selfSize\""], Detected::Readable(Format::HeapProfile)),
    (&["\"head\"", "\"hitCount\""], Detected::Readable(Format::CpuProfile)),
    (&["\"dhatFileVersion\""], Detected::Unreadable("DHAT")),
    (&["\"raw_timestamp_deltas\""], Detected::Readable(Format::Stackprof)),
    (&["\"frames\"", "\"missed_samples\"", "\"mode\""], Detected::Readable(Format::Stackprof)),
    (&["\"flamebearer\""], Detected::Unreadable("Pyroscope flamebearer JSON")),
];

/// Looks at the content.
pub fn detect(bytes: &[u8]) -> Detected {
    if let Some((_, found)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *found;
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if matches!(text.first(), Some(b'{' | b'['))
        && let Some(found) = detect_json(text)
    {
        return found;
    }
    if is_pprof(bytes) {
        return Detected::Readable(Format::Pprof);
    }
    if otlp::looks_like_request(bytes) {
        return Detected::Readable(Format::OtlpProtobuf);
    }
    detect_text(bytes)
}

/// Text, by how its first lines look.
fn detect_text(bytes: &[u8]) -> Detected {
    type Looks = (fn(&[u8]) -> bool, Format);
    const LOOKS: &[Looks] = &[
        (legacy_pprof::looks_like, Format::LegacyPprof),
        (callgrind::looks_like, Format::Callgrind),
        (austin::looks_like, Format::Austin),
        (instruments::looks_like, Format::Instruments),
        (perf_script::looks_like, Format::PerfScript),
        (py_spy::looks_like, Format::PySpy),
        (folded::looks_folded, Format::Folded),
    ];
    match LOOKS.iter().find(|(looks_like, _)| looks_like(bytes)) {
        Some((_, format)) => Detected::Readable(*format),
        None => Detected::Unknown,
    }
}

fn detect_json(bytes: &[u8]) -> Option<Detected> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // Some formats may end anywhere, even within a letter.
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&bytes[..e.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    if text.starts_with('[') {
        // What else is inside, such as a CPU profile, is part of an event.
        return text.contains("\"ph\"").then_some(Detected::Readable(Format::ChromeTrace));
    }
    let found = JSON_KEYS.iter().find(|(keys, _)| keys.iter().all(|key| text.contains(key)));
    found.map(|(_, detected)| *detected)
}

/// Every top-level field is one that pprof has, in its wire type, and those that no pprof lacks are there.
fn is_pprof(bytes: &[u8]) -> bool {
    let (mut types, mut strings) = (false, false);
    let mut reader = Reader::new(bytes, 0..bytes.len());
    loop {
        match reader.field() {
            Err(_) => return false,
            Ok(None) => return types && strings,
            Ok(Some(field)) => match (field.number, &field.value) {
                (1, Value::Bytes(_)) => types = true,
                (6, Value::Bytes(_)) => strings = true,
                (2..=5 | 11 | 13, Value::Bytes(_)) | (7..=10 | 12..=15, Value::Varint(_)) => {}
                _ => return false,
            },
        }
    }
}
