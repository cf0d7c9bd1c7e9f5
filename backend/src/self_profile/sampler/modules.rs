//! Unwind tables of the program and its libraries, used where the system has mapped them.
//!
//! A table begins with an index (`.eh_frame_hdr`), to which a program header points, and which points to the table itself
//! (`.eh_frame`): format in the Linux Standard Base, Core 5.0, 10.6. Libraries that are loaded later are unknown; stacks are
//! followed through them by frame pointers.

#![expect(unsafe_code, reason = "the tables are in memory that the system has mapped")]

use framehop::{ExplicitModuleSectionInfo, Module};
use libc::{Elf64_Phdr, c_int, c_void, dl_phdr_info, size_t};
use std::ops::Range;

type Loaded = Vec<Module<&'static [u8]>>;

/// Version 1, and the table's address as signed 32 bits relative to their own place. Other forms are possible, but no linker
/// writes them.
const INDEX_FORM: [u8; 2] = [1, 0x1b];

/// The program and the libraries that are loaded now.
pub(super) fn loaded() -> Loaded {
    let mut found = Loaded::new();
    // SAFETY: `visit` is called before this returns, with the list as its last argument.
    unsafe { libc::dl_iterate_phdr(Some(visit), (&raw mut found).cast()) };
    found
}

unsafe extern "C" fn visit(info: *mut dl_phdr_info, _: size_t, found: *mut c_void) -> c_int {
    // SAFETY: the system passes a valid description, and `loaded` its list, which nothing else uses meanwhile.
    let (info, found) = unsafe { (&*info, &mut *found.cast::<Loaded>()) };
    if !info.dlpi_phdr.is_null() {
        // SAFETY: the description says how many headers there are.
        let headers = unsafe { std::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum.into()) };
        found.extend(module(info.dlpi_addr, headers));
    }
    0
}

/// A module that is mapped at `base`, if it has an index.
fn module(base: u64, headers: &[Elf64_Phdr]) -> Option<Module<&'static [u8]>> {
    let range = |header: &Elf64_Phdr| header.p_vaddr..header.p_vaddr + header.p_filesz;
    let of_type = |kind: u32| headers.iter().filter(move |header| header.p_type == kind);
    let index_at = of_type(libc::PT_GNU_EH_FRAME).map(range).next()?;
    let index = mapped(base, &index_at);
    let table_start = table_address(index, index_at.start)?;
    // Where the table ends is written nowhere; look-ups start from the index and never get there.
    let segment = of_type(libc::PT_LOAD).map(range).find(|segment| segment.contains(&table_start))?;
    let table_at = table_start..segment.end;
    let code = of_type(libc::PT_LOAD).filter(|header| header.p_flags & libc::PF_X != 0).map(range);
    let code = code.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))?;
    let sections = ExplicitModuleSectionInfo {
        eh_frame: Some(mapped(base, &table_at)),
        eh_frame_svma: Some(table_at),
        eh_frame_hdr: Some(index),
        eh_frame_hdr_svma: Some(index_at),
        ..ExplicitModuleSectionInfo::default()
    };
    Some(Module::new(String::new(), base + code.start..base + code.end, base, sections))
}

fn table_address(index: &[u8], index_start: u64) -> Option<u64> {
    let (form, rest) = index.split_first_chunk::<2>()?;
    // Behind the forms of two more fields.
    let (place, offset) = (index_start + 4, rest.get(2..)?.first_chunk::<4>()?);
    let offset = i64::from(i32::from_ne_bytes(*offset));
    (*form == INDEX_FORM).then(|| place.checked_add_signed(offset)).flatten()
}

fn mapped(base: u64, range: &Range<u64>) -> &'static [u8] {
    let start = std::ptr::with_exposed_provenance((base + range.start) as usize);
    // SAFETY: the range is within a segment that is mapped, not written to, and never unloaded: we unload no library.
    unsafe { std::slice::from_raw_parts(start, (range.end - range.start) as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_points_to_its_table() {
        let index = |form: u8, offset: i32| [&[1, form, 3, 0x3b][..], &offset.to_ne_bytes()].concat();
        assert_eq!(table_address(&index(0x1b, 96), 1000), Some(1100));
        assert_eq!(table_address(&index(0x1b, -104), 1000), Some(900));
        assert_eq!(table_address(&index(0x1b, i32::MIN), 1000), None);
        assert_eq!(table_address(&index(0x0b, 96), 1000), None, "another form");
        assert_eq!(table_address(&[1, 0x1b, 3], 1000), None);
    }

    #[test]
    fn the_program_itself_is_loaded() {
        assert!(!loaded().is_empty());
    }
}
