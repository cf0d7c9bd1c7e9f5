//! The folder of a backup: filled under another name beside it, then renamed.
//!
//! `DIR.incomplete` is being filled; `DIR.previous` is the backup before, for the moment between two renames. If the program or
//! the machine stops in that moment, [`find`] takes the one before.

use super::manifest;
use anyhow::{Context, bail};
use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A backup in the making.
pub(super) struct Target {
    dir: PathBuf,
    folder: PathBuf,
}

impl Target {
    /// Makes the temporary folder, and removes what an interrupted backup left.
    pub(super) fn prepare(dir: &Path) -> anyhow::Result<Target> {
        let previous = beside(dir, "previous")?;
        if !dir.exists() && previous.exists() {
            fs::rename(&previous, dir).with_context(|| format!("cannot restore {}", dir.display()))?;
        }
        let is_other = dir.exists() && !dir.join(manifest::FILE_NAME).exists();
        if is_other && fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_some()) {
            bail!("{} is not empty and is not a backup; choose another folder", dir.display());
        }
        let folder = beside(dir, "incomplete")?;
        remove(&folder)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Target { dir: dir.to_owned(), folder })
    }

    /// Where the files go.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts the folder in place of the backup before.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let previous = beside(&self.dir, "previous")?;
        let rename = |from: &Path, to: &Path| {
            fs::rename(from, to).with_context(|| format!("cannot rename {}", from.display()))
        };
        if self.dir.exists() {
            remove(&previous)?;
            rename(&self.dir, &previous)?;
        }
        rename(&self.folder, &self.dir)?;
        let parent = self.dir.parent().filter(|parent| !parent.as_os_str().is_empty());
        let flushed = File::open(parent.unwrap_or(Path::new("."))).and_then(|parent| parent.sync_all());
        flushed.with_context(|| format!("cannot write {}", self.dir.display()))?;
        remove(&previous)
    }

    /// Removes what was made so far.
    pub(super) fn discard(self) {
        if let Err(error) = remove(&self.folder) {
            tracing::warn!(%error, "an incomplete backup is left behind; the next one removes it");
        }
    }
}

/// The folder of the last complete backup at `dir`.
pub(super) fn find(dir: &Path) -> anyhow::Result<PathBuf> {
    let previous = beside(dir, "previous")?;
    Ok(if !dir.exists() && previous.exists() { previous } else { dir.to_owned() })
}

fn beside(dir: &Path, suffix: &str) -> anyhow::Result<PathBuf> {
    let mut name =
        dir.file_name().with_context(|| format!("{} does not name a folder", dir.display()))?.to_owned();
    name.push(format!(".{suffix}"));
    Ok(dir.with_file_name(name))
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(target: &Target, content: &str) {
        fs::write(target.folder().join(manifest::FILE_NAME), content).unwrap();
    }

    fn content(dir: &Path) -> String {
        fs::read_to_string(find(dir).unwrap().join(manifest::FILE_NAME)).unwrap()
    }

    #[test]
    fn the_last_good_backup_is_there_at_every_moment() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("b");
        for content_of in ["first", "second"] {
            let target = Target::prepare(&dir).unwrap();
            fill(&target, content_of);
            target.finish().unwrap();
            assert_eq!(content(&dir), content_of);
        }
        let interrupted = Target::prepare(&dir).unwrap();
        fill(&interrupted, "third");
        drop(interrupted);
        assert_eq!(content(&dir), "second");
        // Interrupted between the renames.
        fs::rename(&dir, parent.path().join("b.previous")).unwrap();
        assert_eq!(content(&dir), "second");
        Target::prepare(&dir).unwrap().discard();
        assert_eq!(content(&dir), "second");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn never_replaces_what_is_no_backup() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("x"), "precious").unwrap();
        let refused = Target::prepare(parent.path()).err().unwrap();
        assert!(refused.to_string().contains("is not a backup"), "{refused}");
    }
}
