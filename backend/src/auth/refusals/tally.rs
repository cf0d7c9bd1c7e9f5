//! Counting failed attempts in bounded memory. Pure.

use super::{Refusal, RefusalKind};
use crate::db::audit::AuditEntry;
use crate::db::id::AccountId;
use crate::db::refusals::RefusalRow;
use flarepath_profile::unix_nanos::{HOUR_NS, UnixNanos};
use std::collections::{BTreeMap, HashMap};

/// Rows that the attempts of one hour may fill on one server; those that find no place are summed as [`OTHER`].
pub(super) const MOST_SUMS: usize = 200;
/// Single entries per account and hour, and for all accounts together.
const MOST_ENTRIES_PER_ACCOUNT: u32 = 10;
const MOST_ENTRIES: usize = 500;
/// In place of a network.
pub(super) const OTHER: &str = "other";

/// What a sum is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    hour_at: UnixNanos,
    kind: RefusalKind,
    network: String,
    account: AccountId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sum {
    name: String,
    tries: i64,
    first_at: UnixNanos,
    last_at: UnixNanos,
}

/// Attempts to be written.
#[derive(Debug, Default)]
pub(super) struct Counted {
    sums: BTreeMap<Key, Sum>,
    entries: Vec<AuditEntry>,
}

impl Counted {
    pub(super) fn is_empty(&self) -> bool {
        self.sums.is_empty() && self.entries.is_empty()
    }

    /// The sums, in the order of their keys.
    pub(super) fn rows(&self) -> impl Iterator<Item = RefusalRow> {
        self.sums.iter().map(|(key, sum)| RefusalRow {
            hour_at: key.hour_at,
            action: key.kind.action().to_owned(),
            network: key.network.clone(),
            user_id: key.account.clone(),
            user_name: sum.name.clone(),
            tries: sum.tries,
            first_at: sum.first_at,
            last_at: sum.last_at,
        })
    }

    /// Single entries, oldest first.
    pub(super) fn entries(&self) -> &[AuditEntry] {
        &self.entries
    }
}

/// Counts since they were last taken, and what this hour has had so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counted: Counted,
    hour_at: UnixNanos,
    /// Sums of this hour, written or not.
    sums: usize,
    /// Single entries of this hour by account.
    entries: HashMap<AccountId, u32>,
    entries_total: usize,
}

impl Tally {
    /// Counts an attempt.
    pub(super) fn note(&mut self, refusal: Refusal) {
        let Refusal { kind, at, network, account } = refusal;
        let hour_at = UnixNanos(at.0 - at.0.rem_euclid(HOUR_NS));
        if hour_at != self.hour_at {
            let counted = std::mem::take(&mut self.counted);
            *self = Tally { counted, hour_at, ..Tally::default() };
        }
        let (key, name) = match account {
            None => (Key { hour_at, kind, network, account: AccountId::default() }, String::new()),
            Some((account, entry)) => {
                if self.has_place_for_entry(&account.id) {
                    return self.counted.entries.push(*entry);
                }
                (Key { hour_at, kind, network: String::new(), account: account.id }, account.name)
            }
        };
        self.add(key, Sum { name, tries: 1, first_at: at, last_at: at });
    }

    /// Takes what was counted.
    pub(super) fn take(&mut self) -> Counted {
        std::mem::take(&mut self.counted)
    }

    /// Puts back what could not be written.
    pub(super) fn put_back(&mut self, counted: Counted) {
        for (key, sum) in counted.sums {
            merge(&mut self.counted.sums, key, sum);
        }
        let newer = std::mem::replace(&mut self.counted.entries, counted.entries);
        self.counted.entries.extend(newer);
        self.counted.entries.truncate(MOST_ENTRIES);
    }

    fn has_place_for_entry(&mut self, account: &AccountId) -> bool {
        let full = self.entries_total >= MOST_ENTRIES || self.counted.entries.len() >= MOST_ENTRIES;
        let written = self.entries.get(account).copied().unwrap_or_default();
        if full || written >= MOST_ENTRIES_PER_ACCOUNT {
            return false;
        }
        self.entries.insert(account.clone(), written + 1);
        self.entries_total += 1;
        true
    }

