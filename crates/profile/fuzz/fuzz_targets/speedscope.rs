//! Any bytes are read as a speedscope file or refused.
#![no_main]

use flarepath_profile::formats::speedscope;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = speedscope::read(bytes);
});
