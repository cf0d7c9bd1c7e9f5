//! Overviews of made-up services: their order, and what callers with other bounds see.

mod steps;

use super::{Board, Cursor, Overview, Row, Sort, State, Wanted};
use crate::auth::{Grant, Kind, Principal, Role, Scope};
use crate::clock::ManualClock;
use crate::indicators::made_up::{MadeUp, Reply};
use crate::query::regression::world::{PERIOD, S, START, Stacks, World, noisy, question, usual};
use flarepath_profile::unix_nanos::UnixNanos;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

const HOUR: (i64, i64) = (60, 120);

fn at(minute: i64) -> UnixNanos {
    UnixNanos((START + minute * 60) * S)
}

/// A board at a minute, and its clock.
fn board(world: &World, minute: i64) -> (Board, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(at(minute)));
    (Board::new(world.querier(), clock.clone()), clock)
}

async fn refreshed(world: &World, minute: i64) -> Board {
    let (board, _) = board(world, minute);
    board.refresh().await.unwrap();
    board
}

/// A pod of a service, whose team has its name.
async fn pod(world: &World, service: &str, pod: &str, minutes: Range<i64>, stacks: impl Fn(i64) -> Stacks) {
    let labels = [("service_name", service), ("team", service), ("pod", pod)];
    world.pod(&labels, minutes, PERIOD, stacks).await;
}

fn wanted(selector: &str, minutes: (i64, i64)) -> Wanted {
    let question = question(selector, minutes);
    Wanted { question, sort: Sort::Attention, text: String::new(), cursor: None, limit: 50 }
}

fn viewer(scope: &str) -> Principal {
    let grants = vec![Grant { role: Role::Viewer, scope: Scope::Matching(scope.parse().unwrap()) }];
    Principal::new(Kind::User, "eve", "eve", Vec::new(), grants)
}

async fn answer(world: &World, board: &Board, who: &Principal, wanted: Wanted) -> Overview {
    board.answer(&world.querier(), who, wanted).await.unwrap()
}

fn states(found: &Overview) -> Vec<(&str, State)> {
    found.rows.iter().map(|row| (row.activity.service.as_str(), row.state)).collect()
}

fn row<'o>(found: &'o Overview, service: &str) -> &'o Row {
    found.rows.iter().find(|row| row.activity.service == service).unwrap()
}

fn share_judgement(one: &Row, other: &Row) -> bool {
    match (&one.judgement, &other.judgement) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}

/// One service of each kind.
async fn shop() -> World {
    let world = World::new();
    world.run("1", 0..90, 0).await;
    world.run("2", 90..120, 400).await;
    pod(&world, "mail", "a", 0..120, usual).await;
    pod(&world, "batch", "a", 0..95, usual).await;
    pod(&world, "fresh", "a", 105..120, usual).await;
    pod(&world, "gappy", "a", 0..75, usual).await;
    pod(&world, "gappy", "a", 100..120, usual).await;
    world
}

#[tokio::test]
async fn what_needs_attention_comes_first() {
    let world = shop().await;
    let board = refreshed(&world, 120).await;
    let found = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    let all = states(&found);
    assert_eq!(all[..2], [("checkout", State::Regressed), ("batch", State::Silent)]);
    assert_eq!(all[2], ("fresh", State::TooLittleData));
    assert!(all[3..].iter().all(|(_, state)| *state == State::Unchanged), "{all:?}");
    assert_eq!((found.services, found.notes.len(), found.range.end), (5, 0, at(120)));
    let fleet = found.fleet;
    assert_eq!((fleet.reporting, fleet.silent, fleet.with_gaps, fleet.changed), (4, 1, 1, 1));
    assert_eq!(fleet.without_symbols, Some(0.0));
}

#[tokio::test]
async fn a_regressed_service_says_what_changed_and_since_when() {
    let world = shop().await;
    let board = refreshed(&world, 120).await;
    let found = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    let checkout = row(&found, "checkout");
    let verdict = checkout.judgement.as_ref().unwrap();
    assert_eq!((verdict.baseline.as_str(), checkout.changed_at()), ("version 1", Some(at(90))));
    assert!(verdict.sentence.contains("version 2"), "{}", verdict.sentence);
    assert_eq!(checkout.activity.versions, ["2", "1"]);
    assert_eq!((checkout.activity.replicas, checkout.activity.sparkline.len()), (4, 30));
    // 600 ms of two pods in 15 s, and a second of them from minute 90 on.
    let (before, cores) = (verdict.cores_before.unwrap(), checkout.activity.cores.unwrap());
    assert!((before - 0.08).abs() < 0.004, "{before}");
    assert!((cores - 0.107).abs() < 0.005, "{cores}");
    assert!((checkout.change().unwrap() - 0.667).abs() < 0.05, "{:?}", checkout.change());
    assert!(verdict.function.contains("Regex::new") && verdict.computed_at == at(120));
}

