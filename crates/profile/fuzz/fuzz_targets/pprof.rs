//! Any bytes are read as a pprof or refused.
#![no_main]

use flarepath_profile::formats::pprof;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = pprof::read(bytes);
});
