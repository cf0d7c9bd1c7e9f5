//! Any bytes are read as a JFR recording or refused.
#![no_main]

use flarepath_profile::formats::jfr::read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read(bytes);
});
