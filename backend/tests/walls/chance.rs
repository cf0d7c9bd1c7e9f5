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

/// Links to the demo's profiles, which all journeys of a worker share, with a range that moves away from them.
fn moving_links(text: &str) -> Vec<&str> {
    let at_shop = |line: &&str| line.contains("shop.explore(") && line.contains("from: \"now-");
    text.lines().filter(at_shop).filter(|line| !line.contains("until: \"now-")).collect()
}

#[test]
fn journeys_of_the_shop_name_the_hour_that_has_its_profiles() {
    assert_eq!(moving_links("await page.goto(shop.explore({ from: \"now-1h\" }));\nshop.explore()").len(), 1);
    for source in files("e2e", &[".mjs"]) {
        assert_eq!(moving_links(&source.text), [""; 0], "{}", source.path);
        if source.path == "e2e/shop.mjs" {
            assert!(!source.text.contains("type: CPU, from: \"now"), "the default of shop.explore moves");
        }
    }
}

/// Live tests poll other processes, which report nothing; all others set the clock or wait for events.
#[test]
fn only_tests_of_other_processes_sleep_or_read_the_clock() {
    let live = ["backend/tests/live/", "backend/tests/api/process.rs"];
    nowhere_else("backend/tests", &live, "time::sleep(");
    nowhere_else("backend/tests", &live, "thread::sleep(");
    nowhere_else("backend/tests", &live, "SystemTime::now(");
}
