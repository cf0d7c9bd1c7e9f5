//! Clients that push until the server is gone.

use super::SERVICE;
use super::ledger::{Account, Calendar, Ledger};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flarepath_profile::formats::pprof;
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use serde_json::json;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const CLIENTS: u64 = 6;

/// Clients that push one profile after the other.
pub(crate) struct Load {
    acknowledged: mpsc::UnboundedReceiver<Account>,
    clients: JoinSet<()>,
}

impl Load {
    pub(crate) fn start(url: &str, ledger: &Ledger) -> Load {
        let (tell, acknowledged) = mpsc::unbounded_channel();
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (tell, next, url) = (tell.clone(), ledger.next.clone(), url.to_owned());
            let (calendar, day) = (ledger.calendar, ledger.day);
            clients.spawn(async move {
                let client = flarepath::web_client::build(None, |client| client).unwrap();
                loop {
                    let account = Account { day, number: next.fetch_add(1, Ordering::Relaxed) };
                    let request = client
                        .post(format!("{url}/push.v1.PusherService/Push"))
                        .json(&push_request(account, &calendar));
                    // No response, or a partial one: not acknowledged.
                    let Ok(answer) = request.send().await else { return };
                    let status = answer.status();
                    let Ok(text) = answer.text().await else { return };
                    assert!(status.is_success(), "{status}: {text}");
                    if tell.send(account).is_err() {
                        return;
                    }
                }
            });
        }
        Load { acknowledged, clients }
    }

    /// Waits for so many acknowledgements.
    pub(crate) async fn acknowledged(&mut self, ledger: &mut Ledger, count: u64) {
        for _ in 0..count {
            ledger.acknowledge(self.acknowledged.recv().await.unwrap());
        }
    }

    /// Stops the clients, which would go on pushing to a server that has exited, and notes what was acknowledged until then.
    pub(crate) async fn end(mut self, ledger: &mut Ledger) {
        drop(self.clients);
        while let Some(account) = self.acknowledged.recv().await {
            ledger.acknowledge(account);
        }
    }
}

fn push_request(account: Account, calendar: &Calendar) -> serde_json::Value {
    let label = |name: &str, value: &str| json!({ "name": name, "value": value });
    json!({ "series": [{
        "labels": [
            label("__name__", "process_cpu"),
            label("service_name", SERVICE),
            label("pod", &format!("bank-{}", account.number % 5)),
        ],
        "samples": [{ "rawProfile": STANDARD.encode(pprof::write(&profile(account, calendar))) }],
    }] })
}

fn profile(account: Account, calendar: &Calendar) -> Profile {
    let mut profile = Profile::default();
    let strings = &mut profile.strings;
    let cpu = ValueType { kind: strings.intern("cpu"), unit: strings.intern("nanoseconds") };
    let name = strings.intern(&account.name());
    profile.functions.push(Function { name, ..Function::default() });
    profile.sample_types = vec![cpu];
    profile.period_type = cpu;
    profile.period = 1;
    profile.time_nanos = account.time_ns(calendar);
    profile.duration_nanos = 1_000_000_000;
    let line = Line { function: FunctionId(0), line: 1, column: 0 };
    let location = LocationId(profile.locations.push(None, 0, [line]));
    let stack = profile.stacks.push([location]);
    profile.samples = Samples::new(1);
    profile.samples.push(stack, &[1], &[]);
    profile
}
