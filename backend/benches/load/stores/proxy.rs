//! The price of a store on another server: the same question is asked of that server in Pyroscope's protocol, and of a second server
//! whose only store is the first one, in turn, so that other load on the machine affects both.

use super::querier::{Millis, Querier};
use crate::busy_service::settle;
use crate::latency::Summary;
use crate::push::{self, Load, Pool};
use crate::report::Report;
use crate::server::{Configured, Server};
use crate::{callers, now_s};
use anyhow::{Result, bail};
use reqwest::Client;
use std::time::Instant;

const ROUNDS: usize = 100;
const WARM_UP: usize = 10;
const HOUR_S: i64 = 3_600;
/// What a second server may add to the time of the first: this part of it, and so many milliseconds.
const MOST_PART: f64 = 0.1;
const MOST_MS: f64 = 2.0;
const BOUND: &str = "the upstream's own + 10 % + 2 ms";

/// A question to the second server, and what the first is asked in its place.
#[derive(Clone, Copy)]
enum Question {
    /// The call tree, against the merged tree alone.
    Tree,
    /// The call tree, against all that its answer takes: the tree, and at the same time the starts of profiles, of which the covered time
    /// and the numbers of profiles and replicas are made.
    TreeAndStarts,
    /// Totals by the minute.
    Series,
    Services,
}

impl Question {
    const ALL: [Question; 4] =
        [Question::Tree, Question::TreeAndStarts, Question::Series, Question::Services];

    fn name(self) -> &'static str {
        match self {
            Question::Tree => "merged tree, 1 h, through another server",
            Question::TreeAndStarts => "the same, against all requests that its answer takes",
            Question::Series => "series, 1 h by minute, through another server",
            Question::Services => "services, through another server",
        }
    }

    fn has_bound(self) -> bool {
        !matches!(self, Question::TreeAndStarts)
    }

    async fn ask_upstream(self, upstream: Querier<'_>, range: Millis) -> Result<()> {
        match self {
            Question::Tree => upstream.tree(range).await,
            Question::TreeAndStarts => {
                tokio::try_join!(upstream.tree(range), upstream.starts(range)).map(|_| ())
            }
            Question::Series => upstream.totals(range).await,
            Question::Services => upstream.series(range).await,
        }
    }

    async fn ask_proxy(self, proxy: &Server, http: &Client, range: Millis) -> Result<()> {
        let Millis { start, end } = range;
        let path = match self {
            Question::Tree | Question::TreeAndStarts => callers::path("call-tree", push::SERVICE, start, end),
            Question::Series => callers::path("series", push::SERVICE, start, end) + "&step=1m",
            Question::Services => format!("/api/v1/services?from={start}&until={end}"),
        };
        let request = http.get(format!("{}{path}", proxy.url)).header("accept", "application/x-protobuf");
        let answer = request.send().await?;
        if !answer.status().is_success() {
            bail!("question refused: {} {}", answer.status(), answer.text().await?);
        }
        answer.bytes().await?;
        Ok(())
    }
}

/// Ranges of an hour, each a millisecond earlier than the one before, so that no answer comes from a cache. Profiles start every 15 s, so
/// that all of some thousand ranges have the same.
struct Ranges {
    end_ms: i64,
}

impl Ranges {
    fn next(&mut self) -> Millis {
        self.end_ms -= 1;
        Millis { start: self.end_ms - HOUR_S * 1_000, end: self.end_ms }
    }
}

/// A row for each question. Whether all bounds held.
pub(super) async fn measure(http: &Client, pool: &Pool, report: &mut Report) -> Result<bool> {
    println!("pushing an hour to a server that another one asks …");
    let upstream = Configured::start("self_profile = false\n", http).await?;
    // In one part, also where the range has a midnight in it.
    let store = format!(
        "self_profile = false\n[stores.upstream]\nkind = \"pyroscope\"\nurl = \"{}\"\nmax_range = \"400d\"\n",
        upstream.server.url
    );
    let proxy = Configured::start(&store, http).await?;
    let end_s = now_s();
    let load = Load { instances: 20, start_s: end_s - HOUR_S, seconds: HOUR_S, concurrency: 8, pace: None };
    push::push(&upstream.server, http, pool, load).await?;
    settle(&upstream.server).await?;
    let mut ranges = Ranges { end_ms: end_s * 1_000 };
    let mut held = true;
    for question in Question::ALL {
        let (own, through) = in_turn(question, (&upstream.server, &proxy.server), http, &mut ranges).await?;
        held &= row(question, own, through, report);
    }
    proxy.server.stop()?;
    upstream.server.stop()?;
    Ok(held)
}

/// Response times of the upstream, and through the proxy.
async fn in_turn(
    question: Question,
    (upstream, proxy): (&Server, &Server),
    http: &Client,
    ranges: &mut Ranges,
) -> Result<(Summary, Summary)> {
    let querier = Querier { url: &upstream.url, http };
    let (mut own, mut through) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    for round in 0..WARM_UP + ROUNDS {
        let asked = Instant::now();
        question.ask_upstream(querier, ranges.next()).await?;
        let own_ms = asked.elapsed().as_secs_f64() * 1e3;
        let asked = Instant::now();
        question.ask_proxy(proxy, http, ranges.next()).await?;
        let through_ms = asked.elapsed().as_secs_f64() * 1e3;
        if round >= WARM_UP {
            own.push(own_ms);
            through.push(through_ms);
        }
    }
    Ok((Summary::of(own), Summary::of(through)))
}

fn row(question: Question, own: Summary, through: Summary, report: &mut Report) -> bool {
    let more = through.p50 - own.p50;
    let ours = format!(
        "p50 {:.1} ms, the upstream's own {:.1} ms: {more:+.1} ms ({:+.0} %)",
        through.p50,
        own.p50,
        more / own.p50 * 100.0
    );
    if !question.has_bound() {
        report.row(question.name(), ours, "", "");
        return true;
    }
    let most = own.p50 * (1.0 + MOST_PART) + MOST_MS;
    report.bounded(question.name(), ours, &format!("≤ {most:.1} ms: {BOUND}"), through.p50 <= most)
}
