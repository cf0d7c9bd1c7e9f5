//! The committed bodies that fuzzing starts from: a folder for each family of content types. Routes that take profiles also
//! get the corpora of the readers (`crates/profile/fuzz/corpus`).

use crate::input;
use crate::routes::Route;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Every body on every route of its content type.
pub(crate) fn inputs(routes: &[Route]) -> Vec<Vec<u8>> {
    let folder = |name: &str| bodies(&Path::new(ROOT).join("tests/request_memory/corpus").join(name));
    let (json, protobuf, grpc, form) = (folder("json"), folder("protobuf"), folder("grpc"), folder("form"));
    let profiles = bodies(&Path::new(ROOT).join("../crates/profile/fuzz/corpus"));
    let otlp = bodies(&Path::new(ROOT).join("../crates/profile/fuzz/corpus/otlp"));
    let mut inputs = Vec::new();
    for (number, route) in routes.iter().enumerate() {
        let own = match route.content_type.as_str() {
            "application/json" => vec![&json],
            kind if kind.starts_with("application/grpc") => vec![&grpc],
            kind if kind.starts_with("multipart/") => vec![&form],
            kind if kind.ends_with("octet-stream") || kind == "text/plain" => vec![&profiles],
            _ => vec![&protobuf],
        };
        let more = route.path.contains("v1development").then_some(&otlp);
        let bodies = own.into_iter().chain(more).flatten();
        inputs.extend(bodies.map(|body| input::encode(number, 0, body)));
    }
    assert!(inputs.len() > routes.len(), "{} inputs for {} routes", inputs.len(), routes.len());
    inputs
}

/// The contents of a folder and its folders, in the order of their names.
fn bodies(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| if path.is_dir() { bodies(&path) } else { vec![std::fs::read(path).unwrap()] };
    paths.into_iter().flat_map(read).collect()
}
