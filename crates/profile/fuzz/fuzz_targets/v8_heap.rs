//! Any bytes are read as a `.heapprofile` or refused.
#![no_main]

use flarepath_profile::formats::v8::heap;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = heap::read(bytes);
});
