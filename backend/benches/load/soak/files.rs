//! Files of every client whose format is supported: those of the readers' tests.

use super::traffic::Traffic;
use anyhow::{Context, Result};
use bytes::Bytes;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Endings of files that are not profiles: the programs that were profiled.
const NOT_PROFILES: [&str; 12] = ["md", "py", "js", "mjs", "rb", "c", "cc", "h", "go", "java", "html", "sh"];

pub(crate) struct Files(Vec<(String, Bytes)>);

impl Files {
    /// Names of formats, and contents.
    pub(crate) fn read() -> Result<Files> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/profile/testdata");
        let mut files = Vec::new();
        for folder in entries(&root)? {
            let format = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for path in if folder.is_dir() { entries(&folder)? } else { Vec::new() } {
                let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                if !NOT_PROFILES.contains(&ending.as_str()) {
                    files.push((format.clone(), Bytes::from(std::fs::read(&path)?)));
                }
            }
        }
        Ok(Files(files))
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Pushes the next file as of now, to the service of its format.
pub(crate) async fn send(traffic: Traffic, files: Arc<Files>, turn: u64) {
    let (format, body) = &files.0[turn as usize % files.0.len()];
    let path = format!("/api/v1/profiles?service={format}&time=now");
    let request = traffic.authorized(reqwest::Method::POST, &path);
    traffic.send("files of clients", request.body(body.clone())).await;
}
