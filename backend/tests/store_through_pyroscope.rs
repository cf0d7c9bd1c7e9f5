//! Flarepath read and written through the adapter for Pyroscope: a server of our own, which speaks Pyroscope's protocol, gives the
//! same results as the naive merge, as far as that protocol can tell them.

#![allow(clippy::disallowed_methods)] // tasks of a test end with it

use async_trait::async_trait;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flarepath::app::App;
use flarepath::clock::ManualClock;
use flarepath::store::conformance::{self, Case, Question, compare, new_profile};
use flarepath::store::memory::MemoryStore;
use flarepath::store::pyroscope::PyroscopeStore;
use flarepath::store::{
    Capabilities, MergedTree, PieceVisitor, ProfilePiece, ProfileStore, ProfileTimes, ProfileWriter,
    Selection, SeriesInfo, Storage, StoreError, TimeRange, TotalsSeries,
};
use flarepath_profile::call_tree::{CallTree, NodeId, TreeBuilder};
use flarepath_profile::frame_table::FrameText;
use flarepath_profile::labels::Labels;
use flarepath_profile::line_costs::LineCost;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use std::sync::Arc;
use tokio::net::TcpListener;

const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const MS: i64 = 1_000_000;
/// Two days after the first profile of the cases.
const NOW: UnixNanos = UnixNanos((1_700_000_123 + 2 * 86_400) * SECOND_NS);

/// Serves a router on a free port and gives the store that asks there.
async fn store_at(router: Router) -> PyroscopeStore {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    PyroscopeStore::at(&url, Arc::new(ManualClock::at(NOW))).unwrap()
}

/// An empty server of our own.
async fn flarepath() -> PyroscopeStore {
    let storage = Storage::exclusive("memory", Arc::new(MemoryStore::new()));
    let app = App::without_sign_in(storage, Arc::new(ManualClock::at(NOW))).build();
    store_at(flarepath::http::router(app)).await
}

/// A server that answers every call with the same.
async fn answering(status: u16, content_type: &'static str, body: Vec<u8>) -> PyroscopeStore {
    let answer = move || -> Response {
        let status = StatusCode::from_u16(status).unwrap();
        (status, [("content-type", content_type)], body.clone()).into_response()
    };
    store_at(Router::new().fallback(move || async move { answer() })).await
}

/// The oracle, with no more in its answers than Pyroscope's protocol has a place for.
struct Coarse(MemoryStore);

#[async_trait]
impl ProfileStore for Coarse {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        let newest = UnixNanos(selection.range.end.0 - 1);
        let series = self.0.series(selection).await?;
        Ok(series.into_iter().map(|info| SeriesInfo { newest, ..info }).collect())
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        self.0.totals(selection, profile_type, step_ns, by).await
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        let tree = by_name(&self.0.call_tree(selection, profile_type).await?.tree);
        Ok(MergedTree { profiles: u64::from(!tree.is_empty()), tree })
    }

    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        self.0.each_total(selection, profile_type, visit).await
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        let mut times = self.0.profile_times(selection, profile_type).await?;
        for replica in &mut times.replicas {
            (replica.duration_ns, replica.period) = (0, 0);
        }
        Ok(times)
    }

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        let mut without_durations = |labels: &Labels, piece: &ProfilePiece<'_>| {
            visit(labels, &ProfilePiece { duration_ns: 0, ..*piece });
        };
        self.0.each_piece(selection, profile_type, &mut without_durations).await
    }

    async fn line_costs(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        function: &str,
    ) -> Result<Vec<LineCost>, StoreError> {
        self.0.line_costs(selection, profile_type, function).await
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        self.0.profile(selection, profile_type).await
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        self.0.has_service(service).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.0.check().await
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
}

fn by_name(tree: &CallTree) -> CallTree {
    let mut named = TreeBuilder::new();
    let mut nodes = vec![NodeId::ROOT];
    named.add(NodeId::ROOT, tree.self_value(NodeId::ROOT));
    for node in (1..tree.len() as u32).map(NodeId) {
        let text = FrameText { name: tree.name(node), symbolized: true, ..FrameText::default() };
        let frame = named.frame(text);
        let parent = nodes[tree.parent(node).index()];
        nodes.push(named.child(parent, frame));
        named.add(nodes[node.index()], tree.self_value(node));
    }
    named.finish()
}

/// The case in times that the protocol has: whole milliseconds, and no two profiles of a series within a second.
fn in_milliseconds(mut case: Case) -> Case {
    let down = |nanos: i64| nanos.div_euclid(MS) * MS;
    for (batch, profiles) in (0..).zip(&mut case.batches) {
        for profile in profiles {
            profile.start_ns = profile.start_ns.div_euclid(SECOND_NS) * SECOND_NS + batch * SECOND_NS;
        }
    }
    for Question { range, .. } in &mut case.questions {
        *range = TimeRange::nanos(down(range.start.0), down(range.end.0));
    }
    case
}

