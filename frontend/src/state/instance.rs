//! What a server says about itself before anyone has signed in.

/// What this server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Whether it belongs to somebody.
    pub claimed: bool,
    /// Whether people sign in at all.
    pub sign_in: bool,
    /// Whether claiming it needs the secret that it printed.
    pub needs_setup_token: bool,
    /// Whether passwords are taken.
    pub password_sign_in: bool,
    /// What the identity provider is called, where there is one.
    pub provider: Option<String>,
}
