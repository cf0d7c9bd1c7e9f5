//! Decodes the profiles of a request, one after the other.

use super::OtlpError;
use super::attributes::{add_labels, entry, hex, string, text};
use super::messages::{
    self, ExportProfilesServiceRequest, ProfilesDictionary, ResourceProfiles, ScopeProfiles, Value,
};
use crate::formats::{Normalised, Notes, TooMuch, clean_text};
use crate::labels::Labels;
use crate::limits::{MAX_SAMPLES, MAX_STACK_DEPTH};
use crate::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use crate::sample::{SampleLabel, SampleLabelValue, Samples};
use crate::stack_table::{LocationId, StackId};
use crate::string_table::StrId;
use rustc_hash::FxHashMap;

/// One profile of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct OtlpProfile {
    /// Attributes of the resource, the scope and the profile, as text, under their own names.
    pub labels: Labels,
    /// Name of the instrumentation scope, such as the profiler's; empty if unknown.
    pub scope_name: String,
    /// Its version; empty if unknown.
    pub scope_version: String,
    /// The name of the profile type: `process_cpu` for samples of a CPU, else that of the sample type.
    pub name: String,
    /// The sender's id of the profile; 16 bytes or none.
    pub profile_id: Vec<u8>,
    /// The profile; it has one sample type.
    pub profile: Profile,
    /// What had to be normalised.
    pub notes: Notes,
}

/// The profiles of a request in its order, each decoded when it is asked for.
///
/// Errors are the profile's own; the others are not touched. An index that is out of range, values that don't
/// match times and a missing dictionary are how a layout before 1.10 looks, and are reported as such.
pub fn decode(
    request: &ExportProfilesServiceRequest,
) -> impl Iterator<Item = Result<OtlpProfile, OtlpError>> + '_ {
    let all = request.resource_profiles.iter().flat_map(|resource| {
        let scopes = resource.scope_profiles.iter();
        scopes.flat_map(move |scope| scope.profiles.iter().map(move |profile| (resource, scope, profile)))
    });
    all.map(|(resource, scope, profile)| match &request.dictionary {
        Some(dictionary) => decode_one(dictionary, resource, scope, profile),
        None => Err(OtlpError::OldLayout("the request has no dictionary".to_owned())),
    })
}

fn decode_one(
    dictionary: &ProfilesDictionary,
    resource: &ResourceProfiles,
    scope: &ScopeProfiles,
    source: &messages::Profile,
) -> Result<OtlpProfile, OtlpError> {
    let mut labels = Labels::new();
    if let Some(resource) = &resource.resource {
        add_labels(&mut labels, &resource.attributes, dictionary)?;
    }
    let mut out = Copier::new(dictionary);
    let scope = scope.scope.clone().unwrap_or_default();
    add_labels(&mut labels, &scope.attributes, dictionary)?;
    for &index in &source.attribute_indices {
        let attribute = out.attribute(index, "profile")?;
        if let Some(value) = &attribute.value {
            labels.set(string(dictionary, attribute.key_strindex)?, text(value, dictionary)?);
        }
    }
    out.header(source)?;
    for (i, sample) in source.samples.iter().enumerate() {
        out.sample(i, sample)?;
    }
    Ok(OtlpProfile {
        labels,
        scope_name: scope.name,
        scope_version: scope.version,
        name: profile_name(&out.profile),
        profile_id: source.profile_id.clone(),
        profile: out.profile,
        notes: out.notes,
    })
}

/// CPU profilers count `samples` (or `cpu` time) and say only by their period that the CPU is meant.
fn profile_name(profile: &Profile) -> String {
    let kind = profile.str(profile.sample_types[0].kind);
    let period = profile.str(profile.period_type.kind);
    match (kind, period) {
        ("samples" | "cpu", "cpu") => "process_cpu".to_owned(),
        (kind, _) => kind.to_owned(),
    }
}

/// Copies what one profile needs out of the dictionary, which serves many, each entry once.
struct Copier<'a> {
    dictionary: &'a ProfilesDictionary,
    profile: Profile,
    notes: Notes,
    strings: FxHashMap<i32, StrId>,
    mappings: FxHashMap<i32, u32>,
    functions: FxHashMap<i32, FunctionId>,
    locations: FxHashMap<i32, LocationId>,
    stacks: FxHashMap<i32, StackId>,
    labels: Vec<SampleLabel>,
}

