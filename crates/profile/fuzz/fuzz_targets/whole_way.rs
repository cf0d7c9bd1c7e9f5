//! Any bytes are recognised, read, summed up into trees and written in every format, or refused.
#![no_main]

use flarepath_profile::call_tree::invert::invert;
use flarepath_profile::call_tree::build::from_profile;
use flarepath_profile::formats::{firefox, folded, pprof, read, speedscope};
use flarepath_profile::top_table::top_table;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(profiles) = read(bytes, None) else { return };
    for named in &profiles {
        for sample_type in 0..named.profile.samples.width() {
            let Ok(tree) = from_profile(&named.profile, sample_type) else { continue };
            let _ = (top_table(&tree), invert(&tree));
            let _ = (folded::write(&tree), speedscope::write(&tree, "fuzz", "count"));
            let _ = firefox::write(&named.profile, sample_type, "fuzz");
        }
        let written = pprof::write(&named.profile);
        assert!(pprof::read(&written).is_ok(), "what is written can be read");
    }
});
