//! A server with a few profiles, and helpers to share them.

pub(crate) use crate::answer::Answer;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use flarepath::app::{App, AppBuilder};
use flarepath::auth::{Gate, Grant, Kind, Principal, Role, Scope, SignIn};
use flarepath::clock::FixedClock;
use flarepath::db::Records;
use flarepath::store::memory::MemoryStore;
use flarepath::store::{NewProfile, Storage};
use flarepath_profile::formats::folded;
use flarepath_profile::labels::Labels;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::snapshot::Snapshot;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

/// The time of all servers here, in seconds.
pub(crate) const NOW_S: i64 = 1_795_227_540;
pub(crate) const TYPE: &str = "process_cpu:samples:count::";
pub(crate) const DAY_S: i64 = 86_400;

/// A server without sign-in.
pub(crate) struct Shop {
    pub(crate) router: Router,
    pub(crate) app: Arc<App>,
}

impl Answer {
    pub(crate) fn ok(self) -> Answer {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self
    }
}

impl Shop {
    /// Empty, over these records, so many seconds after [`NOW_S`].
    pub(crate) fn later(records: &Records, seconds: i64) -> Shop {
        Shop::with(records, seconds, |app| app)
    }

    pub(crate) fn with(
        records: &Records,
        seconds: i64,
        change: impl FnOnce(AppBuilder) -> AppBuilder,
    ) -> Shop {
        let clock = Arc::new(FixedClock(UnixNanos((NOW_S + seconds) * 1_000_000_000)));
        let gate = Gate::new(records.clone(), clock, SignIn::Off);
        let app = App::builder(Storage::exclusive("memory", Arc::new(MemoryStore::new())), gate)
            .public_url(Some("https://profiles.example".parse().unwrap()));
        let app = change(app).build();
        Shop { router: flarepath::http::router(app.clone()), app }
    }

    /// With profiles of the service `shop` in the last two minutes.
    pub(crate) async fn open(records: &Records) -> Shop {
        let shop = Shop::later(records, 0);
        shop.push(
            &[("pod", "shop-1"), ("version", "1.2.3")],
            60,
            "main;serve;price 30\nmain;serve 10\nmain;gc 5\n",
        )
        .await;
        shop.push(&[("pod", "shop-2")], 90, "main;serve;price 12\nmain;idle 8\n").await;
        shop
    }

    pub(crate) async fn push(&self, more: &[(&str, &str)], seconds_ago: i64, stacks: &str) {
        let (mut profile, _) = folded::read(stacks.as_bytes()).unwrap();
        profile.time_nanos = (NOW_S - seconds_ago) * 1_000_000_000;
        let mut labels = Labels::new();
        labels.set("service_name", "shop");
        more.iter().for_each(|(name, value)| labels.set(*name, *value));
        let new = NewProfile { labels, name: "process_cpu".to_owned(), profile };
        self.app.writer.as_ref().unwrap().append(vec![new]).await.unwrap();
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(header::HOST, "profiles.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        Answer::of(response).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    pub(crate) async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
        self.send(method, path, &headers, body.to_string().into_bytes()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    /// Shares the last hour of the shop with these people.
    pub(crate) async fn share(&self, visibility: &str) -> Value {
        self.post("/api/v1/shares", request(visibility)).await.ok().json()
    }

    /// What a link opens.
    pub(crate) async fn snapshot(&self, link: &str) -> Snapshot {
        let answer = self.get(&format!("/api/v1/shares/open/{link}")).await.ok();
        Snapshot::from_bytes(&answer.body).unwrap()
    }
}

pub(crate) fn request(visibility: &str) -> Value {
    json!({ "title": "Prices are slow", "visibility": visibility, "source": source("explore") })
}

pub(crate) fn source(kind: &str) -> Value {
    let selector = "selector={service_name=\"shop\"}";
    let query = match kind {
        "compare" => {
            format!("type={TYPE}&{selector}&from=now-75s&baseline_from=now-100s&baseline_until=now-75s")
        }
        "heatmap" => format!("type={TYPE}&{selector}&step=30s"),
        _ => format!("type={TYPE}&{selector}"),
    };
    json!({ "kind": kind, "query": query })
}

/// A user with a role over everything, as through a session.
pub(crate) fn user(id: &str, role: Role, teams: &[&str]) -> Principal {
    let grants = vec![Grant { role, scope: Scope::Everything }];
    let teams = teams.iter().map(|id| (*id).into()).collect();
    Principal::new(Kind::User, id, id, teams, grants).with_session(&"s".into())
}

/// The text at a place of an answer.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}
