//! The setup token, by which the person who started a new server proves the right to claim it.

use super::secret;
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// Validity of a setup token.
const SETUP_VALIDITY: Duration = Duration::from_secs(30 * 60);

/// The setup token of this run of the server, if there is one.
#[derive(Default)]
pub struct Setup {
    pending: Mutex<Option<Pending>>,
}

struct Pending {
    digest: String,
    expires_at: UnixNanos,
    /// The file that holds it until the claim.
    file: Option<PathBuf>,
}

impl Setup {
    /// Issues a token, which replaces any earlier one. `file` is deleted with the claim.
    pub fn issue(&self, now: UnixNanos, file: Option<PathBuf>) -> SecretString {
        let token = secret::new_secret();
        let expires_at = now.plus(SETUP_VALIDITY);
        *self.pending() = Some(Pending { digest: secret::digest(&token), expires_at, file });
        token
    }

    /// Whether it is the token, and still valid.
    pub(super) fn accepts(&self, token: &SecretString, now: UnixNanos) -> bool {
        let digest = secret::digest(token);
        self.pending().as_ref().is_some_and(|pending| {
            bool::from(pending.digest.as_bytes().ct_eq(digest.as_bytes())) && now < pending.expires_at
        })
    }

    /// Ends its validity, and deletes the file.
    pub(super) fn finish(&self) {
        let file = self.pending().take().and_then(|pending| pending.file);
        if let Some(file) = file
            && let Err(error) = std::fs::remove_file(&file)
        {
            tracing::warn!(%error, "deleting the used setup link failed: {}", file.display());
        }
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Option<Pending>> {
        self.pending.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
