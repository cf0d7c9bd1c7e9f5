//! Any bytes are read as a profile of pprof before protocol buffers or refused.
#![no_main]

use flarepath_profile::formats::legacy_pprof;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = legacy_pprof::read(bytes);
});
