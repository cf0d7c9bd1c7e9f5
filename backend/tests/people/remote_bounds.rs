//! Isolation between teams in stores on other servers: each question that leaves the server has the bounds of who asked it, and no
//! answer to one caller is given to another.

use super::foreign_team::CPU;
use super::program::{Program, escape, good, token};
use super::site::{START_S, Site};
use crate::upstream::{PROTO, Received, Reply, Upstream, prod, tree_answer, tree_of, whole};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use flarepath::clock::FixedClock;
use flarepath::config::StoreKind;
use flarepath::db::Records;
use flarepath_profile::unix_nanos::UnixNanos;
use http_body_util::{BodyExt, Full};
use std::sync::Arc;

const TEAMS: [&str; 2] = ["mine", "theirs"];

/// A server with the store `prod`, and a program of each team.
struct World {
    upstream: Upstream,
    programs: Vec<Program>,
}

impl World {
    async fn with(kind: StoreKind, answer: fn(&Received) -> Reply) -> World {
        let upstream = Upstream::start(answer).await;
        let clock = Arc::new(FixedClock(UnixNanos(START_S * 1_000_000_000)));
        let prod = prod(kind, &upstream.url, clock, |_| {});
        let (site, root) = Site::claimed_with(Records::in_memory(), |app| app.another_store(prod)).await;
        let mut programs = Vec::new();
        for team in TEAMS {
            programs.push(Program::new(&site, &token(&root, team, "viewer", &bound(team)).await));
        }
        World { upstream, programs }
    }

    /// The call tree of all that the program of a team may see, of an hour that is over, as text.
    async fn call_tree(&self, team: usize) -> String {
        let (from, until) = (START_S - 7200, START_S - 3600);
        let path = format!("/api/v1/call-tree?type={CPU}&store=prod&from={from}&until={until}");
        good(&self.programs[team].get(&path).await).to_string()
    }
}

fn bound(team: &str) -> String {
    format!("{{team={team:?}}}")
}

/// As a Pyroscope that has a function for each team, and one for questions without bounds.
fn pyroscope(received: &Received) -> Reply {
    let asked = received.text();
    let team = TEAMS.into_iter().find(|team| asked.contains(&bound(team))).unwrap_or("unbounded");
    let has_tree = received.calls("SelectMergeStacktraces");
    Some(if has_tree { tree_answer(&tree_of(&format!("canary_{team}"))) } else { whole(200, PROTO, "") })
}

/// As a Parca with the same merged profile for everyone, and no totals.
fn parca(received: &Received) -> Reply {
    let recording = match received.target.rsplit('/').next()? {
        "ProfileTypes" => "profile_types.response.pb",
        "Labels" => "labels.response.pb",
        "Values" => "values_pod.response.pb",
        "Query" => "query_merge_pprof.response.pb",
        // Nothing is found.
        _ => {
            return Some(
                ([("grpc-status", "5"), ("content-type", "application/grpc")], Body::empty()).into_response(),
            );
        }
    };
    let path = format!("{}/testdata/stores/parca/{recording}", env!("CARGO_MANIFEST_DIR"));
    Some(message(&std::fs::read(path).unwrap()))
}

/// A message of gRPC, and the status 0 after it.
fn message(message: &[u8]) -> Response {
    let framed = [&[0][..], &(message.len() as u32).to_be_bytes(), message].concat();
    let status = (HeaderName::from_static("grpc-status"), HeaderValue::from_static("0"));
    let body =
        Full::new(Bytes::from(framed)).with_trailers(async move { Some(Ok(HeaderMap::from_iter([status]))) });
    ([(header::CONTENT_TYPE, "application/grpc")], Body::new(body)).into_response()
}

/// Each of the two asks twice: the second answer is kept from the first, and from nobody else's.
async fn ask_in_turn(world: &World, asks_for_profiles: fn(&Received) -> bool, answers: [&str; 2]) {
    for is_new in [true, false] {
        for (team, own) in TEAMS.into_iter().enumerate() {
            let foreign = TEAMS[1 - team];
            let tree = world.call_tree(team).await;
            assert!(tree.contains(answers[team]), "{own}: {tree}");
            assert!(!tree.contains(&format!("canary_{foreign}")), "{own}: {tree}");
            let received = world.upstream.received().into_iter();
            let questions: Vec<Received> = received.filter(asks_for_profiles).collect();
            assert_eq!(!questions.is_empty(), is_new, "{own}");
            for question in questions {
                let text = question.text();
                assert!(text.contains(&bound(own)), "{own}: {} {text}", question.target);
                assert!(!text.contains(foreign), "{own}: {} {text}", question.target);
                assert!(!question.headers.contains_key(header::AUTHORIZATION));
            }
        }
    }
}

#[tokio::test]
async fn pyroscope_is_asked_within_the_bounds_of_each_caller() {
    let world = World::with(StoreKind::Pyroscope, pyroscope).await;
    let about_profiles = |received: &Received| !received.calls("buildinfo");
    ask_in_turn(&world, about_profiles, ["canary_mine", "canary_theirs"]).await;
}

#[tokio::test]
async fn parca_is_asked_within_the_bounds_of_each_caller() {
    let world = World::with(StoreKind::Parca, parca).await;
    // Its other methods take no selector: names of types and labels are for this server only.
    let about_profiles = |received: &Received| received.calls("Query") || received.calls("QueryRange");
    ask_in_turn(&world, about_profiles, ["main.main", "main.main"]).await;
}

#[tokio::test]
async fn every_question_to_a_pyroscope_has_the_bounds() {
    let world = World::with(StoreKind::Pyroscope, pyroscope).await;
    let selector = escape(r#"{team=~".*"}"#);
    let typed = format!("type={CPU}&store=prod");
    for path in [
        format!("/api/v1/services?store=prod&selector={selector}"),
        "/api/v1/profile-types?store=prod".to_owned(),
        "/api/v1/labels?store=prod".to_owned(),
        "/api/v1/labels/team/values?store=prod".to_owned(),
        format!("/api/v1/series?{typed}&by=team"),
        format!("/api/v1/call-tree?{typed}&selector={selector}"),
        format!("/api/v1/top-functions?{typed}"),
        format!("/api/v1/lines?{typed}&function=main"),
        format!("/api/v1/heatmap?{typed}"),
        format!("/api/v1/diff?{typed}&baseline_selector=%7B%7D"),
        format!("/api/v1/breakdown?{typed}&by=team"),
        format!("/api/v1/export?{typed}&format=folded"),
    ] {
        let answer = world.programs[0].get(&path).await;
        assert!(!answer.text().contains("canary_theirs"), "{path}: {}", answer.text());
        let mut questions = world.upstream.received();
        questions.retain(|received| !received.calls("buildinfo"));
        for question in questions {
            let text = question.text();
            assert!(text.contains(r#"team="mine""#), "{path}: {} {text}", question.target);
        }
    }
}
