//! Ledger of profiles: sent, acknowledged, and those that must still be stored.

use flarepath_profile::unix_nanos::{DAY_NS, SECOND_NS};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

const ROUNDS_PER_DAY: u64 = 2;
/// Days before the newest one that retention keeps.
const KEPT_DAYS: u64 = 3;

/// The days of a run, which all have passed.
#[derive(Clone, Copy)]
pub(crate) struct Calendar {
    first_ns: i64,
    days: u64,
}

impl Calendar {
    pub(crate) fn of(rounds: u64) -> Calendar {
        let now_ns = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64);
        let days = rounds / ROUNDS_PER_DAY + 1;
        Calendar { first_ns: (now_ns / DAY_NS - days as i64 - 1) * DAY_NS, days }
    }

    fn start_ns(&self, day: u64) -> i64 {
        self.first_ns + day as i64 * DAY_NS
    }

    /// The oldest day that is kept when profiles have reached `newest`.
    pub(crate) fn oldest_kept(&self, newest: u64) -> u64 {
        newest.saturating_sub(KEPT_DAYS)
    }

    /// The range of what is kept.
    pub(crate) fn kept(&self, newest: u64) -> (i64, i64) {
        (self.start_ns(self.oldest_kept(newest)), self.start_ns(self.days))
    }

    /// The range of the run.
    pub(crate) fn all(&self) -> (i64, i64) {
        (self.first_ns, self.start_ns(self.days))
    }
}

/// A profile: its day, and its number in the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Account {
    pub(crate) day: u64,
    pub(crate) number: u64,
}

impl Account {
    /// The name of its function.
    pub(crate) fn name(&self) -> String {
        format!("account_{}_{}", self.day, self.number)
    }

    fn read(name: &str) -> Option<Account> {
        let (day, number) = name.strip_prefix("account_")?.split_once('_')?;
        Some(Account { day: day.parse().ok()?, number: number.parse().ok()? })
    }

    /// Its time; those of a day are in many windows of five minutes, in no order.
    pub(crate) fn time_ns(&self, calendar: &Calendar) -> i64 {
        calendar.start_ns(self.day) + (self.number as i64 * 977 * SECOND_NS) % DAY_NS
    }
}

/// The profiles that functions of these names belong to.
pub(crate) fn accounts(functions: &[String]) -> HashSet<Account> {
    functions.iter().filter_map(|name| Account::read(name)).collect()
}

/// Profiles of the run so far.
pub(crate) struct Ledger {
    pub(crate) calendar: Calendar,
    /// The day of this round.
    pub(crate) day: u64,
    pub(crate) next: Arc<AtomicU64>,
    acknowledged: HashSet<Account>,
    /// Acknowledged ones of days that are not kept any more.
    forgotten: u64,
}

impl Ledger {
    pub(crate) fn new(calendar: Calendar) -> Ledger {
        Ledger { calendar, day: 0, next: Arc::default(), acknowledged: HashSet::new(), forgotten: 0 }
    }

    /// Goes on to a round.
    pub(crate) fn begin(&mut self, round: u64) {
        self.day = round / ROUNDS_PER_DAY;
        let before = self.acknowledged.len();
        let oldest = self.calendar.oldest_kept(self.day);
        self.acknowledged.retain(|account| account.day >= oldest);
        self.forgotten += (before - self.acknowledged.len()) as u64;
    }

    pub(crate) fn acknowledge(&mut self, account: Account) {
        self.acknowledged.insert(account);
    }

    /// Acknowledged ones that are kept.
    pub(crate) fn acknowledged(&self) -> &HashSet<Account> {
        &self.acknowledged
    }

    pub(crate) fn acknowledged_ever(&self) -> u64 {
        self.forgotten + self.acknowledged.len() as u64
    }

    /// Acknowledged, to be kept, and not stored.
    pub(crate) fn lost(&self, stored: &HashSet<Account>) -> Vec<Account> {
        self.acknowledged.difference(stored).copied().collect()
    }

    pub(crate) fn was_sent(&self, account: &Account) -> bool {
        account.number < self.next.load(Ordering::Relaxed)
    }
}
