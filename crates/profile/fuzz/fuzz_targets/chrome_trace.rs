//! Any bytes are read as a Chrome trace or refused.
#![no_main]

use flarepath_profile::formats::chrome_trace;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = chrome_trace::read(bytes);
});
