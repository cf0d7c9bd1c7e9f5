//! Splits a profile by the string labels of its samples, so that they become labels of series.
//!
//! A sample labelled `endpoint=/cart` belongs to another series than one labelled `endpoint=/checkout`. Numeric labels,
//! `span_id` and `trace_id` stay with the sample. The key `profile_id`, which older clients use for the span, is renamed. Each
//! part contains only the table entries that its samples use, so that the parts together are about as large as the whole.

use super::subset::Subset;
use flarepath_profile::limits::MAX_PROFILE_BYTES;
use flarepath_profile::profile::Profile;
use flarepath_profile::sample::{SampleLabel, SampleLabelValue, Samples};
use flarepath_profile::string_table::StrId;
use rustc_hash::FxHashMap;

/// Maximum number of label sets that a profile is split into. With more, each would have a handful of samples and the number
/// of series would explode: the labels stay with the samples then.
pub(crate) const MAX_LABEL_SETS: usize = 1000;

/// A part of a profile: the samples with equal string labels.
#[derive(Debug)]
pub(crate) struct Part {
    /// The labels, as the profile has them, in the order of its string table.
    pub(crate) labels: Vec<(String, String)>,
    /// The samples, without these labels.
    pub(crate) profile: Profile,
}

/// Splits `profile` into parts in the order of their first samples. A profile without string labels is returned as it is. A note
/// is added when it was not split.
pub(crate) fn split(mut profile: Profile, notes: &mut Vec<String>) -> Vec<Part> {
    if !profile.samples.has_labels() {
        return vec![Part { labels: Vec::new(), profile }];
    }
    let keys = Keys::find(&mut profile);
    let groups = match Groups::of(&profile, &keys) {
        Some(groups) => groups,
        None => {
            notes.push(format!(
                "more than {MAX_LABEL_SETS} sets of sample labels: kept as sample labels, not as series"
            ));
            return vec![keep_whole(profile, &keys)];
        }
    };
    if groups.sets.len() <= 1 {
        let labels = groups.sets.first().map(|set| text_of(&profile, set)).unwrap_or_default();
        profile.samples = relabelled(&profile.samples, 0..profile.samples.len(), |l| keys.kept(l));
        return vec![Part { labels, profile }];
    }
    match parts(&profile, &groups, &keys) {
        Some(parts) => parts,
        None => {
            notes.push(
                "splitting by sample labels would copy too much text: kept as sample labels".to_owned(),
            );
            vec![keep_whole(profile, &keys)]
        }
    }
}

/// Keys of sample labels with a special meaning.
struct Keys {
    span: StrId,
    trace: StrId,
    /// `profile_id`, if the profile has it.
    renamed: Option<StrId>,
}

impl Keys {
    fn find(profile: &mut Profile) -> Keys {
        let span = profile.strings.intern("span_id");
        let trace = profile.strings.intern("trace_id");
        Keys { span, trace, renamed: profile.strings.find("profile_id") }
    }

    fn rename(&self, label: SampleLabel) -> SampleLabel {
        if Some(label.key) == self.renamed { SampleLabel { key: self.span, ..label } } else { label }
    }

    /// The label, if it stays with the sample.
    fn kept(&self, label: SampleLabel) -> Option<SampleLabel> {
        let label = self.rename(label);
        match label.value {
            SampleLabelValue::Number(..) => Some(label),
            SampleLabelValue::Text(_) if label.key == self.span || label.key == self.trace => Some(label),
            SampleLabelValue::Text(_) => None,
        }
    }

    /// The label, if it becomes one of the series.
    fn series_label(&self, label: SampleLabel) -> Option<(StrId, StrId)> {
        match (self.kept(label), label.value) {
            (None, SampleLabelValue::Text(value)) if value != StrId::EMPTY => Some((label.key, value)),
            _ => None,
        }
    }
}

/// Samples grouped by their string labels.
struct Groups {
    sets: Vec<Vec<(StrId, StrId)>>,
    /// Indices of samples, one list per set.
    samples: Vec<Vec<u32>>,
}

impl Groups {
    /// `None` when there are more than [`MAX_LABEL_SETS`].
    fn of(profile: &Profile, keys: &Keys) -> Option<Groups> {
        let mut groups = Groups { sets: Vec::new(), samples: Vec::new() };
        let mut index: FxHashMap<Vec<(StrId, StrId)>, usize> = FxHashMap::default();
        let mut set = Vec::new();
        for i in 0..profile.samples.len() {
            set.clear();
            set.extend(profile.samples.labels(i).iter().filter_map(|l| keys.series_label(*l)));
            set.sort_unstable();
            // A key with several values keeps one of them, the same one wherever the set occurs.
            set.dedup_by_key(|(key, _)| *key);
            let group = match index.get(&set[..]) {
                Some(&group) => group,
                None if groups.sets.len() == MAX_LABEL_SETS => return None,
                None => {
                    index.insert(set.clone(), groups.sets.len());
                    groups.sets.push(set.clone());
                    groups.samples.push(Vec::new());
                    groups.sets.len() - 1
                }
            };
            groups.samples[group].push(i as u32);
        }
        Some(groups)
    }
}

/// `None` when the parts would have more bytes of text than a profile may have.
fn parts(profile: &Profile, groups: &Groups, keys: &Keys) -> Option<Vec<Part>> {
    let mut subset = Subset::of(profile);
    let mut text_left = MAX_PROFILE_BYTES;
    let mut parts = Vec::with_capacity(groups.sets.len());
    for (set, samples) in groups.sets.iter().zip(&groups.samples) {
        let part = subset.extract(samples, |label| keys.kept(label), text_left)?;
        text_left = text_left.checked_sub(part.strings.text_len())?;
        parts.push(Part { labels: text_of(profile, set), profile: part });
    }
    Some(parts)
}

