//! Format of API tokens: `fp_<kind>_<32 letters and digits>_<checksum>`.
//!
//! Kinds are `pat` (personal), `sa` (service account) and `agt` (service account that writes profiles only). The middle part
//! is random, about 190 bits. The last six characters are the CRC-32 of everything before them in base 62, so that a
//! scanner for leaked secrets can tell tokens from lookalikes, and a mistyped token is rejected without a database query.
//! The database stores SHA-256 of the text: with so many random bits nothing slower is needed.

use crate::db::id::random_bytes;
use secrecy::{ExposeSecret, SecretString};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LEN: usize = 32;
const CHECKSUM_LEN: usize = 6;

/// The kind of an API token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Personal: acts as a user.
    Personal,
    /// Acts as a service account.
    ServiceAccount,
    /// Acts as a service account, and writes profiles only.
    Agent,
}

impl TokenKind {
    /// All kinds.
    pub(crate) const ALL: [TokenKind; 3] = [TokenKind::Personal, TokenKind::ServiceAccount, TokenKind::Agent];

    /// The name in records and in the token.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TokenKind::Personal => "pat",
            TokenKind::ServiceAccount => "sa",
            TokenKind::Agent => "agt",
        }
    }

    /// The kind with this name.
    pub(crate) fn named(name: &str) -> Option<TokenKind> {
        TokenKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The prefix of its tokens.
    pub(crate) fn prefix(self) -> String {
        format!("fp_{}_", self.name())
    }
}

/// A new token.
pub fn generate(kind: TokenKind) -> SecretString {
    let mut text = kind.prefix();
    let random_end = text.len() + RANDOM_LEN;
    while text.len() < random_end {
        // Bytes from 248 on are skipped, or the first characters would be slightly more likely.
        let unbiased = random_bytes::<RANDOM_LEN>().into_iter().filter(|byte| *byte < 248);
        let missing = random_end - text.len();
        text.extend(unbiased.take(missing).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
    let checksum = checksum(&text);
    text.push('_');
    text.push_str(&checksum);
    SecretString::from(text)
}

/// The kind of a well-formed token with a valid checksum.
pub(crate) fn kind_of(text: &str) -> Option<TokenKind> {
    let (body, check) = text.rsplit_once('_')?;
    let kind = TokenKind::named(body.strip_prefix("fp_")?.split('_').next()?)?;
    let random = body.strip_prefix(&kind.prefix())?;
    let well_formed = random.len() == RANDOM_LEN && random.bytes().all(|byte| ALPHABET.contains(&byte));
    (well_formed && check == checksum(body)).then_some(kind)
}

/// The last four characters of the random part: enough to tell one's own tokens apart, too few to guess the rest.
pub(crate) fn last_four(token: &SecretString) -> String {
    let text = token.expose_secret();
    let random = text.rsplit_once('_').map_or(text, |(body, _)| body);
    random.get(random.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

fn checksum(text: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(text.as_bytes());
    let mut rest = crc.sum();
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_tokens_are_well_formed_and_unique() {
        for kind in TokenKind::ALL {
            let (one, other) = (generate(kind), generate(kind));
            let text = one.expose_secret();
            assert_ne!(text, other.expose_secret());
            assert_eq!(kind_of(text), Some(kind));
            assert_eq!(text.len(), kind.prefix().len() + 32 + 1 + 6);
            assert!(text.contains(&format!("{}_", last_four(&one))));
            assert!(!format!("{one:?}").contains(&last_four(&one)), "a secret shows itself");
        }
    }

    #[test]
    fn mistyped_and_foreign_tokens_are_rejected() {
        let good = generate(TokenKind::Personal).expose_secret().to_owned();
        for at in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(kind_of(&String::from_utf8(bytes).unwrap()), None, "character {at}");
        }
        for other in ["", "_", "fp_", "fp_pat_", "glsa_abc_12345678", "fp_pat__000000", "fp_xyz_a_b", "é_é"]
        {
            assert_eq!(kind_of(other), None, "{other}");
        }
        assert_eq!(kind_of(&good[..good.len() - 1]), None);
        assert_eq!(kind_of(&format!("{good}0")), None);
    }

    #[test]
    fn the_checksum_is_crc_32() {
        // CRC-32/ISO-HDLC of "123456789" is 0xcbf43926 = 3421780262 = 3 * 62^5 + 45 * 62^4 + …
        assert_eq!(checksum("123456789").len(), 6);
        let value = checksum("123456789")
            .bytes()
            .fold(0u64, |sum, digit| sum * 62 + ALPHABET.iter().position(|b| *b == digit).unwrap() as u64);
        assert_eq!(value, 0xcbf4_3926);
    }
}