/// Questions that the protocol has a place for, and not more than it takes to ask in every way: one is some thousand requests.
fn asked(questions: Vec<Question>) -> Vec<Question> {
    let is_asked = |(place, question): &(usize, Question)| {
        question.span == 0 && (place.is_multiple_of(4) || question.bounds.is_some())
    };
    questions.into_iter().enumerate().filter(is_asked).map(|(_, question)| question).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn flarepath_conforms_through_pyroscopes_protocol() {
    for case in conformance::fixed_cases() {
        let case = in_milliseconds(case);
        let case = Case { questions: asked(case.questions), ..case };
        let (store, oracle) = (flarepath().await, Coarse(MemoryStore::new()));
        for batch in &case.batches {
            let batch: Vec<_> = batch.iter().map(new_profile).collect();
            oracle.0.append(batch.clone()).await.unwrap();
            store.append(batch).await.unwrap();
        }
        compare(&store, &oracle, &case).await.unwrap();
    }
}

fn everything() -> Selection {
    Selection::new(
        &"{}".parse().unwrap(),
        TimeRange { start: UnixNanos(NOW.0 - 49 * 3600 * SECOND_NS), end: NOW },
    )
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn call_trees_and_profiles_of_spans_are_whole_and_totals_of_spans_are_not_offered() {
    let case = in_milliseconds(conformance::fixed_cases().remove(2));
    let (store, oracle) = (flarepath().await, Coarse(MemoryStore::new()));
    for batch in &case.batches {
        let batch: Vec<_> = batch.iter().map(new_profile).collect();
        oracle.0.append(batch.clone()).await.unwrap();
        store.append(batch).await.unwrap();
    }
    let cpu: ProfileType = CPU.parse().unwrap();
    for (span, total) in [("0000000000000001", 50_000_000), ("0000000000000002", 20_000_000)] {
        let mut selection = everything();
        selection.spans = vec![span.to_owned()];
        let found = store.call_tree(&selection, &cpu).await.unwrap().tree;
        let expected = oracle.call_tree(&selection, &cpu).await.unwrap().tree;
        assert_eq!(found.total(NodeId::ROOT), total, "{span}");
        assert_eq!(found.columns(), expected.columns(), "{span}");
        let profile = store.profile(&selection, &cpu).await.unwrap();
        assert_eq!(profile.samples.total(0), total, "{span}");
        let totals = store.totals(&selection, &cpu, 60 * SECOND_NS, &[]).await;
        assert!(matches!(totals, Err(StoreError::Unsupported(_))));
    }
}

#[tokio::test]
async fn a_question_within_no_bounds_is_answered_without_asking() {
    let nobody = answering(200, "text/html", b"<html>".to_vec()).await;
    let cpu: ProfileType = CPU.parse().unwrap();
    let selection = everything().within(&[]).unwrap();
    assert!(nobody.series(&selection).await.unwrap().is_empty());
    assert!(nobody.call_tree(&selection, &cpu).await.unwrap().tree.is_empty());
    assert!(nobody.totals(&selection, &cpu, SECOND_NS, &[]).await.unwrap().is_empty());
    assert!(nobody.profile(&selection, &cpu).await.unwrap().samples.is_empty());
    assert!(nobody.profile_times(&selection, &cpu).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_an_answer_of_pyroscope_is_no_empty_answer() {
    let cpu: ProfileType = CPU.parse().unwrap();
    let half_a_tree = b"\x12\x05\x00\x00\x02\x01a".to_vec();
    let broken = [
        (200, "text/html", b"<html>".to_vec()),
        (200, "application/proto", half_a_tree),
        (200, "application/proto", b"\xff\xff".to_vec()),
        (404, "text/plain", b"404 page not found".to_vec()),
    ];
    for (status, content_type, body) in broken {
        let store = answering(status, content_type, body.clone()).await;
        let error = store.call_tree(&everything(), &cpu).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid(_)), "{error}");
        assert!(error.to_string().contains("pyroscope: "), "it names the store: {error}");
    }
    let denied = answering(401, "application/json", b"{}".to_vec()).await;
    assert!(matches!(denied.check().await, Err(StoreError::Denied(_))));
}

#[tokio::test]
async fn a_push_that_is_refused_is_not_acknowledged() {
    let body = br#"{"code":"invalid_argument","message":"profile too old"}"#;
    let store = answering(400, "application/json", body.to_vec()).await;
    let profile = new_profile(&conformance::ProfileSpec { start_ns: NOW.0, ..Default::default() });
    let error = store.append(vec![profile]).await.unwrap_err().to_string();
    assert!(error.contains("profile too old"), "{error}");
    let unsaid = answering(404, "application/json", br#"{"code":"not_found"}"#.to_vec()).await;
    let profile = new_profile(&conformance::ProfileSpec { start_ns: NOW.0, ..Default::default() });
    assert!(unsaid.append(vec![profile]).await.is_err());
}