#[tokio::test]
async fn a_row_tells_the_cause_without_numbers_whatever_is_in_names() {
    let world = World::new();
    world.run("release: 3", 0..90, 0).await;
    world.run("release: 4", 90..120, 400).await;
    pod(&world, "mail", "a", 0..120, usual).await;
    let board = refreshed(&world, 120).await;
    let found = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    let brief = row(&found, "checkout").brief().unwrap();
    let cause =
        "The largest cause is `regex::Regex::new`, called by `shop::handle_order`. CPU use per replica is ";
    let change = " higher in version release: 4 than in version release: 3.";
    assert!(brief.starts_with(cause) && brief.ends_with(change), "{brief}");
    assert_eq!(row(&found, "mail").brief(), None);
}

#[tokio::test]
async fn a_source_of_metrics_that_hangs_costs_a_board_one_wait() {
    let world = shop().await;
    let (source, indicators) = MadeUp::indicators(Reply::Hangs, Duration::from_millis(20));
    let board = Board::new(world.querier().with_indicators(indicators), Arc::new(ManualClock::at(at(120))));
    board.refresh().await.unwrap();
    // The sides of one verdict, which are asked at once.
    let asked = source.queries();
    assert!((1..=4).contains(&asked.len()), "{asked:?}");
    let found = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    let judged = found.rows.iter().filter(|row| row.judgement.is_some()).count();
    assert_eq!(judged as u64, found.fleet.reporting, "all that report have a verdict");
    board.refresh().await.unwrap();
    assert_eq!(source.queries(), [""; 0]);
}

#[tokio::test]
async fn gaps_are_no_number_in_sparklines() {
    let world = shop().await;
    let board = refreshed(&world, 120).await;
    let found = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    let gappy = &row(&found, "gappy").activity;
    assert!(gappy.has_gap && gappy.sparkline[10].is_nan() && gappy.sparkline[25] > 0.0);
    assert!(!row(&found, "mail").activity.has_gap);
}

#[tokio::test]
async fn a_new_version_is_judged_again_until_there_is_enough_data() {
    let world = shop().await;
    let (board, clock) = board(&world, 92);
    let mut seen = Vec::new();
    for minute in [92, 93, 100] {
        clock.set(at(minute));
        board.refresh().await.unwrap();
        let found = answer(&world, &board, &Principal::local(), wanted("{}", (minute - 60, minute))).await;
        seen.push(row(&found, "checkout").state);
    }
    assert_eq!(seen, [State::TooLittleData, State::TooLittleData, State::Regressed]);
}

