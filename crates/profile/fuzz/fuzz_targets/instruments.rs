//! Any bytes are read as a table of Instruments or refused.
#![no_main]

use flarepath_profile::formats::instruments;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = instruments::read(bytes);
});
