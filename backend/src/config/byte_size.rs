//! Sizes in configuration: `20GB`, `500 GiB`.

const UNITS: [(&str, u64); 8] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
];

/// Reads a whole number with a unit, in upper or lower case; `None` for anything else.
pub(super) fn parse_byte_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let (number, unit) = UNITS.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))?;
    let number = number.trim_end();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<u64>().ok().filter(|_| is_number)?.checked_mul(*unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_decimal_and_binary_units() {
        for (text, bytes) in [
            ("20GB", 20_000_000_000),
            ("500 GiB", 500 << 30),
            ("1tb", 1_000_000_000_000),
            ("2TiB", 2 << 40),
            ("64mb", 64_000_000),
            ("007KiB", 7 << 10),
        ] {
            assert_eq!(parse_byte_size(text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn a_unit_is_required_and_fractions_are_not_accepted() {
        for text in ["", "GB", "20", "1.5GB", "-1GB", "+1GB", "20 G", "99999999999TB", "1GB1MB"] {
            assert_eq!(parse_byte_size(text), None, "{text}");
        }
    }
}
