//! Planted secrets appear in nothing that a public share leaves behind.

use super::shop::{Answer, Shop, TYPE, text};
use crate::databases;
use crate::log::Log;
use axum::http::Method;
use flarepath_profile::call_tree::{CallTree, TreeBuilder};
use flarepath_profile::frame_table::FrameText;
use flarepath_wire::chart::FlameChart;
use flarepath_wire::offsets::OffsetCells;
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
        let plain = Snapshot {
            version: VERSION,
            kind: SnapshotKind::Local.into(),
            sides: vec![side],
            ..Snapshot::default()
        };
        let with_chart = Snapshot { chart: Some(chart(secret)), ..plain.clone() };
        let with_offsets = Snapshot { offsets: Some(offsets(secret)), ..plain.clone() };
        for local in [plain, with_chart, with_offsets] {
            let made = upload(&shop, &format!("File {secret}"), local).await.ok().json();
            assert_eq!(text(&made, "/share/kind"), "local");
            for (place, found) in traces(&shop, &made).await {
                assert!(!found.contains(telling), "{place} has {telling}: {found}");
            }
        }
    }
}

/// A call of the function of [`one_function`].
fn chart(thread: &str) -> FlameChart {
    let (thread, start_ns) = (thread.to_owned(), 1_700_000_000_123_456_789);
    FlameChart {
        thread,
        start_ns,
        rows: vec![1, 1],
        gap: vec![0, 3],
        length: vec![503, 500],
        node: vec![0, 1],
    }
}

fn offsets(thread: &str) -> OffsetCells {
    let (thread, values) = (Some(thread.to_owned()), vec![5, 0, -7]);
    OffsetCells { thread, rows: 10, columns: 1, first: 7, values, ..OffsetCells::default() }
}

async fn upload(shop: &Shop, title: &str, local: Snapshot) -> Answer {
    let (title, visibility) = (title.to_owned(), "link".to_owned());
    let request =
        CreateShareRequest { title, visibility, local: Some(local), ..CreateShareRequest::default() };
    let headers = [("content-type", "application/x-protobuf"), ("sec-fetch-site", "same-origin")];
    shop.send(Method::POST, "/api/v1/shares", &headers, request.encode_to_vec()).await
}

#[tokio::test]
async fn what_a_file_shows_in_time_is_frozen_to_the_nanosecond() {
    let records = &databases::each().await[0];
    let shop = Shop::later(records, 0);
    let side = || SnapshotSide { tree: Some((&one_function("f")).into()), ..SnapshotSide::default() };
    let local = Snapshot {
        version: VERSION,
        kind: SnapshotKind::Local.into(),
        sides: vec![side()],
        ..Default::default()
    };
    let sent = Snapshot { chart: Some(chart("")), ..local.clone() };
    let made = upload(&shop, "Chart", sent.clone()).await.ok().json();
    let frozen = shop.snapshot(text(&made, "/link_id")).await;
    assert_eq!((&frozen.chart, &frozen.sides[0].tree), (&sent.chart, &sent.sides[0].tree));
    let cells = OffsetCells { thread: None, ..offsets("") };
    for sides in [vec![SnapshotSide::default()], vec![side()], vec![side(), side()]] {
        let sent = Snapshot { offsets: Some(cells.clone()), sides, ..local.clone() };
        let made = upload(&shop, "Offsets", sent.clone()).await.ok().json();
        assert_eq!(text(&made, "/share/verdict"), "Sub-second heat map of 10 rows over 1 s");
        let frozen = shop.snapshot(text(&made, "/link_id")).await;
        assert_eq!(frozen.offsets.as_ref(), Some(&cells));
        let trees = |of: &Snapshot| of.sides.iter().map(|side| side.tree.clone()).collect::<Vec<_>>();
        assert_eq!(trees(&frozen), trees(&sent));
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
    let bad_chart = |change: fn(&mut FlameChart)| {
        let mut chart = chart("main");
        change(&mut chart);
        Snapshot { chart: Some(chart), ..local() }
    };
    let bad_cells = |change: fn(&mut OffsetCells)| {
        let mut cells = offsets("main");
        change(&mut cells);
        Snapshot { offsets: Some(cells), ..local() }
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
        Snapshot { sides: vec![side(), side()], ..bad_chart(|_| ()) },
        Snapshot { offsets: Some(offsets("main")), ..bad_chart(|_| ()) },
        bad_chart(|chart| chart.thread = "x".repeat(1001)),
        bad_chart(|chart| chart.node[1] = 9),
        bad_chart(|chart| chart.node[1] = 0),
        bad_chart(|chart| chart.length[1] = 501),
        bad_chart(|chart| chart.length[0] = 1 << 54),
        bad_chart(|chart| chart.gap.push(0)),
        bad_chart(|chart| chart.rows = vec![1, u32::MAX]),
        bad_chart(|chart| chart.rows = vec![1; 300_000]),
        bad_chart(|chart| chart.rows.push(0)),
        bad_cells(|cells| cells.thread = Some("x".repeat(1001))),
        bad_cells(|cells| cells.first = 8),
        bad_cells(|cells| cells.columns = 0),
        bad_cells(|cells| cells.rows = 1001),
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
    for snapshot in [
        bad_chart(|chart| chart.rows = vec![0; 400_000]),
        bad_cells(|cells| cells.columns = 50_001),
        bad_cells(|cells| cells.columns = u32::MAX),
    ] {
        let request = CreateShareRequest { local: Some(snapshot), ..CreateShareRequest::default() };
        assert_eq!(send(&request).await.status.as_u16(), 413);
    }
    let headers = [("content-type", "application/x-protobuf")];
    let broken = shop.send(Method::POST, "/api/v1/shares", &headers, b"\xff\xff".to_vec()).await;
    assert_eq!(text(&broken.json(), "/type"), "bad-message");
}
