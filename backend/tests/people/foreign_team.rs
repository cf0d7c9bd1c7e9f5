//! Isolation between teams: no route reads or writes profiles outside of the caller's scope.
//!
//! Every series has a function and a label of its own; an answer that holds either of a series beyond the caller's bounds
//! gives that series away.

use super::program::{Program, bind, escape, good, secret, service_account, token};
use super::site::{Answer, Browser, Site};
use axum::http::StatusCode;
use flarepath::auth::Permission;
use flarepath::db::Records;
use flarepath::http::router::routes;
use flarepath_profile::labels::Labels;
use flarepath_profile::selector::{MatchOp, Selector};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::time::Duration;

const CASES: usize = 40;
pub(crate) const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const SERVICES: [&str; 6] = ["pay-api", "pay-web", "pay", "cart", "xpay-api", "söüp"];
const TEAMS: [&str; 4] = ["pay", "shop", "a|b", ""];

/// What stands in the place of a value in a matcher: plain, patterns, and what tries to break out.
const VALUES: [&str; 14] = [
    "pay-api",
    "pay-.*",
    "pay",
    ".*",
    ".+",
    "",
    "cart|pay-web",
    "(?i)PAY",
    "a\\|b",
    "söüp",
    "[^x].*",
    "shop",
    "x*",
    "a|b",
];

/// Questions that would widen what may be seen, if bounds were text that is put beside theirs.
const INJECTIONS: [&str; 14] = [
    "{}",
    r#"{service_name=~".*"}"#,
    r#"{service_name="cart"}"#,
    r#"{service_name!="x"}"#,
    r#"{service_name="pay-api"} or {service_name=~".*"}"#,
    r#"{service_name="pay-api"}}"#,
    r#"{service_name="pay-api\"} or {service_name=~\".*"}"#,
    r#"{service_name=~"x)|(.*"}"#,
    r#"{service_name=~"x|.*$|^"}"#,
    r#"{service_name=~"(?s).*|"}"#,
    r#"{__name__=~".*"}"#,
    r#"{"team"=~".*","team"=~"|.+"}"#,
    "{service_name=~\"\u{202e}*.\u{0}|.*\"}",
    "",
];

struct Series {
    labels: Labels,
    canary: String,
}

struct World {
    site: Site,
    root: Browser,
    account: String,
    series: Vec<Series>,
}

impl World {
    async fn new() -> World {
        let (site, root) = Site::claimed(Records::in_memory()).await;
        let agent = Program::new(&site, &token(&root, "agent", "agent", "").await);
        let mut series = Vec::new();
        for service in SERVICES {
            for team in TEAMS {
                let canary = format!("canary_{:02}_", series.len());
                let labels: Labels =
                    [("service_name", service), ("team", team), ("canary", &canary)].into_iter().collect();
                let text: Vec<String> = labels
                    .iter()
                    .filter(|(n, _)| *n != "service_name")
                    .map(|(n, v)| format!("{n}={v}"))
                    .collect();
                let pushed =
                    agent.push(service, &format!("{{{}}}", text.join(",")), &format!("main;{canary}")).await;
                assert_eq!(pushed.status, StatusCode::OK, "{}", pushed.text());
                series.push(Series { labels, canary });
            }
        }
        for Series { labels, canary } in &series {
            let selector = format!("{{canary={canary:?}}}");
            let marker = json!({ "kind": "deploy", "service": labels.service(), "selector": selector, "text": canary });
            let posted = root.post("/api/v1/markers", marker).await;
            assert_eq!(posted.status, StatusCode::CREATED, "{}", posted.text());
        }
        let account = service_account(&root, "reader").await;
        bind(&root, ("service_account", &account), "viewer", "").await;
        // Ranges end before now.
        site.clock.advance(Duration::from_secs(10));
        World { site, root, account, series }
    }

    /// A program that may see what the selector selects; the id of its token.
    async fn reader(&self, selector: &str) -> (Program, String) {
        let draft = json!({ "name": "x", "role": "viewer", "selector": selector });
        let made = self.root.post(&format!("/api/v1/service-accounts/{}/tokens", self.account), draft).await;
        let id = good(&made)["token"]["id"].as_str().unwrap().to_owned();
        (Program::new(&self.site, &secret(&made)), id)
    }
}

/// Whether a selector selects labels, worked out anew.
fn selects(selector: &Selector, labels: &Labels) -> bool {
    selector.matchers.iter().all(|matcher| {
        let value = labels.get(&matcher.name).unwrap_or("");
        let whole = || regex::Regex::new(&format!(r"\A(?:{})\z", matcher.value)).unwrap().is_match(value);
        match matcher.op {
            MatchOp::Equal => value == matcher.value,
            MatchOp::NotEqual => value != matcher.value,
            MatchOp::Regex => whole(),
            MatchOp::NotRegex => !whole(),
        }
    })
}

