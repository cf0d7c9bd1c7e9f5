//! Snapshots of the JSON that each route answers, over a small fixed store. A route without a snapshot must be listed in
//! [`EXEMPT`] with the reason.
//!
//! Ids, secrets and hashes are random: each is replaced by its kind and the order of its first appearance, so that a snapshot
//! still shows which fields are the same.

use super::program::{escape, good};
use super::site::{Browser, PASSWORD, Site, token_of};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use flarepath::db::Records;
use flarepath::http::router::routes;
use regex::{Captures, Regex};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// GET routes whose answer is no JSON message, or is covered elsewhere.
const EXEMPT: [(&str, &str); 18] = [
    ("/api/docs", "HTML; tests/api/openapi"),
    ("/api/docs/{file}", "script and style; tests/api/openapi"),
    ("/api/openapi.json", "compared with the route table; tests/api/openapi"),
    ("/api/v1/audit/export", "lines of the same messages as /api/v1/audit"),
    ("/api/v1/export", "files of other formats; their writers have snapshots"),
    ("/api/v1/markers", "whole messages; tests/people/markers"),
    ("/api/v1/oidc/callback", "redirects; tests/people/oidc"),
    ("/api/v1/oidc/start", "redirects; tests/people/oidc"),
    ("/api/v1/shares/open/{link}", "protobuf only; tests/people/shares"),
    ("/api/v1/shares/open/{link}/pprof", "a pprof file; tests/people/shares"),
    ("/api/v1/shares/{id}/picture", "a PNG; tests/people/shares"),
    ("/api/v1/shares/{id}/postmortem", "text; its writers have snapshots"),
    ("/api/v1/shares/{id}/pprof", "a pprof file; tests/people/shares"),
    ("/api/v1/shares/{id}/snapshot", "protobuf only; tests/people/shares"),
    ("/metrics", "numbers of the whole process"),
    ("/og/{file}", "a PNG"),
    ("/s/{link}", "HTML; tests/people/shares"),
    ("/s/{link}/v/{number}", "HTML; tests/people/shares"),
];

const CPU: &str = "process_cpu:samples:count::";
const STACKS: &str = "main;serve;price 30\nmain;serve 10\nmain;gc 5\n";

/// A server with two profiles and one object of each kind, and the answers that made them.
struct World {
    site: Site,
    root: Browser,
    redaction: Redaction,
    /// Ids by the name that paths have for them.
    ids: BTreeMap<&'static str, String>,
}

impl World {
    async fn new() -> World {
        let (site, root) = Site::claimed(Records::in_memory()).await;
        World { site, root, redaction: Redaction::default(), ids: BTreeMap::new() }
    }

    /// Sends a request a second later, so that rows never have the same time, and compares the answer with its snapshot.
    async fn check(&mut self, method: Method, template: &str, body: Value) -> Value {
        self.site.clock.advance(Duration::from_secs(1));
        let path = self.fill(template);
        let answer = self.root.send(self.root.request(method.clone(), &path, body)).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
        let mut value = match answer.header(header::CONTENT_TYPE) {
            "application/json" => answer.json(),
            _ => json!(answer.text()),
        };
        // Two entries of one change have the same time and are sorted by their random ids.
        if let Some(entries) = value.get_mut("lines").and_then(Value::as_array_mut) {
            entries.sort_by_key(|entry| (-entry["at_ns"].as_i64().unwrap(), entry["action"].to_string()));
        }
        let route = template.split('?').next().unwrap_or_default();
        let name = format!("{}{}", method.as_str().to_ascii_lowercase(), route.replace(['/', '{', '}'], "-"));
        insta::assert_compact_json_snapshot!(name, self.redaction.apply(&value));
        value
    }

    /// The path of a template, with the ids that are known.
    fn fill(&self, template: &str) -> String {
        let mut path = template.to_owned();
        for (name, id) in &self.ids {
            path = path.replace(&format!("{{{name}}}"), id);
        }
        path
    }

