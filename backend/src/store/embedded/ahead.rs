//! Lists profiles with a time in the future. Senders whose clock runs ahead are refused, so these were stored while the server's own
//! clock ran ahead. They are kept like all others.

use super::EmbeddedStore;
use crate::store::StoreError;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How far a sender's clock may be ahead.
const ALLOWED: Duration = Duration::from_secs(600);
/// Services that are named; the others are counted.
const NAMED: usize = 5;

/// A service's profiles with a time in the future.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ahead {
    pub(crate) service: String,
    pub(crate) profiles: i64,
    /// Start of the last.
    pub(crate) newest: UnixNanos,
}

/// What was found at the last look.
#[derive(Default)]
pub(super) struct AheadList(Mutex<Vec<Ahead>>);

impl AheadList {
    /// Looks again: one look into the index a service. What changed is logged, service by service.
    pub(super) async fn look(&self, store: &EmbeddedStore) -> Result<(), StoreError> {
        let now = store.options.clock.clock().now();
        let look = async { list(&mut *store.readers.acquire().await?, now).await };
        let found = look.await.map_err(|e| store.error(e))?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != found && !found.is_empty() {
            tracing::warn!("{} {}", summary(&found).unwrap_or_default(), by_service(&found));
        }
        *known = found;
        Ok(())
    }

    /// For everyone, signed in or not: without the names of services.
    pub(super) fn warning(&self) -> Option<String> {
        summary(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Services with profiles that start after `now`, most profiles first.
pub(crate) async fn list(
    connection: &mut sqlx::SqliteConnection,
    now: UnixNanos,
) -> Result<Vec<Ahead>, sqlx::Error> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT s.name, count(*) AS profiles, max(p.start_ns) FROM service s CROSS JOIN profile p \
         ON p.service_id = s.id AND p.start_ns > ? GROUP BY s.id ORDER BY profiles DESC, s.name",
    )
    .bind(now.plus(ALLOWED).0)
    .fetch_all(connection)
    .await?;
    let ahead = |(service, profiles, newest)| Ahead { service, profiles, newest: UnixNanos(newest) };
    Ok(rows.into_iter().map(ahead).collect())
}

/// How many there are, for people; `None` for an empty list.
pub(crate) fn summary(list: &[Ahead]) -> Option<String> {
    let newest = list.iter().map(|ahead| ahead.newest).max()?;
    let profiles: i64 = list.iter().map(|ahead| ahead.profiles).sum();
    let until = jiff::Timestamp::from_nanosecond(i128::from(newest.0))
        .map_or_else(|_| newest.0.to_string(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
    let what = if profiles == 1 {
        "1 stored profile has a time".to_owned()
    } else {
        format!("{profiles} stored profiles have times")
    };
    Some(format!(
        "{what} in the future (up to {until}), stored while the server's clock ran ahead. They are kept, and shown in ranges that \
         include that time."
    ))
}

/// How many there are of each service, for the operator.
pub(crate) fn by_service(list: &[Ahead]) -> String {
    let named = list.iter().take(NAMED).map(|ahead| format!("{}: {}", ahead.service, ahead.profiles));
    let rest = (list.len() > NAMED).then(|| format!("{} more services", list.len() - NAMED));
    named.chain(rest).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_largest_services_and_counts_the_rest() {
        let one = |i: i64| Ahead { service: format!("s{i}"), profiles: 10 - i, newest: UnixNanos(i) };
        let list: Vec<Ahead> = (0..7).map(one).collect();
        let text = summary(&list).unwrap();
        assert!(text.starts_with("49 stored profiles") && text.contains("1970-01-01 00:00 UTC"), "{text}");
        assert!(!text.contains("s0"), "it is shown to everyone");
        assert_eq!(by_service(&list), "s0: 10, s1: 9, s2: 8, s3: 7, s4: 6, 2 more services");
        assert_eq!(summary(&[]), None);
    }
}
