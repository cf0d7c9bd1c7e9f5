//! What a request shows to say who it is from.

use secrecy::SecretString;

/// At most one of these counts in a request: a token wins over a cookie, so that a page cannot lend its cookie to a
/// request that carries a token of somebody else.
#[derive(Clone, Debug, Default)]
pub(crate) enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// The secret of a session's cookie.
    Session(SecretString),
    /// An API token: `Authorization: Bearer`, or the password of `Basic`.
    Token(SecretString),
    /// A user's name that a trusted proxy vouches for.
    Proxy {
        /// The name.
        name: String,
    },
}
