//! Facts about a side of a snapshot for a postmortem; those that are not known, with the reason.

use super::basis::Per;
use super::payload::{Facts, Snapshot, SnapshotKind, SnapshotSide};
use super::postmortem::{Instances, Known, Period, Retention, Side};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Selector};
use flarepath_profile::units::Unit;
use flarepath_profile::unix_nanos::UnixNanos;

const VERSION_1: &str = "not recorded by version 1 of snapshots";
const FILE: &str = "the file does not say";
const NOT_SENT: &str = "not sent by the profiler";
const FIRST: &str = "not recorded by the first snapshots";
const REMOTE: &str = "the store does not say";
const NOT_TAKEN: &str = "it could not be read when the snapshot was taken";

/// The facts about the side of this index.
pub(super) fn side(snapshot: &Snapshot, index: usize) -> Side<'_> {
    let side = &snapshot.sides[index];
    let known = facts(snapshot, index);
    // Zero and empty stand for what is not known.
    let number =
        |of: fn(&Facts) -> u64, why| known.and_then(|facts| Some(of(facts)).filter(|n| *n > 0).ok_or(why));
    let at = |ns: i64| Some(UnixNanos(ns)).filter(|at| at.0 != 0);
    let tree = side.tree.clone().and_then(|columns| CallTree::try_from(columns).ok());
    Side {
        label: &side.label,
        service: service(side, known),
        versions: known.and_then(|facts| match facts.versions.join(", ") {
            versions if versions.is_empty() => Err("no label names the version"),
            versions => Ok(versions),
        }),
        selector: if side.selector.is_empty() {
            Err("none, as of a file")
        } else {
            Ok(side.selector.as_str())
        },
        from: at(side.from_ns),
        until: at(side.until_ns),
        covered_ns: covered(snapshot, side),
        total: tree.map_or(0, |tree| tree.total(NodeId::ROOT)),
        per: Per::of(snapshot, side),
        profiles: Some(side.profiles).filter(|n| *n > 0).ok_or(if is_file(snapshot) {
            FILE
        } else {
            "there are no profiles"
        }),
        samples: number(|facts| facts.samples, NOT_SENT),
        period: known.and_then(|facts| match facts.sampling_period {
            0 => Err(NOT_SENT),
            value => Ok(Period {
                value,
                unit: Unit::parse(&facts.sampling_unit),
                is_derived: facts.sampling_derived,
            }),
        }),
        profilers: texts(snapshot, known, |facts| &facts.profilers, NOT_SENT),
        sample_types: texts(snapshot, known, |facts| &facts.sample_types, FIRST),
        instances: known.and_then(|facts| match facts.instances_covered {
            0 => Err("no label names instances"),
            covered => Ok(Instances { covered, known: Some(facts.instances_known).filter(|n| *n != 0) }),
        }),
        gaps: known.map(|facts| {
            facts.gaps.iter().map(|gap| UnixNanos(gap.from_ns)..UnixNanos(gap.until_ns)).collect()
        }),
        retention: known.and_then(retention),
        store: store(snapshot, known),
    }
}

/// The facts of a side. Version 1 has those of the last side only.
fn facts(snapshot: &Snapshot, index: usize) -> Known<&Facts> {
    let last = index + 1 == snapshot.sides.len();
    match (&snapshot.sides[index].facts, snapshot.version, &snapshot.facts) {
        _ if is_file(snapshot) => Err(FILE),
        (Some(facts), ..) => Ok(facts),
        (None, 1, Some(facts)) if last => Ok(facts),
        (None, 1, _) => Err(VERSION_1),
        (None, ..) => Err(NOT_TAKEN),
    }
}

/// A list that version 1 does not have; `why` it is empty in others.
fn texts(
    snapshot: &Snapshot,
    known: Known<&Facts>,
    list: fn(&Facts) -> &Vec<String>,
    why: &'static str,
) -> Known<String> {
    match list(known?).join("; ") {
        text if !text.is_empty() => Ok(text),
        _ if snapshot.version == 1 => Err(VERSION_1),
        _ => Err(why),
    }
}

/// The store that the side was read from.
fn store(snapshot: &Snapshot, known: Known<&Facts>) -> Known<String> {
    known?.store_text().ok_or(if snapshot.version == 1 { VERSION_1 } else { FIRST })
}

fn is_file(snapshot: &Snapshot) -> bool {
    snapshot.kind() == SnapshotKind::Local
}

fn covered(snapshot: &Snapshot, side: &SnapshotSide) -> Known<i64> {
    match side.covered_ns {
        ns if ns > 0 && snapshot.version > 1 => Ok(ns),
        _ if is_file(snapshot) => Err(FILE),
        _ if snapshot.version == 1 => Err(VERSION_1),
        _ if side.profiles == 0 => Err("there are no profiles"),
        _ => Err(NOT_TAKEN),
    }
}

