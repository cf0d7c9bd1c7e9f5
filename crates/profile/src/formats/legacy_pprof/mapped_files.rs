//! Files mapped into the process.

use super::symbols::next_line;
use crate::formats::builder::ProfileBuilder;
use crate::formats::clean_text;
use crate::formats::text::hex_address;
use crate::profile::Mapping;

/// Where code is mapped, sorted by address.
#[derive(Default)]
pub(super) struct MappedFiles {
    /// First address, end, index of the mapping in the profile.
    ranges: Vec<(u64, u64, u32)>,
}

impl MappedFiles {
    /// Reads all lines that describe mapped code, wherever they begin.
    pub(super) fn read(mut text: &[u8], builder: &mut ProfileBuilder) -> Self {
        let mut ranges = Vec::new();
        while !text.is_empty() {
            let (line, rest) = next_line(text);
            text = rest;
            let Some((mut mapping, file)) = parse(line) else { continue };
            let file = clean_text(file, &mut builder.notes);
            mapping.file = builder.profile().strings.intern(&file);
            ranges.push((mapping.start, mapping.limit, builder.mapping(mapping)));
        }
        ranges.sort_unstable();
        MappedFiles { ranges }
    }

    /// The mapping that an address is in.
    pub(super) fn of(&self, address: u64) -> Option<u32> {
        let after = self.ranges.partition_point(|(start, ..)| *start <= address);
        let (_, limit, mapping) = self.ranges.get(after.checked_sub(1)?)?;
        (address < *limit).then_some(*mapping)
    }
}

/// `00401000-00402000 r-xp 00001000 00:00 1019  /bin/shop`, or `  00400000-00fcb000: /bin/shop` as threadz has it.
/// Only what can be executed counts.
fn parse(line: &[u8]) -> Option<(Mapping, &[u8])> {
    let line = line.trim_ascii();
    let mut rest = line;
    let mut word = || {
        rest = rest.trim_ascii_start();
        let end = rest.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        word
    };
    let range = word();
    let brief = range.last() == Some(&b':');
    let range = range.strip_suffix(b":").unwrap_or(range);
    let dash = range.iter().position(|&b| b == b'-')?;
    let (start, limit) = (hex_address(&range[..dash])?, hex_address(&range[dash + 1..])?);
    let mut file_offset = 0;
    if !brief {
        let rights = word();
        if rights.len() < 3 || rights[2] != b'x' {
            return None;
        }
        file_offset = hex_address(word())?;
        // Device and inode.
        word();
        word();
    }
    let file = rest.trim_ascii();
    (start < limit).then_some((Mapping { start, limit, file_offset, ..Mapping::default() }, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_mapping_by_address() {
        let mut builder = ProfileBuilder::new(&[("n", "count")]);
        let text = b"MAPPED_LIBRARIES:\n00401000-00402000 r-xp 00001000 00:00 10  /bin/my shop\n\
            00402000-00403000 r--p 00002000 00:00 10 /bin/my shop\n\
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0           [vsyscall]\n  00500000-00600000: /lib/a.so\n";
        let files = MappedFiles::read(text, &mut builder);
        let file = |address: u64, builder: &mut ProfileBuilder| {
            files.of(address).map(|m| {
                let mapping = builder.profile().mappings[m as usize];
                (builder.profile().str(mapping.file).to_owned(), mapping.file_offset)
            })
        };
        assert_eq!(file(0x40_1fff, &mut builder), Some(("/bin/my shop".to_owned(), 0x1000)));
        assert_eq!(file(0x40_2000, &mut builder), None);
        assert_eq!(file(0x50_0000, &mut builder), Some(("/lib/a.so".to_owned(), 0)));
        assert_eq!(file(1, &mut builder), None);
    }
}
