//! What a server says about itself before anyone has signed in.

use flarepath_wire::sign_in_problem::SignInProblem;

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
    let known = SignInProblem::of_code(kind).map(SignInProblem::text);
    known.unwrap_or("Signing in did not work. Try again; the server's log says why it failed.")
}
