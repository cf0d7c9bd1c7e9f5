//! A day of ten pods, each with a profile every 150 s: together as many as one pod has that sends every 15 s. It is pushed pod by pod, so
//! that the first pod is the day with a tenth of the data.

use crate::push::{self, Pool, Pushed};
use crate::server::Server;
use anyhow::Result;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Client;
use std::ops::Range;
use std::time::{Duration, Instant};

pub(super) const DAY_S: i64 = 86_400;
pub(super) const PODS: usize = 10;
/// Between two profiles of a pod, and between the first profiles of two pods.
const SPACING_S: i64 = 150;
const NEXT_POD_S: i64 = SPACING_S / PODS as i64;
/// Requests in flight: one is encoded while the engine stores the other.
const CONCURRENCY: usize = 2;

/// The profiles of a day that begins at `start_s`, in seconds since the epoch.
pub(super) struct Day<'a> {
    pub(super) start_s: i64,
    pub(super) pool: &'a Pool,
}

impl Day<'_> {
    /// Pushes all profiles of these pods, so many in a request. Once pushing has taken longer than `patience`, no further pod is pushed.
    /// The requests of a pod are built before the clock starts.
    pub(super) async fn push(
        &self,
        server: &Server,
        http: &Client,
        pods: Range<usize>,
        together: usize,
        patience: Duration,
    ) -> Result<Pushed> {
        let url = &push::url(server);
        let mut sum = Pushed::default();
        for pod in pods {
            let bodies = self.bodies(pod, together, &mut sum)?;
            let cpu_before = server.cpu()?;
            let started = Instant::now();
            let sends = stream::iter(bodies).map(|body| async move {
                let sent = Instant::now();
                push::send(http, url, body).await?;
                anyhow::Ok(sent.elapsed().as_secs_f64() * 1e3)
            });
            let ms: Vec<f64> = sends.buffer_unordered(CONCURRENCY).try_collect().await?;
            sum.latencies_ms.extend(ms);
            sum.wall += started.elapsed();
            sum.cpu += server.cpu()? - cpu_before;
            if sum.wall > patience {
                break;
            }
        }
        Ok(sum)
    }

    /// The requests of a pod. Counts what is in them.
    fn bodies(&self, pod: usize, together: usize, sum: &mut Pushed) -> Result<Vec<Bytes>> {
        let slots: Vec<i64> = (0..DAY_S / SPACING_S).collect();
        let mut bodies = Vec::with_capacity(slots.len() / together);
        for some in slots.chunks(together) {
            // Encoded messages one after the other are one message with all of their series.
            let mut body = Vec::new();
            for &slot in some {
                let at_s = self.start_s + slot * SPACING_S + pod as i64 * NEXT_POD_S;
                let (raw, stacks) = self.pool.stamped(slot as usize * PODS + pod, at_s * 1_000_000_000)?;
                body.extend(push::request(raw, pod));
                sum.profiles += 1;
                sum.samples += stacks;
            }
            bodies.push(body.into());
        }
        Ok(bodies)
    }
}
