//! Sign-in with name and password.

use super::refusals::{Account, Refusal, RefusalKind};
use super::{AuthError, Client, Gate, UserName, attempts, session};
use crate::db::users::User;
use secrecy::SecretString;

/// A completed sign-in.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) user: User,
    /// The session secret, for the cookie.
    pub(crate) secret: SecretString,
}

/// Begins a session if the password is right. Unknown name, wrong password and disabled account are indistinguishable:
/// the same answer, after the same amount of work.
///
/// # Errors
/// [`AuthError::WrongPassword`], [`AuthError::TooMany`], [`AuthError::Unclaimed`].
pub(crate) async fn with_password(
    gate: &Gate,
    name: &str,
    password: SecretString,
    client: &Client,
) -> Result<SignedIn, AuthError> {
    gate.must_be_claimed().await?;
    if !gate.password_sign_in {
        let detail = "password sign-in is disabled on this server; use the other sign-in option";
        return Err(AuthError::Forbidden(detail.to_owned()));
    }
    let normalized = name.trim().to_ascii_lowercase();
    let counted = attempts::count_sign_in(gate, &normalized, client).await?;
    // A malformed name belongs to no user.
    let user = match name.parse::<UserName>() {
        Ok(name) => gate.records.user_by_name(name.as_str()).await?,
        Err(_) => None,
    };
    let hash =
        user.as_ref().filter(|user| user.disabled_at.is_none()).and_then(|user| user.password.as_ref());
    let verified = gate.passwords.verify(password.clone(), hash).await?;
    let user = match user {
        Some(user) if verified.matches => user,
        other => return Err(reject(gate, other, client)),
    };
    attempts::take_back(&gate.records, &counted).await?;
    if verified.outdated {
        rehash(gate, &user, password).await?;
    }
    let secret = session::sign_in(gate, &user, "password", client).await?;
    Ok(SignedIn { user, secret })
}

/// Notes a failed sign-in for the audit log. The name of an unknown user is not kept: it may be a password typed into the wrong
/// field. Nothing is written yet, which would take longer and so reveal who exists.
fn reject(gate: &Gate, user: Option<User>, client: &Client) -> AuthError {
    let now = gate.clock.now();
    gate.refusals.note(match user {
        Some(user) => Refusal::of_account(now, client, Account { id: user.id.into(), name: user.name }),
        None => Refusal::of_stranger(RefusalKind::SignIn, now, client),
    });
    AuthError::WrongPassword
}

/// Replaces a hash that was made with outdated parameters.
async fn rehash(gate: &Gate, user: &User, password: SecretString) -> Result<(), AuthError> {
    let hash = gate.passwords.hash(password).await?;
    let mut change = gate.records.change().await?;
    change.set_password(&user.id, &hash).await?;
    Ok(change.commit_unaudited().await?)
}
