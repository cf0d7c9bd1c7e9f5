//! Sign-in problem codes: why single sign-on failed, passed as `/login?problem=CODE`.
//!
//! A code and not a text: a link must not be able to put words of a stranger on that page.

/// Why it did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInProblem {
    /// The provider cannot be asked.
    ProviderUnavailable,
    /// The provider says no.
    ProviderRefused,
    /// The provider's answer cannot be believed.
    ProviderAnswer,
    /// Begun elsewhere, over, or too old.
    Stale,
    /// In no group that may come in.
    NotAllowed,
    /// No account, and none is made.
    NoAccount,
    /// The account is disabled.
    Disabled,
    /// Too many tries.
    TooManyAttempts,
    /// The server has not been claimed yet.
    Unclaimed,
    /// Something broke on our side.
    Internal,
}

impl SignInProblem {
    /// All of them.
    pub const ALL: [SignInProblem; 10] = [
        SignInProblem::ProviderUnavailable,
        SignInProblem::ProviderRefused,
        SignInProblem::ProviderAnswer,
        SignInProblem::Stale,
        SignInProblem::NotAllowed,
        SignInProblem::NoAccount,
        SignInProblem::Disabled,
        SignInProblem::TooManyAttempts,
        SignInProblem::Unclaimed,
        SignInProblem::Internal,
    ];

    /// The code in the URL.
    pub fn code(self) -> &'static str {
        match self {
            SignInProblem::ProviderUnavailable => "provider-unavailable",
            SignInProblem::ProviderRefused => "provider-refused",
            SignInProblem::ProviderAnswer => "provider-answer",
            SignInProblem::Stale => "stale",
            SignInProblem::NotAllowed => "not-allowed",
            SignInProblem::NoAccount => "no-account",
            SignInProblem::Disabled => "disabled",
            SignInProblem::TooManyAttempts => "too-many-attempts",
            SignInProblem::Unclaimed => "unclaimed",
            SignInProblem::Internal => "internal",
        }
    }

    /// The problem with that code.
    pub fn of_code(code: &str) -> Option<SignInProblem> {
        SignInProblem::ALL.into_iter().find(|problem| problem.code() == code)
    }

    /// Message for the user: what happened and what to do.
    pub fn text(self) -> &'static str {
        match self {
            SignInProblem::ProviderUnavailable => {
                "The identity provider is not responding. Try again in a moment. If the problem persists, ask your \
                 administrator to check the server log."
            }
            SignInProblem::ProviderRefused => {
                "The identity provider denied the sign-in, or you cancelled it. Try again, or contact its administrator."
            }
            SignInProblem::ProviderAnswer => {
                "The identity provider sent an invalid response, so you are not signed in. Try again. If the problem persists, ask \
                 your administrator to check the server log."
            }
            SignInProblem::Stale => {
                "This sign-in was started in another browser, has already been used, or is older than ten minutes. Sign in again."
            }
            SignInProblem::NotAllowed => {
                "None of your groups has access to Flarepath. Ask your administrator for access."
            }
            SignInProblem::NoAccount => {
                "You don't have an account on this server. Ask your administrator to create one."
            }
            SignInProblem::Disabled => "Your account is disabled. Ask your administrator to enable it.",
            SignInProblem::TooManyAttempts => {
                "Too many attempts from your address. Wait five minutes and try again."
            }
            SignInProblem::Unclaimed => {
                "This server has not been set up yet. Open its start page to set it up."
            }
            SignInProblem::Internal => {
                "Internal server error. Try again. If the problem persists, ask your administrator to check the server log."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SignInProblem;

    #[test]
    fn parses_only_known_codes() {
        for problem in SignInProblem::ALL {
            assert_eq!(SignInProblem::of_code(problem.code()), Some(problem));
            assert!(problem.text().ends_with('.'));
        }
        assert_eq!(SignInProblem::of_code("call this number"), None);
    }
}
