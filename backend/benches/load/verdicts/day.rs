//! The time of a verdict on a day of one busy service.

use crate::busy_service::settle;
use crate::model::Model;
use crate::push::{self, Load, Pool};
use crate::query::{self, Question};
use crate::report::Report;
use crate::server::{self, Server};
use crate::{Options, now_s};
use anyhow::Result;

const MOST_MS: f64 = 300.0;
/// How much earlier the baseline ends.
const EARLIER_S: i64 = 3600;

/// One row. Whether its bound held.
pub(super) async fn measure(options: &Options, http: &reqwest::Client, report: &mut Report) -> Result<bool> {
    println!("making 400 profiles and pushing a day of them …");
    let pool = Pool::new(&Model::new());
    let data = tempfile::tempdir()?;
    let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
    let (end_s, hours) = (now_s(), options.hours);
    let start_s = end_s - hours * 3600;
    let load = Load { instances: 20, start_s, seconds: hours * 3600, concurrency: 8, pace: None };
    push::push(&server, http, &pool, load).await?;
    settle(&server).await?;
    let question = Question::Verdict(EARLIER_S);
    let timed = query::ask(&server, http, question, start_s, end_s, options.repetitions).await?;
    let what =
        format!("verdict on {hours} h of 20 replicas, compared with the {hours} h that end an hour earlier");
    let held = report.bounded(&what, timed.to_string(), "p50 ≤ 300 ms", timed.p50() <= MOST_MS);
    server.stop()?;
    Ok(held)
}
