//! The time that deletion by age counts from: the server's clock, once it has been right for long enough.
//!
//! A clock that runs ahead makes everything look old, and what is deleted does not come back when the clock is right again.
//! So a reading more than a [`DAY`] from the settled time is not believed at once. The clock has to stay there for
//! [`WAIT`], as measured by the monotonic clock. Then the settled time follows, forward by a day in each further hour, so
//! that at most one day of data goes per hour; back at once, which deletes nothing. The settled time is kept in a file, so a jump
//! while the server was stopped is noticed like one while it runs. A server that was stopped for more than a day cannot be
//! told from one whose clock jumped, and waits too.
//!
//! Only deletion counts from here. Sign-in, links and tokens expire by the server's clock: what expired under a wrong clock is
//! valid again under the right one.

use super::Clock;
use flarepath_profile::unix_nanos::UnixNanos;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A jump of this length or less is believed at once; also the length of a step.
const DAY: Duration = Duration::from_secs(86_400);
/// How long a clock must stay after a jump, and the time between two steps.
const WAIT: Duration = Duration::from_secs(3_600);
/// Name of the file in the data directory.
const FILE_NAME: &str = "flarepath.clock";

/// The settled time of a server. Shared by everything that deletes by age.
pub struct SettledClock {
    clock: Arc<dyn Clock>,
    file: Option<PathBuf>,
    state: Mutex<State>,
}

impl SettledClock {
    /// Continues from the time that was saved in `dir`.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> SettledClock {
        let file = dir.join(FILE_NAME);
        let saved = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
        let state = State::new(saved.map(UnixNanos), &*clock);
        SettledClock { clock, file: Some(file), state: Mutex::new(state) }
    }

    /// Begins with the present time of `clock`, and saves nothing.
    pub(crate) fn unsaved(clock: Arc<dyn Clock>) -> SettledClock {
        let state = State::new(None, &*clock);
        SettledClock { clock, file: None, state: Mutex::new(state) }
    }

    /// The time that ages count from. Never later than the clock's.
    pub fn now(&self) -> UnixNanos {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut state = self.state();
        let before = state.doubt;
        state.observe(now, elapsed);
        match (before, state.doubt) {
            (None, Some(_)) => tracing::warn!("{}", state.warning(now).unwrap_or_default()),
            (Some(_), None) => tracing::info!("the server's clock is settled again"),
            _ => {}
        }
        state.settled.min(now)
    }

    /// The server's clock, believed or not.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Without a saved time, begins with the newest stored time rather than a clock that may be wrong.
    pub(crate) fn begin_at_newest(&self, newest: UnixNanos) {
        let mut state = self.state();
        if !state.was_saved {
            state.settled = state.settled.min(newest);
        }
    }

    /// For people, while the clock is not believed.
    pub fn warning(&self) -> Option<String> {
        self.state().warning(self.clock.now())
    }

    /// Saves the settled time for the next start.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn save(&self) -> std::io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let settled = self.state().settled;
        let new = file.with_extension("new");
        let mut out = std::fs::File::create(&new)?;
        writeln!(out, "{}", settled.0)?;
        out.sync_all()?;
        std::fs::rename(&new, file)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for SettledClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SettledClock").field("state", &*self.state()).finish_non_exhaustive()
    }
}

/// Pure: readings in, settled time out.
#[derive(Debug)]
struct State {
    settled: UnixNanos,
    /// When the clock last showed it, by the monotonic clock.
    seen: Duration,
    /// Whether `settled` comes from an earlier run.
    was_saved: bool,
    doubt: Option<Doubt>,
}

/// A reading far from the settled time, and since when the clock has stayed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Doubt {
    /// What the clock showed at `since`.
    at: UnixNanos,
    /// When the wait began, by the monotonic clock.
    since: Duration,
    /// Steps taken since.
    steps: u32,
}

impl State {
    fn new(saved: Option<UnixNanos>, clock: &dyn Clock) -> State {
        State {
            settled: saved.unwrap_or_else(|| clock.now()),
            seen: clock.elapsed(),
            was_saved: saved.is_some(),
            doubt: None,
        }
    }

    fn observe(&mut self, now: UnixNanos, elapsed: Duration) {
        let expected = self.settled.plus(elapsed.saturating_sub(self.seen));
        if is_near(now, expected) {
            *self = State { settled: now, seen: elapsed, doubt: None, ..*self };
            return;
        }
        let begin = Doubt { at: now, since: elapsed, steps: 0 };
        let mut doubt = *self.doubt.get_or_insert(begin);
        let waited = elapsed.saturating_sub(doubt.since);
        if !is_near(now, doubt.at.plus(waited)) {
            // It jumped again: the wait begins again.
            self.doubt = Some(begin);
            return;
        }
        if waited >= WAIT && now < self.settled {
            *self = State { settled: now, seen: elapsed, doubt: None, ..*self };
            return;
        }
        // A server that slept through several hours takes one step, not several.
        if waited >= WAIT * (doubt.steps + 1) {
            self.settled = self.settled.plus(DAY).min(now);
            doubt.steps = u32::try_from(waited.as_secs() / WAIT.as_secs()).unwrap_or(u32::MAX - 1);
        }
        self.doubt = Some(doubt);
    }

