//! Round trips of snapshots, older and newer versions, and bytes that are none.

use super::*;
use flarepath_profile::call_tree::{CallTree, TreeBuilder};
use flarepath_profile::frame_table::FrameText;
use proptest::prelude::*;

fn tree(names: &[String]) -> CallTree {
    let mut tree = TreeBuilder::new();
    for (value, name) in (1i64..).zip(names) {
        let frame = tree.frame(FrameText { name, symbolized: true, ..FrameText::default() });
        tree.add_path([frame, frame], value);
    }
    tree.finish()
}

fn snapshot(names: &[String]) -> Snapshot {
    let side = |label: &str| SnapshotSide {
        label: label.into(),
        selector: "{service_name=\"checkout\"}".into(),
        from_ns: 1_700_000_000_000_000_000,
        until_ns: 1_700_000_060_000_000_000,
        profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds".into(),
        unit: "nanoseconds".into(),
        profiles: 4,
        tree: Some((&tree(names)).into()),
        covered_ns: 180_000_000_000,
        facts: Some(Facts { versions: vec!["2".into()], ..Facts::default() }),
    };
    Snapshot {
        version: VERSION,
        kind: SnapshotKind::Compare.into(),
        sides: vec![side("baseline"), side("comparison")],
        heatmap: Some(HeatmapResponse { times_ms: vec![0, 60_000], ..HeatmapResponse::default() }),
        facts: Some(Facts {
            gaps: vec![Gap { from_ns: 5, until_ns: 9 }],
            retention_ns: Some(0),
            store: "prod".into(),
            store_kind: "pyroscope".into(),
            store_version: "2.2.1".into(),
            top_movers: vec![TopMover { function: "f".into(), self_before: -3, ..TopMover::default() }],
            ..Facts::default()
        }),
        report: Some(SanitizeReport {
            lines: vec![ReportLine { rule: "e-mail address".into(), count: 2, examples: vec![] }],
            ..SanitizeReport::default()
        }),
        verdict: Some(VerdictResponse { headline: "CPU use is 16 % higher.".into(), ..Default::default() }),
        chart: Some(FlameChart {
            thread: "main".into(),
            start_ns: 1_700_000_000_123_456_789,
            rows: vec![1, 2],
            gap: vec![0, 0, 7],
            length: vec![1_000_000_007, 1, 999_999_999],
            node: vec![0, 1, 1],
        }),
        offsets: Some(OffsetCells {
            thread: Some(String::new()),
            rows: 50,
            columns: 1,
            first: 3,
            values: vec![0, 4, -1],
            untimed: 2,
            ..OffsetCells::default()
        }),
    }
}

/// Recorded before version 2: protobuf, not compressed.
#[test]
fn version_1_opens_without_what_it_did_not_record() {
    let bytes = include_bytes!("../../testdata/snapshot-version-1.pb");
    let snapshot = Snapshot::from_bytes(bytes).unwrap();
    assert_eq!((snapshot.version, snapshot.kind(), snapshot.sides.len()), (1, SnapshotKind::Compare, 2));
    assert!(snapshot.verdict.is_none());
    for side in &snapshot.sides {
        assert_eq!((side.covered_ns, &side.facts), (0, &None));
        assert!(CallTree::try_from(side.tree.clone().unwrap()).is_ok());
    }
    assert_eq!(snapshot.facts.as_ref().unwrap().versions, ["2"]);
    assert!(snapshot.chart.is_none() && snapshot.offsets.is_none());
    assert_eq!(snapshot.encode_to_vec(), bytes, "written again, it is what it was");
}

#[test]
fn the_store_is_named_as_far_as_it_is_known() {
    let text = |[store, store_kind, store_version]: [&str; 3]| {
        let [store, store_kind, store_version] = [store, store_kind, store_version].map(str::to_owned);
        Facts { store, store_kind, store_version, ..Facts::default() }.store_text()
    };
    assert_eq!(text(["prod", "pyroscope", "2.2.1"]).as_deref(), Some("prod (pyroscope 2.2.1)"));
    assert_eq!(text(["prod", "parca", ""]).as_deref(), Some("prod (parca)"));
    assert_eq!(text(["embedded", "embedded", ""]).as_deref(), Some("embedded"));
    assert_eq!(text(["", "", ""]), None);
}

#[test]
fn rejects_newer_versions_and_suggests_an_update() {
    let newer = Snapshot { version: 7, ..snapshot(&[]) }.encode_to_vec();
    let error = Snapshot::from_bytes(&newer).unwrap_err();
    assert_eq!(error, InvalidSnapshot::Newer(7));
    assert!(error.to_string().contains("update Flarepath"), "{error}");
}

#[test]
fn rejects_snapshots_without_version_or_kind() {
    assert_eq!(Snapshot::from_bytes(&[]).unwrap_err(), InvalidSnapshot::Without("version"));
    for kind in [0, 99] {
        let bytes = Snapshot { kind, ..snapshot(&[]) }.encode_to_vec();
        assert_eq!(Snapshot::from_bytes(&bytes).unwrap_err(), InvalidSnapshot::Without("kind"));
    }
    assert!(matches!(Snapshot::from_bytes(b"\xff\xff").unwrap_err(), InvalidSnapshot::Message(_)));
}

#[test]
fn ignores_unknown_fields() {
    let mut bytes = snapshot(&["f".into()]).encode_to_vec();
    // Field 500, length-delimited, two bytes.
    bytes.extend([0xa2, 0x1f, 2, 1, 2]);
    assert_eq!(Snapshot::from_bytes(&bytes).unwrap(), snapshot(&["f".into()]));
}

proptest! {
    #[test]
    fn round_trips_bytes_and_json(names in prop::collection::vec("[a-zé;]{0,6}", 0..8)) {
        let whole = snapshot(&names);
        let bytes = whole.encode_to_vec();
        prop_assert_eq!(&Snapshot::from_bytes(&bytes).unwrap(), &whole);
        let json = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Snapshot>(&json).unwrap(), &whole);
        prop_assert_eq!(CallTree::try_from(whole.sides[1].tree.clone().unwrap()).unwrap(), tree(&names));
    }

    #[test]
    fn never_panics_on_any_bytes(bytes: Vec<u8>) {
        let _ = Snapshot::from_bytes(&bytes);
    }
}
