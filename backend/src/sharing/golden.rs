//! Postmortems of whole snapshots: a comparison of an hour with three minutes, a public one, and one of version 1.

use super::create::{Draft, Prepared, sanitize_and_freeze};
use super::description::summary_text;
use super::evidence::{Evidence, EvidenceSide};
use super::functions::tests::tree;
use super::payload::{
    self, Facts, Gap, Snapshot, SnapshotKind, VerdictFigure, VerdictFunction, VerdictNumber, VerdictResponse,
};
use super::policy::Visibility;
use super::postmortem_export::{Format, Urls, write};
use super::snapshot::thaw;
use crate::db::shares::ShareRow;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::sanitize::Policy;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{
    Figure, Finding, Findings, FunctionName, Method, Outcome, Per, Relation, SideFacts, Verdict,
};

const TYPE: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const SECOND: i64 = 1_000_000_000;
/// 2026-11-21T13:00:00Z
const START: i64 = 1_795_266_000 * SECOND;
/// What the two sides cover, in seconds.
const COVERED: [i64; 2] = [3600, 180];
const VERSION_1: &[u8] = include_bytes!("../../../crates/wire/testdata/snapshot-version-1.pb");

/// Milliseconds of the two versions. By the second, only `Regex::new` is more; by share, everything else is less.
fn trees(culprit: &str) -> [CallTree; 2] {
    let of = |lines: &[(&str, i64)]| -> CallTree {
        let lines: Vec<(&str, i64)> = lines.iter().map(|(path, ms)| (*path, ms * 1_000_000)).collect();
        tree(&lines)
    };
    let compiled = format!("main;handle_order;{culprit}");
    let before = [
        ("main;handle_order;parse_cart", 125_500),
        ("main;handle_order;rustc_entry", 45_000),
        ("main;wait", 59_900),
    ];
    let after = [
        (compiled.as_str(), 7_100),
        ("main;handle_order;parse_cart", 6_275),
        ("main;handle_order;rustc_entry", 2_250),
        ("main;wait", 2_995),
    ];
    [of(&before), of(&after)]
}

/// A difference of two values, with an interval of a tenth around it.
fn figure([before, after]: [f64; 2]) -> Figure {
    let difference = after - before;
    Figure { before, after, low: difference * 0.9, high: difference * 1.1, p: 0.0001 }
}

/// The verdict whose numbers are those of the trees by covered second, in the words of the engine.
fn verdict(trees: &[CallTree; 2], culprit: &str) -> VerdictResponse {
    let total = |side: usize| trees[side].total(NodeId::ROOT) as f64;
    let rate = |value: f64, side: usize| value / COVERED[side] as f64;
    let (cost, share) = (rate(7.1e9, 1), 7.1e9 / total(1));
    let name = |name: &str| FunctionName { name: name.to_owned(), file: String::new() };
    let finding = Finding {
        function: name(culprit),
        under: Some(name("handle_order")),
        deepest: None,
        cost: figure([0.0, cost]),
        share: figure([0.0, share]),
        q: 0.001,
        moved: None,
    };
    let side = |side: usize| SideFacts {
        profiles: COVERED[side] as u64 / 15,
        replicas: 1,
        all_replicas: 1,
        covered_secs: COVERED[side] as f64,
        span_secs: COVERED[side] as f64,
        windows: 12,
        window_secs: 15.0,
        ..SideFacts::default()
    };
    let found = Findings {
        total: figure([rate(total(0), 0), rate(total(1), 1)]),
        total_changed: true,
        functions: vec![finding],
        began: None,
        only_share: vec![name("parse_cart")],
        compared: 5,
        visible_total: 0.1,
        visible_share: 0.01,
        baselines: 1,
        method: Method::default(),
    };
    let judged = Verdict {
        relation: Relation::Versions { before: "1".to_owned(), after: "2".to_owned() },
        sample_type: "cpu".to_owned(),
        sample_unit: "nanoseconds".to_owned(),
        period_unit: "nanoseconds".to_owned(),
        per: Per::Second,
        sides: [side(0), side(1)],
        outcome: Outcome::Compared(Box::new(found)),
    };
    let wire = |figure: Figure| {
        let Figure { before, after, low, high, p } = figure;
        Some(VerdictFigure { before, after, low, high, p })
    };
    VerdictResponse {
        headline: judged.headline(),
        number: judged.number().map(|n| VerdictNumber { text: n.text, label: n.label, grew: n.grew }),
        sentences: judged.sentences(),
        outcome: "changed".to_owned(),
        relation: "versions".to_owned(),
        unit: "nanoseconds".to_owned(),
        per: "second".to_owned(),
        functions: vec![VerdictFunction {
            name: culprit.to_owned(),
            called_by: "handle_order".to_owned(),
            cost: wire(figure([0.0, cost])),
            share: wire(figure([0.0, share])),
            ..VerdictFunction::default()
        }],
        only_share: vec!["parse_cart".to_owned()],
        notes: vec!["skipped a version with less than 5 min of data".to_owned()],
        ..VerdictResponse::default()
    }
}

