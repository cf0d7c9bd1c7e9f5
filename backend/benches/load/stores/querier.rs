//! Questions to a server through Pyroscope's `querier.v1`, in the form in which `store::pyroscope` asks them: Connect in protobuf, with the
//! field numbers of its definitions. Answers are received whole, and not decoded.

use crate::push::SERVICE;
use anyhow::{Result, bail};
use bytes::Bytes;
use futures::future::try_join_all;
use prost::Message;
use reqwest::Client;

const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
/// The format TREE of merged stacks, and the most nodes.
const TREE: i32 = 2;
const MAX_NODES: i64 = 1 << 20;
const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;

/// A range in milliseconds since the epoch: `start` included, `end` excluded.
#[derive(Clone, Copy)]
pub(super) struct Millis {
    pub(super) start: i64,
    pub(super) end: i64,
}

/// The server that is asked.
#[derive(Clone, Copy)]
pub(super) struct Querier<'a> {
    pub(super) url: &'a str,
    pub(super) http: &'a Client,
}

impl Querier<'_> {
    /// The merged tree.
    pub(super) async fn tree(self, range: Millis) -> Result<()> {
        let request = StacktracesRequest {
            profile_type: CPU.to_owned(),
            label_selector: selector(),
            start: range.start,
            end: range.end - 1,
            max_nodes: Some(MAX_NODES),
            format: TREE,
        };
        self.call("SelectMergeStacktraces", &request).await.map(drop)
    }

    /// The starts of profiles: names of all labels, then totals by all of them and by the second. The seconds in which the range begins
    /// and ends are asked for by themselves.
    pub(super) async fn starts(self, range: Millis) -> Result<()> {
        let request =
            LabelNamesRequest { matchers: vec![selector()], start: range.start, end: range.end - 1 };
        let NamesAnswer { names } = NamesAnswer::decode(self.call("LabelNames", &request).await?)?;
        let by: Vec<String> = names.into_iter().filter(|name| !name.starts_with("__")).collect();
        let first = (range.start + SECOND_MS - 1).div_euclid(SECOND_MS) * SECOND_MS;
        let last = range.end.div_euclid(SECOND_MS) * SECOND_MS;
        let seconds = (last - first) / SECOND_MS;
        let parts =
            [(range.start, first - range.start, 1), (first, SECOND_MS, seconds), (last, range.end - last, 1)];
        let parts = parts.into_iter().filter(|(_, width, count)| *width > 0 && *count > 0);
        try_join_all(parts.map(|(start, width, count)| self.windows((start, width, count), &by))).await?;
        Ok(())
    }

    /// Totals by the minute. The range has whole minutes.
    pub(super) async fn totals(self, range: Millis) -> Result<()> {
        self.windows((range.start, MINUTE_MS, (range.end - range.start) / MINUTE_MS), &[]).await
    }

    /// All series.
    pub(super) async fn series(self, range: Millis) -> Result<()> {
        let request =
            SeriesRequest { matchers: vec!["{}".to_owned()], start: range.start, end: range.end - 1 };
        self.call("Series", &request).await.map(drop)
    }

    /// Totals of so many windows of `width` milliseconds from `start` on: see `store::pyroscope::grid`.
    async fn windows(self, (start, width, count): (i64, i64, i64), by: &[String]) -> Result<()> {
        let request = SelectSeriesRequest {
            profile_type: CPU.to_owned(),
            label_selector: selector(),
            start: start - 1,
            end: start + width * count,
            group_by: by.to_vec(),
            step: (width as f64 + 1e-3) / 1e3,
        };
        self.call("SelectSeries", &request).await.map(drop)
    }

    async fn call(self, method: &str, request: &impl Message) -> Result<Bytes> {
        let url = format!("{}/querier.v1.QuerierService/{method}", self.url);
        let post = self.http.post(url).header("content-type", "application/proto");
        let post =
            post.header("connect-protocol-version", "1").header("accept", "*/*;allow-utf8-labelnames=true");
        let answer = post.body(request.encode_to_vec()).send().await?;
        if !answer.status().is_success() {
            bail!("{method} refused: {} {}", answer.status(), answer.text().await?);
        }
        Ok(answer.bytes().await?)
    }
}

fn selector() -> String {
    format!("{{service_name=\"{SERVICE}\"}}")
}

#[derive(Clone, PartialEq, Message)]
struct StacktracesRequest {
    #[prost(string, tag = "1")]
    profile_type: String,
    #[prost(string, tag = "2")]
    label_selector: String,
    #[prost(int64, tag = "3")]
    start: i64,
    #[prost(int64, tag = "4")]
    end: i64,
    #[prost(int64, optional, tag = "5")]
    max_nodes: Option<i64>,
    #[prost(int32, tag = "6")]
    format: i32,
}

#[derive(Clone, PartialEq, Message)]
struct LabelNamesRequest {
    #[prost(string, repeated, tag = "1")]
    matchers: Vec<String>,
    #[prost(int64, tag = "2")]
    start: i64,
    #[prost(int64, tag = "3")]
    end: i64,
}

#[derive(Clone, PartialEq, Message)]
struct NamesAnswer {
    #[prost(string, repeated, tag = "1")]
    names: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
struct SelectSeriesRequest {
    #[prost(string, tag = "1")]
    profile_type: String,
    #[prost(string, tag = "2")]
    label_selector: String,
    #[prost(int64, tag = "3")]
    start: i64,
    #[prost(int64, tag = "4")]
    end: i64,
    #[prost(string, repeated, tag = "5")]
    group_by: Vec<String>,
    /// Seconds.
    #[prost(double, tag = "6")]
    step: f64,
}

#[derive(Clone, PartialEq, Message)]
struct SeriesRequest {
    #[prost(string, repeated, tag = "1")]
    matchers: Vec<String>,
    #[prost(int64, tag = "3")]
    start: i64,
    #[prost(int64, tag = "4")]
    end: i64,
}
