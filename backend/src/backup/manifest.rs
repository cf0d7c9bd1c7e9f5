//! `backup.json`: what a backup holds. Its presence says that the backup is complete.

use anyhow::{Context, bail};
use flarepath_profile::unix_nanos::UnixNanos;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Name of the file.
pub(super) const FILE_NAME: &str = "backup.json";
/// Format of backups that this version writes; newer ones are refused.
const FORMAT: u32 = 1;
/// A manifest is some hundred bytes.
const LARGEST: u64 = 1 << 20;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    /// Version of the program that made it.
    version: String,
    /// When it was begun, by the clock of the machine.
    pub(crate) made_at: String,
    /// Number of the last profile in it.
    pub(crate) last_profile: i64,
    /// BLAKE3 of each file, in hexadecimal.
    pub(crate) files: BTreeMap<String, String>,
}

impl Manifest {
    /// Describes `files` in `folder`, and flushes them to disk.
    pub(super) fn of(
        folder: &Path,
        files: &[&str],
        now: UnixNanos,
        last_profile: i64,
    ) -> anyhow::Result<Manifest> {
        let mut digests = BTreeMap::new();
        for name in files {
            let path = folder.join(name);
            File::open(&path)
                .and_then(|file| file.sync_all())
                .with_context(|| format!("cannot write {}", path.display()))?;
            digests.insert((*name).to_owned(), digest(&path)?);
        }
        let at = jiff::Timestamp::from_nanosecond(i128::from(now.0)).map(|at| at.to_string());
        let (made_at, version) = (at.unwrap_or_default(), env!("CARGO_PKG_VERSION").to_owned());
        Ok(Manifest { format: FORMAT, version, made_at, last_profile, files: digests })
    }

    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(FILE_NAME);
        let text = serde_json::to_string_pretty(self)?;
        let written = crate::sqlite::copy::create_private(&path).and_then(|()| {
            std::fs::write(&path, text)?;
            File::open(&path)?.sync_all()?;
            File::open(folder)?.sync_all()
        });
        written.with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads the manifest in `folder`.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Manifest> {
        let path = folder.join(FILE_NAME);
        let mut text = String::new();
        let file = File::open(&path)
            .with_context(|| format!("{} is not a backup: it has no {}", folder.display(), path.display()))?;
        file.take(LARGEST)
            .read_to_string(&mut text)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let manifest: Manifest =
            serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?;
        if manifest.format > FORMAT {
            bail!(
                "{} is from flarepath {}; use that version or a newer one",
                folder.display(),
                manifest.version
            );
        }
        Ok(manifest)
    }
}

/// BLAKE3 of a file, in hexadecimal.
pub(super) fn digest(path: &Path) -> anyhow::Result<String> {
    hash(path).with_context(|| format!("cannot read {}", path.display()))
}

fn hash(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hasher) = (File::open(path)?, blake3::Hasher::new());
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            length => hasher.update(&buffer[..length]),
        };
    }
}