fn evidence(trees: [CallTree; 2], verdict: VerdictResponse) -> Evidence {
    let side = |(index, tree): (usize, CallTree)| {
        let from = START - COVERED[0] * SECOND * i64::from(index == 0);
        let until = START + 900 * SECOND * index as i64;
        let version = ["1", "2"][index];
        let gap = Gap { from_ns: START + COVERED[1] * SECOND, until_ns: until };
        EvidenceSide {
            label: ["baseline", "comparison"][index].to_owned(),
            selector: format!("{{service_name=\"checkout\", version=\"{version}\"}}"),
            range: (UnixNanos(from), UnixNanos(until)),
            profile_type: TYPE.to_owned(),
            unit: "nanoseconds".to_owned(),
            profiles: COVERED[index] as u64 / 15,
            tree,
            covered_ns: COVERED[index] * SECOND,
            facts: Some(Facts {
                service: "checkout".to_owned(),
                versions: vec![version.to_owned()],
                instances_covered: 1,
                instances_known: 2,
                gaps: if index == 1 { vec![gap] } else { Vec::new() },
                retention_ns: Some(14 * 86_400 * SECOND),
                ..Facts::default()
            }),
        }
    };
    Evidence {
        version: payload::VERSION,
        kind: SnapshotKind::Compare,
        sides: trees.into_iter().enumerate().map(side).collect(),
        grid: None,
        facts: Facts { service: "checkout".to_owned(), ..Facts::default() },
        verdict: Some(verdict),
        chart: None,
        offsets: None,
        _memory: None,
    }
}

fn frozen(evidence: &Evidence, policy: &Policy) -> (Prepared, Snapshot) {
    let draft = Draft {
        title: "Checkout, version 2".to_owned(),
        note: String::new(),
        visibility: Visibility::Link,
        team_id: None,
        expires_in: String::new(),
        strict: true,
        view: String::new(),
    };
    let prepared = sanitize_and_freeze(&draft, evidence, policy, 1 << 20).unwrap();
    let snapshot = payload::decode(&prepared.payload.bytes, &prepared.payload.hash).unwrap();
    (prepared, snapshot)
}

fn row(summary: String) -> ShareRow {
    ShareRow {
        id: "id".into(),
        link_hash: String::new(),
        snapshot_hash: Some("9f2a".to_owned()),
        owner_id: "ann".into(),
        owner_name: "ann".to_owned(),
        created_by: "ann".into(),
        title: "Checkout, version 2".to_owned(),
        note: String::new(),
        visibility: "link".to_owned(),
        team_id: None,
        everyone_signed_in: false,
        version: 1,
        derived_from: None,
        policy: "light".to_owned(),
        policy_version: 1,
        summary,
        view: String::new(),
        payload_bytes: 0,
        created_at: UnixNanos(START + 900 * SECOND),
        changed_at: UnixNanos(START + 900 * SECOND),
        expires_at: None,
        revoked_at: None,
        views: 0,
        viewed_at: None,
    }
}

fn written(summary: String, snapshot: &Snapshot, format: Format) -> String {
    write(&row(summary), snapshot, format, &Urls::default(), None).unwrap()
}

fn comparison(format: Format) -> String {
    let trees = trees("Regex::new");
    let verdict = verdict(&trees, "Regex::new");
    let (prepared, snapshot) = frozen(&evidence(trees, verdict), &Policy::light());
    written(summary_text(&prepared.summary).unwrap(), &snapshot, format)
}

#[test]
fn a_comparison_of_unequal_time_in_markdown() {
    let text = comparison(Format::Markdown);
    insta::assert_snapshot!(text);
    // The sentence and the tables have the same numbers.
    for number in ["0.064 cores", "0.103 cores", "0.0394 cores", "38.1 %"] {
        assert!(text.matches(number).count() >= 2, "{number}: {text}");
    }
    // What only lost share is not blamed.
    assert!(text.lines().all(|line| !line.contains("rustc_entry")), "{text}");
}

#[test]
fn a_comparison_of_unequal_time_in_html() {
    insta::assert_snapshot!(comparison(Format::Html));
}

#[test]
fn a_comparison_of_unequal_time_in_confluence() {
    insta::assert_snapshot!(comparison(Format::Confluence));
}

#[test]
fn the_line_of_lists_and_previews_is_the_headline_of_the_verdict() {
    let trees = trees("Regex::new");
    let verdict = verdict(&trees, "Regex::new");
    let (prepared, snapshot) = frozen(&evidence(trees, verdict.clone()), &Policy::light());
    assert_eq!(prepared.summary.verdict, verdict.headline);
    assert!(
        verdict.headline.starts_with("CPU use per replica is 62 % higher in version 2"),
        "{}",
        verdict.headline
    );
    // All of these functions are the service's own.
    let kept = VerdictResponse { own_functions_known: true, own_functions: (0..6).collect(), ..verdict };
    assert_eq!(snapshot.verdict, Some(kept));
    assert_eq!(snapshot.sides[0].covered_ns, 3600 * SECOND);
    assert_eq!(snapshot.facts.unwrap().top_movers[0].function, "Regex::new");
}

