//! Sources of the sides of a comparison, as part of the URL: besides a query of `state::compare`, a side can be a local
//! file, and two profile types of one service can be shown side by side.
//!
//! `src=file-1` says that the comparison is the first open file, `b.src=file-2` that the baseline is the second. Files are
//! not in the address; after a reload they are chosen again. `b.type=` is the type that is shown beside that of `type`.

use super::loaded_profile::LoadedProfile;
use flarepath_profile::diff::Side;

/// The source of a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// The server.
    #[default]
    Stored,
    /// One of two open files, counted from 0.
    File(usize),
}

const WORDS: [&str; 2] = ["file-1", "file-2"];

impl Source {
    fn parse(text: Option<String>) -> Source {
        let at = text.and_then(|text| WORDS.iter().position(|word| *word == text));
        at.map_or(Source::Stored, Source::File)
    }
}

/// The sources of both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    /// Of the baseline, then of the comparison.
    pub(crate) of: [Source; 2],
    /// The second profile type, when two types are shown side by side.
    pub(crate) second_type: Option<String>,
}

impl Sources {
    /// Parses query parameters; absent or invalid ones mean the store.
    pub(crate) fn from_params(get: &dyn Fn(&str) -> Option<String>) -> Sources {
        let of = [Source::parse(get("b.src")), Source::parse(get("src"))];
        let of = if of[0] == of[1] { [Source::Stored, of[1]] } else { of };
        let stored = of == [Source::Stored; 2];
        Sources { of, second_type: get("b.type").filter(|text| !text.is_empty() && stored) }
    }

    /// `path` with the parameters that differ from two stored sides of one type.
    pub(crate) fn onto(&self, path: String) -> String {
        let mut out = path;
        let mut put = |key: &str, value: &str| {
            let joint = if out.contains('?') { '&' } else { '?' };
            out = format!("{out}{joint}{key}={}", super::url_text::encode(value));
        };
        for (key, source) in [("b.src", self.of[0]), ("src", self.of[1])] {
            if let Source::File(at) = source {
                put(key, WORDS[at % 2]);
            }
        }
        if let Some(second) = &self.second_type {
            put("b.type", second);
        }
        out
    }

    /// The source of a side.
    pub(crate) fn on(&self, side: Side) -> Source {
        self.of[side as usize]
    }

    /// Whether the server computes the difference: both sides are stored and of one type.
    pub(crate) fn is_plain(&self) -> bool {
        *self == Sources::default()
    }

    /// Puts a file on one side: the one that the other side does not show.
    #[must_use]
    pub(crate) fn with_file(&self, side: Side) -> Sources {
        let other = self.of[1 - side as usize];
        let free = if other == Source::File(0) { 1 } else { 0 };
        let taken = if let Source::File(at) = self.on(side) { at } else { free };
        self.with(side, Source::File(taken))
    }

    /// Replaces the source of one side.
    #[must_use]
    pub(crate) fn with(&self, side: Side, source: Source) -> Sources {
        let mut of = self.of;
        of[side as usize] = source;
        Sources { of, second_type: None }
    }

    /// Swaps the sides; of two types, `first` becomes the second.
    #[must_use]
    pub(crate) fn swapped(&self, first: Option<String>) -> Sources {
        let [baseline, comparison] = self.of;
        Sources { of: [comparison, baseline], second_type: self.second_type.as_ref().and(first) }
    }
}

/// The address of the page that shows so many opened files: the first two are compared, the first as the baseline.
pub(crate) fn page_of_files(count: usize) -> &'static str {
    if count < 2 { "/local" } else { "/compare?b.src=file-1&src=file-2" }
}

/// Says which of the opened files are not shown, where there are more than two.
pub(crate) fn left_out(names: &[String]) -> String {
    match names.get(2..) {
        Some([name]) => format!("Two files can be compared at a time: {name} was left out."),
        Some([_, _, ..]) => {
            format!("Two files can be compared at a time: {} were left out.", names[2..].join(", "))
        }
        _ => String::new(),
    }
}

/// Whether two profiles are comparable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// They measure the same thing.
    Same,
    /// Same unit, different measurements: a difference can be drawn but may not mean much.
    OtherKind(String),
    /// Their values have different units.
    OtherUnit(String),
}

