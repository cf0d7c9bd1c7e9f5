//! A naive store in memory: the oracle of [`super::conformance`], and a store for tests. Every answer is computed by a walk
//! over all profiles; nothing is indexed, cached or folded.

use super::{
    Capabilities, MergedTree, NewProfile, PieceVisitor, ProfilePiece, ProfileStore, ProfileTimes,
    ProfileWriter, Selection, SeriesInfo, StoreError, TimesBuilder, TotalsSeries,
};
use async_trait::async_trait;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::frame_table::{Frame, FrameTable};
use flarepath_profile::labels::Labels;
use flarepath_profile::line_costs::LineCost;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::{SampleLabelValue, Samples};
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::string_table::StrId;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

/// Profiles in memory, as they were pushed.
pub struct MemoryStore {
    profiles: RwLock<Vec<NewProfile>>,
    capabilities: Capabilities,
}

impl Default for MemoryStore {
    fn default() -> Self {
        MemoryStore::offering(Capabilities::ALL)
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that says it offers no more than this.
    pub(crate) fn offering(capabilities: Capabilities) -> Self {
        MemoryStore { profiles: RwLock::default(), capabilities }
    }

    fn selected(&self, selection: &Selection) -> Vec<NewProfile> {
        let all = self.profiles.read().unwrap_or_else(PoisonError::into_inner);
        let matches = |p: &&NewProfile| {
            selection.range.contains(UnixNanos(p.profile.time_nanos)) && selection.matches(&p.labels)
        };
        all.iter().filter(matches).cloned().collect()
    }

    /// The selected profiles that have the type, with the index of its values and the samples that count.
    fn of_type(&self, selection: &Selection, wanted: &ProfileType) -> Vec<(NewProfile, usize, Vec<usize>)> {
        let typed = self.selected(selection).into_iter().filter_map(|new| {
            let column = types_of(&new).iter().position(|t| t == wanted)?;
            let samples: Vec<usize> = (0..new.profile.samples.len())
                .filter(|&i| selection.spans.is_empty() || in_spans(&new.profile, i, &selection.spans))
                .collect();
            (selection.spans.is_empty() || !samples.is_empty()).then_some((new, column, samples))
        });
        typed.collect()
    }
}

#[async_trait]
impl ProfileStore for MemoryStore {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        let mut found: BTreeMap<Labels, (BTreeSet<ProfileType>, UnixNanos)> = BTreeMap::new();
        for new in self.selected(selection) {
            let start = UnixNanos(new.profile.time_nanos);
            let (types, newest) = found.entry(new.labels.clone()).or_insert((BTreeSet::new(), start));
            types.extend(types_of(&new));
            *newest = (*newest).max(start);
        }
        let info = |(labels, (types, newest)): (Labels, (BTreeSet<ProfileType>, UnixNanos))| SeriesInfo {
            labels: Arc::new(labels),
            profile_types: types.into_iter().collect(),
            newest,
        };
        Ok(found.into_iter().map(info).collect())
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        let mut groups: BTreeMap<Vec<String>, BTreeMap<UnixNanos, i64>> = BTreeMap::new();
        for (new, column, samples) in self.of_type(selection, profile_type) {
            let values = by.iter().map(|n| new.labels.get(n).unwrap_or_default().to_owned()).collect();
            let start = selection.range.start.0;
            let offset = i128::from(new.profile.time_nanos) - i128::from(start);
            let bucket =
                (i128::from(start) + offset / i128::from(step_ns.max(1)) * i128::from(step_ns.max(1))) as i64;
            let sum = groups.entry(values).or_default().entry(UnixNanos(bucket)).or_insert(0);
            for i in samples {
                *sum = sum.saturating_add(new.profile.samples.values(i)[column]);
            }
        }
        let series = |(values, points): (Vec<String>, BTreeMap<UnixNanos, i64>)| TotalsSeries {
            labels: by.iter().cloned().zip(values).collect(),
            points: points.into_iter().collect(),
        };
        Ok(groups.into_iter().map(series).collect())
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        let selected = self.of_type(selection, profile_type);
        let mut paths = Paths::new();
        for (new, column, samples) in &selected {
            for &i in samples {
                let path = stack_of(&new.profile, i).into_iter().map(|(frame, _)| frame).collect();
                let sum = paths.entry(path).or_insert(0);
                *sum = i64::saturating_add(*sum, new.profile.samples.values(i)[*column]);
            }
        }
        Ok(MergedTree { tree: tree_of(paths)?, profiles: selected.len() as u64 })
    }

