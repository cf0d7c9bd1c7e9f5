//! Turns the counts of hours that have ended into audit entries.

use super::RefusalKind;
use super::tally::{MOST_SUMS, OTHER};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::AccountId;
use crate::db::refusals::RefusalRow;
use crate::db::{DbError, Records};
use flarepath_profile::unix_nanos::{HOUR_NS, UnixNanos};
use serde_json::json;

/// After the end of an hour, other servers have this long to add their counts.
const GRACE_NS: i64 = 300_000_000_000;
/// Hours per call.
const MOST_HOURS: u32 = 48;

/// Writes one entry for each count of the hours that ended before `now`, and deletes the counts. Returns the number of entries.
///
/// # Errors
/// [`DbError`]; the hours before are done.
pub(crate) async fn fold(records: &Records, now: UnixNanos) -> Result<usize, DbError> {
    let began_before = UnixNanos(now.0.saturating_sub(HOUR_NS + GRACE_NS));
    let mut written = 0;
    for hour_at in records.refusal_hours(began_before, MOST_HOURS).await? {
        let mut change = records.change().await?;
        let entries = entries(change.take_refusals(hour_at).await?, now);
        written += entries.len();
        for entry in entries {
            change.audit(entry).await?;
        }
        change.commit_unaudited().await?;
    }
    Ok(written)
}

/// The entries of an hour: the largest counts, and the sum of the others for each action.
fn entries(mut rows: Vec<RefusalRow>, now: UnixNanos) -> Vec<AuditEntry> {
    rows.sort_by_key(|row| (row.network == OTHER, std::cmp::Reverse(row.tries)));
    let mut entries = Vec::new();
    for kind in RefusalKind::ALL {
        let (mut own, mut rest) = (Vec::new(), None::<RefusalRow>);
        for row in rows.iter().filter(|row| row.action == kind.action()) {
            if row.network != OTHER && own.len() < MOST_SUMS {
                own.push(row);
                continue;
            }
            let other = rest.get_or_insert_with(|| RefusalRow {
                network: OTHER.to_owned(),
                user_id: AccountId::default(),
                user_name: String::new(),
                tries: 0,
                ..row.clone()
            });
            other.tries += row.tries;
            other.first_at = other.first_at.min(row.first_at);
            other.last_at = other.last_at.max(row.last_at);
        }
        entries.extend(own.into_iter().chain(&rest).map(|row| entry(kind, row, now)));
    }
    entries
}

fn entry(kind: RefusalKind, row: &RefusalRow, now: UnixNanos) -> AuditEntry {
    let ip = if row.network == OTHER { String::new() } else { row.network.clone() };
    let actor = Actor { at: now, kind: "anonymous".to_owned(), ip, ..Actor::default() };
    AuditEntry::new(&actor, kind.action(), kind.object(), row.user_id.clone(), row.user_name.clone()).after(
        json!({
            "summary": summary(kind, row),
            "count": row.tries,
            "first_at": row.first_at,
            "last_at": row.last_at,
        }),
    )
}

/// The count in words.
fn summary(kind: RefusalKind, row: &RefusalRow) -> String {
    let (count, one) = (row.tries, row.tries == 1);
    if !row.user_id.is_empty() {
        let what = if one { "failed sign-in" } else { "failed sign-ins" };
        return format!("{count} more {what} as {}", row.user_name);
    }
    let what = match (kind, one) {
        (RefusalKind::SignIn, true) => "failed sign-in of an unknown user",
        (RefusalKind::SignIn, false) => "failed sign-ins of unknown users",
        (RefusalKind::Token, true) => "request with a refused API token",
        (RefusalKind::Token, false) => "requests with refused API tokens",
    };
    let from = if row.network == OTHER { "other networks" } else { &row.network };
    format!("{count} {what} from {from}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: RefusalKind, network: &str, user: &str, tries: i64) -> RefusalRow {
        RefusalRow {
            hour_at: UnixNanos(0),
            action: kind.action().to_owned(),
            network: network.to_owned(),
            user_id: user.into(),
            user_name: user.to_owned(),
            tries,
            first_at: UnixNanos(1),
            last_at: UnixNanos(9),
        }
    }

    fn summaries(rows: Vec<RefusalRow>) -> Vec<String> {
        let text = |entry: AuditEntry| entry.after.unwrap()["summary"].as_str().unwrap().to_owned();
        entries(rows, UnixNanos(10)).into_iter().map(text).collect()
    }

    #[test]
    fn counts_are_written_in_plain_words() {
        let rows = vec![
            row(RefusalKind::SignIn, "203.0.113.0/24", "", 412),
            row(RefusalKind::SignIn, "", "ann", 15),
            row(RefusalKind::Token, "2001:db8::/64", "", 1),
            row(RefusalKind::SignIn, OTHER, "", 7),
        ];
        assert_eq!(
            summaries(rows),
            [
                "412 failed sign-ins of unknown users from 203.0.113.0/24",
                "15 more failed sign-ins as ann",
                "7 failed sign-ins of unknown users from other networks",
                "1 request with a refused API token from 2001:db8::/64",
            ]
        );
    }

    #[test]
    fn several_servers_together_write_a_bounded_number() {
        let of = |n: usize| row(RefusalKind::SignIn, &format!("10.0.{}.{}/24", n / 256, n % 256), "", 2);
        let written = summaries((0..3 * MOST_SUMS).map(of).collect());
        assert_eq!(written.len(), MOST_SUMS + 1);
        let rest = format!("{} failed sign-ins of unknown users from other networks", 4 * MOST_SUMS);
        assert_eq!(written.last(), Some(&rest));
    }
}
