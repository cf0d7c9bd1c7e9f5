//! Failed attempts to get in, and how the audit log keeps them without being filled by strangers.
//!
//! - An attempt at an account that exists is one entry, with address and browser: ten an hour and account, the others are counted.
//! - Attempts of strangers (unknown users, refused API tokens) are counted: one entry per action, network (/24, /64) and
//!   hour, at most [`tally::MOST_SUMS`] an hour. Attempts from more networks are one entry together.
//!
//! Path of an attempt: [`Refusals::note`] counts it in memory, without a statement, so that known and unknown accounts take the
//! same time → [`save`] (a job, each minute, and the last one at shutdown) adds the counts to the records → [`fold::fold`] (a
//! job, on one server) turns the counts of each hour that has ended into entries. A server that is killed loses the attempts
//! of the last minute.

mod fold;
mod tally;

pub(crate) use fold::fold;

use super::Client;
use super::network::network;
use crate::db::audit::AuditEntry;
use crate::db::id::{AccountId, PrincipalId};
use crate::db::{DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tally::Tally;

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RefusalKind {
    /// A sign-in.
    SignIn,
    /// A request with an API token.
    Token,
}

impl RefusalKind {
    const ALL: [RefusalKind; 2] = [RefusalKind::SignIn, RefusalKind::Token];

    /// The action in the audit log.
    pub(super) fn action(self) -> &'static str {
        match self {
            RefusalKind::SignIn => "session.refuse",
            RefusalKind::Token => "token.refuse",
        }
    }

    /// What it is about, in the audit log.
    fn object(self) -> &'static str {
        match self {
            RefusalKind::SignIn => "user",
            RefusalKind::Token => "token",
        }
    }
}

/// The account that somebody failed to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Id of the user, or the identity at a provider.
    pub(crate) id: AccountId,
    pub(crate) name: String,
}

/// A failed attempt.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    kind: RefusalKind,
    at: UnixNanos,
    /// Network of the client.
    network: String,
    /// The account, with the entry to be written as long as it has few.
    account: Option<(Account, Box<AuditEntry>)>,
}

impl Refusal {
    /// An attempt of a stranger. Nothing that was typed is kept: users type passwords into the name field.
    pub(super) fn of_stranger(kind: RefusalKind, at: UnixNanos, client: &Client) -> Refusal {
        Refusal { kind, at, network: network(client.ip), account: None }
    }

    /// An attempt to sign in at an account that exists.
    pub(super) fn of_account(at: UnixNanos, client: &Client, account: Account) -> Refusal {
        let (kind, id, name) = (RefusalKind::SignIn, account.id.clone(), account.name.clone());
        let actor = client.actor_named(at, "anonymous", PrincipalId::default(), "");
        let entry = AuditEntry::new(&actor, kind.action(), kind.object(), id, name);
        let network = network(client.ip);
        Refusal { kind, at, network, account: Some((account, Box::new(entry))) }
    }

    /// The same attempt, with details in its entry.
    #[must_use]
    pub(super) fn with_details(mut self, details: Value) -> Refusal {
        if let Some((_, entry)) = &mut self.account {
            entry.after = Some(details);
        }
        self
    }
}

/// Failed attempts that are not in the records yet.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<Tally>);

impl Refusals {
    /// Counts an attempt, in memory.
    pub(super) fn note(&self, refusal: Refusal) {
        self.tally().note(refusal);
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what was counted since the last call into the records, in one transaction. If that fails, it is kept for the next.
///
/// # Errors
/// [`DbError`].
pub(super) async fn save(records: &Records, refusals: &Refusals) -> Result<(), DbError> {
    let counted = refusals.tally().take();
    if counted.is_empty() {
        return Ok(());
    }
    let written = async {
        let mut change = records.change().await?;
        // In the order of their keys: two servers must not wait for each other's rows.
        for row in counted.rows() {
            change.add_refusals(&row).await?;
        }
        for entry in counted.entries() {
            change.audit(entry.clone()).await?;
        }
        change.commit_unaudited().await
    };
    let result = written.await;
    if result.is_err() {
        refusals.tally().put_back(counted);
    }
    result
}