    fn remember(&mut self, name: &'static str, id: &Value) {
        self.ids.insert(name, id.as_str().unwrap().to_owned());
    }

    /// Creates an object with its snapshot, and remembers its id under `name`.
    async fn create(&mut self, name: &'static str, template: &str, body: Value) -> Value {
        let made = self.check(Method::POST, template, body).await;
        let id = made.get("id").or_else(|| made.pointer("/token/id")).or_else(|| made.pointer("/share/id"));
        self.remember(name, id.unwrap_or_else(|| panic!("no id in {made}")));
        made
    }
}

/// Replaces what is random.
struct Redaction {
    random: Regex,
    seen: BTreeMap<String, String>,
}

impl Default for Redaction {
    fn default() -> Self {
        // Hashes, secrets of tokens and links, ids of rows.
        let random = r"(?<hash>\b[0-9a-f]{64}\b)|(?<secret>\bfp_[a-z]+_\w+|#token=[\w-]+|\b[0-9a-z]{32}\b)|(?<id>\b[0-9a-z]{26}\b)";
        Redaction { random: Regex::new(random).unwrap(), seen: BTreeMap::new() }
    }
}

impl Redaction {
    fn apply(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => json!(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.apply(item)).collect(),
            Value::Object(members) => {
                let member = |(name, value): (&String, &Value)| match name.as_str() {
                    "version" if value.is_string() => (name.clone(), json!("[version]")),
                    "last_four" | "prefix" => (name.clone(), json!("[part of a secret]")),
                    _ => (name.clone(), self.apply(value)),
                };
                members.iter().map(member).collect()
            }
            other => other.clone(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        let seen = &mut self.seen;
        let named = |found: &Captures<'_>| {
            let kind = ["hash", "secret", "id"].into_iter().find(|kind| found.name(kind).is_some());
            let next = seen.len() + 1;
            seen.entry(found[0].to_owned()).or_insert_with(|| format!("[{} {next}]", kind.unwrap())).clone()
        };
        self.random.replace_all(text, named).into_owned()
    }
}

/// Makes one object of each kind, each by the route that people use.
async fn fill(world: &mut World) {
    for (pod, version) in [("shop-1", "1"), ("shop-2", "2")] {
        let path = format!(
            "/api/v1/profiles?service=shop&name=process_cpu&label.pod={pod}&label.version={version}&time=now-1m"
        );
        let mut request = world.root.request(Method::POST, &path, Value::Null);
        *request.body_mut() = Body::from(STACKS);
        let pushed = good(&world.root.send(request).await);
        insta::assert_compact_json_snapshot!(format!("post-api-v1-profiles-{pod}"), pushed);
    }
    let invited =
        json!({ "name": "ann", "display_name": "Ann", "email": "ann@example.org", "role": "viewer" });
    let invited = world.check(Method::POST, "/api/v1/users", invited).await;
    world.remember("user", &invited["user"]["id"]);
    let token = token_of(&invited["link"]);
    world.check(Method::POST, "/api/v1/invitations/look", json!({ "token": token })).await;
    world.check(Method::PATCH, "/api/v1/users/{user}", json!({ "disabled": false })).await;
    let team = json!({ "name": "pay", "selector": "{service_name=\"shop\"}" });
    world.create("team", "/api/v1/teams", team).await;
    let own = json!({ "service": "shop", "patterns": [{ "of": "name", "text": "serve" }] });
    world.check(Method::PUT, "/api/v1/own-code", own).await;
    world.check(Method::PUT, "/api/v1/teams/{team}/members/{user}", Value::Null).await;
    let account = json!({ "name": "agent" });
    world.create("account", "/api/v1/service-accounts", account).await;
    let binding = json!({
        "subject_kind": "service_account", "subject_id": world.ids["account"], "role": "agent", "scope_kind": "org",
    });
    world.create("binding", "/api/v1/bindings", binding).await;
    let token = json!({ "name": "push", "role": "agent" });
    world.create("account_token", "/api/v1/service-accounts/{account}/tokens", token).await;
    world.create("token", "/api/v1/me/tokens", json!({ "name": "script", "role": "viewer" })).await;
    let query = format!("type={CPU}&selector={{service_name=\"shop\"}}&from=now-1h");
    let share = json!({ "source": { "kind": "explore", "query": query }, "title": "Slow prices" });
    world.check(Method::POST, "/api/v1/shares/preview", share.clone()).await;
    let share = world.create("share", "/api/v1/shares", share).await;
    world.remember("link", &share["link_id"]);
    let view = json!({ "number": 1, "name": "Fig. 1", "state": "view=table" });
    world.check(Method::PUT, "/api/v1/shares/{share}/views/1", view).await;
    let note = json!({ "path": ["main", "serve"], "text": "Here." });
    world.create("annotation", "/api/v1/shares/{share}/annotations", note).await;
}

