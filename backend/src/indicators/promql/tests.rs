//! Tests of parsing, printing, and of the matchers that every selector gets.

use super::parser::MAX_BYTES;
use super::*;
use flarepath_profile::selector::{Matcher, Selector};
use proptest::prelude::*;
use rstest::rstest;

fn matchers(selector: &str) -> Vec<Matcher> {
    selector.parse::<Selector>().unwrap().matchers
}

fn printed(query: &str, added: &str) -> String {
    let matchers = matchers(added);
    parse(query).unwrap().print(&Values { matchers: &matchers, window_secs: 120, pod: "pod" })
}

#[rstest]
#[case::plain("up", r#"up{team="x"}"#)]
#[case::name_with_colons("a:b:rate5m", r#"a:b:rate5m{team="x"}"#)]
#[case::placeholders("sum by ($pod) (rate(a{$S}[$w]))", r#"sum by (pod) (rate(a{team="x"}[120s]))"#)]
#[case::regex(r#"a{code=~"5..",$S}"#, r#"a{code=~"5..", team="x"}"#)]
#[case::negative(r#"a{container!="",image!~"x|y"}"#, r#"a{container!="", image!~"x|y", team="x"}"#)]
#[case::only_matchers(r#"{__name__="a"}"#, r#"{__name__="a", team="x"}"#)]
#[case::utf8_name(
    r#"{"http.server.duration", "k8s.pod"='a'}"#,
    r#"{"http.server.duration", "k8s.pod"="a", team="x"}"#
)]
#[case::utf8_grouping(r#"sum by ("k8s.pod") (a)"#, r#"sum by ("k8s.pod") (a{team="x"})"#)]
#[case::grouping_after("sum(a) without (le)", r#"sum without (le) (a{team="x"})"#)]
#[case::subquery("max_over_time(rate(a[5m])[1h:])", r#"max_over_time((rate(a{team="x"}[5m]))[1h:])"#)]
#[case::subquery_steps("(a + b)[1h30m:5m]", r#"((a{team="x"} + b{team="x"}))[1h30m:5m]"#)]
#[case::offset("rate(a[5m] offset -1h)", r#"rate(a{team="x"}[5m] offset -1h)"#)]
#[case::at("a @ end() offset 5m + a @ 12.5", r#"(a{team="x"} @ end() offset 5m + a{team="x"} @ 12.5)"#)]
#[case::precedence(
    "a + b * c ^ d ^ e",
    r#"(a{team="x"} + (b{team="x"} * (c{team="x"} ^ (d{team="x"} ^ e{team="x"}))))"#
)]
#[case::left_to_right("a - b - c", r#"((a{team="x"} - b{team="x"}) - c{team="x"})"#)]
#[case::sign("-a ^ 2", r#"(-((a{team="x"} ^ 2)))"#)]
#[case::power_of_a_negative("(-a) ^ 2", r#"((-(a{team="x"})) ^ 2)"#)]
#[case::sets(
    "a or b and c unless d",
    r#"(a{team="x"} or ((b{team="x"} and c{team="x"}) unless d{team="x"}))"#
)]
#[case::join(
    "a * on (job, instance) group_left (k8s_pod_name) target_info",
    r#"(a{team="x"} * on (job, instance) group_left (k8s_pod_name) target_info{team="x"})"#
)]
#[case::ignoring(
    "a == bool ignoring (x) group_right b",
    r#"(a{team="x"} == bool ignoring (x) group_right () b{team="x"})"#
)]
#[case::quantile(
    "histogram_quantile(0.95, sum by (le) (a))",
    r#"histogram_quantile(0.95, sum by (le) (a{team="x"}))"#
)]
#[case::numbers("1e-3 * 0x1F * .5 * Inf", "(((1e-3 * 0x1F) * .5) * Inf)")]
#[case::label_replace(
    r#"label_replace(a, "b", "$1", "c", '(.*)')"#,
    r#"label_replace(a{team="x"}, "b", "$1", "c", "(.*)")"#
)]
#[case::case_of_keywords("SUM BY (pod) (a) AND b", r#"(SUM by (pod) (a{team="x"}) and b{team="x"})"#)]
#[case::comment("a # } or {job=\"y\"}\n+ b", r#"(a{team="x"} + b{team="x"})"#)]
fn every_selector_gets_the_matchers(#[case] query: &str, #[case] expected: &str) {
    assert_eq!(printed(query, r#"{team="x"}"#), expected);
}

#[test]
fn values_are_escaped() {
    let added = matchers(r#"{team="a\"} or {b=\"c\\", "k8s.x"=~"d|e"}"#);
    let values = Values { matchers: &added, window_secs: 60, pod: "k8s.pod.name" };
    let query = parse("sum by ($pod) (a)").unwrap().print(&values);
    assert_eq!(query, r#"sum by ("k8s.pod.name") (a{team="a\"} or {b=\"c\\", "k8s.x"=~"d|e"})"#);
}

#[rstest]
#[case("", 0)]
#[case("sum(", 4)]
#[case("a{", 2)]
#[case("a{b}", 3)]
#[case(r#"a{b="c" or d="e"}"#, 8)]
#[case("{}", 0)]
#[case(r#"{a!="b"}"#, 0)]
#[case(r#"{a=""}"#, 0)]
#[case("a[5m", 4)]
#[case("a[5x]", 2)]
#[case("a[5m30]", 2)]
#[case("sum(a)[5m]", 10)]
#[case("sum(a) offset 5m", 16)]
#[case("a b", 2)]
#[case("a;b", 1)]
#[case("info(a)", 0)]
#[case("$X", 0)]
#[case("a{b=\"c", 4)]
#[case(r#"a{b="\x41"}"#, 5)]
#[case("by", 0)]
#[case("a{b=$S}", 4)]
fn what_is_not_understood_is_refused_with_its_position(#[case] query: &str, #[case] position: usize) {
    let error = parse(query).unwrap_err();
    assert_eq!(error.position, position, "{error}");
}

#[test]
fn depth_and_length_are_bounded() {
    for long in
        ["(".repeat(2000), "-".repeat(2000), format!("a{}", "+a".repeat(2000)), "a".repeat(MAX_BYTES + 1)]
    {
        assert!(parse(&long).is_err());
    }
    assert!(parse(&format!("a{}", "[1m:]".repeat(1000))).is_err());
    assert!(parse(&format!("{}a{}", "(".repeat(30), ")".repeat(30))).is_ok());
}

/// Queries of any shape, each selector of a metric that begins with `m_`.
fn query() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("m_a".to_owned()),
        Just(r#"m_b{x="y",z!~"}|{"}"#.to_owned()),
        Just(r#"m_c{x='a"b'} offset 5m"#.to_owned()),
        Just(r#"{"m_d.e", x=~"m"}"#.to_owned()),
        Just("1.5".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("sum by (pod) ({a})")),
            inner.clone().prop_map(|a| format!("max_over_time(({a})[1h:5m])")),
            inner.clone().prop_map(|a| format!("-{a}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} / on (pod) group_left () {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) ^ {b} or {a}")),
        ]
    })
}

proptest! {
    #[test]
    fn no_selector_is_printed_without_the_matchers(query in query()) {
        let text = printed(&query, r#"{team="only-mine"}"#);
        // Outside of strings, `m_` begins the name of a metric.
        let selectors = query.matches("m_").count();
        prop_assert_eq!(text.matches(r#"team="only-mine""#).count(), selectors, "{}", text);
        prop_assert!(parse(&text).is_ok(), "{}", text);
    }

    #[test]
    fn printing_is_parsed_as_the_same_tree(query in query()) {
        let tree = parse(&query).unwrap();
        let text = tree.print(&Values { matchers: &[], window_secs: 60, pod: "pod" });
        prop_assert_eq!(parse(&text).unwrap(), tree, "{}", text);
    }

    #[test]
    fn no_text_panics(text in "[a-c{}()\\[\\]\"'$=!~,:@+^ 0-9ms\\\\]{0,40}") {
        let _ = parse(&text);
    }
}
