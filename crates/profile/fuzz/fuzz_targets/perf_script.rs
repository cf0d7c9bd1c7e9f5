//! Any bytes are read as text of perf script or refused.
#![no_main]

use flarepath_profile::formats::perf_script;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = perf_script::read(bytes);
});
