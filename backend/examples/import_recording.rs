//! Makes a recording of the demo from pushes that another program received.
//!
//! `cargo run --release --example import_recording -- FOLDER RECORDING [NOTE]` reads `FOLDER/ARRIVAL-NUMBER.json`, with the
//! headers of a request, and `FOLDER/ARRIVAL-NUMBER.bin`, its body as sent, and writes `RECORDING/shop.fpr`. `ARRIVAL` is when it
//! arrived, in milliseconds since 1970.

#![allow(clippy::print_stdout)]

use anyhow::{Context, Result, bail};
use flarepath::demo::recording::{FILE, Recording, RecordingWriter};
use flarepath_profile::unix_nanos::UnixNanos;
use std::path::{Path, PathBuf};

/// A request that was received.
struct Received {
    arrived_ms: i64,
    number: u64,
    /// Without its ending.
    path: PathBuf,
}

fn received(folder: &Path) -> Result<Vec<Received>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let path = path.with_extension("");
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let (arrived, number) =
            name.split_once('-').with_context(|| format!("{name} is not ARRIVAL-NUMBER"))?;
        let (arrived_ms, number) = (arrived.parse()?, number.parse()?);
        all.push(Received { arrived_ms, number, path });
    }
    all.sort_by_key(|one| (one.arrived_ms, one.number));
    Ok(all)
}

/// The `Content-Encoding` among the headers of a request, or the empty string.
fn content_encoding(request: &serde_json::Value) -> String {
    let headers = request["headers"].as_object();
    let found =
        headers.and_then(|all| all.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-encoding")));
    found.and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, recording, note @ ..] = &arguments[..] else { bail!("usage: FOLDER RECORDING [NOTE]") };
    let all = received(Path::new(folder))?;
    let started = all.first().context("no requests")?.arrived_ms;
    std::fs::create_dir_all(recording)?;
    let path = Path::new(recording).join(FILE);
    let file = std::fs::File::create(&path)?;
    let mut writer = RecordingWriter::new(file, &note.join(" "), UnixNanos::from_millis(started))?;
    for one in &all {
        let request = serde_json::from_slice(&std::fs::read(one.path.with_extension("json"))?)?;
        let body = std::fs::read(one.path.with_extension("bin"))?;
        writer
            .push(UnixNanos::from_millis(one.arrived_ms), &content_encoding(&request), &body)
            .with_context(|| one.path.display().to_string())?;
    }
    writer.finish()?;
    let file = std::fs::read(&path)?;
    let recording = Recording::read(&file)?;
    println!(
        "{} profiles in {:.1} min, {} bytes; version 2 after {:.1} min",
        recording.pushes().len(),
        recording.length().as_secs_f64() / 60.0,
        file.len(),
        recording.deployed().map_or(0.0, |at| at.as_secs_f64() / 60.0)
    );
    Ok(())
}
