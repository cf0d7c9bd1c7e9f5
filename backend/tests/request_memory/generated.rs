//! Generated and mutated bodies on every route.

use crate::bounds;
use crate::counting;
use crate::random::Random;
use crate::routes;
use crate::server::{Sent, Server};

/// Bodies for each route and content type.
const BODIES: usize = 8;
/// Bodies grow by repetition to this size before they are compressed.
const REPEATED: usize = 300_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_small_body_takes_much_memory_on_any_route() {
    let _alone = counting::alone().await;
    let server = Server::embedded().await;
    let mut random = Random(0x5eed_f1a8_e9a7);
    for route in routes::taking_bodies(&server).await {
        for _ in 0..BODIES {
            let plain = body(&mut random, &route.content_type);
            let limit = bounds::limit(&route, &plain);
            let sent = Sent::to(&route, plain);
            let compressed = random.below(3) > 0 && route.content_type != "application/json";
            let sent = if compressed { sent.zstd() } else { sent };
            bounds::keeps(&server, sent, limit).await.unwrap();
        }
    }
    assert_eq!(server.app.reserved_request_memory(), 0, "everything is given back");
}

/// A body that looks like those of a content type.
pub(crate) fn body(random: &mut Random, content_type: &str) -> Vec<u8> {
    let piece = match content_type {
        "application/json" => json(random, 3).into_bytes(),
        content if content.starts_with("multipart/") || content == "text/plain" => text(random).into_bytes(),
        _ => message(random, 4),
    };
    let mut body = match random.below(3) {
        0 => piece,
        _ if piece.is_empty() => piece,
        1 => nested(&piece.repeat(1 + REPEATED / piece.len()), random),
        _ => piece.repeat(1 + REPEATED / piece.len()),
    };
    for _ in 0..random.below(3) {
        if !body.is_empty() {
            let at = random.below(body.len());
            body[at] = random.next() as u8;
        }
    }
    if random.below(5) == 0 {
        body.truncate(random.below(body.len() + 1));
    }
    // Beyond it, a body of JSON is refused for its size alone.
    if content_type == "application/json" {
        body.truncate(60_000);
    }
    body
}

/// A protobuf message of random fields.
fn message(random: &mut Random, depth: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..random.below(5) {
        let number = 1 + random.below(14) as u8;
        match random.below(6) {
            0 => bytes.extend([number << 3, random.next() as u8 & 0x7f]),
            1 => bytes.extend([number << 3 | 2, 0]),
            2 => bytes.extend([number << 3 | 1, 1, 2, 3, 4, 5, 6, 7, 8]),
            3 => bytes.extend([number << 3 | 2, 3, b'a', b'b', b'c']),
            _ if depth > 0 => field(&mut bytes, number, &message(random, depth - 1)),
            _ => {}
        }
    }
    bytes
}

/// Content within one to four messages.
fn nested(content: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = content.to_vec();
    for _ in 0..=random.below(4) {
        let mut outer = Vec::new();
        field(&mut outer, random.of(&[1, 2, 3, 5, 8, 9]), &bytes);
        bytes = outer;
    }
    bytes
}

fn field(bytes: &mut Vec<u8>, number: u8, content: &[u8]) {
    bytes.push(number << 3 | 2);
    flarepath_profile::varint::put(bytes, content.len() as u64);
    bytes.extend(content);
}

fn json(random: &mut Random, depth: usize) -> String {
    const KEYS: [&str; 9] =
        ["series", "labels", "samples", "name", "query", "resourceProfiles", "source", "ids", "matchers"];
    match random.below(if depth > 0 { 7 } else { 4 }) {
        0 => "{}".to_owned(),
        1 => random.next().to_string(),
        2 => format!("\"{}\"", text(random).replace(['"', '\\', '\n', '\r'], "")),
        3 => "[]".to_owned(),
        4 => {
            let item = json(random, depth - 1);
            let times = 1 + random.below(2000).min(60_000 / (item.len() + 1));
            format!("[{}]", vec![item; times].join(","))
        }
        5 => "[".repeat(random.below(3000)),
        _ => format!("{{\"{}\":{}}}", random.of(&KEYS), json(random, depth - 1)),
    }
}

fn text(random: &mut Random) -> String {
    let part = "--x\r\nContent-Disposition: form-data; name=\"profile\"\r\n\r\n";
    match random.below(4) {
        0 => format!("main;f{};g{} 1\n", random.below(9), random.below(9)),
        1 => part.to_owned(),
        2 => ";".repeat(random.below(500)),
        _ => format!("{:x} ", random.next()),
    }
}
