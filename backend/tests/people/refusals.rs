//! Failed attempts in the audit log: strangers are counted and cannot fill it.

use super::databases;
use super::program::{Program, good};
use super::site::{PASSWORD, Site};
use axum::http::StatusCode;
use flarepath::db::Records;
use serde_json::Value;
use sqlx::{AnyConnection, Connection};
use std::time::Duration;

const WRONG: &str = "three large words";
const TWO_HOURS: Duration = Duration::from_secs(7200);

/// A new database of each kind, with the address at which it can be looked at.
fn urls(folder: &tempfile::TempDir) -> Vec<String> {
    let mut urls = vec![format!("sqlite://{}?mode=rwc", folder.path().join("records.db").display())];
    urls.extend(databases::postgres_url());
    urls
}

async fn number(url: &str, query: &'static str) -> i64 {
    let mut raw = AnyConnection::connect(url).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut raw).await.unwrap()
}

/// The entries of an action, oldest first.
async fn entries(site: &Site, action: &str) -> Vec<Value> {
    let browser = site.browser();
    assert_eq!(browser.sign_in("root", PASSWORD).await.status, StatusCode::OK);
    let page = good(&browser.get(&format!("/api/v1/audit?action={action}&limit=1000")).await);
    page["lines"].as_array().unwrap().iter().rev().cloned().collect()
}

fn summary(entry: &Value) -> String {
    let after: Value = serde_json::from_str(entry["after"].as_str().unwrap()).unwrap();
    after["summary"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_flood_of_strangers_is_one_entry_and_few_statements() {
    let folder = tempfile::tempdir().unwrap();
    for url in urls(&folder) {
        let (site, _root) = Site::claimed(Records::open(&url).await.unwrap()).await;
        let before = number(&url, "SELECT COUNT(*) FROM audit").await;
        let flood = site.browser_at("203.0.113.9");
        for n in 0..300 {
            flood.sign_in(&format!("nobody{n}"), WRONG).await;
        }
        for _ in 0..300 {
            assert_eq!(Program::new(&site, "fp_pat_nonsense").reads().await, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(
            number(&url, "SELECT COUNT(*) FROM audit").await,
            before,
            "nothing is written per request"
        );
        // Each statement that counts an attempt adds one: three for each of the 30 that are let through, one for the next.
        let counted = number(&url, "SELECT CAST(SUM(tries) AS BIGINT) FROM attempts").await;
        assert_eq!(counted, 3 * 30 + 1);
        site.app.gate.save_refusals().await.unwrap();
        site.app.gate.save_refusals().await.unwrap();
        assert_eq!(number(&url, "SELECT COUNT(*) FROM refusals").await, 2);
        assert_eq!(site.app.gate.fold_refusals().await.unwrap(), 0, "not before the hour has ended");
        site.clock.advance(TWO_HOURS);
        assert_eq!(site.replica().app.gate.fold_refusals().await.unwrap(), 2);
        assert_eq!(site.app.gate.fold_refusals().await.unwrap(), 0);
        let refused = entries(&site, "session.refuse").await;
        assert_eq!(summary(&refused[0]), "30 failed sign-ins of unknown users from 203.0.113.0/24");
        assert_eq!((refused.len(), &refused[0]["ip"]), (1, &Value::from("203.0.113.0/24")));
        let tokens = entries(&site, "token.refuse").await;
        assert_eq!(summary(&tokens[0]), "300 requests with refused API tokens from 10.1.2.0/24");
        assert_eq!(number(&url, "SELECT COUNT(*) FROM refusals").await, 0);
    }
}

#[tokio::test]
async fn servers_add_up_the_attempts_of_an_hour() {
    for records in databases::each().await {
        let (site, _root) = Site::claimed(records).await;
        let other = site.replica();
        for (server, ip) in [(&site, "203.0.113.1"), (&other, "203.0.113.2"), (&other, "203.0.113.3")] {
            server.browser_at(ip).sign_in("nobody", WRONG).await;
            server.app.gate.save_refusals().await.unwrap();
        }
        site.clock.advance(TWO_HOURS);
        other.app.gate.fold_refusals().await.unwrap();
        let refused = entries(&site, "session.refuse").await;
        assert_eq!(refused.len(), 1);
        assert_eq!(summary(&refused[0]), "3 failed sign-ins of unknown users from 203.0.113.0/24");
    }
}

#[tokio::test]
async fn failures_at_an_account_are_single_entries_up_to_a_bound() {
    for records in databases::each().await {
        let (site, _root) = Site::claimed(records).await;
        for n in 0..50 {
            let answer = site.browser_at(&format!("198.51.{n}.1")).sign_in("root", WRONG).await;
            assert_eq!(answer.kind(), "wrong-password", "{n}");
        }
        site.app.gate.save_refusals().await.unwrap();
        let singles = entries(&site, "session.refuse").await;
        assert_eq!(singles.len(), 10);
        assert!(singles.iter().all(|entry| entry["object_name"] == "root" && entry["after"].is_null()));
        let from = |ip: &str| singles.iter().any(|entry| entry["ip"] == ip);
        assert!(from("198.51.0.1") && from("198.51.9.1") && !from("198.51.10.1"), "the first ten");
        site.clock.advance(TWO_HOURS);
        assert_eq!(site.app.gate.fold_refusals().await.unwrap(), 1);
        let all = entries(&site, "session.refuse").await;
        assert_eq!(summary(all.last().unwrap()), "40 more failed sign-ins as root");
    }
}
