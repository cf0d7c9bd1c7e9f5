//! Any bytes are read as `py-spy record -f raw` or refused.
#![no_main]

use flarepath_profile::formats::py_spy;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = py_spy::read(bytes);
});
