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

/// What went wrong while signing in elsewhere, by its name in the address. Text out of an address is never shown: anyone
/// can write a link.
pub fn problem_text(kind: &str) -> &'static str {
    match kind {
        "denied" => "Your account there does not give you access here. Ask an administrator of Flarepath.",
        "expired" => "Signing in took too long, or began in another browser. Try again.",
        "unreachable" => {
            "The identity provider does not answer. Try again in a moment, or sign in with a password."
        }
        "disabled" => "Your account here is disabled. Ask an administrator of Flarepath.",
        _ => "Signing in did not work. Try again; the server's log says why it failed.",
    }
}
