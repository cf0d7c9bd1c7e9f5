//! Tests that pass or fail by chance: those that sleep, read the system's clock or depend on the speed of the machine.

use crate::source::files;
use crate::wall::nowhere_else;

/// In journeys, and what to write in its place.
const BY_CHANCE: [(&str, &str); 5] = [
    ("waitForTimeout(", "wait for what is asserted afterwards"),
    ("networkidle", "wait for what the responses show"),
    (" setTimeout(", "wait for what is asserted afterwards"),
    ("Math.random(", "fixed values"),
    ("test.only(", "all tests"),
];

/// Hits of the list in a journey, with their lines.
fn found(text: &str) -> Vec<String> {
    let mut hits = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (words, instead) in BY_CHANCE {
            if line.contains(words) {
                hits.push(format!("line {}: {words} (write: {instead})", number + 1));
            }
        }
    }
    hits
}

#[test]
fn journeys_wait_for_events() {
    let text =
        "await page.waitForTimeout(500);\ntest.setTimeout(9);\nnew Promise((done) => setTimeout(done, 1));";
    assert_eq!(found(text).len(), 2);
    let offences: Vec<String> = files("e2e/journeys", &[".mjs"])
        .iter()
        .flat_map(|source| found(&source.text).into_iter().map(|hit| format!("{} {hit}", source.path)))
        .collect();
    assert!(offences.is_empty(), "{offences:#?}");
}

/// Live tests poll other processes, which report nothing; all others set the clock or wait for events.
#[test]
fn only_tests_of_other_processes_sleep_or_read_the_clock() {
    let live = ["backend/tests/live/", "backend/tests/api/process.rs"];
    nowhere_else("backend/tests", &live, "time::sleep(");
    nowhere_else("backend/tests", &live, "thread::sleep(");
    nowhere_else("backend/tests", &live, "SystemTime::now(");
}
