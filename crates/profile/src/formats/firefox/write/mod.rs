//! Writer of the processed format, for profiler.firefox.com.
//!
//! Version 58: text is shared, the other tables belong to the thread. Newer viewers bring it up to date by
//! themselves. All of a profile is one thread of one process.

mod tables;

use crate::profile::Profile;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tables::Tables;

/// The version of the processed format that is written.
const VERSION: u32 = 58;
/// The version of the raw format that this one is made from.
const RAW_VERSION: u32 = 31;
/// The kind of resource that is a library.
const LIBRARY: u32 = 1;

/// One sample type of a profile, as a thread called `name`. Samples keep their times and are put in order; where
/// there are no times, samples follow each other, each for as long as it stands for. Time and bytes keep their
/// meaning, other values are counts.
///
/// # Panics
/// When the profile has no such sample type.
pub fn write(profile: &Profile, sample_type: usize, name: &str) -> String {
    let mut tables = Tables::new(profile);
    let weight = Weight::of(profile.str(profile.sample_types[sample_type].unit));
    let (samples, start) = samples(profile, sample_type, weight, &mut tables);
    let interval = match profile.str(profile.period_type.unit) {
        "nanoseconds" if profile.period > 0 => millis(profile.period),
        _ => 1.0,
    };
    let file = File {
        meta: meta(start, interval),
        libs: libs(profile),
        pages: [],
        counters: [],
        shared: json!({ "stringArray": tables.strings, "sources": tables.sources() }),
        threads: [Thread { about: about(name), samples, tables: columns(&tables) }],
    };
    serde_json::to_string(&file).expect("all keys are text and all numbers finite")
}

#[derive(Serialize)]
struct File<'a> {
    meta: Value,
    libs: Vec<Value>,
    pages: [Value; 0],
    counters: [Value; 0],
    shared: Value,
    threads: [Thread<'a>; 1],
}

#[derive(Serialize)]
struct Thread<'a> {
    #[serde(flatten)]
    about: Value,
    samples: Samples,
    #[serde(flatten)]
    tables: Columns<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Samples {
    length: usize,
    stack: Vec<Option<u32>>,
    /// Milliseconds since the start of the recording.
    time: Vec<f64>,
    weight: Vec<Value>,
    weight_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Columns<'a> {
    stack_table: StackTable<'a>,
    frame_table: FrameTable<'a>,
    func_table: FuncTable<'a>,
    resource_table: ResourceTable<'a>,
    native_symbols: Value,
}

#[derive(Serialize)]
struct StackTable<'a> {
    length: usize,
    frame: &'a [u32],
    prefix: &'a [Option<u32>],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FrameTable<'a> {
    length: usize,
    address: &'a [i64],
    inline_depth: &'a [u32],
    category: Repeat<u32>,
    subcategory: Repeat<u32>,
    func: &'a [u32],
    native_symbol: Repeat<()>,
    #[serde(rename = "innerWindowID")]
    inner_window_id: Repeat<()>,
    line: &'a [Option<i64>],
    column: &'a [Option<i64>],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FuncTable<'a> {
    length: usize,
    name: &'a [u32],
    #[serde(rename = "isJS")]
    is_js: Repeat<bool>,
    #[serde(rename = "relevantForJS")]
    relevant_for_js: Repeat<bool>,
    resource: &'a [i64],
    source: &'a [Option<u32>],
    line_number: &'a [Option<i64>],
    column_number: Repeat<()>,
}

#[derive(Serialize)]
struct ResourceTable<'a> {
    length: usize,
    lib: Vec<usize>,
    name: &'a [u32],
    host: Repeat<()>,
    #[serde(rename = "type")]
    kind: Repeat<u32>,
}

/// A column in which every row is the same; `()` is `null`.
struct Repeat<T>(T, usize);

impl<T: Serialize> Serialize for Repeat<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(std::iter::repeat_n(&self.0, self.1))
    }
}

fn millis(nanos: i64) -> f64 {
    nanos as f64 / 1e6
}

fn meta(start: i64, interval: f64) -> Value {
    json!({
        "version": RAW_VERSION,
        "preprocessedProfileVersion": VERSION,
        "product": "Flarepath",
        "importedFrom": "Flarepath",
        "interval": interval,
        "startTime": millis(start),
        "processType": 0,
        "stackwalk": 1,
        "debug": false,
        "symbolicated": true,
        "usesOnlyOneStackType": true,
        "sourceCodeIsNotOnSearchfox": true,
        "categories": [{ "name": "Other", "color": "grey", "subcategories": ["Other"] }],
        "extensions": { "length": 0, "id": [], "name": [], "baseURL": [] },
        "markerSchema": [],
        "sampleUnits": { "time": "ms", "eventDelay": "ms", "threadCPUDelta": "ns" },
    })
}

