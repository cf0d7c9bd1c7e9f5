//! Any bytes are read as folded stacks or refused.
#![no_main]

use flarepath_profile::formats::folded;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = folded::read(bytes);
});
