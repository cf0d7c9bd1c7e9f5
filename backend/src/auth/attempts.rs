//! How often something may be tried: fixed windows, counted in our records so that replicas count together.
//!
//! Nothing is ever locked for good, and who tries with another's name from elsewhere cannot keep that person out:
//!
//! - an address may fail 30 times in five minutes;
//! - an account may be failed 5 times in five minutes from one network (/24, /64);
//! - beyond 50 failures of one account in five minutes, from wherever, new networks wait; those that the person has
//!   signed in from before do not.
//!
//! A success takes its own tries back. What is counted is a hash: people type passwords where a name belongs.

use super::session::ns;
use super::{AuthError, Client, Gate, secret};
use crate::db::Records;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

/// So many tries in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Tries that are let through.
    pub(crate) tries: i64,
    /// In a window of this length.
    pub(crate) window: Duration,
}

const FIVE_MINUTES: Duration = Duration::from_secs(300);
/// Wrong passwords, dead links and the like, of one address.
pub(crate) const PER_ADDRESS: Limit = Limit { tries: 30, window: FIVE_MINUTES };
const PER_ACCOUNT_AND_NETWORK: Limit = Limit { tries: 5, window: FIVE_MINUTES };
const PER_ACCOUNT: Limit = Limit { tries: 50, window: FIVE_MINUTES };
/// How long windows are kept: as long as the longest that anybody counts.
const MEMORY: Duration = Duration::from_secs(24 * 3600);

/// A try that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    name: String,
    window_at: i64,
}

/// Counts a try of `name` at `now` (nanoseconds since the epoch).
///
/// # Errors
/// [`AuthError::TooMany`], with the time until the next window; [`AuthError::Records`].
pub(crate) async fn count(
    records: &Records,
    now: i64,
    name: &str,
    limit: Limit,
) -> Result<Counted, AuthError> {
    let length = ns(limit.window).max(1);
    let window_at = now - now.rem_euclid(length);
    if records.count_attempt(name, window_at).await? > limit.tries {
        let rest = window_at.saturating_add(length).saturating_sub(now);
        // Rounded up, so that who waits that long is let through.
        let seconds = u64::try_from(rest).unwrap_or(0).div_ceil(1_000_000_000);
        return Err(AuthError::TooMany(Duration::from_secs(seconds)));
    }
    Ok(Counted { name: name.to_owned(), window_at })
}

/// Takes tries back that turned out to be good.
pub(crate) async fn uncount(records: &Records, counted: &[Counted]) -> Result<(), AuthError> {
    for Counted { name, window_at } in counted {
        records.uncount_attempt(name, *window_at).await?;
    }
    Ok(())
}

/// Counts a try of something secret by its address alone: links, setup tokens.
///
/// # Errors
/// As [`count`].
pub(crate) async fn count_address(gate: &Gate, what: &str, client: &Client) -> Result<Counted, AuthError> {
    let name = format!("{what}:{}", client.ip);
    count(&gate.records, gate.clock.now_ns(), &name, PER_ADDRESS).await
}

/// Counts a try to sign in as `name`, before it is known whether it is a good one.
///
/// # Errors
/// As [`count`].
pub(crate) async fn count_sign_in(
    gate: &Gate,
    name: &str,
    client: &Client,
) -> Result<Vec<Counted>, AuthError> {
    let (records, now) = (&gate.records, gate.clock.now_ns());
    // In this order: an address that is stopped adds nothing to what is counted of the account.
    let address = count_address(gate, "sign-in", client).await?;
    let account = secret::digest(&name.into());
    let home = network(client.ip);
    let near = count(records, now, &format!("sign-in:{account}:{home}"), PER_ACCOUNT_AND_NETWORK).await?;
    let name_of_all = format!("sign-in:{account}");
    let all = match count(records, now, &name_of_all, PER_ACCOUNT).await {
        Err(AuthError::TooMany(wait)) => {
            if !is_home(records, name, &home).await? {
                return Err(AuthError::TooMany(wait));
            }
            None
        }
        other => Some(other?),
    };
    Ok([Some(address), Some(near), all].into_iter().flatten().collect())
}

/// Whether the account has been signed in to from that network.
async fn is_home(records: &Records, name: &str, home: &str) -> Result<bool, AuthError> {
    let Some(user) = records.user_by_name(name).await? else { return Ok(false) };
    let known = records.session_addresses(&user.id).await?;
    Ok(known.iter().filter_map(|ip| ip.parse().ok()).any(|ip: IpAddr| network(ip) == home))
}

/// The network of an address: what one household or office is likely to have.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Forgets old windows.
pub(crate) async fn tidy(gate: &Gate) -> Result<(), AuthError> {
    let mut change = gate.records.change().await?;
    change.delete_attempts(gate.clock.now_ns().saturating_sub(ns(MEMORY))).await?;
    Ok(change.commit_unaudited().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_what_one_place_has() {
        for (ip, expected) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(network(ip.parse().unwrap()), expected);
        }
    }
}