/// The request of a GET route.
fn request_of(path: &str) -> String {
    let shop = format!("type={}&selector={}", escape(CPU), escape("{service_name=\"shop\"}"));
    match path {
        "/api/v1/series" => format!("{path}?{shop}&from=now-1h&step=5m&by=pod&covered=true"),
        "/api/v1/call-tree" => format!("{path}?{shop}"),
        "/api/v1/diff" => format!("{path}?{shop}&baseline_selector={}", escape("{version=\"1\"}")),
        "/api/v1/heatmap" => format!("{path}?{shop}&step=30m"),
        "/api/v1/verdict" => format!("{path}?{shop}&baseline_selector={}", escape("{version=\"1\"}")),
        "/api/v1/breakdown" => format!("{path}?{shop}&by=pod"),
        "/api/v1/indicators" | "/api/v1/overview/metrics" => format!("{path}?service=shop"),
        "/api/v1/top-functions" => format!("{path}?{shop}&limit=2"),
        "/api/v1/lines" => format!("{path}?{shop}&function=main"),
        "/api/v1/own-code" => format!("{path}?service=shop"),
        "/api/v1/labels/{name}/values" => "/api/v1/labels/pod/values".to_owned(),
        "/api/v1/service-accounts/{id}/tokens" => "/api/v1/service-accounts/{account}/tokens".to_owned(),
        "/api/v1/shares/{id}" => "/api/v1/shares/{share}".to_owned(),
        "/api/v1/shares/{id}/envelope" => "/api/v1/shares/{share}/envelope".to_owned(),
        "/api/v1/retention" => format!("{path}?from=now-1h&until=now"),
        other => other.to_owned(),
    }
}

#[tokio::test]
async fn every_get_route_answers_its_snapshot() {
    let mut world = World::new().await;
    fill(&mut world).await;
    let exempt: BTreeSet<&str> = EXEMPT.iter().map(|(path, _)| *path).collect();
    let served: BTreeSet<&str> = routes().iter().filter(|r| r.method == "GET").map(|r| r.path).collect();
    assert!(exempt.is_subset(&served), "exempt, but not served: {:?}", exempt.difference(&served));
    for path in served.difference(&exempt) {
        world.check(Method::GET, &request_of(path), Value::Null).await;
    }
}

#[tokio::test]
async fn signing_in_answers_its_snapshot() {
    let mut world = World::new().await;
    world.root.delete("/api/v1/session").await;
    world.check(Method::POST, "/api/v1/session", json!({ "name": "root", "password": PASSWORD })).await;
    let name = json!({ "display_name": "Root" });
    world.check(Method::PATCH, "/api/v1/me", name).await;
    let other = world.site.browser();
    assert_eq!(other.sign_in("root", PASSWORD).await.status, StatusCode::OK);
    world.check(Method::DELETE, "/api/v1/me/sessions", Value::Null).await;
}
