//! Authentication of requests: credentials to [`Principal`]; and the upkeep of what it leaves behind.

use super::gate::user;
use super::refusals::{self, Refusal, RefusalKind};
use super::{
    AuthError, Client, Credentials, Gate, Identified, Principal, SignIn, api_token, attempts, known_browsers,
    proxy, session,
};
use crate::db::DbError;

impl Gate {
    /// The principal of these credentials; an anonymous one without any.
    ///
    /// # Errors
    /// [`AuthError::SignedOut`] or [`AuthError::BadToken`] for invalid credentials.
    pub(crate) async fn identify(
        &self,
        credentials: &Credentials,
        client: &Client,
    ) -> Result<Identified, AuthError> {
        if self.sign_in == SignIn::Off {
            return Ok(Principal::local().into());
        }
        match credentials {
            Credentials::None => Ok(Principal::anonymous().into()),
            Credentials::Session(secret) => {
                let session::Resumed { found, new_secret } = session::resume(self, secret, client).await?;
                let rights = self.rights_of_user(&found.session.user_id, &found.revision).await?;
                let who = user(&found.session.user_id, &found.user_name, &rights);
                Ok(Identified { principal: who.with_session(&found.session.id), new_secret })
            }
            Credentials::Token(secret) => {
                let (now, settled) = (self.clock.now(), self.settled.now());
                let identify = api_token::identify(&self.records, &self.grants, secret, client, now, settled);
                let identified = identify.await;
                if matches!(identified, Err(AuthError::BadToken)) {
                    self.refusals.note(Refusal::of_stranger(RefusalKind::Token, now, client));
                }
                Ok(identified?.into())
            }
            Credentials::Proxy { name } => Ok(proxy::identify(self, name, client).await?.into()),
        }
    }

    /// Whether these credentials authenticate a user in a browser. Changes nothing.
    pub(crate) async fn is_signed_in(&self, credentials: &Credentials) -> Result<bool, AuthError> {
        match credentials {
            _ if self.sign_in == SignIn::Off => Ok(true),
            Credentials::Session(secret) => session::is_valid(self, secret).await,
            Credentials::None | Credentials::Token(_) => Ok(false),
            Credentials::Proxy { .. } => Ok(true),
        }
    }

    /// The principal of a new session.
    ///
    /// # Errors
    /// [`AuthError::SignedOut`] if the session has ended already; [`AuthError::Records`].
    pub(crate) async fn just_signed_in(
        &self,
        secret: &secrecy::SecretString,
        client: &Client,
    ) -> Result<Principal, AuthError> {
        Ok(self.identify(&Credentials::Session(secret.clone()), client).await?.principal)
    }

    /// Writes the failed attempts that were counted in memory into the records.
    ///
    /// # Errors
    /// [`DbError`]; they are kept for the next call.
    pub async fn save_refusals(&self) -> Result<(), DbError> {
        refusals::save(&self.records, &self.refusals).await
    }

    /// Turns the failed attempts of hours that have ended into audit entries. Returns their number.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn fold_refusals(&self) -> Result<usize, DbError> {
        refusals::fold(&self.records, self.clock.now()).await
    }

    /// Deletes old sessions, attempt counters and known browsers.
    pub(crate) async fn purge(&self) -> Result<(), AuthError> {
        session::purge(self).await?;
        attempts::purge(self).await?;
        known_browsers::purge(self).await
    }
}