    async fn line_costs(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        function: &str,
    ) -> Result<Vec<LineCost>, StoreError> {
        let mut costs: BTreeMap<(String, i64), (i64, i64)> = BTreeMap::new();
        for (new, column, samples) in self.of_type(selection, profile_type) {
            for i in samples {
                let value = new.profile.samples.values(i)[column];
                let lines = lines_of(&new.profile, i, function);
                for line in lines.iter().flatten().cloned().collect::<BTreeSet<_>>() {
                    let (_, total) = costs.entry(line).or_default();
                    *total = total.saturating_add(value);
                }
                if let Some(Some(line)) = lines.last() {
                    let (own, _) = costs.entry(line.clone()).or_default();
                    *own = own.saturating_add(value);
                }
            }
        }
        costs.retain(|_, cost| *cost != (0, 0));
        let line = |((file, line), (self_value, total))| LineCost { file, line, self_value, total };
        Ok(costs.into_iter().map(line).collect())
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        let selected = self.of_type(selection, profile_type);
        let mut merged = empty_profile(profile_type);
        for (new, column, samples) in &selected {
            concatenate(&mut merged, &new.profile, *column, samples);
        }
        merged.time_nanos = selected.iter().map(|(new, ..)| new.profile.time_nanos).min().unwrap_or(0);
        Ok(merged)
    }

    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        for (new, column, samples) in self.of_type(selection, profile_type) {
            let values = samples.iter().map(|&i| new.profile.samples.values(i)[column]);
            visit(UnixNanos(new.profile.time_nanos), values.fold(0, i64::saturating_add));
        }
        Ok(())
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        let mut whole = selection.clone();
        whole.spans.clear();
        let mut times = TimesBuilder::new();
        for (NewProfile { labels, profile, .. }, ..) in self.of_type(&whole, profile_type) {
            let place = times.place(&labels);
            times.add(place, &[profile.time_nanos], profile.duration_nanos, profile.period);
        }
        Ok(times.finish(0))
    }

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        let mut whole = selection.clone();
        whole.spans.clear();
        for (new, column, samples) in self.of_type(&whole, profile_type) {
            let values = samples.iter().map(|&i| new.profile.samples.values(i)[column]);
            let (starts, totals) = ([new.profile.time_nanos], [values.fold(0, i64::saturating_add)]);
            let duration_ns = new.profile.duration_nanos;
            visit(&new.labels, &ProfilePiece { starts: &starts, totals: &totals, duration_ns });
        }
        Ok(0)
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        let all = self.profiles.read().unwrap_or_else(PoisonError::into_inner);
        Ok(all.iter().any(|p| p.labels.service() == service))
    }
}

#[async_trait]
impl ProfileWriter for MemoryStore {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        self.profiles.write().unwrap_or_else(PoisonError::into_inner).extend(batch);
        Ok(())
    }
}

/// The profile types of a profile, one for each sample type.
pub(super) fn types_of(new: &NewProfile) -> Vec<ProfileType> {
    let p = &new.profile;
    let of = |t: &ValueType| ProfileType {
        name: new.name.clone(),
        sample_type: p.str(t.kind).to_owned(),
        sample_unit: p.str(t.unit).to_owned(),
        period_type: p.str(p.period_type.kind).to_owned(),
        period_unit: p.str(p.period_type.unit).to_owned(),
    };
    p.sample_types.iter().map(of).collect()
}

/// A profile without samples that has `profile_type` as its only sample type.
pub(super) fn empty_profile(profile_type: &ProfileType) -> Profile {
    let mut profile = Profile::default();
    let mut id = |text: &str| profile.strings.intern(text);
    let sample = ValueType { kind: id(&profile_type.sample_type), unit: id(&profile_type.sample_unit) };
    let period = ValueType { kind: id(&profile_type.period_type), unit: id(&profile_type.period_unit) };
    profile.sample_types = vec![sample];
    profile.default_sample_type = sample.kind;
    profile.period_type = period;
    profile.samples = Samples::new(1);
    profile
}

fn in_spans(profile: &Profile, sample: usize, spans: &[String]) -> bool {
    profile.samples.labels(sample).iter().any(|label| match label.value {
        SampleLabelValue::Text(text) => {
            profile.str(label.key) == "span_id" && spans.iter().any(|s| s == profile.str(text))
        }
        SampleLabelValue::Number(..) => false,
    })
}

/// Name, file, mapping and whether the name is a symbol: what makes frames equal, in the order that sorts siblings.
type FrameKey = (String, String, String, bool);
type Paths = BTreeMap<Vec<FrameKey>, i64>;

