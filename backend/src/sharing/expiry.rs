//! Expiry of shares.

use super::{ShareError, Visibility};
use crate::config::{LONGEST_PUBLIC, ShareConfig, parse_span};
use crate::db::shares::ShareRow;
use crate::problem::ProblemKind;
use flarepath_profile::unix_nanos::UnixNanos;
use std::time::Duration;

/// Shorter lifetimes would end before anybody opens the share.
const SHORTEST: Duration = Duration::from_secs(60);
/// A hundred years, which 64 bits of nanoseconds can hold.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 86_400);

/// The expiry of a share with the lifetime `text`, such as `30d`; `None` for `never`. Empty text is the default: the
/// configured lifetime for public links, never for others.
///
/// # Errors
/// [`ShareError::Invalid`], with the accepted lifetimes.
pub(crate) fn expiry(
    text: &str,
    visibility: Visibility,
    config: &ShareConfig,
    now: UnixNanos,
) -> Result<Option<UnixNanos>, ShareError> {
    let public = visibility == Visibility::Link;
    let longest = if public { LONGEST_PUBLIC } else { LONGEST };
    let span = match text {
        "" if public => config.public_ttl,
        "" | "never" if !public => return Ok(None),
        other => {
            parse_span(other).ok().filter(|span| (SHORTEST..=longest).contains(span)).ok_or_else(|| {
                let allowed = match public {
                    true => "1m to 365d, such as 30d; public links always expire",
                    false => "1m or more, such as 30d, or never",
                };
                ShareError::invalid(ProblemKind::BadExpiry, format!("`expires_in`: expected {allowed}"))
            })?
        }
    };
    Ok(Some(now.plus(span)))
}

/// Why a share has ended, if it has.
pub(crate) fn ended(share: &ShareRow, now: UnixNanos) -> Option<&'static str> {
    if share.revoked_at.is_some() {
        Some("was revoked")
    } else if share.expires_at.is_some_and(|at| at <= now) {
        Some("has expired")
    } else if share.snapshot_hash.is_none() {
        Some("was removed")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000_000;

    fn of(text: &str, visibility: Visibility) -> Result<Option<i64>, String> {
        let expiry = expiry(text, visibility, &ShareConfig::default(), UnixNanos(1));
        expiry.map(|at| at.map(|at| at.0)).map_err(|e| e.to_string())
    }

    #[test]
    fn public_links_always_expire_and_others_on_request() {
        assert_eq!(of("", Visibility::Link), Ok(Some(30 * DAY + 1)));
        assert_eq!(of("365d", Visibility::Link), Ok(Some(365 * DAY + 1)));
        for refused in ["never", "366d", "0s", "30", "-1d", "x"] {
            assert!(of(refused, Visibility::Link).is_err(), "{refused}");
        }
        for visibility in [Visibility::Private, Visibility::Team, Visibility::Org] {
            assert_eq!(of("", visibility), Ok(None));
            assert_eq!(of("never", visibility), Ok(None));
            assert_eq!(of("7d", visibility), Ok(Some(7 * DAY + 1)));
            assert!(of("1s", visibility).is_err() && of("99999w", visibility).is_err());
        }
    }
}