fn any_selector() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["service_name", "team", "missing"]);
    let op = prop::sample::select(vec!["=", "!=", "=~", "!~"]);
    let value = prop::sample::select(VALUES.to_vec());
    let matcher = (name, op, value).prop_map(|(name, op, value)| format!("{name}{op}{value:?}"));
    prop::collection::vec(matcher, 1..4).prop_map(|all| format!("{{{}}}", all.join(", ")))
}

/// Every way to ask for profiles, by the route's path in the table.
async fn every_answer(program: &Program, question: &str) -> Vec<(String, Answer)> {
    every_answer_of(program, question, "").await
}

/// The same of a store; of the default one without a name. The program names it in its header.
pub(crate) async fn every_answer_of(program: &Program, question: &str, store: &str) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    let selector = escape(question);
    let typed = format!("type={CPU}&selector={selector}");
    for (route, path) in [
        ("/api/v1/services", format!("/api/v1/services?selector={selector}")),
        ("/api/v1/services", format!("/api/v1/services?selector={selector}&q=s&limit=1000")),
        ("/api/v1/profile-types", format!("/api/v1/profile-types?selector={selector}")),
        ("/api/v1/labels", format!("/api/v1/labels?selector={selector}")),
        ("/api/v1/labels/{name}/values", format!("/api/v1/labels/canary/values?selector={selector}")),
        ("/api/v1/labels/{name}/values", format!("/api/v1/labels/__name__/values?selector={selector}")),
        ("/api/v1/series", format!("/api/v1/series?{typed}&by=canary")),
        ("/api/v1/series", format!("/api/v1/series?{typed}&by=canary&aligned=true&covered=true")),
        ("/api/v1/call-tree", format!("/api/v1/call-tree?{typed}")),
        ("/api/v1/top-functions", format!("/api/v1/top-functions?{typed}")),
        ("/api/v1/lines", format!("/api/v1/lines?{typed}&function=main")),
        ("/api/v1/heatmap", format!("/api/v1/heatmap?{typed}")),
        ("/api/v1/heatmap", format!("/api/v1/heatmap?{typed}&of=label&label=canary")),
        ("/api/v1/diff", format!("/api/v1/diff?{typed}&baseline_selector=%7B%7D")),
        ("/api/v1/diff", format!("/api/v1/diff?type={CPU}&baseline_selector={selector}")),
        ("/api/v1/verdict", format!("/api/v1/verdict?{typed}")),
        ("/api/v1/verdict", format!("/api/v1/verdict?{typed}&baseline_selector=%7B%7D")),
        ("/api/v1/verdict", format!("/api/v1/verdict?type={CPU}&baseline_selector={selector}")),
        ("/api/v1/breakdown", format!("/api/v1/breakdown?{typed}&by=canary")),
        ("/api/v1/overview", format!("/api/v1/overview?selector={selector}")),
        ("/api/v1/overview", format!("/api/v1/overview?selector={selector}&from=now-3h&sort=name")),
        // Its sources are asked in tests/people/foreign_metrics.
        ("/api/v1/indicators", "/api/v1/indicators?service=pay-api".to_owned()),
        ("/api/v1/overview/metrics", "/api/v1/overview/metrics?service=pay-api&service=cart".to_owned()),
        ("/api/v1/own-code", "/api/v1/own-code?service=pay-api".to_owned()),
        ("/api/v1/markers", format!("/api/v1/markers?selector={selector}")),
        ("/api/v1/markers", "/api/v1/markers?service=pay-api".to_owned()),
        ("/api/v1/export", format!("/api/v1/export?{typed}&format=folded")),
        ("/api/v1/export", format!("/api/v1/export?{typed}&format=speedscope")),
        ("/api/v1/export", format!("/api/v1/export?{typed}&format=firefox")),
    ] {
        let path = match store {
            "" => path,
            store if path.contains('?') => format!("{path}&store={store}"),
            store => format!("{path}?store={store}"),
        };
        answers.push((route.to_owned(), program.get(&path).await));
    }
    let now = super::site::START_S * 1000 + 10_000;
    let mut ask = json!({
        "start": now - 3_600_000, "end": now, "profileTypeID": CPU, "labelSelector": question, "matchers": [question],
        "name": "canary", "groupBy": ["canary"], "step": 60.0, "maxNodes": 0,
    });
    let side = ask.clone();
    ask["left"] = side.clone();
    ask["right"] = side;
    for method in routes().iter().filter(|route| route.path.starts_with("/querier.v1.")) {
        answers.push((method.path.to_owned(), program.post_json(method.path, ask.clone()).await));
    }
    answers
}

