//! Reads a file of any supported format.

use super::austin::AustinError;
use super::callgrind::CallgrindError;
use super::chrome_trace::ChromeTraceError;
use super::detect::{Detected, Format, detect};
use super::firefox::FirefoxError;
use super::folded::FoldedError;
use super::instruments::InstrumentsError;
use super::jfr::JfrError;
use super::legacy_pprof::LegacyPprofError;
use super::otlp::OtlpError;
use super::perf_script::PerfScriptError;
use super::pprof::PprofError;
use super::prefix_tree::PrefixTreeError;
use super::speedscope::SpeedscopeError;
use super::stackprof::StackprofError;
use super::v8::V8Error;
use super::{
    NamedProfile, chrome_trace, firefox, folded, jfr, lines, otlp, pprof, speedscope, tree, trie, v8,
};
use super::{austin, callgrind, instruments, legacy_pprof, perf_script, py_spy, stackprof};

/// The file cannot be read. The fault of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing there.
    #[error("the file is empty; expected a profile ({READABLE})")]
    Empty,
    /// Still compressed. The caller inflates what it can and tries again.
    #[error("the file is compressed with {0}; decompress it first")]
    Compressed(&'static str),
    /// A format that is known, but cannot be read.
    #[error("this looks like {0}, which is not supported; supported formats: {READABLE}")]
    Unreadable(&'static str),
    /// Nothing known.
    #[error(
        "unknown format: not pprof or OTLP protobuf, not speedscope or OTLP JSON, and no line like \
         `main;work 12`; supported formats: {READABLE}"
    )]
    Unknown,
    /// pprof.
    #[error(transparent)]
    Pprof(#[from] PprofError),
    /// Folded stacks and lines.
    #[error(transparent)]
    Folded(#[from] FoldedError),
    /// Trie and tree.
    #[error(transparent)]
    PrefixTree(#[from] PrefixTreeError),
    /// speedscope.
    #[error(transparent)]
    Speedscope(#[from] SpeedscopeError),
    /// OTLP.
    #[error(transparent)]
    Otlp(#[from] OtlpError),
    /// JFR.
    #[error(transparent)]
    Jfr(#[from] JfrError),
    /// perf script.
    #[error(transparent)]
    PerfScript(#[from] PerfScriptError),
    /// `.cpuprofile` and `.heapprofile`.
    #[error(transparent)]
    V8(#[from] V8Error),
    /// Chrome trace.
    #[error(transparent)]
    ChromeTrace(#[from] ChromeTraceError),
    /// Callgrind.
    #[error(transparent)]
    Callgrind(#[from] CallgrindError),
    /// stackprof.
    #[error(transparent)]
    Stackprof(#[from] StackprofError),
    /// pprof before protocol buffers.
    #[error(transparent)]
    LegacyPprof(#[from] LegacyPprofError),
    /// Austin.
    #[error(transparent)]
    Austin(#[from] AustinError),
    /// Instruments.
    #[error(transparent)]
    Instruments(#[from] InstrumentsError),
    /// Firefox.
    #[error(transparent)]
    Firefox(#[from] FirefoxError),
}

/// What can be read, for people; one part a line.
const READABLE: &str = concat!(
    "pprof, folded stacks, speedscope JSON, OTLP profiles (protobuf or JSON)",
    ", JFR",
    ", perf script",
    ", V8 .cpuprofile and .heapprofile, Chrome trace",
    ", callgrind, stackprof JSON, pprof and gperftools text, Austin, py-spy raw, Instruments deep copy",
    ", Firefox (processed and raw)",
);

/// Reads all profiles of a file, which must be decompressed. `format` is what the sender says it is; without
/// it the content decides.
///
/// # Errors
/// [`ReadError`], which says what was found and what could be read; there is no partial result.
pub fn read(bytes: &[u8], format: Option<Format>) -> Result<Vec<NamedProfile>, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let format = match (format, detect(bytes)) {
        (_, Detected::Compressed(method)) if !matches!(format, Some(Format::Trie | Format::Tree)) => {
            return Err(ReadError::Compressed(method));
        }
        (Some(format), _) | (None, Detected::Readable(format)) => format,
        (None, Detected::Unreadable(name)) => return Err(ReadError::Unreadable(name)),
        (None, _) => return Err(ReadError::Unknown),
    };
    read_as(bytes, format)
}

fn read_as(bytes: &[u8], format: Format) -> Result<Vec<NamedProfile>, ReadError> {
    let unnamed = |(profile, notes)| vec![NamedProfile { name: String::new(), profile, notes }];
    match format {
        Format::Pprof => apart(|| Ok(unnamed(pprof::read(bytes)?))),
        Format::Folded => apart(|| Ok(folded::read_sides(bytes)?)),
        Format::Lines => apart(|| Ok(unnamed(lines::read(bytes)?))),
        Format::Trie => apart(|| Ok(unnamed(trie::read(bytes)?))),
        Format::Tree => apart(|| Ok(unnamed(tree::read(bytes)?))),
        Format::Speedscope => apart(|| Ok(speedscope::read(bytes)?)),
        Format::Jfr => apart(|| Ok(jfr::read(bytes)?)),
        Format::OtlpProtobuf => apart(|| from_otlp(&otlp::parse_protobuf(bytes)?)),
        Format::OtlpJson => apart(|| from_otlp(&otlp::parse_json(bytes)?)),
        Format::PerfScript => apart(|| Ok(perf_script::read(bytes)?)),
        Format::CpuProfile => apart(|| Ok(vec![v8::cpu::read(bytes)?])),
        Format::ChromeTrace => apart(|| Ok(chrome_trace::read(bytes)?)),
        Format::Firefox => apart(|| Ok(firefox::processed::read(bytes)?)),
        Format::Gecko => apart(|| Ok(firefox::gecko::read(bytes)?)),
        Format::HeapProfile => apart(|| Ok(vec![v8::heap::read(bytes)?])),
        Format::Callgrind => apart(|| Ok(callgrind::read(bytes)?)),
        Format::Stackprof => apart(|| Ok(vec![stackprof::read(bytes)?])),
        Format::LegacyPprof => apart(|| Ok(unnamed(legacy_pprof::read(bytes)?))),
        Format::Austin => apart(|| Ok(austin::read(bytes)?)),
        Format::PySpy => apart(|| Ok(py_spy::read(bytes)?)),
        Format::Instruments => apart(|| Ok(unnamed(instruments::read(bytes)?))),
    }
}

/// Keeps each reader a function of its own. A browser compiles a function when it is first called, and a compiler
/// would make one of all readers: a quarter of a megabyte of code, 50 ms, before the first file of any format.
#[inline(never)]
fn apart<T>(read: impl FnOnce() -> T) -> T {
    read()
}

fn from_otlp(request: &otlp::ExportProfilesServiceRequest) -> Result<Vec<NamedProfile>, ReadError> {
    let named = otlp::decode(request).map(|decoded| {
        let otlp::OtlpProfile { name, labels, profile, notes, .. } = decoded?;
        let name = match labels.get("service.name") {
            Some(service) => format!("{service} {name}"),
            None => name,
        };
        Ok(NamedProfile { name, profile, notes })
    });
    named.collect()
}
