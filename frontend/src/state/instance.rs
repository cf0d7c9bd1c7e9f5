//! Public facts about a server, known before sign-in.

/// Public facts about the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    /// Whether it has been claimed.
    pub(crate) claimed: bool,
    /// Whether sign-in is required.
    pub(crate) sign_in: bool,
    /// Whether claiming needs the setup token that it printed.
    pub(crate) needs_setup_token: bool,
    /// Whether sign-in with a password is possible.
    pub(crate) password_sign_in: bool,
    /// Name of the identity provider, if any.
    pub(crate) provider: Option<String>,
}
