//! Any bytes are read as a Firefox profile (processed format) or refused.
#![no_main]

use flarepath_profile::formats::firefox::processed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = processed::read(bytes);
});
