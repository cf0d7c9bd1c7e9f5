//! Any bytes are read as JSON of stackprof or refused.
#![no_main]

use flarepath_profile::formats::stackprof;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = stackprof::read(bytes);
});
