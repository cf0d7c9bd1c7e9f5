//! `kill -9` under load, again and again: every acknowledged profile is stored, exactly once, and every backup that was reported
//! as made holds what was acknowledged before it began.
//!
//! Profiles have times of days that follow each other, some rounds a day, and the server drops them after three days. So
//! folding and retention run all the time, what a run stores stays small, and symbols fall out of use. `make test` does
//! [`KILLS`] rounds; `KILLS=500` is the number for `make soak`.

mod backup;
mod ledger;
mod load;

use crate::data_directory;
use crate::running_server::{CPU, RunningServer};
use crate::seen_tree::SeenTree;
use anyhow::ensure;
use ledger::{Account, Calendar, Ledger};
use load::Load;
use std::time::Duration;

const KILLS: u64 = 20;
/// A backup begins in each of so many rounds.
const ROUNDS_PER_BACKUP: u64 = 5;
pub(crate) const SERVICE: &str = "bank";

/// The shortest ages, so that each level is folded into the next, and dropped, within four days.
const SETTINGS: &[(&str, &str)] = &[
    ("FLAREPATH_RETENTION__RAW", "1h"),
    ("FLAREPATH_RETENTION__FIVE_MINUTES", "24h"),
    ("FLAREPATH_RETENTION__HOURS", "48h"),
    ("FLAREPATH_RETENTION__DAYS", "72h"),
];

#[tokio::test]
async fn acknowledged_profiles_survive_kills_under_load() {
    let kills = std::env::var("KILLS").map_or(KILLS, |text| text.parse().expect("KILLS is a whole number"));
    let mut ledger = Ledger::new(Calendar::of(kills));
    let mut server = RunningServer::start_with(SETTINGS).await.unwrap();
    let backups = tempfile::tempdir().unwrap();
    let mut good_backups = 0;
    for round in 0..kills {
        ledger.begin(round);
        let mut load = Load::start(&server.url, &ledger);
        // A different moment in each round: at the first response, or after some dozens and while profiles are folded.
        load.acknowledged(&mut ledger, (round % 20) * 2 + 1).await;
        let backup = (round % ROUNDS_PER_BACKUP == ROUNDS_PER_BACKUP / 2)
            .then(|| backup::Backup::start(&server, backups.path(), &ledger));
        tokio::time::sleep(Duration::from_millis(round * 379 % 1700)).await;
        server.kill().await.unwrap();
        load.end(&mut ledger).await;
        server = server.kill_and_start_again().await.unwrap();
        check(&server, &ledger).await.unwrap();
        if let Some(backup) = backup {
            good_backups += u64::from(backup.verify(&ledger).await.unwrap());
        }
    }
    // A kill may end any of them, depending on the speed of the machine. Without one, profiles that are pushed meanwhile do not.
    let mut load = Load::start(&server.url, &ledger);
    load.acknowledged(&mut ledger, 1).await;
    let backup = backup::Backup::start(&server, backups.path(), &ledger);
    let is_good = backup.verify(&ledger).await.unwrap();
    load.end(&mut ledger).await;
    assert!(is_good, "no backup while profiles are pushed");
    // Folding waits for services that push, and retention, which waits for folding, is next due minutes later. Both begin anew here.
    server = server.kill_and_start_again().await.unwrap();
    old_days_are_dropped(&server, &ledger).await;
    levels_are_folded(&server, &ledger).await;
    server.kill().await.unwrap();
    data_directory::check(server.data()).await.unwrap();
    eprintln!(
        "{kills} kills, {} acknowledged profiles, {good_backups} good backups despite kills",
        ledger.acknowledged_ever()
    );
}

/// Each profile has one sample of one nanosecond in a function of its own.
async fn check(server: &RunningServer, ledger: &Ledger) -> anyhow::Result<()> {
    let tree = tree(server, ledger.calendar.kept(ledger.day)).await?;
    let stored = ledger::accounts(&tree.functions);
    let lost = ledger.lost(&stored);
    ensure!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    ensure!(tree.total == stored.len() as i64, "{} ns in {} profiles", tree.total, stored.len());
    ensure!(tree.profiles == stored.len() as u64, "{} profiles, {} distinct", tree.profiles, stored.len());
    ensure!(stored.iter().all(|account| ledger.was_sent(account)), "profiles that nobody has sent");
    Ok(())
}

async fn tree(server: &RunningServer, (from_ns, until_ns): (i64, i64)) -> anyhow::Result<SeenTree> {
    server.call_tree_between(SERVICE, CPU, from_ns, until_ns).await
}

/// Waits until retention has dropped what is older than three days.
async fn old_days_are_dropped(server: &RunningServer, ledger: &Ledger) {
    let oldest = ledger.calendar.oldest_kept(ledger.day);
    let (from_ns, until_ns) = ledger.calendar.all();
    // Each query has a range of its own, as answers about the past stay in the cache for some minutes.
    let mut asked = 0;
    let mut left = async || {
        asked += 1;
        let tree = tree(server, (from_ns, until_ns + asked)).await.unwrap();
        let stored = ledger::accounts(&tree.functions);
        stored.into_iter().filter(|account| account.day < oldest).collect::<Vec<Account>>()
    };
    while let Some(account) = left().await.first() {
        assert!(server.is_patient(), "{account:?} is still there, days before {oldest} are to be dropped");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Waits until there are blocks of every width, and times before which each was dropped: else the run has not shown what it is for.
async fn levels_are_folded(server: &RunningServer, ledger: &Ledger) {
    if ledger.calendar.oldest_kept(ledger.day) == 0 {
        return; // too few kills
    }
    loop {
        let levels = data_directory::levels(server.data()).await.unwrap();
        if levels == (3, 4) {
            return;
        }
        assert!(server.is_patient(), "{levels:?} instead of 3 levels with blocks, 4 that were dropped");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
