//! Signing in with name and password.

use super::{AuthError, Client, Gate, UserName, attempts, session};
use crate::db::audit::AuditEntry;
use crate::db::users::User;
use secrecy::SecretString;

/// Who signed in, and the secret for the cookie.
#[derive(Debug)]
pub(crate) struct SignedIn {
    /// The person.
    pub(crate) user: User,
    /// The secret of the new session.
    pub(crate) secret: SecretString,
}

/// Begins a session for who knows the password. Wrong name, wrong password and closed account look alike: the same
/// answer, after the same work.
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
        let detail = "signing in with a password is turned off here; use the other way that the page offers";
        return Err(AuthError::Forbidden(detail.to_owned()));
    }
    let spelled = name.trim().to_ascii_lowercase();
    let counted = attempts::count_sign_in(gate, &spelled, client).await?;
    // What cannot be a name is nobody's.
    let user = match name.parse::<UserName>() {
        Ok(name) => gate.records.user_by_name(name.as_str()).await?,
        Err(_) => None,
    };
    let hash =
        user.as_ref().filter(|user| user.disabled_at.is_none()).and_then(|user| user.password.as_ref());
    let verified = gate.passwords.verify(password.clone(), hash).await?;
    let Some(user) = user.filter(|_| verified.right) else {
        return Err(refuse(gate, client).await?);
    };
    attempts::uncount(&gate.records, &counted).await?;
    if verified.outdated {
        hash_again(gate, &user, password).await?;
    }
    let secret = session::sign_in(gate, &user, "password", client).await?;
    Ok(SignedIn { user, secret })
}

/// Writes the refusal down, without the name: it may be a password that was typed into the wrong field, and a line
/// only for those who exist would tell who does.
async fn refuse(gate: &Gate, client: &Client) -> Result<AuthError, AuthError> {
    let actor = client.actor_named(gate.clock.now_ns(), "anonymous", "", "");
    let change = gate.records.change().await?;
    change.commit(AuditEntry::new(&actor, "session.refuse", "user", "", "")).await?;
    Ok(AuthError::WrongPassword)
}

/// The parameters have changed since the hash was made.
async fn hash_again(gate: &Gate, user: &User, password: SecretString) -> Result<(), AuthError> {
    let hash = gate.passwords.hash(password).await?;
    let mut change = gate.records.change().await?;
    change.set_password(&user.id, &hash).await?;
    Ok(change.commit_unaudited().await?)
}