/// Compares what two profiles measured.
pub(crate) fn fit(baseline: &LoadedProfile, comparison: &LoadedProfile) -> Fit {
    let kind = |p: &LoadedProfile| p.profile_type.as_ref().map(|t| t.sample_type.clone()).unwrap_or_default();
    let (before, after) = (kind(baseline), kind(comparison));
    if baseline.unit != comparison.unit {
        let unit = |p: &LoadedProfile| if p.unit.is_empty() { "no unit".to_owned() } else { p.unit.clone() };
        return Fit::OtherUnit(format!(
            "These cannot be subtracted: the baseline counts {before} in {}, the comparison {after} in {}. \
             They are shown beside each other; choose the same sample type on both sides for a difference.",
            unit(baseline),
            unit(comparison),
        ));
    }
    if before != after {
        return Fit::OtherKind(format!(
            "The baseline counts {before}, the comparison {after}: the same unit, but not the same measurement."
        ));
    }
    Fit::Same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::url_text::parse_pairs;
    use flarepath_profile::call_tree::CallTree;
    use std::sync::Arc;

    fn reload(path: &str) -> Sources {
        let pairs = parse_pairs(path.split_once('?').map_or("", |(_, query)| query));
        Sources::from_params(&|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
    }

    #[test]
    fn sources_survive_the_url() {
        use Source::{File, Stored};
        for of in [[Stored, Stored], [File(0), Stored], [Stored, File(1)], [File(1), File(0)]] {
            let sources = Sources { of, second_type: None };
            assert_eq!(reload(&sources.onto("/compare?a=b".into())), sources);
            assert_eq!(reload(&sources.onto("/compare".into())), sources);
        }
        let types = Sources { second_type: Some("wall:wall:nanoseconds::".into()), ..Sources::default() };
        assert_eq!(reload(&types.onto("/compare".into())), types);
        assert_eq!(
            reload("/compare?src=file-1&b.src=file-1").of,
            [Stored, File(0)],
            "one file is no difference"
        );
    }

    #[test]
    fn of_two_files_the_first_is_the_baseline() {
        assert_eq!(reload(page_of_files(2)).of, [Source::File(0), Source::File(1)]);
        assert_eq!((page_of_files(3), page_of_files(1)), (page_of_files(2), "/local"));
        let names = ["a", "b", "c", "d"].map(str::to_owned);
        assert_eq!(left_out(&names[..2]), "");
        assert_eq!(left_out(&names[..3]), "Two files can be compared at a time: c was left out.");
        assert_eq!(left_out(&names), "Two files can be compared at a time: c, d were left out.");
    }

    #[test]
    fn sides_keep_their_files_when_swapped() {
        let one = Sources::default().with_file(Side::Comparison);
        let two = one.with_file(Side::Baseline);
        assert_eq!(two.of, [Source::File(1), Source::File(0)]);
        assert_eq!(two.swapped(None).of, [Source::File(0), Source::File(1)]);
        assert_eq!(two.with_file(Side::Baseline), two);
        let types = Sources { second_type: Some("wall".into()), ..Sources::default() };
        assert_eq!(types.swapped(Some("cpu".into())).second_type.as_deref(), Some("cpu"));
        assert!(!types.is_plain() && types.with_file(Side::Baseline).second_type.is_none());
    }

    fn profile(kind: &str, unit: &str) -> LoadedProfile {
        LoadedProfile {
            covered_ns: None,
            tree: Arc::new(CallTree::empty()),
            diff: None,
            origins: None,
            unit: unit.into(),
            profile_type: format!("p:{kind}:{unit}::").parse().ok(),
            seconds: None,
            profiles: 1,
            generation: 0,
        }
    }

    #[test]
    fn subtracts_only_values_of_one_unit() {
        let cpu = profile("cpu", "nanoseconds");
        assert_eq!(fit(&cpu, &profile("cpu", "nanoseconds")), Fit::Same);
        assert!(matches!(fit(&cpu, &profile("wall", "nanoseconds")), Fit::OtherKind(_)));
        let Fit::OtherUnit(text) = fit(&cpu, &profile("samples", "count")) else { panic!("units differ") };
        assert!(text.contains("cpu in nanoseconds") && text.contains("samples in count"), "{text}");
    }
}