fn libs(profile: &Profile) -> Vec<Value> {
    let libs = profile.mappings.iter().map(|mapping| {
        let (path, build_id) = (profile.str(mapping.file), profile.str(mapping.build_id));
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        json!({
            "name": name,
            "path": path,
            "debugName": name,
            "debugPath": path,
            "breakpadId": "",
            "codeId": if build_id.is_empty() { Value::Null } else { build_id.into() },
            "arch": "",
        })
    });
    libs.collect()
}

fn about(name: &str) -> Value {
    json!({
        "name": name,
        "isMainThread": true,
        "processType": "default",
        "processName": name,
        "processStartupTime": 0,
        "processShutdownTime": null,
        "registerTime": 0,
        "unregisterTime": null,
        "pausedRanges": [],
        "pid": "0",
        "tid": 0,
        "markers": {
            "length": 0, "data": [], "name": [], "startTime": [], "endTime": [], "phase": [], "category": []
        },
    })
}

fn columns<'a>(tables: &'a Tables<'_>) -> Columns<'a> {
    let (stacks, frames, funcs) = (&tables.stacks, &tables.frames, &tables.funcs);
    let (of_frames, of_funcs, of_libs) = (frames.func.len(), funcs.name.len(), tables.resources.len());
    Columns {
        stack_table: StackTable { length: stacks.frame.len(), frame: &stacks.frame, prefix: &stacks.prefix },
        frame_table: FrameTable {
            length: of_frames,
            address: &frames.address,
            inline_depth: &frames.inline_depth,
            category: Repeat(0, of_frames),
            subcategory: Repeat(0, of_frames),
            func: &frames.func,
            native_symbol: Repeat((), of_frames),
            inner_window_id: Repeat((), of_frames),
            line: &frames.line,
            column: &frames.column,
        },
        func_table: FuncTable {
            length: of_funcs,
            name: &funcs.name,
            is_js: Repeat(false, of_funcs),
            relevant_for_js: Repeat(false, of_funcs),
            resource: &funcs.resource,
            source: &funcs.source,
            line_number: &funcs.line,
            column_number: Repeat((), of_funcs),
        },
        resource_table: ResourceTable {
            length: of_libs,
            lib: (0..of_libs).collect(),
            name: &tables.resources,
            host: Repeat((), of_libs),
            kind: Repeat(LIBRARY, of_libs),
        },
        native_symbols: json!({ "length": 0, "libIndex": [], "address": [], "name": [], "functionSize": [] }),
    }
}

/// What a value is for the viewer.
#[derive(Clone, Copy)]
enum Weight {
    /// Time, and how many nanoseconds one is.
    Time(f64),
    Bytes,
    Count,
}

impl Weight {
    fn of(unit: &str) -> Self {
        match unit {
            "nanoseconds" => Weight::Time(1.0),
            "microseconds" => Weight::Time(1e3),
            "milliseconds" => Weight::Time(1e6),
            "seconds" => Weight::Time(1e9),
            "bytes" => Weight::Bytes,
            _ => Weight::Count,
        }
    }
}

/// The table of samples, and when the first of them was taken, in nanoseconds.
fn samples(profile: &Profile, sample_type: usize, weight: Weight, tables: &mut Tables<'_>) -> (Samples, i64) {
    let all = &profile.samples;
    let time = |i: usize| all.timestamp(i).map_or(0, |at| i64::try_from(at).unwrap_or(i64::MAX));
    let mut order: Vec<usize> = (0..all.len()).filter(|&i| all.values(i)[sample_type] != 0).collect();
    order.sort_by_key(|&i| time(i));
    let start = order.iter().map(|&i| time(i)).find(|at| *at > 0).unwrap_or(profile.time_nanos);
    let weight_type = match weight {
        Weight::Time(_) => "tracing-ms",
        Weight::Bytes => "bytes",
        Weight::Count => "samples",
    };
    let mut samples =
        Samples { length: order.len(), stack: Vec::new(), time: Vec::new(), weight: Vec::new(), weight_type };
    // Where nothing says when, samples follow each other.
    let mut now = 0.0;
    for &i in &order {
        let value = all.values(i)[sample_type];
        let timed = all.has_timestamps();
        samples.time.push(if timed { millis(time(i).saturating_sub(start).max(0)) } else { now });
        samples.stack.push(tables.stack(all.stack(i)));
        let (weight, step) = match weight {
            Weight::Time(nanos) => {
                let spent = value as f64 * nanos / 1e6;
                (Value::from(spent), spent.max(0.0))
            }
            Weight::Bytes | Weight::Count => (Value::from(value), 1.0),
        };
        samples.weight.push(weight);
        now += step;
    }
    (samples, start)
}
