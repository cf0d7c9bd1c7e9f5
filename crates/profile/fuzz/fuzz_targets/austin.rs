//! Any bytes are read as text or MOJO of Austin or refused.
#![no_main]

use flarepath_profile::formats::austin;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = austin::read(bytes);
});
