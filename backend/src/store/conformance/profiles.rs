//! Builds the profiles of conformance cases from their specifications.

use super::cases::{ProfileSpec, service_name, span_id};
use crate::store::NewProfile;
use flarepath_profile::profile::{self, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::{SampleLabel, SampleLabelValue, Samples};
use flarepath_profile::stack_table::LocationId;
use std::collections::BTreeMap;

pub(super) fn profile_type(kind: u8) -> ProfileType {
    let [name, sample_type, sample_unit, period_type, period_unit] = match kind % 2 {
        0 => ["process_cpu", "cpu", "nanoseconds", "cpu", "nanoseconds"],
        _ => ["memory", "inuse_space", "bytes", "space", "bytes"],
    }
    .map(str::to_owned);
    ProfileType { name, sample_type, sample_unit, period_type, period_unit }
}

/// The profile that a specification describes. Call site `c` is in function `c / 3`; every seventh has two lines (one
/// inlined), every eleventh no symbol; odd ones are in a second mapping.
pub fn new_profile(spec: &ProfileSpec) -> NewProfile {
    let mut p = Profile {
        time_nanos: spec.start_ns,
        duration_nanos: 15_000_000_000,
        period: 10_000_000,
        ..Profile::default()
    };
    let mut id = |text: &str| p.strings.intern(text);
    let wanted = profile_type(spec.kind);
    let types: [(&str, &str); 2] = if spec.kind.is_multiple_of(2) {
        [("samples", "count"), ("cpu", "nanoseconds")]
    } else {
        [("inuse_objects", "count"), ("inuse_space", "bytes")]
    };
    let sample_types = types.map(|(kind, unit)| ValueType { kind: id(kind), unit: id(unit) });
    let period_type = ValueType { kind: id(&wanted.period_type), unit: id(&wanted.period_unit) };
    let span_key = id("span_id");
    let files = ["/bin/app", "/lib/libc.so"].map(&mut id);
    p.sample_types = sample_types.to_vec();
    p.period_type = period_type;
    p.mappings = (0..2u64)
        .map(|m| Mapping {
            start: m << 20,
            limit: (m + 1) << 20,
            file: files[m as usize],
            ..Mapping::default()
        })
        .collect();
    p.samples = Samples::new(2);
    let mut sites = BTreeMap::new();
    for sample in &spec.samples {
        let path: Vec<LocationId> = sample
            .path
            .iter()
            .map(|&site| *sites.entry(site).or_insert_with(|| call_site(&mut p, site)))
            .collect();
        let stack = p.stacks.push(path);
        let second =
            if spec.kind.is_multiple_of(2) { sample.value * 10_000_000 } else { sample.value * 17 + 3 };
        let mut labels = Vec::new();
        if sample.span > 0 {
            let value = SampleLabelValue::Text(p.strings.intern(&span_id(sample.span)));
            labels.push(SampleLabel { key: span_key, value });
        }
        p.samples.push(stack, &[sample.value, second], &labels);
    }
    let mut labels = vec![("service_name".to_owned(), service_name(spec.service))];
    if spec.pod > 0 {
        labels.push(("pod".to_owned(), format!("pod-{}", spec.pod)));
    }
    NewProfile { labels: labels.into_iter().collect(), name: wanted.name, profile: p }
}

fn call_site(p: &mut Profile, site: u8) -> LocationId {
    let mut function = |number: u8| {
        let name = p.strings.intern(&format!("function_{number}"));
        let file = p.strings.intern(&format!("file_{}.rs", number % 4));
        p.functions.push(profile::Function { name, system_name: name, file, start_line: i64::from(number) });
        FunctionId(p.functions.len() as u32 - 1)
    };
    let line = |function| Line { function, line: i64::from(site), column: 0 };
    let lines = match site {
        s if s % 11 == 10 => vec![],
        s if s % 7 == 6 => vec![line(function(200)), line(function(s / 3))],
        s => vec![line(function(s / 3))],
    };
    let mapping = u32::from(site % 2);
    LocationId(p.locations.push(Some(mapping), (u64::from(mapping) << 20) + u64::from(site), lines))
}
