//! Any bytes are read as the lines, trie or tree of Pyroscope or refused.
#![no_main]

use flarepath_profile::formats::{Format, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Lines, Format::Trie, Format::Tree] {
        let _ = read(bytes, Some(format));
    }
});
