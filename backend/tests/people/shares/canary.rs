//! Planted secrets appear in nothing that a public share leaves behind.

use super::shop::{Shop, TYPE, text};
use crate::databases;
use crate::log::Log;
use axum::http::Method;
use flarepath_profile::call_tree::{CallTree, TreeBuilder};
use flarepath_profile::frame_table::FrameText;
use flarepath_wire::shares::CreateShareRequest;
use flarepath_wire::snapshot::{Snapshot, SnapshotKind, SnapshotSide, VERSION};
use prost::Message;
use serde_json::json;

/// What is planted, and the part of it that must never be seen.
const SECRETS: [(&str, &str); 5] = [
    ("canary.bird@corp.example", "canary"),
    ("AKIAIOSFODNN7CANARY0", "CANARY0"),
    ("https://canary:pass@db.example/x", "canary"),
    ("203.0.113.77", "203.0.113"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "292c6912"),
];

/// All that can be read of a share and about it.
async fn traces(shop: &Shop, made: &serde_json::Value) -> Vec<(&'static str, String)> {
    let (link, id) = (text(made, "/link_id"), text(made, "/share/id"));
    let open = format!("/api/v1/shares/open/{link}");
    let mut found = vec![
        ("answer", made.to_string()),
        ("snapshot", format!("{:?}", shop.snapshot(link).await)),
        ("envelope", shop.get(&format!("{open}/envelope")).await.ok().text()),
        ("page", shop.get(&format!("/s/{link}")).await.ok().text()),
        ("list", shop.get("/api/v1/shares").await.ok().text()),
    ];
    let png = shop.get(&format!("/og/{link}.png")).await.ok();
    found.push(("picture", String::from_utf8_lossy(&png.body).into_owned()));
    for format in ["markdown", "html", "confluence"] {
        let path = format!("/api/v1/shares/{id}/postmortem?format={format}&link={link}");
        found.push(("postmortem", shop.get(&path).await.ok().text()));
    }
    found
}

async fn audit(shop: &Shop) -> String {
    let rows = shop.app.records.audited_texts().await.unwrap();
    assert!(rows.iter().any(|row| row.contains("share.create")));
    rows.join("\n")
}

#[tokio::test]
async fn public_shares_leave_no_secrets_anywhere() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    for (secret, telling) in SECRETS {
        for records in databases::each().await {
            let shop = Shop::later(&records, 0);
            let stacks = format!("main;serve({secret});inner {secret} 40\nmain;{secret} 30\n");
            shop.push(&[("user", secret), ("version", secret), ("pod", secret)], 60, &stacks).await;
            let query = format!("type={TYPE}&selector={{service_name=\"shop\",user=\"{secret}\"}}");
            let values = format!("{query}&baseline_selector={{service_name=\"shop\",user=\"other\"}}");
            let heat = format!("type={TYPE}&selector={{service_name=\"shop\"}}&of=label&label=user&step=30s");
            let sources = [
                json!({ "kind": "explore", "query": query }),
                json!({ "kind": "compare", "query": query }),
                json!({ "kind": "compare", "query": values }),
                json!({ "kind": "heatmap", "query": heat, "selection": query }),
            ];
            for source in sources {
                let request = json!({
                    "title": format!("Slow for {secret}"),
                    "note": format!("Ask {secret}.\nNo: {secret}"),
                    "visibility": "link",
                    "view": format!("mode=table&q={secret}&zoom=main;{secret}&fn={secret}"),
                    "source": source,
                });
                let preview = shop.post("/api/v1/shares/preview", request.clone()).await.ok();
                assert!(!preview.text().contains(telling), "preview: {}", preview.text());
                let made = shop.post("/api/v1/shares", request).await.ok().json();
                let id = text(&made, "/share/id");
                let view = json!({ "name": format!("for {secret}"), "state": format!("q={secret}") });
                shop.json(Method::PUT, &format!("/api/v1/shares/{id}/views/1"), view).await.ok();
                let remark = json!({ "path": ["main", secret], "text": format!("ask {secret}") });
                shop.post(&format!("/api/v1/shares/{id}/annotations"), remark).await.ok();
                let title = json!({ "version": 1, "title": format!("Still {secret}") });
                shop.json(Method::PATCH, &format!("/api/v1/shares/{id}"), title).await.ok();
                for (place, found) in traces(&shop, &made).await {
                    assert!(!found.contains(telling), "{place} has {telling}: {found}");
                }
            }
            assert!(!audit(&shop).await.contains(telling));
        }
    }
    let logged = log.text();
    for (_, telling) in SECRETS {
        assert!(!logged.contains(telling), "logged: {telling}");
    }
}

