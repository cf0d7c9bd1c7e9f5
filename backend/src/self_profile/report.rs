//! Converts a window of samples to a profile. Pure.

use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use hashbrown::HashMap;
use std::time::Duration;

/// Samples per second of CPU time, over all threads together.
pub(super) const FREQUENCY_HZ: u32 = 100;
/// Usual length of a window.
pub(super) const WINDOW: Duration = Duration::from_secs(10);
/// Nanoseconds of CPU time that one sample stands for.
const PERIOD_NANOS: i64 = 1_000_000_000 / FREQUENCY_HZ as i64;

/// Samples of a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    /// Its start, nanoseconds since the epoch.
    pub(crate) time_nanos: i64,
    /// Its length.
    pub(crate) duration_nanos: i64,
    /// Stacks.
    pub(crate) stacks: Vec<Stack>,
}

/// A stack and how often it was sampled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stack {
    /// Leaf first; inlined functions are frames of their own.
    pub(crate) frames: Vec<Frame>,
    /// Samples.
    pub(crate) count: i64,
}

/// A line of source that was running or waiting for a call to return.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    /// Demangled function name.
    pub(crate) name: String,
    /// Source file; empty if unknown.
    pub(crate) file: String,
    /// Line; 0 if unknown.
    pub(crate) line: u32,
}

/// The profile of a window: `samples` in `count` and `cpu` in `nanoseconds`. No samples is a profile too.
pub(super) fn to_profile(window: &Window) -> Profile {
    let mut builder = Builder::new(window);
    for stack in &window.stacks {
        builder.add(stack);
    }
    builder.profile
}

#[derive(Default)]
struct Builder<'a> {
    profile: Profile,
    functions: HashMap<(&'a str, &'a str), FunctionId>,
    locations: HashMap<&'a Frame, LocationId>,
}

impl<'a> Builder<'a> {
    fn new(window: &Window) -> Self {
        let mut builder = Builder::default();
        let profile = &mut builder.profile;
        let strings = &mut profile.strings;
        let samples = ValueType { kind: strings.intern("samples"), unit: strings.intern("count") };
        let cpu = ValueType { kind: strings.intern("cpu"), unit: strings.intern("nanoseconds") };
        profile.sample_types = vec![samples, cpu];
        profile.default_sample_type = cpu.kind;
        profile.period_type = cpu;
        profile.period = PERIOD_NANOS;
        profile.time_nanos = window.time_nanos;
        profile.duration_nanos = window.duration_nanos;
        profile.samples = Samples::new(profile.sample_types.len());
        builder
    }

    fn add(&mut self, stack: &'a Stack) {
        let locations: Vec<LocationId> = stack.frames.iter().map(|frame| self.location(frame)).collect();
        if locations.is_empty() {
            return;
        }
        let id = self.profile.stacks.push(locations);
        self.profile.samples.push(id, &[stack.count, stack.count.saturating_mul(PERIOD_NANOS)], &[]);
    }

    fn location(&mut self, frame: &'a Frame) -> LocationId {
        if let Some(&id) = self.locations.get(frame) {
            return id;
        }
        let line = Line { function: self.function(frame), line: frame.line.into(), column: 0 };
        let id = LocationId(self.profile.locations.push(None, 0, [line]));
        self.locations.insert(frame, id);
        id
    }

    fn function(&mut self, frame: &'a Frame) -> FunctionId {
        let profile = &mut self.profile;
        *self.functions.entry((&frame.name, &frame.file)).or_insert_with(|| {
            let name = profile.strings.intern(&frame.name);
            let file = profile.strings.intern(short_path(&frame.file));
            profile.functions.push(Function { name, system_name: name, file, start_line: 0 });
            FunctionId(profile.functions.len() as u32 - 1)
        })
    }
}

/// A path without the directory in which this binary was built: `axum-0.8.9/src/lib.rs`, `library/std/src/rt.rs`,
/// `backend/src/main.rs`.
fn short_path(path: &str) -> &str {
    // Cargo keeps sources in …/registry/src/<index>/<crate>-<version>/…
    if let Some((_, rest)) = path.split_once("/registry/src/") {
        return rest.split_once('/').map_or(rest, |(_, in_crate)| in_crate);
    }
    // rustc writes /rustc/<commit>/library/…
    if let Some(rest) = path.strip_prefix("/rustc/") {
        return rest.split_once('/').map_or(rest, |(_, in_rust)| in_rust);
    }
    let workspace = env!("CARGO_MANIFEST_DIR").trim_end_matches("backend");
    path.strip_prefix(workspace).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(name: &str, line: u32) -> Frame {
        Frame { name: name.into(), file: format!("src/{name}.rs"), line }
    }

    fn folded(profile: &Profile) -> Vec<String> {
        let name = |location: &LocationId| {
            let line = profile.locations.get(location.index()).lines[0];
            let function = profile.functions[line.function.index()];
            format!("{} {}:{}", profile.str(function.name), profile.str(function.file), line.line)
        };
        (0..profile.samples.len())
            .map(|i| {
                let stack = profile.stacks.get(profile.samples.stack(i));
                let names: Vec<String> = stack.iter().map(name).collect();
                format!("{} = {:?}", names.join(" < "), profile.samples.values(i))
            })
            .collect()
    }

    #[test]
    fn counts_samples_and_nanoseconds() {
        let window = Window {
            time_nanos: 5,
            duration_nanos: 6,
            stacks: vec![
                Stack { frames: vec![frame("work", 7), frame("main", 40)], count: 2 },
                Stack { frames: vec![frame("work", 8), frame("main", 40)], count: 1 },
            ],
        };
        let profile = to_profile(&window);
        assert_eq!(
            folded(&profile),
            [
                "work src/work.rs:7 < main src/main.rs:40 = [2, 20000000]",
                "work src/work.rs:8 < main src/main.rs:40 = [1, 10000000]",
            ]
        );
        assert_eq!(profile.functions.len(), 2, "a function on two lines is one function");
        assert_eq!(profile.locations.len(), 3);
        assert_eq!((profile.time_nanos, profile.duration_nanos, profile.period), (5, 6, 10_000_000));
        assert_eq!(profile.default_sample_type_index(), 1);
    }

    #[test]
    fn paths_omit_the_build_directory() {
        assert_eq!(
            short_path("/home/me/.cargo/registry/src/some-index/axum-0.8.9/src/lib.rs"),
            "axum-0.8.9/src/lib.rs"
        );
        assert_eq!(short_path("/rustc/59807616e/library/std/src/rt.rs"), "library/std/src/rt.rs");
        assert_eq!(short_path(concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs")), "backend/src/main.rs");
        assert_eq!(short_path("elsewhere.c"), "elsewhere.c");
        assert_eq!(short_path(""), "");
    }

    #[test]
    fn idle_window_is_an_empty_profile() {
        let profile = to_profile(&Window { time_nanos: 1, ..Window::default() });
        assert!(profile.samples.is_empty());
        assert_eq!(profile.sample_types.len(), 2);
    }

    #[test]
    fn skips_stacks_without_frames() {
        let nothing = Stack { frames: vec![], count: 1 };
        let profile = to_profile(&Window { stacks: vec![nothing], ..Window::default() });
        assert!(profile.samples.is_empty());
    }
}
