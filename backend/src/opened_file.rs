//! Check that an opened file is still the one at its path: databases go on working on one that was replaced or removed, and
//! what they write is lost.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file, and which one it was when it was opened.
#[derive(Debug)]
pub(crate) struct OpenedFile {
    path: PathBuf,
    id: FileId,
}

/// A file apart from its name: device and inode.
type FileId = (u64, u64);

/// The file is no longer at its path. For the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileLost {
    /// It was removed, or its folder is unreadable.
    #[error("{} cannot be found ({cause})", .path.display())]
    Missing { path: PathBuf, cause: std::io::Error },
    /// Another file has its name.
    #[error("{} is no longer the file that was opened; restart the server to use the new one", .0.display())]
    Replaced(PathBuf),
}

impl OpenedFile {
    /// The file at `path` now.
    pub(crate) fn at(path: &Path) -> Result<OpenedFile, FileLost> {
        Ok(OpenedFile { path: path.to_owned(), id: file_id(path)? })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Fails if its path does not lead to it any more.
    pub(crate) fn check(&self) -> Result<(), FileLost> {
        match file_id(&self.path)? == self.id {
            true => Ok(()),
            false => Err(FileLost::Replaced(self.path.clone())),
        }
    }
}

fn file_id(path: &Path) -> Result<FileId, FileLost> {
    let metadata =
        std::fs::metadata(path).map_err(|cause| FileLost::Missing { path: path.to_owned(), cause })?;
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_replaced_and_removed_files() {
        let dir = tempfile::TempDir::new().unwrap();
        let (path, other) = (dir.path().join("a"), dir.path().join("b"));
        std::fs::write(&path, "1").unwrap();
        let file = OpenedFile::at(&path).unwrap();
        std::fs::write(&path, "2").unwrap();
        assert!(file.check().is_ok(), "the same file with other content");
        std::fs::write(&other, "2").unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(matches!(file.check(), Err(FileLost::Replaced(_))));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(file.check(), Err(FileLost::Missing { .. })));
    }
}
