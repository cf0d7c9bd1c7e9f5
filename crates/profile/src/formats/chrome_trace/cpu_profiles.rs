//! V8 CPU profiles embedded in a trace.

use super::event::{Event, Key};
use crate::formats::NamedProfile;
use crate::formats::json::Cursor;
use crate::formats::v8::recording::{Places, Recording};
use crate::formats::v8::{Node, V8Error};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::ops::Range;

/// Identity of a recording: its process and its id.
type Id = (Key, Key);

/// Where in the file the pieces of each profile are.
#[derive(Default)]
pub(super) struct CpuProfiles {
    index: FxHashMap<Id, usize>,
    all: Vec<Pieces>,
}

struct Pieces {
    pid: Key,
    /// The thread that was profiled, which only the first piece says.
    tid: Key,
    pieces: Vec<(f64, Range<usize>)>,
}

#[derive(Deserialize)]
struct Args<'a> {
    #[serde(borrow, default)]
    data: Data<'a>,
}

/// A piece, or all, of a profile. Times are microseconds.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(default)]
    start_time: Option<f64>,
    #[serde(default)]
    end_time: Option<f64>,
    #[serde(borrow, default)]
    cpu_profile: Option<CpuProfile<'a>>,
    #[serde(default)]
    time_deltas: Option<Vec<f64>>,
    #[serde(default)]
    lines: Option<Vec<i64>>,
    #[serde(default)]
    columns: Option<Vec<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CpuProfile<'a> {
    #[serde(borrow, default)]
    nodes: Option<Vec<Node<'a>>>,
    #[serde(default)]
    samples: Option<Vec<u64>>,
    #[serde(default)]
    time_deltas: Option<Vec<f64>>,
    #[serde(default)]
    start_time: Option<f64>,
    #[serde(default)]
    end_time: Option<f64>,
}

impl CpuProfiles {
    /// Takes the event if it belongs to a CPU profile.
    pub(super) fn add(&mut self, event: &Event<'_>) {
        // One that is whole stands for itself.
        let whole = event.name == "CpuProfile";
        if !whole && !matches!(&*event.name, "Profile" | "ProfileChunk") {
            return;
        }
        let next = self.all.len();
        let known = if whole { None } else { self.index.get(&(event.pid, event.id)).copied() };
        let i = known.unwrap_or(next);
        if i == next {
            self.all.push(Pieces { pid: event.pid, tid: event.tid, pieces: Vec::new() });
            if !whole {
                self.index.insert((event.pid, event.id), i);
            }
        }
        if event.name == "Profile" {
            self.all[i].tid = event.tid;
        }
        self.all[i].pieces.push((event.at, event.args.clone()));
    }

    pub(super) fn finish(
        self,
        bytes: &[u8],
        name: impl Fn(Key, Key) -> String,
    ) -> Result<Vec<NamedProfile>, V8Error> {
        let json = Cursor::new(bytes);
        let mut profiles = Vec::new();
        for Pieces { pid, tid, mut pieces } in self.all {
            pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut recording: Option<Recording> = None;
            for (_, args) in pieces.into_iter().filter(|(_, args)| !args.is_empty()) {
                let Args { data } = json.again(args)?;
                add_piece(&mut recording, data)?;
            }
            if let Some(recording) = recording.filter(|recording| !recording.is_empty()) {
                profiles.push(recording.finish(name(pid, tid))?);
            }
        }
        Ok(profiles)
    }
}

fn add_piece(recording: &mut Option<Recording>, data: Data<'_>) -> Result<(), V8Error> {
    let profile = data.cpu_profile.unwrap_or_default();
    let start = data.start_time.or(profile.start_time);
    let recording = recording.get_or_insert_with(|| Recording::new(start.unwrap_or(0.0)));
    recording.add_nodes(&profile.nodes.unwrap_or_default())?;
    let deltas = data.time_deltas.or(profile.time_deltas).unwrap_or_default();
    let places = Places { lines: data.lines.unwrap_or_default(), columns: data.columns.unwrap_or_default() };
    recording.add_deltas(&profile.samples.unwrap_or_default(), &deltas, &places)?;
    recording.end = data.end_time.or(profile.end_time).or(recording.end);
    Ok(())
}
