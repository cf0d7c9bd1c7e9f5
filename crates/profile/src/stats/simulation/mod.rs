//! False alarms and power, simulated with fixed seeds.
//!
//! One replica (four where it says so), 60 windows of a minute a side in blocks of five, a program of functions with Zipf shares,
//! 1 000 samples a minute. A false alarm is any function or the total called changed in one comparison of unchanged data; for
//! [`peers`], any value called odd among values that cost the same. Each test prints its rows of the table in docs/benchmarks.md.

mod false_alarms;
mod fleet;
mod peers;
mod power;
mod program;
mod steps;

/// Comparisons a test makes. With `FLAREPATH_SIMULATIONS=2500` at compile time they are enough for the table in docs/statistics.md.
const RUNS: u64 = 120;

fn runs() -> u64 {
    option_env!("FLAREPATH_SIMULATIONS").and_then(|n| n.parse().ok()).unwrap_or(RUNS)
}

/// Prints a row: what was simulated, what was found, its bound and whether it held, if it has one.
fn row(what: &str, found: &str, bound: Option<(&str, bool)>) {
    let (bound, held) = match bound {
        Some((bound, true)) => (bound, "held"),
        Some((bound, false)) => (bound, "**NOT HELD**"),
        None => ("", ""),
    };
    eprintln!("| simulated, {what} | {found} | {bound} | {held} |");
}

/// Counts the runs that raise an alarm, each with a seed of its own.
fn count(seed: u64, is_alarm: impl Fn(&mut program::Random, u64) -> bool) -> u64 {
    (0..runs()).filter(|run| is_alarm(&mut program::Random(seed ^ (run << 20)), *run)).count() as u64
}

fn text(alarms: u64) -> String {
    let percent = alarms as f64 / runs() as f64 * 100.0;
    format!("{alarms} false alarms in {} comparisons ({percent:.2} %)", runs())
}

/// At most one in a hundred; the test allows for what chance may add to it.
fn check(alarms: u64, name: &str) {
    let most = runs() as f64 * 0.01;
    row(name, &text(alarms), Some(("≤ 1 %", alarms as f64 <= most)));
    assert!((alarms as f64) <= most + 2.0 * most.sqrt(), "{name}: {alarms} of {}", runs());
}
