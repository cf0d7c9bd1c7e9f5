//! Derives the first part of the profile type where the client does not send it.
//!
//! `push.v1` has it (`__name__`); the other protocols do not. The rules are those that Pyroscope's clients rely on:
//!
//! | pprof with a sample type | name |
//! |---|---|
//! | `wall`, or `time` (speedscope) | `wall` |
//! | …`cpu`…, or sampled by CPU time, or only `samples` | `process_cpu` |
//! | …`alloc_`…, …`inuse_`…, `space`, `objects` | `memory` |
//! | shown as …`mutex_`… (by the sample type config) | `mutex` |
//! | shown as …`block_`… | `block` |
//! | `goroutine`, or shown as …`goroutines`… | `goroutines` |
//! | anything else | the name of the last sample type |
//!
//! Text formats have one column of counts; the last part of the application's name is its unit, see
//! [`TEXT_TYPES`].

use flarepath_profile::profile::Profile;
use std::collections::BTreeMap;

/// Display names of sample types: sample type → name (`contentions` → `mutex_count`).
pub(crate) type DisplayNames = BTreeMap<String, String>;

/// The kind of a pprof profile.
pub(crate) fn of_pprof(profile: &Profile, shown_as: &DisplayNames) -> String {
    let kinds = || profile.sample_types.iter().map(|t| profile.str(t.kind));
    // Speedscope files say `time` without specifying which.
    if kinds().any(|kind| kind == "wall" || kind == "time") {
        return "wall".to_owned();
    }
    let shown = |kind: &str| shown_as.get(kind).cloned().unwrap_or_else(|| kind.to_owned());
    if let Some(name) = kinds().find_map(|kind| by_word(&shown(kind))) {
        return name.to_owned();
    }
    let only_samples = profile.sample_types.len() == 1 && kinds().all(|kind| kind == "samples");
    if only_samples || profile.str(profile.period_type.kind).contains("cpu") {
        return "process_cpu".to_owned();
    }
    kinds().next_back().map(shown).unwrap_or_default()
}

fn by_word(shown: &str) -> Option<&'static str> {
    let has = |word: &str| shown.contains(word);
    if has("cpu") {
        Some("process_cpu")
    } else if has("alloc_") || has("inuse_") || shown == "space" || shown == "objects" {
        Some("memory")
    } else if has("mutex_") {
        Some("mutex")
    } else if has("block_") {
        Some("block")
    } else if has("goroutines") || shown == "goroutine" {
        Some("goroutines")
    } else {
        None
    }
}

/// Type of a text format's counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextType {
    /// First part of the profile type.
    pub(crate) name: &'static str,
    /// Sample type.
    pub(crate) kind: &'static str,
    /// Unit.
    pub(crate) unit: &'static str,
    /// With a sample rate, the counts are samples and become nanoseconds of this sample type.
    pub(crate) timed: Option<&'static str>,
}

const fn counted(name: &'static str, kind: &'static str, unit: &'static str) -> TextType {
    TextType { name, kind, unit, timed: None }
}

/// Samples at a rate: CPU time.
pub(crate) const CPU: TextType =
    TextType { timed: Some("cpu"), ..counted("process_cpu", "samples", "count") };
const WALL: TextType = TextType { timed: Some("wall"), ..counted("wall", "samples", "count") };

/// Last part of the application's name → type of the counts.
pub(crate) const TEXT_TYPES: &[(&str, TextType)] = &[
    ("cpu", CPU),
    ("itimer", CPU),
    ("wall", WALL),
    ("seconds", WALL),
    ("milliseconds", WALL),
    ("microseconds", WALL),
    ("nanoseconds", WALL),
    ("inuse_objects", counted("memory", "inuse_objects", "count")),
    ("inuse_space", counted("memory", "inuse_space", "bytes")),
    ("alloc_objects", counted("memory", "alloc_objects", "count")),
    ("alloc_space", counted("memory", "alloc_space", "bytes")),
    ("alloc_in_new_tlab_objects", counted("memory", "alloc_in_new_tlab_objects", "count")),
    ("alloc_in_new_tlab_bytes", counted("memory", "alloc_in_new_tlab_bytes", "bytes")),
    ("alloc_outside_tlab_objects", counted("memory", "alloc_outside_tlab_objects", "count")),
    ("alloc_outside_tlab_bytes", counted("memory", "alloc_outside_tlab_bytes", "bytes")),
    ("live", counted("memory", "live", "count")),
    ("bytes", counted("memory", "samples", "bytes")),
    ("goroutines", counted("goroutines", "goroutine", "count")),
    ("mutex_count", counted("mutex", "contentions", "count")),
    ("mutex_duration", counted("mutex", "delay", "nanoseconds")),
    ("block_count", counted("block", "contentions", "count")),
    ("block_duration", counted("block", "delay", "nanoseconds")),
    ("lock_count", counted("block", "contentions", "count")),
    ("lock_duration", counted("block", "delay", "nanoseconds")),
    ("exceptions", counted("exceptions", "samples", "count")),
];

/// Splits `shop.api.alloc_space` into the service `shop.api` and its type. If the last part is not a type, it belongs to the name,
/// and the counts are CPU samples.
pub(crate) fn of_text(app: &str) -> (&str, TextType) {
    let split = app.rsplit_once('.').and_then(|(service, suffix)| {
        let found = TEXT_TYPES.iter().find(|(name, _)| *name == suffix)?;
        Some((service, found.1))
    });
    split.unwrap_or((app, CPU))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::profile::ValueType;

    fn kind(sample_types: &[&str], period: &str, shown_as: &[(&str, &str)]) -> String {
        let mut profile = Profile::default();
        for kind in sample_types {
            let kind = profile.strings.intern(kind);
            profile.sample_types.push(ValueType { kind, ..ValueType::default() });
        }
        profile.period_type.kind = profile.strings.intern(period);
        of_pprof(&profile, &shown_as.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    #[test]
    fn derives_kinds_of_pprof() {
        assert_eq!(kind(&["samples", "cpu"], "cpu", &[]), "process_cpu");
        assert_eq!(kind(&["samples", "wall", "cpu"], "wall", &[]), "wall");
        assert_eq!(kind(&["inuse_objects", "inuse_space"], "space", &[]), "memory");
        assert_eq!(kind(&["objects", "space"], "space", &[]), "memory");
        assert_eq!(kind(&["goroutine"], "goroutine", &[]), "goroutines");
        let mutex = [("contentions", "mutex_count"), ("delay", "mutex_duration")];
        assert_eq!(kind(&["contentions", "delay"], "contentions", &mutex), "mutex");
        let block = [("contentions", "block_count"), ("delay", "block_duration")];
        assert_eq!(kind(&["contentions", "delay"], "contentions", &block), "block");
        assert_eq!(kind(&["contentions", "delay"], "contentions", &[]), "delay");
        assert_eq!(kind(&["samples", "ticks"], "cpu", &[]), "process_cpu");
        assert_eq!(kind(&["samples"], "", &[]), "process_cpu");
        assert_eq!(kind(&[], "", &[]), "");
    }

    #[test]
    fn derives_kinds_of_text() {
        assert_eq!(of_text("shop"), ("shop", CPU));
        assert_eq!(of_text("shop.cpu"), ("shop", CPU));
        assert_eq!(of_text("go.shop"), ("go.shop", CPU));
        let (service, kind) = of_text("a.b.mutex_duration");
        assert_eq!((service, kind.name, kind.kind, kind.unit), ("a.b", "mutex", "delay", "nanoseconds"));
    }
}
