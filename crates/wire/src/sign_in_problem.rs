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
    /// The account is shut.
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

    /// As the address has it.
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

    /// The one of that code.
    pub fn of_code(code: &str) -> Option<SignInProblem> {
        SignInProblem::ALL.into_iter().find(|problem| problem.code() == code)
    }

    /// What happened and what to do, for the person.
    pub fn text(self) -> &'static str {
        match self {
            SignInProblem::ProviderUnavailable => {
                "The identity provider does not answer. Try again in a moment; if it stays like this, tell your \
                 administrator: the server's log says why."
            }
            SignInProblem::ProviderRefused => {
                "The identity provider did not let you in, or you stopped there. Try again, or ask whoever runs it."
            }
            SignInProblem::ProviderAnswer => {
                "The identity provider's answer could not be accepted, so you are not signed in. Try again; if it stays like \
                 this, tell your administrator: the server's log says why."
            }
            SignInProblem::Stale => {
                "This sign-in was begun in another browser, was used already, or is more than ten minutes old. Sign in again."
            }
            SignInProblem::NotAllowed => {
                "You are in none of the groups that may use Flarepath. Ask your administrator to be let into one."
            }
            SignInProblem::NoAccount => "You have no account here. Ask your administrator for one.",
            SignInProblem::Disabled => "Your account is shut. Ask your administrator to open it.",
            SignInProblem::TooManyAttempts => {
                "Too many attempts from your address. Wait five minutes and try again."
            }
            SignInProblem::Unclaimed => "Nobody has set up this server yet. Open its first page to do so.",
            SignInProblem::Internal => {
                "Something broke inside the server. Try again; if it stays like this, tell your administrator: its log says why."
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
