//! Punches holes into a file where its pages are free: their blocks go back to the file system, and the file keeps its length.

use super::freelist::Leaves;
use rustix::fs::{FallocateFlags, SeekFrom, fallocate, seek};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::time::Instant;

/// Punches holes at `leaves`, from the end of the file on, until the moment `until`; returns the bytes of the new holes.
///
/// # Errors
/// [`ErrorKind::Unsupported`] where the file system cannot do it.
pub(super) fn punch(file: &File, leaves: &Leaves, until: Instant) -> Result<u64> {
    let mut given = 0;
    for (first, count) in runs(&leaves.pages).into_iter().rev() {
        let (start, bytes) = ((u64::from(first) - 1) * leaves.page_bytes, count * leaves.page_bytes);
        if is_hole(file, start, bytes)? {
            continue;
        }
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        fallocate(file, flags, start, bytes).map_err(|error| match error {
            Errno::OPNOTSUPP | Errno::NOSYS => Error::new(ErrorKind::Unsupported, error),
            other => other.into(),
        })?;
        given += bytes;
        if Instant::now() >= until {
            break;
        }
    }
    Ok(given)
}

/// Neighbours joined: the first page and the number of pages of each run.
fn runs(pages: &[u32]) -> Vec<(u32, u64)> {
    let mut runs: Vec<(u32, u64)> = Vec::new();
    for &page in pages {
        match runs.last_mut() {
            Some((first, count)) if u64::from(*first) + *count == u64::from(page) => *count += 1,
            _ => runs.push((page, 1)),
        }
    }
    runs
}

fn is_hole(file: &File, start: u64, bytes: u64) -> Result<bool> {
    match seek(file, SeekFrom::Data(start)) {
        Ok(data) => Ok(data >= start + bytes),
        // There is no data up to the end.
        Err(Errno::NXIO) => Ok(true),
        Err(Errno::INVAL) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{FileExt, MetadataExt};
    use std::time::Duration;

    #[test]
    fn joins_neighbours() {
        assert_eq!(runs(&[2, 3, 4, 7, 9, 10]), [(2, 3), (7, 1), (9, 2)]);
        assert!(runs(&[]).is_empty());
    }

    #[test]
    fn pages_of_the_list_read_as_zeros_and_take_no_disk_and_all_others_stay() {
        let file = tempfile::tempfile().unwrap();
        let page_bytes = 1 << 16;
        let bytes = vec![7; 10 << 16];
        file.write_all_at(&bytes, 0).unwrap();
        file.sync_all().unwrap();
        let before = file.metadata().unwrap().blocks();
        let leaves = Leaves { page_bytes, pages: vec![2, 3, 10] };
        let until = Instant::now() + Duration::from_secs(60);
        match punch(&file, &leaves, until) {
            // Not every file system has holes.
            Err(error) if error.kind() == ErrorKind::Unsupported => return,
            given => assert_eq!(given.unwrap(), 3 * page_bytes),
        }
        assert_eq!(punch(&file, &leaves, until).unwrap(), 0, "they are holes already");
        assert_eq!(file.metadata().unwrap().len(), 10 * page_bytes);
        assert!(file.metadata().unwrap().blocks() * 512 <= before * 512 - 3 * page_bytes);
        let mut found = vec![0; bytes.len()];
        file.read_exact_at(&mut found, 0).unwrap();
        for (number, page) in (1..).zip(found.chunks(page_bytes as usize)) {
            let wanted = if leaves.pages.contains(&number) { 0 } else { 7 };
            assert!(page.iter().all(|&byte| byte == wanted), "page {number}");
        }
    }
}
