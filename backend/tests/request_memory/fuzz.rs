//! The fuzz target over every route that takes a body, with a limit on memory.
//!
//! The corpus always runs. With `FUZZ_SECONDS=60`, mutations of it follow for that time. An input whose answer differs in
//! kind from all before it (route, status, problem, order of magnitude of the memory) is mutated further: the server is
//! compiled without coverage counters (docs/decisions/0020-fuzzing-routes-without-coverage.md). `FUZZ_SEED` is another order.
//!
//! An input that fails is written to `crashes/` beside the corpus. Later runs try what is there first.

use crate::bounds;
use crate::corpus;
use crate::counting;
use crate::input;
use crate::mutation::mutate;
use crate::random::Random;
use crate::routes::{self, Route};
use crate::server::{Counted, Server};
use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Inputs that mutations start from, at most.
const MOST_KEPT: usize = 20_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn bodies_of_the_corpus_and_mutations_of_them_keep_to_their_memory() {
    let _alone = counting::alone().await;
    let server = Server::embedded().await;
    let routes = routes::taking_bodies(&server).await;
    let mut seen = HashSet::new();
    let mut kept = earlier_crashes();
    kept.extend(corpus::inputs(&routes));
    for input in &kept {
        seen.insert(kind(input, &routes, &attempt(&server, &routes, input).await));
    }
    let mut random = Random(from_environment("FUZZ_SEED").unwrap_or(1).max(1));
    let end = Instant::now() + Duration::from_secs(from_environment("FUZZ_SECONDS").unwrap_or(0));
    let mut inputs = kept.len();
    while Instant::now() < end {
        let (from, other) = (random.below(kept.len()), random.below(kept.len()));
        let input = mutate(&kept[from], &kept[other], &routes, &mut random);
        let counted = attempt(&server, &routes, &input).await;
        if seen.insert(kind(&input, &routes, &counted)) && kept.len() < MOST_KEPT {
            kept.push(input);
        }
        inputs += 1;
    }
    eprintln!("{inputs} inputs, {} kinds of answers", seen.len());
    assert_eq!(server.app.reserved_request_memory(), 0, "everything is given back");
}

fn from_environment(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text}: expected a whole number")))
}

/// Sends the request of an input; fails if it does not keep to its limit.
async fn attempt(server: &Server, routes: &[Route], input: &[u8]) -> Counted {
    match send(server, routes, input).await {
        Ok(counted) => counted,
        Err(complaint) => {
            let alone = send(&Server::embedded().await, routes, input).await;
            let again = if alone.is_err() { "fails" } else { "does not fail" };
            let path = crashes().join(&blake3::hash(input).to_hex()[..16]);
            std::fs::create_dir_all(crashes()).unwrap();
            std::fs::write(&path, input).unwrap();
            panic!("{complaint}\non a new server it {again}; the input is in {}", path.display());
        }
    }
}

async fn send(server: &Server, routes: &[Route], input: &[u8]) -> Result<Counted, String> {
    let route = input::route(input, routes);
    let plain = input::plain(input);
    let limit = bounds::limit(route, &plain);
    bounds::keeps(server, input::sent(input, route, plain), limit).await
}

/// What tells answers apart: route, status, the words of the problem, and the memory as a power of two.
fn kind(input: &[u8], routes: &[Route], counted: &Counted) -> (String, u16, String, u32) {
    let route = input::route(input, routes);
    let words = counted.text.chars().filter(|c| c.is_ascii_lowercase()).take(60).collect();
    let place = format!("{} {} {}", route.method, route.path, route.content_type);
    (place, counted.status.as_u16(), words, counted.peak.max(1 << 16).ilog2())
}

fn crashes() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/request_memory/crashes")
}

fn earlier_crashes() -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(crashes()).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}
