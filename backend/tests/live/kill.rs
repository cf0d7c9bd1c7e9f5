//! `kill -9` during ingestion, twenty times: every acknowledged profile is stored, exactly once.

use crate::running_server::{CPU, RunningServer};
use anyhow::ensure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flarepath_profile::formats::pprof;
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use serde_json::json;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const ROUNDS: u64 = 20;
const CLIENTS: u64 = 6;
const SERVICE: &str = "bank";

#[tokio::test]
async fn acknowledged_profiles_survive_twenty_kills() {
    let mut server = RunningServer::start().await.unwrap();
    let next = Arc::new(AtomicU64::new(0));
    let mut acknowledged = HashSet::new();
    for round in 0..ROUNDS {
        // A different moment in each round: at the first response, or after some dozens.
        let (mut acks, clients) = start_clients(&server.url, &next);
        for _ in 0..=round * 2 {
            acknowledged.insert(acks.recv().await.unwrap());
        }
        server.kill().await.unwrap();
        drop(clients); // they would go on pushing to a server that has exited
        while let Some(id) = acks.recv().await {
            acknowledged.insert(id);
        }
        server = server.kill_and_start_again().await.unwrap();
        check(&server, &acknowledged, next.load(Ordering::Relaxed)).await.unwrap();
    }
    assert!(acknowledged.len() as u64 >= ROUNDS * ROUNDS, "{} acknowledged", acknowledged.len());
}

/// Clients that push one profile after the other; the channel yields the acknowledged ones.
fn start_clients(url: &str, next: &Arc<AtomicU64>) -> (mpsc::UnboundedReceiver<u64>, JoinSet<()>) {
    let (tell, told) = mpsc::unbounded_channel();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (tell, next, url) = (tell.clone(), next.clone(), url.to_owned());
        clients.spawn(async move {
            let client = flarepath::web_client::build(None, |client| client).unwrap();
            loop {
                let id = next.fetch_add(1, Ordering::Relaxed);
                let request =
                    client.post(format!("{url}/push.v1.PusherService/Push")).json(&push_request(id));
                // No response, or a partial one: not acknowledged.
                let Ok(answer) = request.send().await else { return };
                let status = answer.status();
                let Ok(text) = answer.text().await else { return };
                assert!(status.is_success(), "{status}: {text}");
                if tell.send(id).is_err() {
                    return;
                }
            }
        });
    }
    (told, clients)
}

/// Each profile has one sample of one nanosecond in a function of its own.
async fn check(server: &RunningServer, acknowledged: &HashSet<u64>, sent: u64) -> anyhow::Result<()> {
    let tree = server.call_tree(SERVICE, CPU).await?;
    let stored: HashSet<u64> =
        tree.functions.iter().filter_map(|name| name.strip_prefix("account_")?.parse().ok()).collect();
    let lost: Vec<&u64> = acknowledged.difference(&stored).collect();
    ensure!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    ensure!(tree.total == stored.len() as i64, "{} ns in {} profiles", tree.total, stored.len());
    ensure!(tree.profiles == stored.len() as u64, "{} profiles, {} distinct", tree.profiles, stored.len());
    ensure!(stored.len() as u64 <= sent, "{} stored of {sent} sent", stored.len());
    Ok(())
}

fn push_request(id: u64) -> serde_json::Value {
    let label = |name: &str, value: &str| json!({ "name": name, "value": value });
    json!({ "series": [{
        "labels": [
            label("__name__", "process_cpu"),
            label("service_name", SERVICE),
            label("pod", &format!("bank-{}", id % 5)),
        ],
        "samples": [{ "rawProfile": STANDARD.encode(pprof::write(&profile(id))) }],
    }] })
}

fn profile(id: u64) -> Profile {
    let mut profile = Profile::default();
    let strings = &mut profile.strings;
    let cpu = ValueType { kind: strings.intern("cpu"), unit: strings.intern("nanoseconds") };
    let name = strings.intern(&format!("account_{id}"));
    profile.functions.push(Function { name, ..Function::default() });
    profile.sample_types = vec![cpu];
    profile.period_type = cpu;
    profile.period = 1;
    profile.time_nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64);
    profile.duration_nanos = 1_000_000_000;
    let line = Line { function: FunctionId(0), line: 1, column: 0 };
    let location = LocationId(profile.locations.push(None, 0, [line]));
    let stack = profile.stacks.push([location]);
    profile.samples = Samples::new(1);
    profile.samples.push(stack, &[1], &[]);
    profile
}
