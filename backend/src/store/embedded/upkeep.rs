//! The background task: folding, joining symbol chunks, retention, collection of what nothing refers to any more, space of the disk.
//!
//! It does one thing at a time. Every change goes through the writer's queue and waits its turn among pushes.

use super::activity::Horizon;
use super::change::{Change, chunks, count_chunks};
use super::fold::{self, Cursors};
use super::space::Slice;
use super::symbols::chunk;
use super::symbols::table::Symbols;
use super::window::WIDEST;
use super::writer;
use super::{EmbeddedStore, blocking, collect, retention, space};
use crate::clock::{Clock, SystemClock};
use crate::jobs::Job;
use crate::store::StoreError;
use std::collections::HashMap;
use std::sync::Weak;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Time between two passes.
const PERIOD: Duration = Duration::from_millis(500);
/// Symbols that nobody used for this time, or twice as long at most, leave the memory.
const IDLE_SYMBOLS: Duration = Duration::from_secs(270);
const RETENTION_PERIOD: Duration = Duration::from_secs(600);
/// A limit on the size may be exceeded for so long.
const DISK_PERIOD: Duration = Duration::from_secs(10);
/// Slices in which space is given back in a row; then folding has its turn.
const SLICES: usize = 100;
/// Chunks of a service above which they are joined.
const MANY_CHUNKS: i64 = 64;
/// A chunk of this size is not joined any more, so that joining stays cheap as tables grow.
const LARGE_CHUNK: usize = 1 << 20;

/// A service without new profiles and without work is visited again after this: by then the clock may have completed
/// another of its windows. Each time that there is nothing to do it takes twice as long, up to the second.
const NEXT_LOOK: Duration = Duration::from_secs(30);
const LAST_LOOK: Duration = Duration::from_secs(600);

/// State kept between passes.
#[derive(Default)]
pub(crate) struct Memory {
    services: HashMap<i64, ServiceMemory>,
    /// When retention was last applied.
    retention: Option<Instant>,
    /// When idle symbols were last dropped.
    symbols: Option<Instant>,
    /// When the space of the disk was last looked at.
    disk: Option<Instant>,
    /// Services whose symbols are to be collected, one in each pass.
    to_collect: Vec<i64>,
}

impl Memory {
    /// Whether idle symbols are to be dropped; if so, it counts as done.
    fn is_dropping_due(&mut self) -> bool {
        let due = self.symbols.get_or_insert_with(Instant::now).elapsed() >= IDLE_SYMBOLS;
        if due {
            self.symbols = Some(Instant::now());
        }
        due
    }

    /// Whether retention is due; if so, it counts as applied.
    fn is_retention_due(&mut self) -> bool {
        is_due(&mut self.retention, RETENTION_PERIOD)
    }

    /// Whether a look at the disk is due; if so, it counts as done.
    fn is_disk_due(&mut self) -> bool {
        is_due(&mut self.disk, DISK_PERIOD)
    }
}

fn is_due(last: &mut Option<Instant>, period: Duration) -> bool {
    let due = last.is_none_or(|at| at.elapsed() >= period);
    if due {
        *last = Some(Instant::now());
    }
    due
}

struct ServiceMemory {
    cursors: Cursors,
    /// When there was nothing to do, and the service's last sign of life at that time.
    settled: Option<(Instant, Option<Instant>)>,
    /// How long to wait then.
    wait: Duration,
}

impl ServiceMemory {
    fn is_settled(&self, pulse: Option<Instant>) -> bool {
        self.settled.is_some_and(|(at, then)| then == pulse && at.elapsed() < self.wait)
    }

    /// Notes whether there was something to do.
    fn looked(&mut self, idle: bool, pulse: Option<Instant>) {
        let again = idle && self.settled.is_some_and(|(_, then)| then == pulse);
        self.wait = if again { (self.wait * 2).min(LAST_LOOK) } else { NEXT_LOOK };
        self.settled = idle.then(|| (Instant::now(), pulse));
    }
}

/// The job that keeps a store folded and drops what is too old. It does nothing once the store is gone or closed.
pub(super) fn job(store: Weak<EmbeddedStore>) -> Job {
    let run = move || {
        let store = store.upgrade().filter(|store| !store.queue.is_closed());
        async move {
            let Some(store) = store else { return Ok(()) };
            match store.condition.noting(pass(&store)).await {
                // The next pass will do.
                Err(StoreError::Busy(_)) => Ok(()),
                result => Ok(result?),
            }
        }
    };
    Job::new("profile-upkeep", PERIOD, run).after(PERIOD)
}

