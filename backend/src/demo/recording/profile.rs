//! Profiles of a recording, as they were pushed.

use super::rows::Frame;
use super::{Push, Recording};
use crate::store::NewProfile;
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::unix_nanos::UnixNanos;
use rustc_hash::FxHashMap;

impl Recording {
    /// The profile of a push, if the recording started at `zero`.
    pub fn profile(&self, push: &Push, zero: UnixNanos) -> NewProfile {
        let series = &self.series[push.series];
        let mut p = Profile {
            time_nanos: zero.0.saturating_add(push.start_ms.saturating_mul(1_000_000)),
            duration_nanos: i64::try_from(push.duration_ms).unwrap_or(i64::MAX).saturating_mul(1_000_000),
            period: series.period,
            ..Profile::default()
        };
        let value_type = |p: &mut Profile, (kind, unit): (u32, u32)| ValueType {
            kind: p.strings.intern(self.text(kind)),
            unit: p.strings.intern(self.text(unit)),
        };
        p.sample_types = series.sample_types.iter().map(|of| value_type(&mut p, *of)).collect();
        p.period_type = value_type(&mut p, series.period_type);
        let width = series.sample_types.len();
        p.samples = Samples::new(width);
        let mut sites = Sites::default();
        for (i, sample) in push.samples.clone().enumerate() {
            let mut locations = Vec::new();
            let mut at = self.stacks[self.sample_stacks[sample] as usize];
            let mut is_root = self.sample_stacks[sample] == 0;
            while !is_root {
                locations.push(sites.location(self, at.frame, &mut p));
                is_root = at.caller == 0;
                at = self.stacks[at.caller as usize];
            }
            let stack = p.stacks.push(locations);
            let values = push.values + i * width;
            p.samples.push(stack, &self.values[values..values + width], &[]);
        }
        NewProfile { labels: self.labels(push).clone(), name: self.text(series.name).to_owned(), profile: p }
    }

    fn text(&self, id: u32) -> &str {
        &self.strings[id as usize]
    }
}

/// Locations and functions that a profile has so far.
#[derive(Default)]
struct Sites {
    locations: FxHashMap<u32, LocationId>,
    functions: FxHashMap<(u32, u32), FunctionId>,
}

impl Sites {
    fn location(&mut self, recording: &Recording, frame: u32, p: &mut Profile) -> LocationId {
        if let Some(&known) = self.locations.get(&frame) {
            return known;
        }
        let Frame { function: name, file, line } = recording.frames[frame as usize];
        let function = *self.functions.entry((name, file)).or_insert_with(|| {
            let empty = p.strings.intern("");
            let name = p.strings.intern(recording.text(name));
            let file = p.strings.intern(recording.text(file));
            p.functions.push(Function { name, system_name: empty, file, start_line: 0 });
            FunctionId(p.functions.len() as u32 - 1)
        });
        let line = Line { function, line: i64::try_from(line).unwrap_or(0), column: 0 };
        let id = LocationId(p.locations.push(None, 0, [line]));
        self.locations.insert(frame, id);
        id
    }
}
