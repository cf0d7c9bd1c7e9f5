//! Files that become large: within the limits, and the same names each time.

use super::traffic::Traffic;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::Write as _;

/// Stacks and frames of the folded file: 50 MB of text.
const STACKS: usize = 40_000;
const DEPTH: usize = 60;
/// Bytes of a file that says nothing new.
const REPEATED: usize = 40 << 20;

#[derive(Clone)]
pub(crate) struct Large {
    folded: Bytes,
    repeated: Bytes,
}

impl Large {
    pub(crate) fn new() -> Large {
        let mut folded = String::new();
        for stack in 0..STACKS {
            for depth in 0..DEPTH {
                // Most stacks share their beginning, as in real files.
                let function = if depth < DEPTH / 2 { depth } else { stack * depth % 9973 };
                write!(folded, "package.function_{function:05};").expect("writing to a string");
            }
            writeln!(folded, "leaf_{} 1", stack % 997).expect("writing to a string");
        }
        let line = "main;work;again 1\n";
        let repeated = line.repeat(REPEATED / line.len());
        Large { folded: gzip(folded.as_bytes()), repeated: gzip(repeated.as_bytes()) }
    }

    /// Sends them in turn.
    pub(crate) async fn send(self, traffic: Traffic, turn: u64) {
        let body = if turn.is_multiple_of(2) { &self.folded } else { &self.repeated };
        let request = traffic.authorized(reqwest::Method::POST, "/ingest?name=large&format=folded");
        let request = request.header("content-encoding", "gzip");
        traffic.send("large files", request.body(body.clone())).await;
    }
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory").into()
}
