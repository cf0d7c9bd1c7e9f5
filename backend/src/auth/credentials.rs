//! Credentials of a request.

use secrecy::SecretString;

/// The credentials that count in a request. A token takes precedence over a cookie, so that a page cannot lend its cookie
/// to a request that carries somebody else's token.
#[derive(Clone, Debug, Default)]
pub(crate) enum Credentials {
    /// No credentials.
    #[default]
    None,
    /// The secret in the session cookie.
    Session(SecretString),
    /// An API token: `Authorization: Bearer`, or the password of `Basic`.
    Token(SecretString),
    /// A user name asserted by a trusted proxy.
    Proxy { name: String },
}
