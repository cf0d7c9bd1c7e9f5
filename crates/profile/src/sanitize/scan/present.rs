//! Set of the characters in a text: most names lack what most scanners look for, and are skipped.

use super::Rule;

/// The ASCII characters of a text, as one bit each.
#[derive(Clone, Copy, Debug)]
pub(in crate::sanitize) struct Present {
    bits: u128,
    bytes: usize,
}

const fn bits(all: &[u8]) -> u128 {
    let mut bits = 0;
    let mut i = 0;
    while i < all.len() {
        bits |= 1 << all[i];
        i += 1;
    }
    bits
}

const DIGITS: u128 = bits(b"0123456789");
/// What may stand between a name and its secret value.
const ASSIGNING: u128 = bits(b":=");

impl Present {
    /// Of a text.
    pub(in crate::sanitize) fn of(text: &str) -> Self {
        let bits = text.bytes().filter(u8::is_ascii).fold(0, |bits, byte| bits | 1u128 << byte);
        Present { bits, bytes: text.len() }
    }

    fn all(self, wanted: &[u8]) -> bool {
        let wanted = bits(wanted);
        self.bits & wanted == wanted
    }

    /// As [`Self::all`] of letters in lower case, in whatever case.
    fn all_in_any_case(self, wanted: &[u8]) -> bool {
        // In ASCII, uppercase letters are 32 before the lowercase ones.
        let folded = self.bits | (self.bits & bits(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")) << 32;
        let wanted = bits(wanted);
        folded & wanted == wanted
    }

    fn any(self, wanted: u128) -> bool {
        self.bits & wanted != 0
    }
}

impl Rule {
    /// Whether a text may hold what the rule finds. False only when that is certain.
    pub(in crate::sanitize) fn may_find(self, text: Present) -> bool {
        let digit = text.any(DIGITS);
        match self {
            Rule::PrivateKey => text.all(b"-BEGINPRVATKY"),
            Rule::UrlUserinfo => text.all(b":/@"),
            Rule::UrlQuery => text.any(bits(b"?#")),
            Rule::Jwt => text.all(b"eyJ."),
            Rule::Authorization => text.all_in_any_case(b"bear") || text.all_in_any_case(b"basic"),
            Rule::AwsKey => text.all(b"AKI") || text.all(b"ASI"),
            Rule::GitHubToken => text.all(b"gh_"),
            Rule::SlackToken => text.all(b"xo-"),
            Rule::FlarepathToken => text.all(b"fp_"),
            Rule::Assignment => text.any(ASSIGNING),
            Rule::Email => text.all(b"@.") || text.all(b"%40."),
            Rule::CardNumber => digit && text.bytes >= 13,
            Rule::Uuid => text.any(bits(b"-_")) && text.bytes >= 36,
            Rule::IpAddress => digit && text.any(bits(b".-:")),
            Rule::RandomText => digit && text.bytes >= 20,
            Rule::Id => digit,
            Rule::Path | Rule::Host | Rule::Unclear => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::Policy;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn prefilter_skips_no_match(text in crate::sanitize::promises::odd_text()) {
            for rule in Policy::strict([0; 16]).rules {
                let mut found = Vec::new();
                rule.scan(&text, &mut found);
                prop_assert!(found.is_empty() || rule.may_find(Present::of(&text)), "{:?} {}", rule, text);
            }
        }
    }
}