#[tokio::test]
async fn a_team_sees_its_own_services_and_no_numbers_of_others() {
    let world = shop().await;
    let board = refreshed(&world, 120).await;
    let found = answer(&world, &board, &viewer(r#"{team="mail"}"#), wanted("{}", HOUR)).await;
    assert_eq!(states(&found), [("mail", State::Unchanged)]);
    assert_eq!((found.services, found.tested, found.fleet.reporting), (1, 1, 1));
    assert!((found.fleet.cores - 0.04).abs() < 0.002, "{}", found.fleet.cores);
    let none = answer(&world, &board, &viewer(r#"{team="nobody"}"#), wanted("{}", HOUR)).await;
    assert_eq!((none.services, none.fleet), (0, Default::default()));
}

#[tokio::test]
async fn verdicts_of_the_board_are_for_callers_who_see_the_whole_service() {
    let world = shop().await;
    let board = refreshed(&world, 120).await;
    let all = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    let whole = viewer(r#"{service_name=~"check.*"}"#);
    let found = answer(&world, &board, &whole, wanted("{}", HOUR)).await;
    assert_eq!(states(&found), [("checkout", State::Regressed)]);
    assert!(share_judgement(row(&found, "checkout"), row(&all, "checkout")));
    // A pod of version 1 that is gone since.
    let part = viewer(r#"{service_name="checkout", pod="1-0"}"#);
    let found = answer(&world, &board, &part, wanted("{}", HOUR)).await;
    let own = row(&found, "checkout");
    assert!(!share_judgement(own, row(&all, "checkout")) && own.activity.replicas == 1);
    assert_eq!((own.state, &*own.activity.versions), (State::Silent, &["1".to_owned()][..]));
    // Within a selector that is narrower than the service, too.
    let narrow = wanted(r#"{version="2"}"#, HOUR);
    let found = answer(&world, &board, &Principal::local(), narrow).await;
    assert!(!share_judgement(row(&found, "checkout"), row(&all, "checkout")));
    assert_eq!(states(&found).len(), 1);
}

#[tokio::test]
async fn a_caller_with_a_part_of_a_service_has_numbers_of_that_part() {
    let world = World::new();
    let twice = |seed: i64| usual(seed).into_iter().map(|(path, ms)| (path, 2 * ms)).collect();
    pod(&world, "mail", "a", 0..120, usual).await;
    pod(&world, "mail", "b", 0..120, twice).await;
    let board = refreshed(&world, 120).await;
    let cores = |found: &Overview| row(found, "mail").activity.cores.unwrap();
    let all = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    assert!((cores(&all) - 0.12).abs() < 0.006, "{}", cores(&all));
    let part = viewer(r#"{pod="a"}"#);
    for _ in 0..2 {
        let found = answer(&world, &board, &part, wanted("{}", HOUR)).await;
        assert!((cores(&found) - 0.04).abs() < 0.002, "{}", cores(&found));
        assert_eq!(states(&found), [("mail", State::Unchanged)]);
        assert!(!share_judgement(row(&found, "mail"), row(&all, "mail")));
    }
}

#[tokio::test]
async fn another_range_is_judged_for_the_rows_that_were_asked_for_and_then_the_next() {
    let world = World::new();
    for service in ["a", "b", "c"] {
        pod(&world, service, "a", 0..120, |seed| vec![("main;work", noisy(300, seed))]).await;
    }
    let board = refreshed(&world, 120).await;
    let pages = |limit: usize| Wanted { limit, ..wanted("{}", (50, 110)) };
    for pending in [2, 1, 0] {
        let found = answer(&world, &board, &Principal::local(), pages(1)).await;
        assert_eq!((found.range.end, found.services, found.rows.len()), (at(110), 3, 1));
        let notes = if pending > 0 {
            vec![format!("{pending} of 3 services have no verdict yet")]
        } else {
            Vec::new()
        };
        assert_eq!(found.notes, notes);
    }
}

#[tokio::test]
async fn a_cursor_continues_the_snapshot_that_it_is_of() {
    let world = shop().await;
    let (board, clock) = board(&world, 118);
    board.refresh().await.unwrap();
    let first = Wanted { limit: 2, ..wanted("{}", (58, 118)) };
    let found = answer(&world, &board, &Principal::local(), first.clone()).await;
    let mut names: Vec<String> = found.rows.iter().map(|row| row.activity.service.clone()).collect();
    clock.set(at(119));
    board.refresh().await.unwrap();
    let mut next = found.next;
    while let Some(cursor) = next {
        let cursor = Some(Cursor::parse(&cursor.to_text()).unwrap());
        let more = Wanted { limit: 2, cursor, ..wanted("{}", (59, 119)) };
        let found = answer(&world, &board, &Principal::local(), more).await;
        assert_eq!(found.range.end, at(118));
        names.extend(found.rows.iter().map(|row| row.activity.service.clone()));
        next = found.next;
    }
    names.sort();
    assert_eq!(names, ["batch", "checkout", "fresh", "gappy", "mail"]);
    let anew = answer(&world, &board, &Principal::local(), Wanted { cursor: None, ..first }).await;
    assert_eq!(anew.range.end, at(119), "the newest");
}

#[tokio::test]
async fn services_that_ran_only_before_the_range_are_silent_and_last() {
    let world = World::new();
    pod(&world, "gone", "a", 0..50, usual).await;
    pod(&world, "mail", "a", 0..120, usual).await;
    let board = refreshed(&world, 120).await;
    let found = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    assert_eq!(states(&found), [("mail", State::Unchanged), ("gone", State::Silent)]);
    assert_eq!((row(&found, "gone").activity.cores, found.fleet.silent), (None, 0));
    assert!(
        row(&found, "gone").sentence(found.tested, found.range.end).starts_with("No profile in the range")
    );
}
