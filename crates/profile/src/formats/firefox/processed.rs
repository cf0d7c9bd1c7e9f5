//! Processed format: columnar tables.

use super::FirefoxError;
use super::columns::Column;
use super::lib_row::LibRow;
use super::tables::{TableSet, View};
use super::thread::{self, Lib, Recording, Samples, Weight, nanos};
use crate::formats::json::{Cursor, JsonError, Scalar};
use crate::formats::{NamedProfile, TooMuch};
use serde::Deserialize;

/// The oldest version that is read.
const LEAST_VERSION: i64 = 24;

/// Reads all threads that have samples, in their order.
///
/// # Errors
/// [`FirefoxError`], also when the file ends too early.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, FirefoxError> {
    TooMuch::check_bytes(bytes)?;
    let mut json = Cursor::new(bytes);
    let mut file = File::default();
    json.open(b'{')?;
    while let Some(key) = json.key()? {
        match &*key {
            "meta" => file.meta = json.value()?,
            "libs" => file.libs = json.value::<Option<_>>()?.unwrap_or_default(),
            "shared" => {
                json.open(b'{')?;
                while let Some(key) = json.key()? {
                    if !file.shared.take(&key, &mut json)? {
                        json.skip()?;
                    }
                }
            }
            "threads" => {
                json.open(b'[')?;
                while json.item()? {
                    file.threads.push(Thread::read(&mut json)?);
                }
            }
            _ => json.skip().map(|_| ())?,
        }
    }
    json.end()?;
    file.profiles()
}

#[derive(Default)]
struct File<'a> {
    meta: Meta,
    libs: Vec<LibRow>,
    shared: TableSet<'a>,
    threads: Vec<Thread<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Meta {
    preprocessed_profile_version: i64,
    /// Milliseconds since the epoch.
    start_time: f64,
    /// Milliseconds.
    interval: f64,
    sample_units: Option<SampleUnits>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SampleUnits {
    #[serde(rename = "threadCPUDelta")]
    cpu: Option<String>,
}

impl SampleUnits {
    /// Nanoseconds in one unit of CPU; `None` when it is not time.
    pub(super) fn cpu_nanos(&self) -> Option<f64> {
        match self.cpu.as_deref() {
            Some("ns") => Some(1.0),
            Some("µs") => Some(1e3),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Thread<'a> {
    name: String,
    process: String,
    pid: String,
    samples: SampleTable,
    own: TableSet<'a>,
}

impl<'a> Thread<'a> {
    fn read(json: &mut Cursor<'a>) -> Result<Self, JsonError> {
        let mut thread = Thread::default();
        let mut kind = String::new();
        json.open(b'{')?;
        while let Some(key) = json.key()? {
            match &*key {
                "name" => thread.name = json.text()?.into_owned(),
                "processName" => thread.process = json.text()?.into_owned(),
                "processType" => kind = json.text()?.into_owned(),
                "pid" => thread.pid = json.value::<Scalar<'_>>()?.text().into_owned(),
                "samples" => thread.samples = json.value()?,
                _ if thread.own.take(&key, json)? => {}
                _ => json.skip().map(|_| ())?,
            }
        }
        if thread.process.is_empty() {
            thread.process = kind;
        }
        Ok(thread)
    }
}

/// What a thread is called among all.
pub(super) fn thread_name(name: &str, process: &str, pid: &str) -> String {
    let name = if name.is_empty() { "thread" } else { name };
    let process = [process, pid].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if process.is_empty() { name.to_owned() } else { format!("{name} · {process}") }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SampleTable {
    stack: Column,
    time: Option<Column>,
    time_deltas: Option<Column>,
    weight: Option<Column>,
    weight_type: Option<String>,
    #[serde(rename = "threadCPUDelta")]
    cpu: Option<Column>,
}

impl SampleTable {
    fn samples(self, cpu_nanos: Option<f64>) -> Samples {
        let plain =
            |column: Column| column.into_iter().map(|cell| if cell.0.is_nan() { 0.0 } else { cell.0 });
        let times = match (self.time, self.time_deltas) {
            (Some(times), _) => plain(times).collect(),
            (None, Some(deltas)) => {
                let mut now = 0.0;
                let sum = plain(deltas).map(|delta| {
                    now += delta;
                    now
                });
                sum.collect()
            }
            (None, None) => Vec::new(),
        };
        let cpu = match (self.cpu, cpu_nanos) {
            (Some(cpu), Some(unit)) => plain(cpu).map(|spent| spent * unit).collect(),
            _ => Vec::new(),
        };
        let weight = match self.weight_type.as_deref() {
            Some("tracing-ms") => Weight::Milliseconds,
            Some("bytes") => Weight::Bytes,
            _ => Weight::Samples,
        };
        Samples { stacks: self.stack, times, weights: self.weight, weight, cpu }
    }
}

impl File<'_> {
    fn profiles(self) -> Result<Vec<NamedProfile>, FirefoxError> {
        let File { meta, libs, shared, threads } = self;
        let found = meta.preprocessed_profile_version;
        if found < LEAST_VERSION {
            return Err(FirefoxError::Old { kind: "processed", found, least: LEAST_VERSION });
        }
        let libs: Vec<Lib> = libs.iter().map(LibRow::relative).collect();
        let cpu_nanos = meta.sample_units.as_ref().and_then(SampleUnits::cpu_nanos);
        let mut profiles = Vec::new();
        for mut thread in threads {
            let name = thread_name(&thread.name, &thread.process, &thread.pid);
            let samples = std::mem::take(&mut thread.samples).samples(cpu_nanos);
            let own_libs: Vec<Lib> = thread.own.libs.iter().map(LibRow::relative).collect();
            let recording = Recording {
                start: nanos(meta.start_time),
                interval: nanos(meta.interval),
                libs: if own_libs.is_empty() { &libs } else { &own_libs },
            };
            let view = View::new(&name, &thread.own, &shared);
            profiles.extend(thread::profile(&name, &recording, &view, &samples)?);
        }
        if profiles.is_empty() { Err(FirefoxError::NoSamples) } else { Ok(profiles) }
    }
}