#[tokio::test]
async fn no_answer_holds_a_series_beyond_the_bounds() {
    let world = World::new().await;
    let mut runner = TestRunner::deterministic();
    let strategy = (any_selector(), any_selector(), 0..INJECTIONS.len());
    let (mut hidden, mut shown) = (0, 0);
    for case in 0..CASES {
        let (bounds, question, injection) = strategy.new_tree(&mut runner).unwrap().current();
        let selector: Selector = bounds.parse().unwrap();
        let (visible, foreign): (Vec<&Series>, Vec<&Series>) =
            world.series.iter().partition(|series| selects(&selector, &series.labels));
        let (program, id) = world.reader(&bounds).await;
        let injection = INJECTIONS[(injection + case) % INJECTIONS.len()];
        for question in ["{}", &question, injection] {
            for (route, answer) in every_answer(&program, question).await {
                let text = answer.text();
                for series in &foreign {
                    let place = format!("{route} asked {question} within {bounds}");
                    assert!(!text.contains(&series.canary), "{place} gives {} away: {text}", series.labels);
                }
                assert!(!answer.status.is_server_error(), "{route} asked {question}: {text}");
            }
        }
        // Within the bounds all is there, or this test would prove nothing.
        let values = good(&program.get("/api/v1/labels/canary/values").await);
        assert_eq!(values["values"].as_array().unwrap().len(), visible.len(), "{bounds}");
        let tree = good(&program.get(&format!("/api/v1/call-tree?type={CPU}")).await).to_string();
        assert!(visible.iter().all(|series| tree.contains(&series.canary)), "{bounds}: {tree}");
        (hidden, shown) = (hidden + foreign.len(), shown + visible.len());
        assert_eq!(world.root.delete(&format!("/api/v1/tokens/{id}")).await.status, StatusCode::NO_CONTENT);
    }
    assert!(hidden > CASES && shown > CASES, "{hidden} hidden, {shown} shown");
}

#[tokio::test]
async fn every_profile_route_is_covered() {
    let world = World::new().await;
    let (program, _) = world.reader("{}").await;
    let asked = every_answer(&program, "{}").await;
    // Say how long profiles are kept and from where they are read, and nothing of any; see tests/people/foreign_store.
    let is_asked = |path: &str| !["/api/v1/retention", "/api/v1/stores"].contains(&path);
    let reading = routes().into_iter().filter(|route| route.permission == Permission::ReadProfiles);
    for route in reading.filter(|route| is_asked(route.path)) {
        let answers: Vec<&Answer> =
            asked.iter().filter(|(path, _)| path == route.path).map(|(_, a)| a).collect();
        assert!(!answers.is_empty(), "nobody asks {} for what is beyond the bounds", route.path);
        for answer in answers {
            assert_eq!(answer.status, StatusCode::OK, "{}: {}", route.path, answer.text());
        }
    }
    for (path, answer) in &asked {
        let names_none = [
            "/api/v1/indicators",
            "/api/v1/overview/metrics",
            "/api/v1/own-code",
            "/api/v1/services",
            "/api/v1/profile-types",
            "/api/v1/labels",
            "/api/v1/lines",
        ];
        let is_of_names = path.ends_with("/ProfileTypes") || path.ends_with("/LabelNames");
        // A span that nobody has holds nothing; the values of an internal label are none.
        // A verdict needs minutes of data.
        let is_empty =
            ["/SelectMergeSpanProfile", "/values", "/verdict"].iter().any(|end| path.ends_with(end));
        if !names_none.contains(&path.as_str()) && !is_of_names && !is_empty {
            assert!(answer.text().contains("canary_00_"), "{path} shows nothing: {}", answer.text());
        }
    }
}

/// Whether a service beyond the bounds exists is not for everyone to know.
#[tokio::test]
async fn foreign_services_look_nonexistent() {
    let world = World::new().await;
    let (program, _) = world.reader(r#"{service_name="cart"}"#).await;
    let mut answers = Vec::new();
    for service in ["pay-api", "nobody"] {
        let selector = escape(&format!("{{service_name={service:?}}}"));
        let path = format!("/api/v1/call-tree?type={CPU}&selector={selector}");
        answers.push(good(&program.get(&path).await));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["service_known"], Value::Bool(false));
}

#[tokio::test]
async fn cached_answers_are_not_shared_across_bounds() {
    let world = World::new().await;
    let path = format!("/api/v1/call-tree?type={CPU}&from=now-1h&until=now");
    let (all, _) = world.reader("{}").await;
    let (cart, _) = world.reader(r#"{service_name="cart"}"#).await;
    for _ in 0..2 {
        assert!(good(&all.get(&path).await).to_string().contains("canary_00_"));
        assert!(!good(&cart.get(&path).await).to_string().contains("canary_00_"));
    }
}

#[tokio::test]
async fn tenant_headers_are_ignored() {
    let world = World::new().await;
    let request = |tenant: &str| {
        let request = world.root.request(axum::http::Method::GET, "/api/v1/services", Value::Null);
        let (mut parts, body) = request.into_parts();
        parts.headers.insert("x-scope-orgid", tenant.parse().unwrap());
        axum::http::Request::from_parts(parts, body)
    };
    let plain = world.root.get("/api/v1/services").await.text();
    for tenant in ["other", "..", "anonymous", "a|b"] {
        assert_eq!(world.root.send(request(tenant)).await.text(), plain, "{tenant}");
    }
}
