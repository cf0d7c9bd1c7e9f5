//! Reads the list of free pages from a database file (sqlite.org/fileformat2.html, 1.5).
//!
//! The list is a chain of trunk pages, each with the numbers of up to a few thousand leaves. SQLite never reads what is in a leaf.
//! It reuses the leaves of the first trunk first, and puts pages that become free there.

use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::FileExt;
use std::time::Instant;

/// Trunk pages that are read: with pages of 16 KiB, the leaves of 256 GiB.
const MOST_TRUNKS: usize = 4096;
const HEADER: usize = 40;

/// Leaves of the list of free pages.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Leaves {
    /// Bytes of a page.
    pub(super) page_bytes: u64,
    /// Page numbers, which begin with 1; ascending.
    pub(super) pages: Vec<u32>,
}

/// Reads all leaves but the first `kept`, up to the moment `until`. Nobody may write to the file meanwhile, and its log must be
/// empty.
///
/// # Errors
/// Also [`ErrorKind::InvalidData`] when the list is damaged.
pub(super) fn read(file: &File, kept: u64, until: Instant) -> Result<Leaves> {
    let mut header = [0; HEADER];
    file.read_exact_at(&mut header, 0)?;
    let page_bytes = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    if page_bytes < 512 || !page_bytes.is_power_of_two() {
        return Err(damaged());
    }
    let last = file.metadata()?.len() / page_bytes;
    let (mut trunk, total) = (number(&header, 32)?, u64::from(number(&header, 36)?));
    let (mut leaves, mut trunks, mut seen) = (Vec::new(), Vec::new(), 0);
    let mut page = vec![0; page_bytes as usize];
    while trunk != 0 && trunks.len() < MOST_TRUNKS && (trunks.is_empty() || Instant::now() < until) {
        let is_page = |number: u32| number >= 2 && u64::from(number) <= last;
        if !is_page(trunk) || trunks.contains(&trunk) {
            return Err(damaged());
        }
        file.read_exact_at(&mut page, (u64::from(trunk) - 1) * page_bytes)?;
        trunks.push(trunk);
        let count = number(&page, 4)? as usize;
        if count > page.len() / 4 - 2 {
            return Err(damaged());
        }
        for index in 0..count {
            let leaf = number(&page, 8 + 4 * index)?;
            if !is_page(leaf) {
                return Err(damaged());
            }
            if seen >= kept {
                leaves.push(leaf);
            }
            seen += 1;
        }
        trunk = number(&page, 0)?;
    }
    leaves.sort_unstable();
    let is_sound = leaves.windows(2).all(|pair| pair[0] < pair[1])
        && trunks.iter().all(|trunk| leaves.binary_search(trunk).is_err())
        && (trunk != 0 || seen + trunks.len() as u64 == total);
    if is_sound { Ok(Leaves { page_bytes, pages: leaves }) } else { Err(damaged()) }
}

fn number(bytes: &[u8], at: usize) -> Result<u32> {
    let found = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    found.map(u32::from_be_bytes).ok_or_else(damaged)
}

fn damaged() -> Error {
    Error::new(ErrorKind::InvalidData, "the list of free pages is damaged")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Pages of 512 bytes: two trunks, 2 (leaves 5, 4) and 3 (leaf 6), and a page in use.
    fn database(change: impl FnOnce(&mut [u8])) -> File {
        let mut bytes = vec![0; 7 * 512];
        let mut put = |at: usize, number: u32| bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
        put(32, 2);
        put(36, 5);
        [3, 2, 5, 4].iter().enumerate().for_each(|(i, &n)| put(512 + 4 * i, n));
        [0, 1, 6].iter().enumerate().for_each(|(i, &n)| put(1024 + 4 * i, n));
        bytes[16..18].copy_from_slice(&512u16.to_be_bytes());
        change(&mut bytes);
        let file = tempfile::tempfile().unwrap();
        file.write_all_at(&bytes, 0).unwrap();
        file
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[test]
    fn reads_leaves_but_those_that_are_reused_first() {
        let sound = database(|_| ());
        assert_eq!(read(&sound, 0, later()).unwrap(), Leaves { page_bytes: 512, pages: vec![4, 5, 6] });
        assert_eq!(read(&sound, 1, later()).unwrap().pages, [4, 6]);
        assert!(read(&sound, 3, later()).unwrap().pages.is_empty());
        assert_eq!(read(&sound, 0, Instant::now()).unwrap().pages, [4, 5], "one trunk at least");
    }

    #[test]
    fn a_damaged_free_list_is_rejected() {
        let changes: [(usize, u8); 7] = [
            (35, 9),        // a trunk beyond the end
            (39, 4),        // another number of pages
            (512 + 3, 2),   // a trunk that is its own successor
            (512 + 6, 1),   // more leaves than a page holds
            (512 + 11, 1),  // the first page
            (512 + 11, 4),  // a leaf twice
            (1024 + 11, 2), // a leaf that is a trunk
        ];
        for (at, byte) in changes {
            let file = database(|bytes| bytes[at] = byte);
            assert_eq!(read(&file, 0, later()).unwrap_err().kind(), ErrorKind::InvalidData, "byte {at}");
        }
    }
}