/// The functions on a sample's stack, root first, inlined ones expanded, each with its line; 0 for code without a symbol.
fn stack_of(profile: &Profile, sample: usize) -> Vec<(FrameKey, i64)> {
    let mut frames = Vec::new();
    for location in profile.stacks.get(profile.samples.stack(sample)).iter().rev() {
        let location = profile.locations.get(location.index());
        let mapping = location.mapping.map(|m| profile.mappings[m as usize]);
        let mapped = mapping.map_or("", |m| profile.str(m.file)).to_owned();
        let before = frames.len();
        for line in location.lines.iter().rev() {
            let function = profile.functions[line.function.index()];
            let names = [profile.str(function.name), profile.str(function.system_name)];
            if let Some(name) = names.into_iter().find(|n| !n.is_empty()) {
                let file = profile.str(function.file).to_owned();
                frames.push(((name.to_owned(), file, mapped.clone(), true), line.line));
            }
        }
        if frames.len() == before {
            let name = address_name(profile, location.address, mapping.as_ref());
            frames.push(((name, String::new(), mapped, false), 0));
        }
    }
    frames
}

/// For each frame on a sample's stack, root first, its file and line, if the function has this name.
fn lines_of(profile: &Profile, sample: usize, wanted: &str) -> Vec<Option<(String, i64)>> {
    let line = |((name, file, _, symbolized), line): (FrameKey, i64)| {
        (symbolized && name == wanted).then_some((file, line))
    };
    stack_of(profile, sample).into_iter().map(line).collect()
}

/// The file, or else the build id, and where in the file the code is.
fn address_name(profile: &Profile, address: u64, mapping: Option<&Mapping>) -> String {
    let Some(m) = mapping else { return format!("[unknown]+{address:#x}") };
    let file = profile.str(m.file);
    let base_name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let named = [base_name, profile.str(m.build_id), "[unknown]"].into_iter().find(|n| !n.is_empty());
    let inside = m.start <= address && address < m.limit;
    let address = if inside { (address - m.start).wrapping_add(m.file_offset) } else { address };
    format!("{}+{address:#x}", named.unwrap_or_default())
}

/// In the order of the map a path comes right before its extensions, which is pre-order.
fn tree_of(mut paths: Paths) -> Result<CallTree, StoreError> {
    paths.retain(|_, value| *value != 0);
    for path in paths.keys().cloned().collect::<Vec<_>>() {
        for length in 0..path.len() {
            paths.entry(path[..length].to_vec()).or_insert(0);
        }
    }
    paths.entry(Vec::new()).or_insert(0);
    let mut table = FrameTable::new();
    let mut ids = BTreeMap::new();
    let (mut frame, mut parent, mut self_value) = (Vec::new(), Vec::new(), Vec::new());
    let mut open: Vec<NodeId> = Vec::new();
    for (node, (path, value)) in paths.iter().enumerate() {
        open.truncate(path.len());
        parent.push(open.last().copied().unwrap_or(NodeId::ROOT));
        open.push(NodeId(node as u32));
        frame.push(match path.last() {
            None => flarepath_profile::frame_table::FrameId::ROOT,
            Some(key) => *ids.entry(key).or_insert_with(|| {
                let name = table.strings.intern(&key.0);
                let file = table.strings.intern(&key.1);
                let mapping = table.strings.intern(&key.2);
                table.push(Frame { name, file, line: 0, mapping, symbolized: key.3 })
            }),
        });
        self_value.push(*value);
    }
    CallTree::from_columns(table, frame, parent, self_value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// Appends the samples of `from`, with all its tables, without looking for what is already there.
fn concatenate(into: &mut Profile, from: &Profile, column: usize, samples: &[usize]) {
    let strings: Vec<StrId> = from.strings.iter().map(|s| into.strings.intern(s)).collect();
    let text = |id: StrId| strings[id.index()];
    let first_mapping = into.mappings.len() as u32;
    let first_function = into.functions.len() as u32;
    let first_location = into.locations.len() as u32;
    let mapped = |m: &Mapping| Mapping { file: text(m.file), build_id: text(m.build_id), ..*m };
    into.mappings.extend(from.mappings.iter().map(mapped));
    into.functions.extend(from.functions.iter().map(|f| Function {
        name: text(f.name),
        system_name: text(f.system_name),
        file: text(f.file),
        start_line: f.start_line,
    }));
    for i in 0..from.locations.len() {
        let location = from.locations.get(i);
        let lines =
            location.lines.iter().map(|l| Line { function: FunctionId(first_function + l.function.0), ..*l });
        into.locations.push(location.mapping.map(|m| first_mapping + m), location.address, lines);
    }
    for &i in samples {
        let stack = from.stacks.get(from.samples.stack(i));
        let stack = into.stacks.push(stack.iter().map(|l| LocationId(first_location + l.0)));
        into.samples.push(stack, &[from.samples.values(i)[column]], &[]);
    }
    into.duration_nanos = into.duration_nanos.saturating_add(from.duration_nanos);
    into.period = into.period.max(from.period);
}
