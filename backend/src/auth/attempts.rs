//! Rate limits for attempts at secrets: fixed windows, counted in the records so that replicas count together.
//!
//! Nothing is locked permanently, and a stranger's attempts do not lock the user out:
//!
//! - a browser in which the user has signed in before (see [`super::known_browsers`]) may fail 10 times in five minutes,
//!   whatever others do;
//! - any other browser: an address (IPv6: a /64) may fail 30 times in five minutes, and an account 5 times from one network
//!   (/24, /64), with a growing delay from the third attempt on;
//! - beyond 50 failures of one account in five minutes, from anywhere, new networks must wait; networks that the user has
//!   signed in from before need not.
//!
//! A counter that is used up is remembered in memory for some seconds ([`super::used_up`]). A success takes its own attempts back. Names are counted as hashes: users type passwords into the name field.

use super::lifetime::ns;
use super::network::{host, network};
use super::{AuthError, Client, Gate, known_browsers, secret};
use crate::db::Records;
use flarepath_profile::unix_nanos::UnixNanos;
use std::net::IpAddr;
use std::time::Duration;

/// A number of attempts per window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Attempts that are let through.
    pub(crate) tries: i64,
    /// Length of the window.
    pub(crate) window: Duration,
}

const FIVE_MINUTES: Duration = Duration::from_secs(300);
/// Wrong passwords, invalid links and the like, per client address.
pub(crate) const PER_ADDRESS: Limit = Limit { tries: 30, window: FIVE_MINUTES };
const PER_ACCOUNT_AND_NETWORK: Limit = Limit { tries: 5, window: FIVE_MINUTES };
const PER_KNOWN_BROWSER: Limit = Limit { tries: 10, window: FIVE_MINUTES };
const PER_ACCOUNT: Limit = Limit { tries: 50, window: FIVE_MINUTES };
/// How long windows are kept: longer than the longest of them. Strangers with many networks decide how many there are.
const RETENTION: Duration = Duration::from_secs(3600);

/// An attempt that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    name: String,
    window_at: UnixNanos,
    /// Attempts in this window, with this one.
    tries: i64,
}

/// Counts an attempt of `name`.
///
/// # Errors
/// [`AuthError::TooMany`], with the time until the next window; [`AuthError::Records`].
pub(crate) async fn count(gate: &Gate, name: &str, limit: Limit) -> Result<Counted, AuthError> {
    let now = gate.clock.now();
    let length = ns(limit.window).max(1);
    let window_at = UnixNanos(now.0 - now.0.rem_euclid(length));
    let window_end = window_at.plus(limit.window);
    let too_many = || {
        // Rounded up, so that a client that waits this long is let through.
        let seconds = u64::try_from(window_end.nanos_since(now)).unwrap_or(0).div_ceil(1_000_000_000);
        Err(AuthError::TooMany(Duration::from_secs(seconds)))
    };
    if gate.used_up.contains(name, now) {
        return too_many();
    }
    let tries = gate.records.count_attempt(name, window_at).await?;
    if tries > limit.tries {
        gate.used_up.insert(name, now, window_end);
        return too_many();
    }
    Ok(Counted { name: name.to_owned(), window_at, tries })
}

/// Takes back attempts that succeeded.
pub(crate) async fn take_back(records: &Records, counted: &[Counted]) -> Result<(), AuthError> {
    for Counted { name, window_at, .. } in counted {
        records.uncount_attempt(name, *window_at).await?;
    }
    Ok(())
}

/// Counts an attempt at a secret by client address alone: links, setup tokens.
///
/// # Errors
/// As [`count`].
pub(crate) async fn count_address(gate: &Gate, what: &str, client: &Client) -> Result<Counted, AuthError> {
    let name = format!("{what}:{}", host(client.ip));
    count(gate, &name, PER_ADDRESS).await
}

/// Counts an attempt to sign in as `name`, before its outcome is known, and delays those that follow failures.
///
/// # Errors
/// As [`count`].
pub(crate) async fn count_sign_in(
    gate: &Gate,
    name: &str,
    client: &Client,
) -> Result<Vec<Counted>, AuthError> {
    let account = secret::digest(&name.into());
    if let Some(browser) = known_browsers::known(gate, name, client).await? {
        let counter = format!("sign-in:{account}:{browser}");
        return Ok(vec![count(gate, &counter, PER_KNOWN_BROWSER).await?]);
    }
    // In this order: a blocked address adds nothing to the counters of the account.
    let address = count_address(gate, "sign-in", client).await?;
    let network = network(client.ip);
    let from_network = count(gate, &format!("sign-in:{account}:{network}"), PER_ACCOUNT_AND_NETWORK).await?;
    let from_anywhere = match count(gate, &format!("sign-in:{account}"), PER_ACCOUNT).await {
        Err(AuthError::TooMany(wait)) => {
            if !is_known_network(&gate.records, name, &network).await? {
                return Err(AuthError::TooMany(wait));
            }
            None
        }
        other => Some(other?),
    };
    let delay = gate.attempt_delay * delay_factor(from_network.tries);
    if !delay.is_zero() {
        gate.clock.sleep(delay).await;
    }
    Ok([Some(address), Some(from_network), from_anywhere].into_iter().flatten().collect())
}

/// How many units of delay the `tries`-th attempt gets: none for the first two, then 1, 2, 4.
fn delay_factor(tries: i64) -> u32 {
    match u32::try_from(tries) {
        Ok(tries @ 3..) => 1 << (tries - 3).min(2),
        _ => 0,
    }
}

/// Whether the user has signed in from this network before.
async fn is_known_network(records: &Records, name: &str, expected: &str) -> Result<bool, AuthError> {
    let Some(user) = records.user_by_name(name).await? else { return Ok(false) };
    let known = records.session_addresses(&user.id).await?;
    Ok(known.iter().filter_map(|ip| ip.parse().ok()).any(|ip: IpAddr| network(ip) == expected))
}

/// Deletes old windows.
pub(super) async fn purge(gate: &Gate) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    change.delete_attempts(gate.settled.now().minus(RETENTION)).await?;
    Ok(change.commit_unaudited().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_from_the_third_attempt_on() {
        let factors: Vec<u32> = (1..=7).map(delay_factor).collect();
        assert_eq!(factors, [0, 0, 1, 2, 4, 4, 4]);
    }
}
