//! Typed row ids, and random bytes as text.
//!
//! An id is 128 random bits in Crockford's base 32: 26 lower-case characters. In JSON, messages and columns it is a plain
//! string.

use rand::RngCore;
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use sqlx::Database;
use sqlx::any::{Any, AnyTypeInfo};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use std::fmt;

/// Crockford's base 32, lower case: no i, l, o, u, so that it can be read out.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as it is stored and sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl sqlx::Type<Any> for $name {
            fn type_info() -> AnyTypeInfo {
                <String as sqlx::Type<Any>>::type_info()
            }

            fn compatible(of: &AnyTypeInfo) -> bool {
                <String as sqlx::Type<Any>>::compatible(of)
            }
        }

        impl<'q> sqlx::Encode<'q, Any> for $name {
            fn encode_by_ref(&self, buffer: &mut <Any as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                <String as sqlx::Encode<'q, Any>>::encode_by_ref(&self.0, buffer)
            }
        }

        impl<'r> sqlx::Decode<'r, Any> for $name {
            fn decode(value: <Any as Database>::ValueRef<'r>) -> Result<$name, BoxDynError> {
                <String as sqlx::Decode<'r, Any>>::decode(value).map($name)
            }
        }

        impl super::row::Column for $name {
            type Stored = String;

            fn to_stored(&self) -> String {
                self.0.clone()
            }

            fn from_stored(text: String) -> $name {
                $name(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl From<&$name> for String {
            fn from(id: &$name) -> String {
                id.0.clone()
            }
        }
    )*};
}

macro_rules! random {
    ($($name:ident),*) => {$(
        impl $name {
            /// A new random id.
            pub(crate) fn random() -> $name {
                $name(new_id())
            }
        }
    )*};
}

ids! {
    /// Id of a user.
    UserId,
    /// Id of a service account.
    ServiceAccountId,
    /// Id of a user or a service account; `local` for the only caller without sign-in, empty for anonymous callers and
    /// the server itself.
    #[derive(Default)]
    PrincipalId,
    /// Id of a team.
    TeamId,
    /// Id of a role binding.
    BindingId,
    /// Id of a session.
    SessionId,
    /// Id of an API token. Not the token itself.
    TokenId,
    /// Id by which a share is managed. Not the one in its link.
    ShareId,
    /// Id of an annotation on a share.
    AnnotationId,
    /// Id of a marker.
    MarkerId,
    /// Id of an entry of the audit log.
    AuditEntryId,
    /// Id of a user, a team or a service account, as the subject of a role binding.
    SubjectId,
    /// Id of a user, or an identity at a provider, that somebody failed to sign in as; empty for strangers.
    #[derive(Default)]
    AccountId,
}

random!(
    UserId,
    ServiceAccountId,
    TeamId,
    BindingId,
    SessionId,
    TokenId,
    ShareId,
    AnnotationId,
    MarkerId,
    AuditEntryId
);

impl PrincipalId {
    /// Whether it names nobody.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AccountId {
    /// Whether it stands for strangers.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<UserId> for AccountId {
    fn from(id: UserId) -> AccountId {
        AccountId(id.0)
    }
}

impl From<&UserId> for PrincipalId {
    fn from(id: &UserId) -> PrincipalId {
        PrincipalId(id.0.clone())
    }
}

impl From<&ServiceAccountId> for PrincipalId {
    fn from(id: &ServiceAccountId) -> PrincipalId {
        PrincipalId(id.0.clone())
    }
}

/// 128 random bits as 26 characters.
pub(super) fn new_id() -> String {
    base32(&random_bytes::<16>())
}

/// Bytes from the system's source of randomness.
///
/// # Panics
/// When the system has none: nothing that needs one may go on then.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.unwrap_err().fill_bytes(&mut bytes);
    bytes
}

/// Bytes as base 32, five bits a character, the last one padded with zeros.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0u32, 0);
    for &byte in bytes {
        held = held << 8 | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_are_unique_and_have_26_characters() {
        let (one, other) = (new_id(), new_id());
        assert_eq!(one.len(), 26);
        assert_ne!(one, other);
        assert!(one.bytes().all(|b| ALPHABET.contains(&b)));
        assert_eq!(base32(&[0xff; 20]), "z".repeat(32));
        assert_eq!(base32(&[0]), "00");
    }
}