#[test]
fn the_change_above_a_profile_is_its_line() {
    let [before, after] = trees("Regex::new");
    let verdict = verdict(&[before.clone(), after.clone()], "Regex::new");
    let of = |tree: &CallTree, policy: &Policy| {
        let both = evidence([before.clone(), tree.clone()], verdict.clone());
        let sides = both.sides.into_iter().skip(1).collect();
        frozen(&Evidence { kind: SnapshotKind::Explore, sides, ..both }, policy)
    };
    let (prepared, snapshot) = of(&after, &Policy::light());
    assert_eq!(prepared.summary.verdict, verdict.headline);
    let text = written(summary_text(&prepared.summary).unwrap(), &snapshot, Format::Markdown);
    assert!(text.contains("Named by the verdict") && text.contains("Regex::new"), "{text}");
    // Of a profile without the function, nothing was merged, or it may have been.
    let (light, _) = of(&before, &Policy::light());
    assert_eq!(light.summary.verdict, verdict.headline);
    let (strict, _) = of(&before, &Policy::strict([7; 16]));
    assert!(strict.summary.verdict.contains("`(other)`"), "{}", strict.summary.verdict);
}

#[test]
fn a_public_comparison_names_no_one_and_merges_no_function_into_the_ranking() {
    let raw = "Regex::new(alice@corp.example)";
    let [before, after] = trees(raw);
    // 16.4 % of the comparison in paths too rare to be shown.
    let mut rare: Vec<(String, i64)> = (0..1000).map(|i| (format!("main;tenant_{i}"), 3_655_000)).collect();
    rare.push((format!("main;handle_order;{raw}"), 7_110_000_000));
    rare.push(("main;wait".to_owned(), 11_520_000_000));
    let rare = tree(&rare.iter().map(|(path, value)| (path.as_str(), *value)).collect::<Vec<_>>());
    let verdict = verdict(&[before.clone(), after], raw);
    let (prepared, snapshot) = frozen(&evidence([before, rare], verdict), &Policy::strict([7; 16]));
    let summary = summary_text(&prepared.summary).unwrap();
    for format in [Format::Markdown, Format::Html, Format::Confluence] {
        let text = written(summary.clone(), &snapshot, format);
        assert!(text.contains("16.4 % merged for privacy (0 % of the baseline)."), "{text}");
        assert!(!text.contains("alice") && !text.contains("tenant_") && !text.contains("(other)"), "{text}");
    }
    let everywhere = format!("{:?} {summary}", snapshot.verdict);
    assert!(everywhere.contains("Regex::new(<e-mail>)") && !everywhere.contains("alice"), "{everywhere}");
    assert!(snapshot.facts.unwrap().top_movers.iter().all(|mover| mover.function != "(other)"));
}

#[test]
fn version_1_shows_neither_rates_nor_a_verdict() {
    let snapshot = Snapshot::from_bytes(VERSION_1).unwrap();
    let found = thaw(snapshot.clone(), String::new()).unwrap();
    assert_eq!(
        found.summary.verdict,
        "Comparison of checkout, CPU: 3.84 min in total (baseline), 18.6 s in total (comparison); covered time not recorded"
    );
    let text = written(summary_text(&found.summary).unwrap(), &snapshot, Format::Markdown);
    insta::assert_snapshot!(text);
    assert!(!text.contains("cores") && !text.contains(" pp") && !text.contains('Δ'), "{text}");
}

#[test]
fn a_summary_of_earlier_versions_blames_no_function() {
    let snapshot = Snapshot::from_bytes(VERSION_1).unwrap();
    let old = r#"{"kind":"compare","verdict":"rustc_entry: 12.1 % of CPU (self), −7.5 pp against the baseline","service":"checkout","profile_type":"process_cpu:cpu:nanoseconds:cpu:nanoseconds"}"#;
    let text = written(old.to_owned(), &snapshot, Format::Markdown);
    assert!(
        text.contains("**Comparison of checkout, CPU**") && !text.contains("against the baseline"),
        "{text}"
    );
    // Nor does a title that was copied from it, although the summary is current by now.
    let now = thaw(snapshot.clone(), String::new()).unwrap().summary;
    let title = "rustc_entry: 12.1 % of CPU (self), −7.5 pp against the baseline".to_owned();
    let copied = ShareRow { title, ..row(summary_text(&now).unwrap()) };
    let text = write(&copied, &snapshot, Format::Markdown, &Urls::default(), None).unwrap();
    assert!(!text.contains("against the baseline") && !text.contains("−7.5"), "{text}");
}

#[test]
fn sanitizing_version_1_again_keeps_the_version() {
    let evidence = Evidence::of_snapshot(Snapshot::from_bytes(VERSION_1).unwrap(), "").unwrap();
    let (_, snapshot) = frozen(&evidence, &Policy::strict([7; 16]));
    assert_eq!((snapshot.version, snapshot.verdict, snapshot.sides[0].covered_ns), (1, None, 0));
}
