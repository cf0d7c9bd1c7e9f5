//! Export of the open file to other formats.

use flarepath_profile::call_tree::from_profile;
use flarepath_profile::formats::{firefox, folded, pprof, speedscope};
use flarepath_profile::profile::Profile;

/// A format that can be written: label, hint, file extension.
pub(crate) const FORMATS: [(&str, &str, &str); 4] = [
    ("pprof", "all sample types; for go tool pprof and most others", "pb"),
    ("Folded stacks", "text, one stack per line", "folded"),
    ("speedscope", "JSON for speedscope.app", "speedscope.json"),
    ("Firefox Profiler", "JSON for profiler.firefox.com", "firefox.json"),
];

/// Writes a profile in one of [`FORMATS`], by its index; only pprof holds all sample types.
pub(crate) fn write(
    profile: &Profile,
    sample_type: usize,
    name: &str,
    format: usize,
) -> Result<Vec<u8>, String> {
    let unit = profile.sample_types.get(sample_type).map(|t| profile.str(t.unit).to_owned());
    let unit = unit.ok_or_else(|| "there is no such sample type in the file".to_owned())?;
    let tree = || from_profile(profile, sample_type).map_err(|e| e.to_string());
    Ok(match format {
        0 => pprof::write(profile),
        1 => folded::write(&tree()?).into_bytes(),
        2 => speedscope::write(&tree()?, name, &unit).into_bytes(),
        3 => firefox::write(profile, sample_type, name).into_bytes(),
        _ => return Err("this format cannot be exported".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::formats::read;

    #[test]
    fn exports_round_trip_with_any_names() {
        let long = "x".repeat(10_240);
        let text = format!("main;<b>\"quoted\"</script> 3\nmain;\u{202e}rtl🔥 4\nmain;{long} 5\n");
        let profile = &read(text.as_bytes(), None).unwrap()[0].profile;
        for (format, (label, ..)) in FORMATS.iter().enumerate() {
            let bytes = write(profile, 0, "a\"b", format).unwrap();
            let back = &read(&bytes, None).unwrap_or_else(|e| panic!("{label}: {e}"))[0].profile;
            let at = back.default_sample_type_index();
            let tree = from_profile(back, at).unwrap();
            for name in ["<b>\"quoted\"</script>", "\u{202e}rtl🔥", &long] {
                assert!(tree.frames().named(name).contains(&true), "{label}: {name:.20}");
            }
        }
        assert!(write(profile, 9, "", 0).is_err() && write(profile, 0, "", 9).is_err());
    }
}