async fn pass(store: &EmbeddedStore) -> Result<(), StoreError> {
    let now = SystemClock.now();
    let horizon = |service| Horizon::of(store.activity.of(service), now, store.options.fold_delay);
    let folded = fold_services(store, horizon).await;
    // Where no space is left for folding, retention may free some.
    if !matches!(folded, Ok(()) | Err(StoreError::DiskFull(_))) {
        return folded;
    }
    if store.upkeep.lock().await.is_dropping_due() {
        store.symbols.drop_idle();
    }
    store.symbols.measure();
    let to_collect = store.upkeep.lock().await.to_collect.pop();
    if let Some(service) = to_collect {
        collect::unused_symbols(store, service).await?;
    }
    if store.upkeep.lock().await.is_retention_due() {
        store.look_ahead().await?;
        if let Some(retention) = store.options.retention {
            retention::apply(store, retention, store.options.clock.now()).await?;
        }
        collect::unused_series(store).await?;
        let due = collect::services_due(store).await?;
        store.upkeep.lock().await.to_collect = due;
    }
    if store.upkeep.lock().await.is_disk_due() {
        look_at_disk(store).await?;
    }
    folded
}

/// Measures, keeps the store within its size, and gives space back that will not be needed soon.
async fn look_at_disk(store: &EmbeddedStore) -> Result<(), StoreError> {
    let used = space::observe(store).await?.usage.used;
    let kept = match store.options.max_size {
        None => space::kept(used),
        Some(max_size) => {
            let used = retention::enforce(store, max_size, store.options.clock.now()).await?;
            space::kept(used).min(retention::target(max_size).saturating_sub(used))
        }
    };
    give_back(store, kept).await.map(drop)
}

/// Gives the space of all but `kept` bytes of free pages back, with as much rest as work; false when readers prevent it.
pub(super) async fn give_back(store: &EmbeddedStore, kept: u64) -> Result<bool, StoreError> {
    for _ in 0..SLICES {
        let began = Instant::now();
        let (answer, done) = oneshot::channel();
        match store.send(writer::Job::GiveBack(kept, answer), done).await? {
            Slice::Done => return Ok(true),
            Slice::Blocked => return Ok(false),
            Slice::More => tokio::time::sleep(began.elapsed()).await,
        }
    }
    Ok(true)
}

/// Folds what is due in all services.
pub(super) async fn fold_services(
    store: &EmbeddedStore,
    horizon: impl Fn(i64) -> Horizon,
) -> Result<(), StoreError> {
    let mut memory = store.upkeep.lock().await;
    let services = store.registry.services();
    memory.services.retain(|service, _| services.binary_search(service).is_ok());
    let mut failure = None;
    for service in services {
        // There may be twenty thousand, nearly all of them settled.
        tokio::task::consume_budget().await;
        let start = ServiceMemory { cursors: [i64::MIN; WIDEST + 1], settled: None, wait: NEXT_LOOK };
        let memory = memory.services.entry(service).or_insert(start);
        let horizon = horizon(service);
        let pulse = store.activity.of(service).map(|p| p.last);
        if horizon != Horizon::ALL && memory.is_settled(pulse) {
            continue;
        }
        let worked = match fold::service(store, service, horizon, &mut memory.cursors).await {
            Ok(worked) => worked,
            // One service's damage must not keep the others from being folded.
            Err(damage @ StoreError::Corrupt(_)) => {
                failure.get_or_insert(damage);
                continue;
            }
            Err(other) => return Err(other),
        };
        memory.looked(!worked && horizon.quiet, pulse);
        if worked {
            join_chunks(store, service).await?;
        }
    }
    failure.map_or(Ok(()), Err)
}

/// Puts the small chunks at the end of a service's symbols into one.
pub(super) async fn join_chunks(store: &EmbeddedStore, service: i64) -> Result<(), StoreError> {
    if count_chunks(&store.readers, service).await.map_err(|e| store.error(e))? <= MANY_CHUNKS {
        return Ok(());
    }
    let chunks = chunks(&store.readers, service).await.map_err(|e| store.error(e))?;
    let joined = blocking(move || {
        let keep = chunks.iter().rposition(|(_, data)| data.len() >= LARGE_CHUNK).map_or(0, |i| i + 1);
        let mut symbols = Symbols::new();
        chunks[..keep].iter().try_for_each(|(_, data)| chunk::apply(data, &mut symbols))?;
        let mark = symbols.mark();
        chunks[keep..].iter().try_for_each(|(_, data)| chunk::apply(data, &mut symbols))?;
        let (Some((first, _)), Some((last, _))) = (chunks.get(keep), chunks.last()) else { return Ok(None) };
        let chunk = chunk::encode(&symbols, mark)
            .map_err(|e| StoreError::Database(format!("symbols cannot be compressed: {e}")))?;
        Ok::<_, StoreError>(Some(Change::JoinChunks { service, first: *first, last: *last, chunk }))
    })
    .await??;
    match joined {
        Some(change) => store.change(change).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_services_are_visited_less_and_less_often() {
        let mut memory = ServiceMemory { cursors: [0; WIDEST + 1], settled: None, wait: NEXT_LOOK };
        let waits: Vec<u64> = (0..7)
            .map(|_| {
                memory.looked(true, None);
                memory.wait.as_secs()
            })
            .collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 600, 600]);
        memory.looked(true, Some(Instant::now()));
        assert_eq!((memory.wait, memory.is_settled(None)), (NEXT_LOOK, false), "it was pushed to");
        memory.looked(false, None);
        assert!(!memory.is_settled(None), "there may be more to do");
    }
}
