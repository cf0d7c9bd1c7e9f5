//! The records database: transactions, file mode, schema versions.

use super::databases;
use flarepath::db::audit::{Actor, AuditEntry};
use flarepath::db::{DbError, Records, instance};

#[tokio::test]
async fn changes_and_their_audit_entries_are_atomic() {
    for records in databases::each().await {
        let entry = || AuditEntry::new(&Actor::default(), "instance.claim", "instance", "", "");
        let mut dropped = records.change().await.unwrap();
        assert!(dropped.set_fact_once(instance::CLAIMED_AT, "1").await.unwrap());
        dropped.audit(entry()).await.unwrap();
        drop(dropped);
        assert_eq!(records.fact(instance::CLAIMED_AT).await.unwrap(), None);

        let mut change = records.change().await.unwrap();
        assert!(change.set_fact_once(instance::CLAIMED_AT, "2").await.unwrap());
        change.commit(entry()).await.unwrap();
        assert_eq!(records.fact(instance::CLAIMED_AT).await.unwrap().as_deref(), Some("2"));
        let mut late = records.change().await.unwrap();
        assert!(!late.set_fact_once(instance::CLAIMED_AT, "3").await.unwrap());
    }
}

#[tokio::test]
async fn reopens_databases_and_rejects_newer_schemas() {
    let folder = tempfile::tempdir().unwrap();
    Records::open_in(folder.path()).await.unwrap().close().await;
    Records::open_in(folder.path()).await.unwrap().close().await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path().join("records.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let refused = Records::open("mysql://root:secret@localhost/x").await.unwrap_err();
    assert!(matches!(refused, DbError::Unusable(_)) && !refused.to_string().contains("secret"), "{refused}");
}

#[tokio::test]
async fn damaged_files_are_named() {
    let damage: [fn(&mut [u8]); 3] = [
        |bytes| bytes[..100].fill(b'x'),
        // The page of the schema, after the header.
        |bytes| bytes[100..4096].fill(0xff),
        |bytes| bytes[4096..].fill(0xff),
    ];
    for (number, damage) in damage.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        Records::open_in(folder.path()).await.unwrap().close().await;
        let path = folder.path().join("records.db");
        let mut bytes = std::fs::read(&path).unwrap();
        damage(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
        let error = Records::open_in(folder.path()).await.unwrap_err().to_string();
        assert!(error.contains(path.to_str().unwrap()) && error.contains("damaged"), "{number}: {error}");
        assert!(error.contains("backup") && !error.contains("timed out"), "{number}: {error}");
    }
}

#[tokio::test]
async fn damage_is_found_before_anything_is_read_and_the_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    Records::open_in(folder.path()).await.unwrap().close().await;
    let file = folder.path().join("records.db");
    let sound = std::fs::read(&file).unwrap();
    let page = 4096;
    // Header, first page of the schema, a cut file, and something else altogether.
    let flipped = |at: usize| {
        let mut bytes = sound.clone();
        bytes[at..at + 8].iter_mut().for_each(|byte| *byte ^= 0x5a);
        bytes
    };
    let other = b"this is no database ".repeat(500);
    for (what, bytes) in [
        ("magic", flipped(0)),
        ("header", flipped(72)),
        ("schema", flipped(103)),
        ("cut", sound[..sound.len() - page].to_vec()),
        ("other", other),
    ] {
        std::fs::write(&file, &bytes).unwrap();
        let error = Records::open_in(folder.path()).await.unwrap_err();
        assert!(matches!(error, DbError::DamagedFile(_)), "{what}: {error}");
        let advice = error.to_string();
        assert!(advice.contains("records.db") && advice.contains("flarepath restore"), "{what}: {advice}");
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "left as it is");
    }
}