    fn warning(&self, now: UnixNanos) -> Option<String> {
        self.doubt?;
        let day_ns = i64::try_from(DAY.as_nanos()).unwrap_or(i64::MAX);
        let days = now.nanos_since(self.settled) / day_ns;
        let (days, direction) = (days.unsigned_abs().max(1), if days < 0 { "back" } else { "ahead" });
        let unit = if days == 1 { "day" } else { "days" };
        Some(format!(
            "The server's clock jumped {direction} by {days} {unit}, or the server was stopped that long. Check its date. Nothing is \
             deleted by age for an hour; then at most one day of data per hour, until the clock is settled."
        ))
    }
}

fn is_near(a: UnixNanos, b: UnixNanos) -> bool {
    a.nanos_since(b).unsigned_abs() <= DAY.as_nanos() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    const START: UnixNanos = UnixNanos(1_800_000_000_000_000_000);

    fn settled() -> (Arc<ManualClock>, SettledClock) {
        let clock = Arc::new(ManualClock::at(START));
        let settled = SettledClock::unsaved(clock.clone());
        assert_eq!(settled.now(), START);
        (clock, settled)
    }

    #[test]
    fn follows_a_clock_that_runs_and_small_corrections() {
        let (clock, settled) = settled();
        for _ in 0..100 {
            clock.advance(DAY / 2);
            assert_eq!(settled.now(), clock.now());
        }
        clock.advance(DAY * 30);
        assert_eq!(settled.now(), clock.now(), "the monotonic clock agrees");
        clock.set(clock.now().minus(DAY / 2));
        assert_eq!(settled.now(), clock.now());
        assert_eq!(settled.warning(), None);
    }

    #[test]
    fn after_a_jump_waits_an_hour_then_steps_a_day_an_hour() {
        let (clock, settled) = settled();
        clock.set(START.plus(DAY * 500));
        assert_eq!(settled.now(), START);
        assert!(settled.warning().unwrap().contains("ahead by 500 days"));
        clock.advance(WAIT - Duration::from_secs(1));
        assert_eq!(settled.now(), START);
        clock.advance(Duration::from_secs(1));
        for days in 1..=3 {
            assert_eq!(settled.now(), START.plus(DAY * days));
            assert_eq!(settled.now(), START.plus(DAY * days), "once an hour, however often it is asked");
            clock.advance(WAIT);
        }
        clock.advance(WAIT * 20);
        assert_eq!(settled.now(), START.plus(DAY * 4), "hours missed are not made up for");
        clock.set(START.plus(WAIT * 25));
        assert_eq!(
            settled.now(),
            clock.now(),
            "never later than the clock, even where a step went ahead of it"
        );
    }

    #[test]
    fn a_jump_that_ends_within_the_hour_changes_nothing() {
        let (clock, settled) = settled();
        clock.set(START.plus(DAY * 30));
        settled.now();
        clock.advance(WAIT / 2);
        settled.now();
        clock.set(START.plus(WAIT / 2));
        assert_eq!((settled.now(), settled.warning()), (clock.now(), None));
        clock.set(START.plus(DAY * 30));
        settled.now();
        clock.advance(WAIT / 2);
        assert_eq!(settled.now(), START.plus(WAIT / 2), "the earlier half hour does not count");
        clock.set(START.plus(DAY * 500));
        settled.now();
        clock.advance(WAIT / 2);
        assert_eq!(settled.now(), START.plus(WAIT / 2), "another jump begins another hour");
    }

    #[test]
    fn a_clock_that_was_set_back_is_followed_after_an_hour() {
        let (clock, settled) = settled();
        clock.set(START.minus(DAY * 90));
        assert_eq!(settled.now(), clock.now(), "never later than the clock");
        clock.set(START);
        assert_eq!((settled.now(), settled.warning()), (START, None), "a short dip leaves no trace");
        clock.set(START.minus(DAY * 90));
        settled.now();
        clock.advance(WAIT);
        assert_eq!((settled.now(), settled.warning()), (clock.now(), None));
        clock.set(START);
        assert_eq!(settled.now(), START.minus(DAY * 90).plus(WAIT), "now this is a jump");
    }

    #[test]
    fn a_jump_between_two_starts_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let at = |now| SettledClock::open(dir.path(), Arc::new(ManualClock::at(now)));
        let first = at(START);
        first.now();
        first.save().unwrap();
        let ahead = at(START.plus(DAY * 500));
        assert_eq!(ahead.now(), START);
        ahead.save().unwrap();
        let right = at(START.plus(WAIT));
        assert_eq!((right.now(), right.warning()), (START.plus(WAIT), None));
    }

    #[test]
    fn without_a_saved_time_the_newest_stored_time_counts() {
        let (clock, settled) = settled();
        settled.begin_at_newest(START.minus(DAY * 500));
        assert_eq!(settled.now(), START.minus(DAY * 500));
        assert!(settled.warning().is_some());
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(FILE_NAME), format!("{}\n", START.0)).unwrap();
        let saved = SettledClock::open(dir.path(), clock);
        saved.begin_at_newest(START.minus(DAY * 500));
        assert_eq!(saved.now(), START, "a quiet server's old data is no jump");
    }
}
