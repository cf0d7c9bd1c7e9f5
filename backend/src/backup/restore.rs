//! Restores a backup into an empty data directory.

use super::folder::find;
use super::manifest::{Manifest, digest};
use crate::db::files as records_files;
use crate::store::profile_files;
use anyhow::{Context, bail};
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

/// Files are filled in this folder of the data directory, then moved out of it.
const TEMPORARY: &str = "restoring";

/// Copies the backup at `dir` into `data`, which must be missing or empty, after comparing digests and checking both databases.
pub(crate) async fn restore(dir: &Path, data: &Path) -> anyhow::Result<Manifest> {
    let backup = find(dir)?;
    let manifest = Manifest::read(&backup)?;
    let known = [profile_files::FILE_NAME, records_files::FILE_NAME];
    if let Some(name) = manifest.files.keys().find(|name| !known.contains(&name.as_str())) {
        bail!("{} lists the unknown file {name}", backup.display());
    }
    must_be_empty(data)?;
    let temporary = data.join(TEMPORARY);
    let _ = fs::remove_dir_all(&temporary);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&temporary)
        .with_context(|| format!("cannot create {}", data.display()))?;
    let filled = fill(&backup, &manifest, &temporary).await;
    if let Err(error) = filled {
        // What is left is ignored by the next attempt.
        let _ = fs::remove_dir_all(&temporary);
        return Err(error);
    }
    for name in manifest.files.keys() {
        let to = data.join(name);
        fs::rename(temporary.join(name), &to).with_context(|| format!("cannot write {}", to.display()))?;
    }
    fs::remove_dir(&temporary).and_then(|()| File::open(data)?.sync_all()).context("cannot finish")?;
    Ok(manifest)
}

async fn fill(backup: &Path, manifest: &Manifest, into: &Path) -> anyhow::Result<()> {
    for (name, wanted) in &manifest.files {
        let (from, to) = (backup.join(name), into.join(name));
        crate::sqlite::copy::create_private(&to)
            .and_then(|()| {
                let (mut from, mut to) = (File::open(&from)?, File::options().write(true).open(&to)?);
                std::io::copy(&mut from, &mut to)?;
                to.sync_all()
            })
            .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
        if digest(&to)? != *wanted {
            bail!("{} is damaged: its digest is not the one in the backup's list", from.display());
        }
        if name == profile_files::FILE_NAME {
            profile_files::verify(into).await?;
        } else {
            records_files::verify(&to).await?;
        }
    }
    Ok(())
}

fn must_be_empty(data: &Path) -> anyhow::Result<()> {
    let Ok(mut entries) = fs::read_dir(data) else { return Ok(()) };
    if entries.any(|entry| entry.map_or(true, |entry| entry.file_name() != TEMPORARY)) {
        bail!(
            "{} is not empty: a restore never overwrites. Stop the server, move the folder away, and restore again",
            data.display()
        );
    }
    Ok(())
}
