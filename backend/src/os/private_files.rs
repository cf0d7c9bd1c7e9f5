//! Protects the data directory from other users of the machine: mode 0700, and 0600 for its files.
//!
//! New files get these modes from the umask. Files of earlier versions or restored backups are corrected when the server
//! starts. Only files with our names are changed, and the directory only if it has no other subdirectories: a directory configured by
//! mistake (`/var/lib`, a home directory) keeps its mode.

use rustix::fs::Mode;
use std::fs::{DirEntry, Metadata, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Prefixes of our file names: both databases with their companions, the lock, the setup link.
const OURS: [&str; 4] = ["profiles.", "records.", "flarepath.", "setup-url"];

/// Exports of the audit log. Its files are protected by its mode, too.
const OUR_FOLDER: &str = "audit";

/// Permissions of group and others.
const OTHERS: u32 = 0o077;
const STICKY: u32 = 0o1000;

/// Makes new files of this process accessible to its user only.
pub(crate) fn keep_files_private() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// Removes the permissions of group and others from a data directory and our files in it, and logs each change. Failures are
/// logged only. A missing directory will be created with the right mode.
pub(crate) fn restrict_folder(dir: &Path) {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        // Opening the databases reports the cause.
        Err(error) => return tracing::debug!(%error, "cannot list the data directory"),
    };
    let mut has_folders = false;
    for entry in entries.flatten() {
        // For a symbolic link, this is the metadata of the link itself, and links are skipped.
        let Ok(metadata) = entry.metadata() else { continue };
        let is_ours = if metadata.is_dir() { entry.file_name() == OUR_FOLDER } else { is_ours(&entry) };
        has_folders |= metadata.is_dir() && !is_ours && entry.file_name() != "lost+found";
        if is_ours && !metadata.is_symlink() {
            restrict(&entry.path(), &metadata);
        }
    }
    match std::fs::metadata(dir) {
        Ok(metadata) if has_folders || metadata.permissions().mode() & STICKY != 0 => {
            if metadata.permissions().mode() & OTHERS != 0 {
                let folder = dir.display();
                tracing::warn!(%folder, "the data directory has subdirectories, so its mode is kept; other users can list it");
            }
        }
        Ok(metadata) => restrict(dir, &metadata),
        Err(error) => tracing::debug!(%error, "cannot examine the data directory"),
    }
}

fn is_ours(entry: &DirEntry) -> bool {
    entry.file_name().to_str().is_some_and(|name| OURS.iter().any(|ours| name.starts_with(ours)))
}

fn restrict(path: &Path, metadata: &Metadata) {
    let before = metadata.permissions().mode() & 0o7777;
    let after = before & !OTHERS;
    if before == after {
        return;
    }
    let (path_text, mode) = (path.display(), format!("{before:04o}"));
    match std::fs::set_permissions(path, Permissions::from_mode(after)) {
        Ok(()) => tracing::warn!(path = %path_text, mode, "accessible to other users; mode corrected"),
        Err(error) => {
            tracing::warn!(path = %path_text, mode, %error, "accessible to other users; cannot correct the mode");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn corrects_the_directory_and_our_files() {
        let dir = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
            path
        };
        let ours = ["profiles.db", "profiles.db-wal", "records.db", "flarepath.lock", "setup-url"].map(make);
        let audit = dir.path().join(OUR_FOLDER);
        std::fs::create_dir(&audit).unwrap();
        std::fs::set_permissions(&audit, Permissions::from_mode(0o755)).unwrap();
        let foreign = make("notes.txt");
        let link = dir.path().join("profiles.link");
        std::os::unix::fs::symlink(&foreign, &link).unwrap();
        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        restrict_folder(dir.path());
        assert_eq!((mode(dir.path()), mode(&audit)), (0o700, 0o700));
        for path in &ours {
            assert_eq!(mode(path), 0o600, "{}", path.display());
        }
        assert_eq!(mode(&foreign), 0o644, "neither by its name nor through a link");
        restrict_folder(&dir.path().join("missing"));
    }

    #[test]
    fn keeps_the_mode_of_shared_directories() {
        let dir = tempfile::tempdir().unwrap();
        let set = |mode| std::fs::set_permissions(dir.path(), Permissions::from_mode(mode)).unwrap();
        set(0o1777);
        restrict_folder(dir.path());
        assert_eq!(mode(dir.path()), 0o1777);
        set(0o755);
        std::fs::create_dir(dir.path().join("lib")).unwrap();
        restrict_folder(dir.path());
        assert_eq!(mode(dir.path()), 0o755);
    }
}
