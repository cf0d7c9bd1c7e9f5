//! The audit log: content, filters and pages, append-only storage.

use super::databases;
use super::program::{Program, good, token};
use super::site::{PASSWORD, Site};
use axum::http::StatusCode;
use flarepath::db::Records;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Connection, Executor};
use std::time::Duration;

#[tokio::test]
async fn the_audit_log_is_paginated_and_filtered() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        for i in 0..5 {
            // Three at the same instant: pages must not lose or repeat one.
            if i > 2 {
                site.clock.advance(Duration::from_secs(60));
            }
            good(&root.post("/api/v1/teams", json!({ "name": format!("t{i}"), "selector": "{}" })).await);
        }
        let mut pages = Vec::new();
        let mut next = String::new();
        loop {
            let page = good(&root.get(&format!("/api/v1/audit?action=team&limit=2{next}")).await);
            pages.extend(page["lines"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(cursor) => next = format!("&before={cursor}"),
                None => break,
            }
        }
        let mut names: Vec<&str> = pages.iter().map(|line| line["object_name"].as_str().unwrap()).collect();
        assert_eq!(names[..2], ["t4", "t3"]);
        names.sort_unstable();
        assert_eq!(names, ["t0", "t1", "t2", "t3", "t4"]);
        for (query, count) in [
            ("action=team.create", 5),
            ("action=team.cre", 0),
            ("actor=root&object=t3", 1),
            ("actor=nobody", 0),
            ("object=team&from=now-90s", 2),
            ("object=team&until=now-90s", 3),
            ("actor=' OR '1'='1", 0),
        ] {
            let query = query.replace(' ', "%20").replace('\'', "%27");
            let page = good(&root.get(&format!("/api/v1/audit?{query}")).await);
            assert_eq!(page["lines"].as_array().unwrap().len(), count, "{query}");
        }
        for bad in ["limit=0", "limit=1001", "limit=x", "before=x", "from=x", "who=x"] {
            let answer = root.get(&format!("/api/v1/audit?{bad}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
        }
    }
}

#[tokio::test]
async fn audit_exports_are_complete_and_audited() {
    for records in databases::each().await {
        let (_, root) = Site::claimed(records).await;
        good(&root.post("/api/v1/teams", json!({ "name": "two\u{2028}lines", "selector": "{}" })).await);
        let export = root.get("/api/v1/audit/export").await;
        assert_eq!(export.header("content-type"), "application/x-ndjson");
        let text = export.text();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let actions: Vec<&str> = lines.iter().map(|line| line["action"].as_str().unwrap()).collect();
        for action in ["audit.export", "team.create", "instance.claim"] {
            assert!(actions.contains(&action), "{actions:?}");
        }
    }
}

/// The rows cannot be changed, not even with the database's password.
#[tokio::test]
async fn the_database_rejects_changes_of_the_audit_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite://{}?mode=rwc", folder.path().join("records.db").display())];
    urls.extend(databases::postgres_url());
    for url in urls {
        let (_, _root) = Site::claimed(Records::open(&url).await.unwrap()).await;
        let mut raw = AnyConnection::connect(&url).await.unwrap();
        let count = "SELECT COUNT(*) FROM audit";
        let before: i64 = sqlx::query_scalar(count).fetch_one(&mut raw).await.unwrap();
        assert!(before > 0);
        let mut attacks = vec!["UPDATE audit SET actor_name = 'somebody else'", "DELETE FROM audit"];
        if url.starts_with("postgres") {
            attacks.push("TRUNCATE audit");
        }
        for attack in attacks {
            let refused = raw.execute(attack).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{attack}: {refused}");
        }
        let after: i64 = sqlx::query_scalar(count).fetch_one(&mut raw).await.unwrap();
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn audit_log_contains_no_secrets() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        let service = token(&root, "ci", "editor", "").await;
        let own = good(&root.post("/api/v1/me/tokens", json!({ "name": "x", "role": "viewer" })).await);
        let own_secret = own["secret"].as_str().unwrap().to_owned();
        let rotate = format!("/api/v1/me/tokens/{}/rotate", own["token"]["id"].as_str().unwrap());
        let rotated = good(&root.post(&rotate, json!({ "overlap_s": 0 })).await);
        let rotated = rotated["secret"].as_str().unwrap().to_owned();
        Program::new(&site, &own_secret).reads().await;
        let wrong = "wrong horse battery staple";
        site.browser().sign_in("root", wrong).await;
        let cookie = root.cookie().unwrap();
        let cookie = cookie.split_once('=').unwrap().1.to_owned();
        let log = root.get("/api/v1/audit/export").await.text();
        assert!(log.contains("token.reuse") && log.contains("token.rotate"));
        for secret in [&*service, &own_secret, &rotated, PASSWORD, wrong, &cookie] {
            assert!(!log.contains(secret), "a secret stands in the log");
        }
        assert!(!log.contains("fp_pat_") && !log.contains("fp_sa_"), "{log}");
    }
}
