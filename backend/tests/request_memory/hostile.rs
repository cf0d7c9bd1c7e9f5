//! Bodies made to become large: elements of two bytes, unique names, wide windows, deep nesting.

use crate::counting;
use crate::server::{Counted, Sent, Server};
use flarepath_profile::varint;

const PROTOBUF: &str = "application/x-protobuf";
/// Bytes before compression.
const PLAIN: usize = 4 << 20;
/// Memory of a request, whatever it sends.
const LIMIT: usize = 64 << 20;

/// A field with a length.
fn field(number: u64, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(content.len() + 10);
    varint::put(&mut bytes, number << 3 | 2);
    varint::put(&mut bytes, content.len() as u64);
    bytes.extend(content);
    bytes
}

/// As many empty elements of a field as fit.
fn elements(number: u64) -> Vec<u8> {
    field(number, &[]).repeat(PLAIN / 2)
}

/// Field `of[0]` within `of[1]` within … around the content.
fn within(fields: &[u64], content: Vec<u8>) -> Vec<u8> {
    fields.iter().fold(content, |content, &number| field(number, &content))
}

async fn refused(server: &Server, what: &str, sent: Sent) {
    let Counted { status, text, peak, .. } = server.count(sent).await;
    assert!(status.is_client_error() || status.is_success(), "{what}: {status} {text}");
    assert!(peak <= LIMIT, "{what}: {peak} bytes; {status} {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn shares_with_millions_of_elements() {
    let _alone = counting::alone().await;
    let server = Server::embedded().await;
    for (what, message) in [
        ("sides", within(&[9], elements(3))),
        ("strings", within(&[8, 3, 9], elements(1))),
        ("nodes", within(&[9, 8, 3, 9], vec![0; PLAIN])),
        ("top movers", within(&[5, 9], elements(10))),
        ("report lines", within(&[6, 9], elements(3))),
        ("heat map rows", within(&[4, 9], elements(4))),
        ("repeated trees", within(&[9], within(&[3], elements(8)))),
    ] {
        for path in ["/api/v1/shares", "/api/v1/shares/preview"] {
            refused(&server, what, Sent::post(path, PROTOBUF, message.clone()).zstd()).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn uploads_with_millions_of_elements() {
    let _alone = counting::alone().await;
    let server = Server::embedded().await;
    let otlp = "/v1development/profiles";
    for number in [1, 2] {
        refused(&server, "OTLP", Sent::post(otlp, PROTOBUF, elements(number)).zstd()).await;
    }
    for number in 1..=7 {
        let message = within(&[2], elements(number));
        refused(&server, "OTLP dictionary", Sent::post(otlp, PROTOBUF, message).zstd()).await;
    }
    let push = "/push.v1.PusherService/Push";
    for message in [elements(1), within(&[1], elements(1)), within(&[1], elements(2))] {
        refused(&server, "push", Sent::post(push, "application/proto", message).zstd()).await;
    }
    let series = field(1, &field(1, &[]).repeat(900)).repeat(2000);
    refused(&server, "labels of many series", Sent::post(push, "application/proto", series).zstd()).await;
    let upload = "/api/v1/profiles?service=a";
    for number in [1, 2, 3, 4, 5, 6, 13] {
        let sent = Sent::post(upload, "application/octet-stream", elements(number)).zstd();
        refused(&server, "pprof", sent).await;
    }
    for (number, inner) in [(2, 3), (4, 4)] {
        let message = within(&[number], elements(inner));
        refused(&server, "pprof, nested", Sent::post(upload, "application/octet-stream", message).zstd())
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn text_with_millions_of_names() {
    let _alone = counting::alone().await;
    let server = Server::embedded().await;
    let mut folded = String::new();
    for i in 0.. {
        folded.push_str(&format!("a{i};b{i};c{i} 1\n"));
        if folded.len() > PLAIN {
            break;
        }
    }
    let path = "/ingest?name=fuzz.cpu&format=folded";
    let counted = server.count(Sent::post(path, "text/plain", folded)).await;
    assert!(counted.peak <= LIMIT, "{} bytes; {} {}", counted.peak, counted.status, counted.text);
    for json in ["[".repeat(1 << 20), "{\"a\":".repeat(1 << 18), format!("[{}]", "{},".repeat(1 << 20))] {
        for path in ["/v1development/profiles", "/push.v1.PusherService/Push", "/api/v1/profiles?service=a"] {
            refused(&server, path, Sent::post(path, "application/json", json.clone())).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn forms_and_wide_windows() {
    let _alone = counting::alone().await;
    let server = Server::embedded().await;
    let form = "multipart/form-data; boundary=x";
    let part = |i| format!("--x\r\nContent-Disposition: form-data; name=\"a{i}\"\r\n\r\n1\r\n");
    let parts: String = (0..20_000).map(part).collect();
    let headers = format!("--x\r\n{}", "X: y\r\n".repeat(200_000));
    for body in [parts, headers] {
        refused(&server, "form", Sent::post("/ingest?name=fuzz.cpu", form, body)).await;
    }
    // A frame of some bytes that asks for a window of 64 MiB: 4 MiB above what any request may take.
    let mut frame = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    frame.window_log(26).unwrap();
    std::io::Write::write_all(&mut frame, b"main;f 1\n").unwrap();
    let sent = Sent::post("/ingest?name=fuzz.cpu", "text/plain", frame.finish().unwrap());
    let sent = Sent { encoding: Some("zstd"), ..sent };
    refused(&server, "wide window", sent).await;
}

/// A call tree of the most nodes that a local file's share may have, which is a request like any other.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_largest_share_of_a_file() {
    let _alone = counting::alone().await;
    let server = Server::embedded().await;
    // Of nodes alone, and half of boxes.
    for (small, large) in
        [(share(399_999, 0), share(400_000, 0)), (share(200_000, 199_998), share(200_000, 199_999))]
    {
        let counted = server.count(Sent::post("/api/v1/shares/preview", PROTOBUF, small).zstd()).await;
        assert!(counted.status.is_success(), "{} {}", counted.status, counted.text);
        assert!(counted.peak <= LIMIT, "{} bytes", counted.peak);
        let counted = server.count(Sent::post("/api/v1/shares/preview", PROTOBUF, large).zstd()).await;
        assert_eq!(counted.status.as_u16(), 413, "{}", counted.text);
    }
}

/// A request to share a root with so many callees, and a flame chart of so many calls from it, unless there are none.
fn share(callees: u32, calls: u32) -> Vec<u8> {
    use flarepath_wire::call_tree::CallTreeColumns;
    use flarepath_wire::chart::FlameChart;
    use flarepath_wire::shares::CreateShareRequest;
    use flarepath_wire::snapshot::{Snapshot, SnapshotKind, SnapshotSide, VERSION};
    let functions = 1000;
    let frames = functions as usize + 1;
    let names = (0..functions).map(|i| format!("function_{i}"));
    let tree = CallTreeColumns {
        strings: std::iter::once(String::new()).chain(names).collect(),
        frame_name: (0..=functions).collect(),
        frame_file: vec![0; frames],
        frame_line: vec![0; frames],
        frame_mapping: vec![0; frames],
        node_frame: std::iter::once(0).chain((0..callees).map(|i| 1 + i % functions)).collect(),
        node_children: std::iter::once(callees).chain((0..callees).map(|_| 0)).collect(),
        node_self: (0..=i64::from(callees)).collect(),
        ..CallTreeColumns::default()
    };
    let side = SnapshotSide { unit: "nanoseconds".into(), tree: Some(tree), ..SnapshotSide::default() };
    let local = Snapshot {
        version: VERSION,
        kind: SnapshotKind::Local.into(),
        sides: vec![side],
        chart: (calls > 0).then(|| FlameChart {
            rows: vec![1, calls],
            gap: vec![0; calls as usize + 1],
            length: std::iter::once(u64::from(calls)).chain((0..calls).map(|_| 1)).collect(),
            node: std::iter::once(0).chain((0..calls).map(|i| 1 + i % callees)).collect(),
            ..FlameChart::default()
        }),
        ..Snapshot::default()
    };
    prost::Message::encode_to_vec(&CreateShareRequest { local: Some(local), ..CreateShareRequest::default() })
}
