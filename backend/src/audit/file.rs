//! A file of audit entries: written under a temporary name, flushed, read back, then renamed. Blocking.

use super::ArchiveError;
use crate::db::audit_log::AuditRow;
use crate::db::id::AuditEntryId;
use flarepath_profile::unix_nanos::UnixNanos;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// A complete file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExportedFile {
    pub(super) name: String,
    /// SHA-256 of the file, hexadecimal.
    pub(super) sha256: String,
    pub(super) entries: i64,
    pub(super) first_at: UnixNanos,
    /// Time and id of the last entry.
    pub(super) last: (UnixNanos, AuditEntryId),
}

/// Writes entries, oldest first, to a file in `folder`, and checks it. `None` without entries.
///
/// The name has the day and the id of the first entry. A file of this name can only be left from a call after which nothing was
/// deleted, so it is replaced.
pub(super) fn write(folder: &Path, rows: &[AuditRow]) -> Result<Option<ExportedFile>, ArchiveError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(None) };
    let name = format!("audit-{}-{}.ndjson.gz", day(first.at), first.id);
    let (path, new) = (folder.join(&name), folder.join(format!("{name}.new")));
    let failed = |error| ArchiveError::File { path: path.display().to_string(), error };
    let written = fill(folder, &new, rows).map_err(failed)?;
    let read = read_back(&new).map_err(failed)?;
    if read != written || read.entries != rows.len() {
        return Err(ArchiveError::Differs(new.display().to_string()));
    }
    fs::rename(&new, &path).and_then(|()| File::open(folder)?.sync_all()).map_err(failed)?;
    let sha256 = read.file.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let (entries, last) = (rows.len() as i64, (last.at, last.id.clone()));
    Ok(Some(ExportedFile { name, sha256, entries, first_at: first.at, last }))
}

/// The day of an entry, such as `2026-11-21`, in UTC.
fn day(at: UnixNanos) -> String {
    let at = jiff::Timestamp::from_nanosecond(i128::from(at.0)).unwrap_or_default();
    at.strftime("%Y-%m-%d").to_string()
}

/// What a file contains: hashes of the file and of its lines, and their number.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    file: [u8; 32],
    lines: [u8; 32],
    entries: usize,
}

fn fill(folder: &Path, new: &Path, rows: &[AuditRow]) -> io::Result<Content> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    match fs::remove_file(new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(new)?;
    let mut out = GzEncoder::new(Hashing::new(BufWriter::new(file)), Compression::default());
    let mut lines = Sha256::new();
    for row in rows {
        let mut line = serde_json::to_vec(row)?;
        line.push(b'\n');
        lines.update(&line);
        out.write_all(&line)?;
    }
    let Hashing { inner, hash } = out.finish()?;
    inner.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(Content { file: hash.finalize().into(), lines: lines.finalize().into(), entries: rows.len() })
}

fn read_back(path: &Path) -> io::Result<Content> {
    let mut file = Hashing::new(File::open(path)?);
    let (mut lines, mut entries, mut line) = (Sha256::new(), 0, Vec::new());
    let mut text = BufReader::new(GzDecoder::new(&mut file));
    while text.read_until(b'\n', &mut line)? > 0 {
        lines.update(&line);
        entries += 1;
        line.clear();
    }
    // Nothing may follow the lines.
    io::copy(&mut file, &mut io::sink())?;
    Ok(Content { file: file.hash.finalize().into(), lines: lines.finalize().into(), entries })
}

/// Hashes what passes through.
struct Hashing<T> {
    inner: T,
    hash: Sha256,
}

impl<T> Hashing<T> {
    fn new(inner: T) -> Hashing<T> {
        Hashing { inner, hash: Sha256::new() }
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.hash.update(&bytes[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn row(id: &str, at: i64) -> AuditRow {
        let text = || "x".to_owned();
        AuditRow {
            id: id.into(),
            at: UnixNanos(at),
            actor_kind: text(),
            actor_id: text().into(),
            actor_name: text(),
            ip: text(),
            user_agent: text(),
            request_id: text(),
            action: text(),
            object_kind: text(),
            object_id: text(),
            object_name: "two\nlines".to_owned(),
            before: None,
            after: None,
        }
    }

    #[test]
    fn files_are_complete_private_and_named_by_their_first_entry() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("audit");
        assert_eq!(write(&folder, &[]).unwrap(), None);
        let rows = [row("a", 1_795_227_540_000_000_000), row("b", 1_795_227_541_000_000_000)];
        let written = write(&folder, &rows).unwrap().unwrap();
        assert_eq!(written.name, "audit-2026-11-21-a.ndjson.gz");
        assert_eq!((written.entries, written.last.1.as_str()), (2, "b"));
        let path = folder.join(&written.name);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
        let mut text = String::new();
        GzDecoder::new(File::open(&path).unwrap()).read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 2);
        // What a stopped server left is replaced.
        fs::write(folder.join(format!("{}.new", written.name)), "half").unwrap();
        assert_eq!(write(&folder, &rows).unwrap().unwrap(), written);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn notices_that_a_file_differs() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        let written = fill(dir.path(), &path, &[row("a", 1)]).unwrap();
        assert_eq!(read_back(&path).unwrap(), written);
        let mut bytes = fs::read(&path).unwrap();
        bytes.push(0);
        fs::write(&path, &bytes).unwrap();
        assert_ne!(read_back(&path).unwrap(), written);
        bytes.truncate(bytes.len() - 9);
        fs::write(&path, &bytes).unwrap();
        assert!(read_back(&path).is_err());
    }
}
