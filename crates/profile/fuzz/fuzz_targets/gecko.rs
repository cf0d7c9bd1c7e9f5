//! Any bytes are read as a Firefox profile (raw format) or refused.
#![no_main]

use flarepath_profile::formats::firefox::gecko;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = gecko::read(bytes);
});