fn one_function(text: &str) -> CallTree {
    let mut tree = TreeBuilder::new();
    let frame = tree.frame(FrameText { name: text, file: text, mapping: text, symbolized: true, line: 3 });
    tree.add_path([frame], 500);
    tree.finish()
}

#[tokio::test]
async fn texts_of_uploaded_files_are_sanitized() {
    for (secret, telling) in SECRETS {
        let records = &databases::each().await[0];
        let shop = Shop::later(records, 0);
        let side = SnapshotSide {
            label: format!("/home/canary/{secret}.pb.gz"),
            selector: format!("{{user=\"{secret}\"}}"),
            profile_type: format!("{secret}:cpu:ns:cpu:ns"),
            unit: secret.to_owned(),
            tree: Some((&one_function(secret)).into()),
            ..SnapshotSide::default()
        };
        let local = Snapshot {
            version: VERSION,
            kind: SnapshotKind::Local.into(),
            sides: vec![side],
            ..Snapshot::default()
        };
        let request = CreateShareRequest {
            title: format!("File {secret}"),
            visibility: "link".to_owned(),
            local: Some(local),
            ..CreateShareRequest::default()
        };
        let headers = [("content-type", "application/x-protobuf"), ("sec-fetch-site", "same-origin")];
        let made =
            shop.send(Method::POST, "/api/v1/shares", &headers, request.encode_to_vec()).await.ok().json();
        assert_eq!(text(&made, "/share/kind"), "local");
        for (place, found) in traces(&shop, &made).await {
            assert!(!found.contains(telling), "{place} has {telling}: {found}");
        }
    }
}

#[tokio::test]
async fn rejects_invalid_uploaded_snapshots() {
    let records = &databases::each().await[0];
    let shop = Shop::later(records, 0);
    let send = async |request: &CreateShareRequest| {
        let headers = [("content-type", "application/x-protobuf"), ("sec-fetch-site", "same-origin")];
        shop.send(Method::POST, "/api/v1/shares", &headers, request.encode_to_vec()).await
    };
    let side = || SnapshotSide { tree: Some((&one_function("f")).into()), ..SnapshotSide::default() };
    let local = || Snapshot {
        version: VERSION,
        kind: SnapshotKind::Local.into(),
        sides: vec![side()],
        ..Snapshot::default()
    };
    let bad_tree = |change: fn(&mut flarepath_wire::call_tree::CallTreeColumns)| {
        let mut side = side();
        change(side.tree.as_mut().unwrap());
        Snapshot { sides: vec![side], ..local() }
    };
    for snapshot in [
        Snapshot::default(),
        Snapshot { kind: SnapshotKind::Explore.into(), ..local() },
        Snapshot { version: VERSION + 1, ..local() },
        Snapshot { sides: Vec::new(), ..local() },
        Snapshot { sides: vec![side(), side(), side()], ..local() },
        Snapshot { sides: vec![SnapshotSide::default()], ..local() },
        bad_tree(|tree| tree.node_frame.push(0)),
        bad_tree(|tree| tree.node_frame[1] = 99),
        bad_tree(|tree| tree.frame_name[1] = 99),
        bad_tree(|tree| tree.node_children[0] = u32::MAX),
    ] {
        let request = CreateShareRequest { local: Some(snapshot), ..CreateShareRequest::default() };
        let answer = send(&request).await;
        assert_eq!(
            (answer.status.as_u16(), text(&answer.json(), "/type")),
            (400, "bad-snapshot"),
            "{}",
            answer.text()
        );
    }
    let headers = [("content-type", "application/x-protobuf")];
    let broken = shop.send(Method::POST, "/api/v1/shares", &headers, b"\xff\xff".to_vec()).await;
    assert_eq!(text(&broken.json(), "/type"), "bad-message");
}
