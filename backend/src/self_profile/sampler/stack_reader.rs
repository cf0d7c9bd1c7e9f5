//! [`StackReader`]: words of a stack, of which an unwinder that has lost its way may ask for any address.
//!
//! A page is written to a pipe and read back: for an address that is not mapped the system refuses, and the process goes on.

#![expect(unsafe_code, reason = "the system is asked to read memory that may not be there")]

use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::AsRawFd;

/// The smallest page of all systems: it is there as a whole, or not at all. Less than a pipe holds.
const PAGE: usize = 4096;
const WORD: usize = size_of::<u64>();

pub(super) struct StackReader {
    from: PipeReader,
    to: PipeWriter,
    /// Address of the page in `bytes`; none is at 1.
    page: u64,
    bytes: Box<[u8; PAGE]>,
}

impl StackReader {
    pub(super) fn new() -> io::Result<StackReader> {
        let (from, to) = io::pipe()?;
        Ok(StackReader { from, to, page: 1, bytes: Box::new([0; PAGE]) })
    }

    /// To be called for each stack: pages change.
    pub(super) fn forget(&mut self) {
        self.page = 1;
    }

    /// The word at an address, if there is one. Does not allocate.
    pub(super) fn read(&mut self, address: u64) -> Result<u64, ()> {
        let place = (address % PAGE as u64) as usize;
        let page = address - place as u64;
        if self.page != page {
            self.page = 1;
            self.fetch(page).map_err(drop)?;
            self.page = page;
        }
        let word = self.bytes.get(place..place + WORD).ok_or(())?;
        Ok(u64::from_ne_bytes(word.try_into().map_err(drop)?))
    }

    fn fetch(&mut self, page: u64) -> io::Result<()> {
        let address = std::ptr::with_exposed_provenance::<libc::c_void>(page as usize);
        // SAFETY: the system checks the address; it reads at most a page, which the empty pipe has room for.
        let written = unsafe { libc::write(self.to.as_raw_fd(), address, PAGE) };
        let written = usize::try_from(written).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.from.read_exact(&mut self.bytes[..written.min(PAGE)])?;
        if written == PAGE { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_refuses_what_is_not() {
        let mut reader = StackReader::new().unwrap();
        let mut words = [1_u64, 2, 3];
        let address = |words: &[u64; 3], at: usize| words.as_ptr().expose_provenance() as u64 + 8 * at as u64;
        assert_eq!(reader.read(address(&words, 1)), Ok(2));
        assert_eq!(reader.read(0), Err(()));
        assert_eq!(reader.read(u64::MAX - 7), Err(()));
        words[2] = 4;
        reader.forget();
        assert_eq!(reader.read(address(&words, 2)), Ok(4));
    }
}