    fn add(&mut self, mut key: Key, mut sum: Sum) {
        if !self.counted.sums.contains_key(&key) {
            if self.sums >= MOST_SUMS || self.counted.sums.len() >= MOST_SUMS {
                (key.network, key.account, sum.name) =
                    (OTHER.to_owned(), AccountId::default(), String::new());
            } else {
                self.sums += 1;
            }
        }
        merge(&mut self.counted.sums, key, sum);
    }
}

fn merge(sums: &mut BTreeMap<Key, Sum>, key: Key, sum: Sum) {
    let before = sums.entry(key).or_insert(Sum { tries: 0, ..sum.clone() });
    before.tries += sum.tries;
    before.first_at = before.first_at.min(sum.first_at);
    before.last_at = before.last_at.max(sum.last_at);
}

#[cfg(test)]
mod tests {
    use super::super::Account;
    use super::*;
    use crate::auth::Client;

    fn client(ip: &str) -> Client {
        Client { ip: ip.parse().unwrap(), ..Client::this_machine() }
    }

    fn stranger(tally: &mut Tally, at: i64, ip: &str) {
        tally.note(Refusal::of_stranger(RefusalKind::SignIn, UnixNanos(at), &client(ip)));
    }

    fn at_account(tally: &mut Tally, at: i64, id: &str) {
        let account = Account { id: id.into(), name: id.to_uppercase() };
        tally.note(Refusal::of_account(UnixNanos(at), &client("192.0.2.1"), account));
    }

    #[test]
    fn strangers_of_a_network_and_hour_are_one_row() {
        let mut tally = Tally::default();
        for at in 0..412 {
            stranger(&mut tally, at, &format!("203.0.113.{}", at % 256));
        }
        stranger(&mut tally, HOUR_NS, "203.0.113.1");
        let rows: Vec<RefusalRow> = tally.take().rows().collect();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].tries, rows[0].network.as_str()), (412, "203.0.113.0/24"));
        assert_eq!((rows[0].first_at, rows[0].last_at), (UnixNanos(0), UnixNanos(411)));
        assert!(tally.take().is_empty());
    }

    #[test]
    fn rows_of_an_hour_are_bounded_however_often_they_are_written() {
        let mut tally = Tally::default();
        let (mut rows, mut tries) = (0, 0);
        for n in 0..2000 {
            stranger(&mut tally, n, &format!("10.{}.{}.1", n / 256, n % 256));
            if n % 500 == 499 {
                let written: Vec<RefusalRow> = tally.take().rows().collect();
                rows += written.iter().filter(|row| row.network != OTHER).count();
                tries += written.iter().map(|row| row.tries).sum::<i64>();
            }
        }
        assert_eq!((rows, tries), (MOST_SUMS, 2000), "none is lost");
    }

    #[test]
    fn an_account_has_few_single_entries_an_hour() {
        let mut tally = Tally::default();
        for at in 0..25 {
            at_account(&mut tally, at, "ann");
        }
        let counted = tally.take();
        assert_eq!(counted.entries().len(), 10);
        let rows: Vec<RefusalRow> = counted.rows().collect();
        assert_eq!((rows[0].tries, rows[0].user_id.as_str(), rows[0].user_name.as_str()), (15, "ann", "ANN"));
        at_account(&mut tally, HOUR_NS, "ann");
        assert_eq!(tally.take().entries().len(), 1, "the next hour");
        for n in 0..2000 {
            at_account(&mut tally, HOUR_NS, &format!("user{n}"));
        }
        let counted = tally.take();
        assert_eq!(counted.entries().len(), MOST_ENTRIES - 1);
        assert!(counted.rows().count() <= MOST_SUMS + 1);
    }

    #[test]
    fn what_could_not_be_written_is_counted_again() {
        let mut tally = Tally::default();
        stranger(&mut tally, 1, "192.0.2.1");
        at_account(&mut tally, 1, "ann");
        let failed = tally.take();
        stranger(&mut tally, 2, "192.0.2.1");
        tally.put_back(failed);
        let counted = tally.take();
        assert_eq!(counted.rows().next().unwrap().tries, 2);
        assert_eq!(counted.entries().len(), 1);
    }
}