impl<'a> Copier<'a> {
    fn new(dictionary: &'a ProfilesDictionary) -> Self {
        Copier {
            dictionary,
            profile: Profile { samples: Samples::new(1), ..Profile::default() },
            notes: Notes::default(),
            strings: FxHashMap::default(),
            mappings: FxHashMap::default(),
            functions: FxHashMap::default(),
            locations: FxHashMap::default(),
            stacks: FxHashMap::default(),
            labels: Vec::new(),
        }
    }

    fn intern(&mut self, text: &str) -> StrId {
        self.profile.strings.intern(&clean_text(text.as_bytes(), &mut self.notes))
    }

    fn string(&mut self, index: i32) -> Result<StrId, OtlpError> {
        if let Some(&id) = self.strings.get(&index) {
            return Ok(id);
        }
        let id = self.intern(string(self.dictionary, index)?);
        self.strings.insert(index, id);
        Ok(id)
    }

    fn value_type(&mut self, source: &Option<messages::ValueType>) -> Result<ValueType, OtlpError> {
        let source = source.clone().unwrap_or_default();
        Ok(ValueType { kind: self.string(source.type_strindex)?, unit: self.string(source.unit_strindex)? })
    }

    fn header(&mut self, source: &messages::Profile) -> Result<(), OtlpError> {
        let sample_type = self.value_type(&source.sample_type)?;
        if sample_type.kind == StrId::EMPTY {
            return Err(OtlpError::NoSampleType);
        }
        let too_many = TooMuch { what: "samples in one profile", limit: MAX_SAMPLES };
        let samples = source.samples.iter().map(|s| s.timestamps_unix_nano.len().max(1)).sum::<usize>();
        if samples > MAX_SAMPLES {
            return Err(too_many.into());
        }
        self.profile.sample_types.push(sample_type);
        self.profile.period_type = self.value_type(&source.period_type)?;
        self.profile.period = source.period;
        self.profile.time_nanos = i64::try_from(source.time_unix_nano).unwrap_or(i64::MAX);
        self.profile.duration_nanos = i64::try_from(source.duration_nano).unwrap_or(i64::MAX);
        Ok(())
    }

    fn sample(&mut self, i: usize, sample: &messages::Sample) -> Result<(), OtlpError> {
        let (values, times) = (&sample.values, &sample.timestamps_unix_nano);
        if values.is_empty() && times.is_empty() {
            return Err(OtlpError::OldLayout(format!("sample {i} has neither values nor times")));
        }
        if !values.is_empty() && !times.is_empty() && values.len() != times.len() {
            let (values, times) = (values.len(), times.len());
            return Err(OtlpError::OldLayout(format!("sample {i} has {values} values but {times} times")));
        }
        let stack = self.stack(sample.stack_index)?;
        self.sample_labels(sample)?;
        let samples = &mut self.profile.samples;
        if times.is_empty() {
            let sum = values.iter().fold(0i64, |sum, v| sum.saturating_add(*v));
            samples.push(stack, &[sum], &self.labels);
        }
        for (k, &time) in times.iter().enumerate() {
            samples.push_at(time, stack, &[values.get(k).copied().unwrap_or(1)], &self.labels);
        }
        Ok(())
    }

