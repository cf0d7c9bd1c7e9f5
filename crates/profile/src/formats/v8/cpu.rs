//! `.cpuprofile`: `node --cpu-prof`, the Chrome DevTools, and others.

use super::recording::{Places, Recording};
use super::{Node, V8Error, nested};
use crate::formats::json::Cursor;
use crate::formats::{NamedProfile, TooMuch};

/// Reads a CPU profile into sample types `samples` in `count` and `wall` in `nanoseconds`: V8 samples whether
/// the thread works or waits, and says so in the frames `(program)` and `(idle)`. Times of samples are
/// nanoseconds of V8's clock, which knows no date.
///
/// # Errors
/// [`V8Error`], also when the file ends too early.
pub fn read(bytes: &[u8]) -> Result<NamedProfile, V8Error> {
    TooMuch::check_bytes(bytes)?;
    let mut json = Cursor::new(bytes);
    let mut file = File::default();
    let mut recording = Recording::new(0.0);
    json.open(b'{')?;
    while let Some(key) = json.key()? {
        match &*key {
            "nodes" => {
                json.open(b'[')?;
                while json.item()? {
                    recording.add_nodes(&[json.value::<Node<'_>>()?])?;
                }
            }
            "head" if json.peek() == Some(b'{') => {
                nested::read(&mut json, &mut recording.nodes, &mut recording.builder)?;
            }
            "samples" => file.samples = json.value::<Option<_>>()?.unwrap_or_default(),
            "timeDeltas" => file.deltas = json.value()?,
            "timestamps" => file.timestamps = json.value()?,
            "startTime" => file.start = json.value()?,
            "endTime" => file.end = json.value()?,
            "title" => file.title = json.value::<Option<_>>()?.unwrap_or_default(),
            _ => json.skip().map(|_| ())?,
        }
    }
    json.end()?;
    file.finish(recording)
}

/// What stands beside the nodes.
#[derive(Default)]
struct File {
    samples: Vec<u64>,
    deltas: Option<Vec<f64>>,
    timestamps: Option<Vec<f64>>,
    start: Option<f64>,
    end: Option<f64>,
    title: String,
}

impl File {
    fn finish(self, mut recording: Recording) -> Result<NamedProfile, V8Error> {
        if let Some(timestamps) = self.timestamps.filter(|times| !times.is_empty()) {
            recording.add_timestamps(&self.samples, &timestamps)?;
            // Here the start and the end are in seconds.
            recording.start = self.start.map_or(timestamps[0], |start| start * 1e6);
            recording.end = self.end.map(|end| end * 1e6);
        } else {
            let mut with_start = Recording::new(self.start.unwrap_or(0.0));
            (with_start.builder, with_start.nodes) = (recording.builder, recording.nodes);
            with_start.add_deltas(&self.samples, &self.deltas.unwrap_or_default(), &Places::default())?;
            with_start.end = self.end;
            recording = with_start;
        }
        recording.finish(self.title)
    }
}
