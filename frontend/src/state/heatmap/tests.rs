//! Tests of the URL of a heat map, its columns, and the queries of its regions.

use super::*;
use crate::state::time_range::{PRESETS, TimeRange};
use crate::state::url_text::parse_pairs;

fn reload(path: &str) -> (Query, HeatView) {
    let pairs = parse_pairs(path.split_once('?').map_or("", |(_, query)| query));
    let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
    (Query::from_params(&get), HeatView::from_params(&get))
}

fn named(name: &str) -> RowName {
    RowName::Named(name.to_owned())
}

fn region(rows: &[RowName]) -> Region {
    Region { from_ms: 60_000, until_ms: 180_000, rows: rows.to_vec() }
}

fn subject(rows: Rows) -> Subject {
    let query = Query {
        service: Some("shop".into()),
        profile_type: Some("cpu".into()),
        filter: r#"{region="eu"}"#.into(),
        by: Some("pod".into()),
        ..Query::default()
    };
    let names = ["a.1", "b", ""].map(str::to_owned).to_vec();
    Subject { query, span: Span::of_ms(90_000, 600_000), rows, names }
}

#[test]
fn map_and_selections_survive_the_url() {
    let view = HeatView {
        rows: Some(Rows::Label),
        cost: Cost::Total,
        linear_bins: true,
        scale: Scale::Log,
        step_ms: Some(300_000),
        most: 60,
        picked: [Some(region(&[named("a;b\\c"), named(""), RowName::Other])), Some(region(&[]))],
    };
    let [store, service, by] = ["prod", "shop", "pod"].map(|text| Some(text.to_owned()));
    let query = Query { store, service, by, ..Query::default() };
    assert_eq!(reload(&heatmap_path(&query, &view)), (query, view));
    assert_eq!(reload("/heatmap"), (Query::default(), HeatView::default()));
    assert_eq!(heatmap_path(&Query::default(), &HeatView::default()), "/heatmap");
}

#[test]
fn invalid_parameters_are_the_default() {
    let view = HeatView::from_params(&|_| Some("nonsense-".into()));
    assert_eq!(view, HeatView::default());
    for bad in ["5-5", "9-5", "5", "-", "5-9;x", ""] {
        assert_eq!(Region::parse(bad), None, "{bad}");
    }
}

#[test]
fn chooses_few_columns_and_folded_ones_for_long_ranges() {
    for (_, range) in PRESETS {
        let span = range.resolve(1_764_000_000_000);
        let step = step_ms(span, None);
        assert!((5..=MAX_CHOSEN).contains(&(span.length_ns() / MS / step)), "{range:?} by {step}");
        assert!(span.length_ns() / MS < LONG_MS || step % FOLDED_MS == 0, "{range:?} by {step}");
        assert!(steps_for(span).any(|(ms, _)| ms == step));
    }
    let day = Span::of_ms(0, DAY);
    assert_eq!(
        (step_ms(day, None), step_ms(day, Some(MINUTE)), step_ms(day, Some(10_000))),
        (5 * MINUTE, MINUTE, 5 * MINUTE)
    );
}

#[test]
fn a_third_rectangle_replaces_the_second() {
    let at = |from_ms| Region { from_ms, until_ms: from_ms + 1, rows: Vec::new() };
    let froms = |view: &HeatView| view.picked.each_ref().map(|r| r.as_ref().map(|r| r.from_ms));
    let one = HeatView::default().with_region(at(1), false);
    let two = one.with_region(at(2), false);
    assert_eq!(froms(&one.with_region(at(5), true)), [Some(5), None]);
    assert_eq!(froms(&two), [Some(1), Some(2)]);
    assert_eq!(froms(&two.with_region(at(3), false)), [Some(1), Some(3)]);
    assert_eq!(froms(&two.with_region(at(3), true)), [Some(1), Some(3)]);
    assert_eq!(froms(&two.without_region(0)), [Some(2), None]);
    assert_eq!(froms(&two.without_region(1)), [Some(1), None]);
}

#[test]
fn label_rows_become_matchers() {
    let filter = |rows: &[RowName]| subject(Rows::Label).query_of(&region(rows)).filter;
    assert_eq!(filter(&[]), r#"{region="eu"}"#);
    assert_eq!(filter(&[named("a.1")]), r#"{region="eu", pod="a.1"}"#);
    assert_eq!(filter(&[named("")]), r#"{region="eu", pod=""}"#);
    assert_eq!(filter(&[named("a.1"), named("b")]), r#"{region="eu", pod=~"a\\.1|b"}"#);
    assert_eq!(filter(&[RowName::Other]), r#"{region="eu", pod!~"a\\.1|b|"}"#);
    assert_eq!(filter(&[named("b"), named(""), RowName::Other]), r#"{region="eu", pod!="a.1"}"#);
}

#[test]
fn a_region_queries_exactly_its_data() {
    let of = subject(Rows::Functions);
    let one = region(&[named("work")]);
    assert_eq!(
        of.query_of(&one).range,
        Some(TimeRange::between_ms(90_000, 180_000)),
        "the range begins within the first column"
    );
    let until_ns = 150_000_000_000 + 1;
    let narrow = Subject { span: Span { from_ns: 90_000_000_001, until_ns }, ..subject(Rows::Functions) };
    assert_eq!(narrow.query_of(&one).range, Some(TimeRange::Between(narrow.span)), "to the nanosecond");
    let path = of.flame_path(&one);
    assert!(path.starts_with("/explore?") && path.ends_with("&steps=focus:work"), "{path}");
    assert!(!of.flame_path(&region(&[named("work"), named("rest")])).contains("focus:"));
    assert!(!subject(Rows::Label).flame_path(&one).contains("focus:"));
    assert_eq!(
        subject(Rows::Label).incident_path(&region(&[named("b")])).unwrap(),
        "/i?service=shop&type=cpu&selector=%7Bregion%3D%22eu%22,%20pod%3D%22b%22%7D\
         &at=1970-01-01T00:01:30Z&until=1970-01-01T00:03:00Z"
    );
    let later = Region { from_ms: 180_000, until_ms: 240_000, ..one.clone() };
    let path = of.compare_path([&one, &later]);
    assert!(
        path.contains("from=1970-01-01T00:03:00Z&until=1970-01-01T00:04:00Z")
            && path.contains("b.from=1970-01-01T00:01:30Z&b.until=1970-01-01T00:03:00Z"),
        "{path}"
    );
    assert!(path.contains("steps=focus:work"), "{path}");
}