fn text_of(profile: &Profile, set: &[(StrId, StrId)]) -> Vec<(String, String)> {
    set.iter().map(|(key, value)| (profile.str(*key).to_owned(), profile.str(*value).to_owned())).collect()
}

fn keep_whole(mut profile: Profile, keys: &Keys) -> Part {
    profile.samples =
        relabelled(&profile.samples, 0..profile.samples.len(), |label| Some(keys.rename(label)));
    Part { labels: Vec::new(), profile }
}

/// The same samples with other labels.
fn relabelled(
    samples: &Samples,
    which: impl Iterator<Item = usize>,
    label: impl Fn(SampleLabel) -> Option<SampleLabel>,
) -> Samples {
    let mut out = Samples::new(samples.width());
    let mut kept = Vec::new();
    for i in which {
        kept.clear();
        kept.extend(samples.labels(i).iter().filter_map(|l| label(*l)));
        match samples.timestamp(i) {
            Some(time) => out.push_at(time, samples.stack(i), samples.values(i), &kept),
            None => out.push(samples.stack(i), samples.values(i), &kept),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, ValueType};
    use flarepath_profile::stack_table::LocationId;

    /// Two stacks of an inlined location, a mapping, times, and samples with the labels given.
    fn profile(samples: &[&[(&str, &str)]]) -> Profile {
        let mut p = Profile { period: 10, time_nanos: 7, duration_nanos: 8, ..Profile::default() };
        let kind = p.strings.intern("cpu");
        p.sample_types = vec![ValueType { kind, unit: StrId::EMPTY }];
        let file = p.strings.intern("libshop.so");
        p.mappings = vec![Mapping::default(), Mapping { file, start: 1, ..Mapping::default() }];
        for name in ["unused", "hash", "total"] {
            let name = p.strings.intern(name);
            p.functions.push(Function { name, ..Function::default() });
        }
        let line = |function, line| Line { function: FunctionId(function), line, column: 0 };
        p.locations.push(None, 1, [line(0, 1)]);
        p.locations.push(Some(1), 2, [line(1, 12), line(2, 41)]);
        let unused = p.stacks.push([LocationId(0)]);
        let stack = p.stacks.push([LocationId(1), LocationId(1)]);
        assert_ne!(unused, stack);
        p.samples = Samples::new(1);
        for (i, labels) in samples.iter().enumerate() {
            let labels: Vec<SampleLabel> = labels
                .iter()
                .map(|(key, value)| SampleLabel {
                    key: p.strings.intern(key),
                    value: SampleLabelValue::Text(p.strings.intern(value)),
                })
                .collect();
            p.samples.push_at(100 + i as u64, stack, &[1 << i], &labels);
        }
        p
    }

    fn labels_of(profile: &Profile, sample: usize) -> Vec<(&str, &str)> {
        let text = |l: &SampleLabel| match l.value {
            SampleLabelValue::Text(value) => (profile.strings.get(l.key), profile.strings.get(value)),
            SampleLabelValue::Number(..) => unreachable!(),
        };
        profile.samples.labels(sample).iter().map(text).collect()
    }

    #[test]
    fn parts_contain_only_what_their_samples_use() {
        let whole = profile(&[&[("e", "/a")], &[("e", "/b"), ("trace_id", "t")], &[("e", "/a")]]);
        let parts = split(whole, &mut Vec::new());
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].labels, [("e".to_owned(), "/a".to_owned())]);
        let a = &parts[0].profile;
        assert_eq!((a.samples.len(), a.samples.total(0)), (2, 5));
        assert_eq!([a.samples.timestamp(0), a.samples.timestamp(1)], [Some(100), Some(102)]);
        assert_eq!((a.period, a.time_nanos, a.duration_nanos), (10, 7, 8));
        assert_eq!(a.str(a.sample_types[0].kind), "cpu");
        assert_eq!((a.stacks.len(), a.locations.len(), a.functions.len(), a.mappings.len()), (1, 1, 2, 1));
        let location = a.locations.get(0);
        let names: Vec<&str> =
            location.lines.iter().map(|l| a.str(a.functions[l.function.index()].name)).collect();
        assert_eq!(names, ["hash", "total"]);
        assert_eq!(location.lines.iter().map(|l| l.line).collect::<Vec<_>>(), [12, 41]);
        assert_eq!(location.mapping.map(|m| a.str(a.mappings[m as usize].file)), Some("libshop.so"));
        assert_eq!(a.stacks.get(a.samples.stack(0)), [LocationId(0), LocationId(0)]);
        assert_eq!(a.strings.find("unused"), None);
        assert_eq!(labels_of(&parts[1].profile, 0), [("trace_id", "t")]);
    }

    #[test]
    fn a_single_label_set_is_not_copied() {
        let parts = split(profile(&[&[("e", "/a"), ("profile_id", "s")], &[("e", "/a")]]), &mut Vec::new());
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].labels, [("e".to_owned(), "/a".to_owned())]);
        assert_eq!(labels_of(&parts[0].profile, 0), [("span_id", "s")]);
        assert_eq!(parts[0].profile.functions.len(), 3, "the tables are those of the whole");
    }

    #[test]
    fn groups_labels_regardless_of_order() {
        let parts = split(
            profile(&[&[("a", "1"), ("b", "2")], &[("b", "2"), ("a", "1")], &[("a", "")]]),
            &mut Vec::new(),
        );
        let sums: Vec<i64> = parts.iter().map(|p| p.profile.samples.total(0)).collect();
        assert_eq!(sums, [3, 4]);
    }
}