fn service(side: &SnapshotSide, facts: Known<&Facts>) -> Known<String> {
    match facts {
        Ok(facts) if !facts.service.is_empty() => Ok(facts.service.clone()),
        Ok(_) => service_of(&side.selector).ok_or("several, or none is named"),
        Err(why) => service_of(&side.selector).ok_or(why),
    }
}

fn retention(facts: &Facts) -> Known<Retention> {
    match facts.retention_ns {
        _ if facts.kept_forever => Ok(Retention::Forever),
        Some(ns) => Ok(Retention::For(ns)),
        None if !facts.store.is_empty() => Err(REMOTE),
        None => Err(FIRST),
    }
}

/// The service that a selector names.
fn service_of(selector: &str) -> Option<String> {
    let selector: Selector = selector.parse().ok()?;
    let found = selector.matchers.into_iter().find(|m| m.op == MatchOp::Equal && m.name == SERVICE_NAME);
    found.map(|matcher| matcher.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharing::payload::Gap;

    fn known<T: std::fmt::Debug>(fact: &Known<T>) -> String {
        match fact {
            Ok(fact) => format!("{fact:?}"),
            Err(why) => (*why).to_owned(),
        }
    }

    fn told(snapshot: &Snapshot, index: usize) -> [String; 4] {
        let side = side(snapshot, index);
        [known(&side.versions), known(&side.covered_ns), known(&side.instances), known(&side.retention)]
    }

    #[test]
    fn profilers_and_sample_types_are_told() {
        let told = |version, facts: Facts| {
            let side = SnapshotSide { facts: Some(facts), profiles: 1, ..SnapshotSide::default() };
            let kind = SnapshotKind::Explore.into();
            let snapshot = Snapshot { version, kind, sides: vec![side], ..Snapshot::default() };
            let side = super::side(&snapshot, 0);
            [known(&side.profilers), known(&side.sample_types)]
        };
        let facts = Facts {
            profilers: vec!["SDK opentelemetry 1.27.0".to_owned(), "profiler gospy".to_owned()],
            sample_types: vec!["cpu (nanoseconds)".to_owned()],
            ..Facts::default()
        };
        assert_eq!(told(2, facts), ["\"SDK opentelemetry 1.27.0; profiler gospy\"", "\"cpu (nanoseconds)\""]);
        assert_eq!(told(2, Facts::default()), [NOT_SENT, FIRST]);
        assert_eq!(told(1, Facts::default()), [VERSION_1; 2]);
    }

    #[test]
    fn the_store_is_told_and_what_it_does_not_say() {
        let told = |version, facts: Facts| {
            let side = SnapshotSide { facts: Some(facts), ..SnapshotSide::default() };
            let kind = SnapshotKind::Explore.into();
            let snapshot = Snapshot { version, kind, sides: vec![side], ..Snapshot::default() };
            let side = super::side(&snapshot, 0);
            [known(&side.store), known(&side.retention)]
        };
        let facts = Facts {
            store: "prod".to_owned(),
            store_kind: "pyroscope".to_owned(),
            store_version: "2.2.1".to_owned(),
            ..Facts::default()
        };
        assert_eq!(told(2, facts), ["\"prod (pyroscope 2.2.1)\"", REMOTE]);
        assert_eq!(told(2, Facts::default()), [FIRST; 2]);
        assert_eq!(told(1, Facts::default())[0], VERSION_1);
    }

    #[test]
    fn unknown_facts_say_why() {
        let facts = Facts { versions: vec!["2".to_owned()], gaps: vec![Gap::default()], ..Facts::default() };
        let side = |facts: Option<Facts>, covered_ns| SnapshotSide {
            facts,
            covered_ns,
            profiles: 1,
            ..SnapshotSide::default()
        };
        let kind = SnapshotKind::Compare.into();
        let first = Snapshot {
            version: 1,
            kind,
            sides: vec![side(None, 0), side(None, 0)],
            facts: Some(facts.clone()),
            ..Snapshot::default()
        };
        assert_eq!(told(&first, 0), [VERSION_1; 4]);
        assert_eq!(
            told(&first, 1),
            ["\"2\"", VERSION_1, "no label names instances", "not recorded by the first snapshots"]
        );
        let now = Snapshot { version: 2, sides: vec![side(Some(facts), 9), side(None, 0)], ..first.clone() };
        assert_eq!(told(&now, 0)[..2], ["\"2\"", "9"]);
        assert_eq!(told(&now, 1), [NOT_TAKEN; 4]);
        let file = Snapshot { version: 2, kind: SnapshotKind::Local.into(), ..first };
        assert_eq!(told(&file, 1), [FILE; 4]);
    }
}
