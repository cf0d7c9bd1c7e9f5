//! Any bytes are read as a callgrind file or refused.
#![no_main]

use flarepath_profile::formats::callgrind;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = callgrind::read(bytes);
});
