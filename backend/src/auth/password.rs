//! Password hashing and the password policy: argon2id, at most two hashes at a time, the same work for unknown accounts.
//!
//! One hash takes 19 MiB for some ten milliseconds (the minimum parameters that OWASP recommends); without a bound on
//! concurrency, a few hundred sign-ins would exhaust the server's memory.

use super::AuthError;
use crate::problem::ProblemKind;
use crate::work::Workers;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Hashes computed at a time.
const CONCURRENCY: usize = 2;
/// Hashes that may wait for their turn.
const QUEUE: usize = 64;
/// Minimum characters of a new password.
pub(crate) const MIN_CHARS: usize = 10;
/// Maximum bytes.
pub(crate) const MAX_BYTES: usize = 1024;

/// Rejected passwords: the most common of sufficient length, as lists of leaked passwords agree.
const TOO_COMMON: [&str; 24] = [
    "1234567890",
    "0123456789",
    "0987654321",
    "12345678910",
    "123456789a",
    "1q2w3e4r5t",
    "q1w2e3r4t5",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "asdfghjkl1",
    "abcdefghij",
    "abcd123456",
    "a123456789",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "iloveyou123",
    "changemenow",
    "letmein1234",
    "welcome123",
    "admin12345",
    "administrator",
];

/// Outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) matches: bool,
    /// Whether the stored hash was made with other parameters and should be replaced.
    pub(crate) outdated: bool,
}

/// The password hasher.
pub struct Passwords {
    params: Params,
    workers: Workers,
    waiting: AtomicUsize,
    computed: Arc<AtomicU64>,
    /// The hash that a password is compared with for an unknown account.
    dummy: SecretString,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords::new(Params::DEFAULT)
    }
}

impl Passwords {
    /// A hasher with these parameters for new hashes.
    pub fn new(params: Params) -> Passwords {
        // Matches no password: nothing hashes to 32 zeros. Same parameters and length, so the same work.
        let zeros = "A".repeat(43);
        let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
        let dummy = format!("$argon2id$v=19$m={m},t={t},p={p}$AAAAAAAAAAAAAAAAAAAAAA${zeros}").into();
        Passwords {
            params,
            workers: Workers::new(CONCURRENCY),
            waiting: AtomicUsize::new(0),
            computed: Arc::new(AtomicU64::new(0)),
            dummy,
        }
    }

    /// Hashes computed so far.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    /// [`AuthError::TooMany`] if the queue is full.
    pub(crate) async fn hash(&self, password: SecretString) -> Result<SecretString, AuthError> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        let hashed = self.compute(move || {
            let hash = argon2.hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| SecretString::from(hash.to_string()))
        });
        hashed.await?.map_err(|e| AuthError::Internal(format!("password hashing failed: {e}")))
    }

    /// Compares a password with a stored hash. Without one it does not match, after the same work.
    ///
    /// # Errors
    /// [`AuthError::TooMany`] if the queue is full.
    pub(crate) async fn verify(
        &self,
        password: SecretString,
        stored: Option<&SecretString>,
    ) -> Result<Verified, AuthError> {
        let hash = stored.unwrap_or(&self.dummy).clone();
        let params = self.params.clone();
        let known = stored.is_some();
        let verified = self.compute(move || {
            let parsed = PasswordHash::new(hash.expose_secret())?;
            let matches = password.expose_secret().len() <= MAX_BYTES
                && Argon2::default().verify_password(password.expose_secret().as_bytes(), &parsed).is_ok();
            let outdated = Params::try_from(&parsed).is_ok_and(|stored| {
                let costs = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
                costs(&stored) != costs(&params)
            });
            Ok::<_, argon2::password_hash::phc::Error>(Verified { matches: matches && known, outdated })
        });
        verified.await?.map_err(|e| AuthError::Internal(format!("stored password hash is corrupt: {e}")))
    }

    async fn compute<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AuthError> {
        let place = Place::take(&self.waiting)?;
        let computed = self.computed.clone();
        let started = self.workers.start(move || {
            computed.fetch_add(1, Ordering::Relaxed);
            compute()
        });
        let started = started.await;
        drop(place);
        started.await.map_err(|e| AuthError::Internal(format!("password hashing task failed: {e}")))
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    fn take(waiting: &AtomicUsize) -> Result<Place<'_>, AuthError> {
        let place = Place(waiting);
        match waiting.fetch_add(1, Ordering::Relaxed) {
            before if before >= QUEUE => Err(AuthError::TooMany(Duration::from_secs(2))),
            _ => Ok(place),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Checks a new password against the policy.
///
/// # Errors
/// [`AuthError::Invalid`] with problem type `weak-password`.
pub(crate) fn check_new(password: &SecretString, name: &str) -> Result<(), AuthError> {
    let text = password.expose_secret();
    let weak = |message: String| Err(AuthError::invalid(ProblemKind::WeakPassword, message));
    if text.chars().count() < MIN_CHARS {
        return weak(format!(
            "a password must have at least {MIN_CHARS} characters; a few words make a good one"
        ));
    }
    if text.len() > MAX_BYTES {
        return weak(format!("a password must have at most {MAX_BYTES} bytes"));
    }
    let lower = text.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    if chars.all(|c| Some(c) == first) || TOO_COMMON.contains(&lower.as_str()) {
        return weak("this password is too common; choose another".to_owned());
    }
    // The name with a few characters around it counts as the name.
    let resembles = |word: &str| word.len() >= 3 && lower.contains(word) && lower.len() < word.len() + 8;
    if resembles(&name.to_lowercase()) || resembles("flarepath") {
        return weak("this password is too similar to a name; choose another".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap(t: u32) -> Passwords {
        Passwords::new(Params::new(64, t, 1, None).unwrap())
    }

    #[tokio::test]
    async fn verifies_the_right_password_only() {
        let passwords = cheap(1);
        let hash = passwords.hash("three small words".into()).await.unwrap();
        assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.expose_secret());
        let same = passwords.verify("three small words".into(), Some(&hash)).await.unwrap();
        assert_eq!(same, Verified { matches: true, outdated: false });
        let wrong = passwords.verify("three small word".into(), Some(&hash)).await.unwrap();
        assert!(!wrong.matches);
        let newer = cheap(2).verify("three small words".into(), Some(&hash)).await.unwrap();
        assert_eq!(newer, Verified { matches: true, outdated: true });
    }

    #[tokio::test]
    async fn unknown_accounts_cost_the_same_work() {
        let passwords = Passwords::new(Params::new(256, 3, 1, None).unwrap());
        let before = passwords.computed();
        let unknown = passwords.verify("three small words".into(), None).await.unwrap();
        assert!(!unknown.matches && !unknown.outdated, "the same parameters, so the same work");
        assert_eq!(passwords.computed(), before + 1);
        let dummy = PasswordHash::new(passwords.dummy.expose_secret()).unwrap();
        assert_eq!(dummy.hash.unwrap().as_bytes().len(), 32);
    }

    #[test]
    fn rejects_common_and_guessable_passwords() {
        let rejected = |password: &str| check_new(&password.into(), "ann.smith").is_err();
        for bad in
            ["short", "1234567890", "Password123", "aaaaaaaaaaaa", "Ann.Smith1!", "flarepath1", "ninechars"]
        {
            assert!(rejected(bad), "{bad}");
        }
        assert!(rejected(&"xy".repeat(513)));
        for good in ["three small words", "correct horse flarepath staple", "ÄÖÜäöüßéèê", "kT5#mmq0!xPa"]
        {
            assert!(!rejected(good), "{good}");
        }
    }
}
