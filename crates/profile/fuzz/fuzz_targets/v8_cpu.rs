//! Any bytes are read as a `.cpuprofile` or refused.
#![no_main]

use flarepath_profile::formats::v8::cpu;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = cpu::read(bytes);
});
