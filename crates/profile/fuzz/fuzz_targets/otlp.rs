//! Any bytes are read as OTLP profiles, protobuf or JSON, or refused.
#![no_main]

use flarepath_profile::formats::{Format, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for format in [Format::OtlpProtobuf, Format::OtlpJson] {
        let _ = read(bytes, Some(format));
    }
});