    fn attribute(&self, index: i32, of: &str) -> Result<&'a messages::KeyValueAndUnit, OtlpError> {
        let table = &self.dictionary.attribute_table;
        entry(table, index, "attribute").map_err(|_| {
            let len = table.len();
            OtlpError::OldLayout(format!("a {of} names attribute {index}, but there are {len}"))
        })
    }

    /// Fills `labels` with what is attached to a sample.
    fn sample_labels(&mut self, sample: &messages::Sample) -> Result<(), OtlpError> {
        self.labels.clear();
        for &index in &sample.attribute_indices {
            let attribute = self.attribute(index, "sample")?;
            let key = self.string(attribute.key_strindex)?;
            let Some(value) = attribute.value.as_ref().filter(|v| v.value.is_some()) else { continue };
            let value = match value.value {
                Some(Value::IntValue(number)) => {
                    SampleLabelValue::Number(number, self.string(attribute.unit_strindex)?)
                }
                _ => SampleLabelValue::Text(self.intern(&text(value, self.dictionary)?)),
            };
            match key {
                StrId::EMPTY => self.notes.add(Normalised::LabelWithoutKey, 1),
                key => self.labels.push(SampleLabel { key, value }),
            }
        }
        if sample.link_index != 0 {
            let link = entry(&self.dictionary.link_table, sample.link_index, "link")?;
            for (key, id) in [("span_id", &link.span_id), ("trace_id", &link.trace_id)] {
                if id.iter().any(|&byte| byte != 0) {
                    let (key, id) = (self.intern(key), self.intern(&hex(id)));
                    self.labels.push(SampleLabel { key, value: SampleLabelValue::Text(id) });
                }
            }
        }
        Ok(())
    }

    fn stack(&mut self, index: i32) -> Result<StackId, OtlpError> {
        if let Some(&id) = self.stacks.get(&index) {
            return Ok(id);
        }
        // Without a table there is still the empty stack 0.
        let locations = match (index, self.dictionary.stack_table.is_empty()) {
            (0, true) => &[][..],
            _ => &entry(&self.dictionary.stack_table, index, "stack")?.location_indices[..],
        };
        let mut copied = Vec::with_capacity(locations.len().min(MAX_STACK_DEPTH));
        let mut frames = 0;
        for &location in locations {
            let id = self.location(location)?;
            frames += self.profile.locations.get(id.index()).lines.len().max(1);
            if frames > MAX_STACK_DEPTH {
                self.notes.add(Normalised::DeepStack, 1);
                break;
            }
            copied.push(id);
        }
        let id = self.profile.stacks.push(copied);
        self.stacks.insert(index, id);
        Ok(id)
    }

    fn location(&mut self, index: i32) -> Result<LocationId, OtlpError> {
        if let Some(&id) = self.locations.get(&index) {
            return Ok(id);
        }
        let source = entry(&self.dictionary.location_table, index, "location")?;
        let mapping = match source.mapping_index {
            0 => None,
            index => Some(self.mapping(index)?),
        };
        let mut lines = Vec::with_capacity(source.lines.len().min(MAX_STACK_DEPTH));
        for line in source.lines.iter().take(MAX_STACK_DEPTH) {
            match line.function_index {
                0 => self.notes.add(Normalised::LineWithoutFunction, 1),
                function => {
                    let function = self.function(function)?;
                    lines.push(Line { function, line: line.line, column: line.column });
                }
            }
        }
        if let Some(mapping) = mapping {
            self.profile.mappings[mapping as usize].has_functions |= !lines.is_empty();
        }
        let id = LocationId(self.profile.locations.push(mapping, source.address, lines));
        self.locations.insert(index, id);
        Ok(id)
    }

    fn function(&mut self, index: i32) -> Result<FunctionId, OtlpError> {
        if let Some(&id) = self.functions.get(&index) {
            return Ok(id);
        }
        let source = entry(&self.dictionary.function_table, index, "function")?;
        let function = Function {
            name: self.string(source.name_strindex)?,
            system_name: self.string(source.system_name_strindex)?,
            file: self.string(source.filename_strindex)?,
            start_line: source.start_line,
        };
        let id = FunctionId(self.profile.functions.len() as u32);
        self.profile.functions.push(function);
        self.functions.insert(index, id);
        Ok(id)
    }

    fn mapping(&mut self, index: i32) -> Result<u32, OtlpError> {
        if let Some(&id) = self.mappings.get(&index) {
            return Ok(id);
        }
        let source = entry(&self.dictionary.mapping_table, index, "mapping")?;
        let mapping = Mapping {
            start: source.memory_start,
            limit: source.memory_limit,
            file_offset: source.file_offset,
            file: self.string(source.filename_strindex)?,
            build_id: self.build_id(&source.attribute_indices)?,
            has_functions: false,
        };
        let id = self.profile.mappings.len() as u32;
        self.profile.mappings.push(mapping);
        self.mappings.insert(index, id);
        Ok(id)
    }

    /// The linker's build id if there is one, else Go's, else the hash that the eBPF profiler computes.
    fn build_id(&mut self, attributes: &[i32]) -> Result<StrId, OtlpError> {
        const KINDS: [&str; 3] = ["gnu", "go", "htlhash"];
        let mut best: Option<(usize, StrId)> = None;
        for &index in attributes {
            let attribute = self.attribute(index, "mapping")?;
            let key = string(self.dictionary, attribute.key_strindex)?;
            let kind = key.strip_prefix("process.executable.build_id.");
            let rank = kind.and_then(|kind| KINDS.iter().position(|k| *k == kind));
            if let (Some(rank), Some(value)) = (rank, &attribute.value)
                && best.is_none_or(|(other, _)| rank < other)
            {
                best = Some((rank, self.intern(&text(value, self.dictionary)?)));
            }
        }
        Ok(best.map_or(StrId::EMPTY, |(_, id)| id))
    }
}
