//! Services that change without a new version: they are compared since the change.

use super::*;
use flarepath_profile::unix_nanos::MINUTE_NS;

/// 60 % more than usual.
fn more(seed: i64) -> Stacks {
    usual(seed).into_iter().map(|(path, ms)| (path, ms * 8 / 5)).collect()
}

/// A service that costs more from a minute on, until another.
async fn stepped(world: &World, service: &str, minutes: Range<i64>, from: i64) {
    pod(world, service, "a", minutes.start..from, usual).await;
    pod(world, service, "a", from..minutes.end, more).await;
}

/// What a board that is refreshed at these minutes says of a service: its state, and since which second it is so.
async fn over_time(world: &World, service: &str, minutes: &[i64]) -> Vec<(State, Option<i64>)> {
    let (board, clock) = board(world, minutes[0]);
    let mut seen = Vec::new();
    for minute in minutes {
        clock.set(at(*minute));
        board.refresh().await.unwrap();
        let wanted = wanted("{}", (minute - 60, *minute));
        let found = answer(world, &board, &Principal::local(), wanted).await;
        let row = row(&found, service);
        seen.push((row.state, row.changed_at().map(|changed| changed.0 / S - START)));
    }
    seen
}

#[tokio::test]
async fn a_step_is_compared_with_the_time_before_it() {
    let world = World::new();
    stepped(&world, "mail", 0..120, 112).await;
    pod(&world, "calm", "a", 0..120, usual).await;
    let board = refreshed(&world, 120).await;
    let found = answer(&world, &board, &Principal::local(), wanted("{}", HOUR)).await;
    let mail = row(&found, "mail");
    let verdict = mail.judgement.as_ref().unwrap();
    assert_eq!((mail.state, verdict.baseline.as_str()), (State::Regressed, "the 52 min before 13:02 UTC"));
    assert!(
        verdict.sentence.contains(" higher than in the 52 min before 13:02 UTC: "),
        "{}",
        verdict.sentence
    );
    assert!(mail.changed_at().unwrap().nanos_since(at(112)).abs() <= 2 * MINUTE_NS);
    assert!((mail.change().unwrap() - 0.6).abs() < 0.05, "{:?}", mail.change());
    assert!((verdict.cores_before.unwrap() - 0.04).abs() < 0.002, "{:?}", verdict.cores_before);
    let calm = row(&found, "calm");
    assert_eq!((calm.state, calm.changed_at()), (State::Unchanged, None));
}

#[tokio::test]
async fn a_step_is_shown_once_there_is_enough_data_of_it() {
    let world = World::new();
    stepped(&world, "mail", 0..120, 112).await;
    let seen = over_time(&world, "mail", &[115, 119]).await;
    assert_eq!(seen, [(State::Unchanged, None), (State::Regressed, Some(112 * 60))]);
}

#[tokio::test]
async fn a_step_that_was_found_is_shown_as_long_as_it_is_in_the_range() {
    let world = World::new();
    stepped(&world, "mail", 0..160, 100).await;
    let seen = over_time(&world, "mail", &[107, 108, 111, 115, 121, 130, 145, 155]).await;
    assert_eq!(seen, [(State::Regressed, Some(100 * 60)); 8]);
}

#[tokio::test]
async fn noise_has_no_beginning() {
    let world = World::new();
    for service in ["a", "bb", "ccc", "dddd"] {
        pod(&world, service, service, 0..130, usual).await;
    }
    for service in ["a", "bb", "ccc", "dddd"] {
        let seen = over_time(&world, service, &[110, 113, 117, 122, 129]).await;
        assert_eq!(seen, [(State::Unchanged, None); 5], "{service}");
    }
}

#[tokio::test]
async fn a_step_that_comes_at_this_time_each_day_is_no_change() {
    const DAY: i64 = 24 * 60;
    let world = World::new();
    stepped(&world, "mail", -DAY..130 - DAY, 112 - DAY).await;
    stepped(&world, "mail", 0..120, 112).await;
    assert_eq!(over_time(&world, "mail", &[120]).await, [(State::Unchanged, None)]);
}
