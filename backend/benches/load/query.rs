//! Queries: whole trees and series over increasing ranges. Each repetition has a new range (its end moves by a millisecond),
//! so that no result comes from a cache.

use crate::push::SERVICE;
use crate::server::Server;
use anyhow::{Result, bail};
use std::fmt;
use std::time::{Duration, Instant};

/// Times of one query.
pub(crate) struct Timed {
    /// Sorted, milliseconds.
    pub(crate) ms: Vec<f64>,
    /// CPU time of the server per query.
    pub(crate) cpu: Duration,
    /// Bytes of the last response as sent.
    pub(crate) bytes: usize,
}

impl Timed {
    pub(crate) fn p50(&self) -> f64 {
        self.ms[self.ms.len() / 2]
    }
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, min, max) = (self.p50(), self.ms[0], self.ms[self.ms.len() - 1]);
        let (cpu, kb) = (self.cpu.as_secs_f64() * 1e3, self.bytes as f64 / 1e3);
        write!(f, "p50 {p50:.1} ms ({min:.1}–{max:.1}), CPU {cpu:.0} ms, {kb:.0} KB")
    }
}

/// A kind of query.
#[derive(Clone, Copy)]
pub(crate) enum Question {
    /// The merged call tree, whole.
    Tree,
    /// Totals by steps of this many seconds.
    Series(i64),
    /// The verdict on the range, compared with one of the same length that ends so many seconds earlier.
    Verdict(i64),
}

pub(crate) async fn ask(
    server: &Server,
    http: &reqwest::Client,
    question: Question,
    start_s: i64,
    end_s: i64,
    repetitions: i64,
) -> Result<Timed> {
    let mut timed = Timed { ms: Vec::new(), cpu: Duration::ZERO, bytes: 0 };
    let cpu_before = server.cpu()?;
    for repetition in 0..repetitions {
        let (from, until) = (start_s * 1000, end_s * 1000 - repetition);
        let path = match question {
            Question::Tree => "call-tree?".to_owned(),
            Question::Series(step_s) => format!("series?step={step_s}s&"),
            Question::Verdict(earlier_s) => {
                let [from, until] = [from, until].map(|at| at - earlier_s * 1000);
                format!("verdict?baseline_from={from}&baseline_until={until}&")
            }
        };
        let url = format!(
            "{}/api/v1/{path}type=process_cpu:cpu:nanoseconds:cpu:nanoseconds\
             &selector=%7Bservice_name%3D%22{SERVICE}%22%7D&from={from}&until={until}",
            server.url
        );
        let asked = Instant::now();
        let answer = http.get(url).header("accept", "application/x-protobuf").send().await?;
        if !answer.status().is_success() {
            bail!("question refused: {} {}", answer.status(), answer.text().await?);
        }
        timed.bytes = answer.bytes().await?.len();
        timed.ms.push(asked.elapsed().as_secs_f64() * 1e3);
    }
    timed.cpu = (server.cpu()? - cpu_before) / repetitions as u32;
    timed.ms.sort_by(f64::total_cmp);
    Ok(timed)
}
