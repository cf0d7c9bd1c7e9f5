//! What a server says about itself before anyone has signed in.

/// What this server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    /// Whether it belongs to somebody.
    pub(crate) claimed: bool,
    /// Whether people sign in at all.
    pub(crate) sign_in: bool,
    /// Whether claiming it needs the secret that it printed.
    pub(crate) needs_setup_token: bool,
    /// Whether passwords are taken.
    pub(crate) password_sign_in: bool,
    /// What the identity provider is called, where there is one.
    pub(crate) provider: Option<String>,
}
