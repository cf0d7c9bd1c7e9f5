//! Old entries of the audit log: exported to a file first, then deleted, and nothing else can be.

use super::databases;
use super::program::good;
use super::site::{PASSWORD, Site};
use axum::http::StatusCode;
use flarepath::audit::AuditArchive;
use flarepath::clock::Clock;
use flarepath::db::Records;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Connection, Executor};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn archive(folder: &Path) -> AuditArchive {
    AuditArchive { folder: folder.join("audit"), retention: 30 * DAY }
}

async fn trim(site: &Site, archive: &AuditArchive) -> i64 {
    archive.trim(&site.app.records, &*site.clock, site.clock.now()).await.unwrap()
}

/// Lines of a log, ordered by their ids.
fn lines(text: &str) -> Vec<Value> {
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    lines.sort_by_key(|line| line["id"].to_string());
    lines
}

/// Each kind of database: one with some entries, 40 days later.
async fn aged(folder: &Path) -> Vec<(String, Site, Vec<Value>)> {
    let mut urls = vec![format!("sqlite://{}?mode=rwc", folder.join("records.db").display())];
    urls.extend(databases::postgres_url());
    let mut all = Vec::new();
    for url in urls {
        let (site, root) = Site::claimed(Records::open(&url).await.unwrap()).await;
        for n in 0..3 {
            good(&root.post("/api/v1/teams", json!({ "name": format!("t{n}"), "selector": "{}" })).await);
        }
        let exported = lines(&root.get("/api/v1/audit/export").await.text());
        site.clock.advance(40 * DAY);
        all.push((url, site, exported));
    }
    all
}

#[tokio::test]
async fn old_entries_are_in_a_verified_file_before_they_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    for (n, (_, site, before)) in aged(folder.path()).await.into_iter().enumerate() {
        let archive = archive(&folder.path().join(n.to_string()));
        let root = site.browser();
        assert_eq!(root.sign_in("root", PASSWORD).await.status, StatusCode::OK);
        assert_eq!(trim(&site, &archive).await, before.len() as i64);
        let files: Vec<_> = std::fs::read_dir(&archive.folder).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let mut text = String::new();
        GzDecoder::new(File::open(files[0].path()).unwrap()).read_to_string(&mut text).unwrap();
        assert_eq!(lines(&text), before, "as the API exports them");

        let left = lines(&root.get("/api/v1/audit/export").await.text());
        assert!(left.iter().all(|line| !before.contains(line)));
        let trimmed = left.iter().find(|line| line["action"] == "audit.trim").unwrap();
        assert_eq!(trimmed["actor_kind"], "system");
        assert_eq!(trimmed["object_name"], files[0].file_name().to_str().unwrap());
        let after: Value = serde_json::from_str(trimmed["after"].as_str().unwrap()).unwrap();
        let hash = Sha256::digest(std::fs::read(files[0].path()).unwrap());
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&after["entries"], &after["sha256"]), (&json!(before.len()), &json!(hash)));
        let times: Vec<i64> = before.iter().map(|line| line["at_ns"].as_i64().unwrap()).collect();
        assert_eq!(
            (&after["first_at"], &after["last_at"]),
            (&json!(times.iter().min()), &json!(times.iter().max()))
        );
        assert_eq!(trim(&site, &archive).await, 0, "younger ones stay");
    }
}

#[tokio::test]
async fn nothing_is_deleted_when_the_file_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    for (url, site, _) in aged(folder.path()).await {
        let archive = archive(folder.path());
        std::fs::write(&archive.folder, "not a folder").unwrap();
        let count = "SELECT COUNT(*) FROM audit";
        let mut raw = AnyConnection::connect(&url).await.unwrap();
        let before: i64 = sqlx::query_scalar(count).fetch_one(&mut raw).await.unwrap();
        let refused = archive.trim(&site.app.records, &*site.clock, site.clock.now()).await.unwrap_err();
        assert!(refused.to_string().contains("no entry was deleted"), "{refused}");
        let after: i64 = sqlx::query_scalar(count).fetch_one(&mut raw).await.unwrap();
        assert_eq!(before, after);
    }
}

/// Not even with the database's password.
#[tokio::test]
async fn the_database_permits_the_deletion_of_exported_entries_only() {
    let folder = tempfile::tempdir().unwrap();
    for (n, (url, site, _)) in aged(folder.path()).await.into_iter().enumerate() {
        let archive = archive(&folder.path().join(n.to_string()));
        assert!(trim(&site, &archive).await > 0);
        assert_eq!(site.browser().sign_in("root", PASSWORD).await.status, StatusCode::OK);
        let mut raw = AnyConnection::connect(&url).await.unwrap();
        let claim = |entries: i64| {
            format!(
                "INSERT INTO audit_exports (id, at, file, sha256, entries, first_at, last_at, last_id) \
                 VALUES ('x', 0, 'none', '', {entries}, 0, {}, 'z')",
                i64::MAX
            )
        };
        let mut attacks = vec![
            "DELETE FROM audit".to_owned(),
            "UPDATE audit SET action = 'x'".to_owned(),
            "DELETE FROM audit_exports".to_owned(),
            format!("UPDATE audit_exports SET last_at = {}", i64::MAX),
            claim(0),
            claim(999),
        ];
        match url.starts_with("postgres") {
            true => attacks.extend(["TRUNCATE audit", "TRUNCATE audit_exports"].map(str::to_owned)),
            false => attacks.push("REPLACE INTO audit SELECT * FROM audit".to_owned()),
        }
        let count = "SELECT COUNT(*) FROM audit";
        let before: i64 = sqlx::query_scalar(count).fetch_one(&mut raw).await.unwrap();
        assert!(before >= 2, "the export and the sign-in");
        for attack in attacks {
            let refused = raw.execute(sqlx::AssertSqlSafe(attack.clone())).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{attack}: {refused}");
        }
        let after: i64 = sqlx::query_scalar(count).fetch_one(&mut raw).await.unwrap();
        assert_eq!(before, after);
    }
}
