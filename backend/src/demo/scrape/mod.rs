//! Metrics of the demo's processes for a Prometheus on this machine.
//!
//! - [`listener`]: `GET /metrics` at a port of 127.0.0.1 that the system chooses, within bounds.
//! - [`requests`]: requests of a replica, and CPU time and memory of its process.
//! - [`port_line`]: the line by which a replica tells its parent the port.
//! - [`kube_state`]: a stand-in for kube-state-metrics: limits, requests and restarts of the replicas. There is no cluster.
//! - [`targets`]: the file by which Prometheus finds all of them.
//! - [`discovery`]: keeps stand-in and file up to date while replicas come and go.

pub(crate) mod discovery;
mod kube_state;
mod listener;
mod port_line;
mod requests;
mod targets;

pub(super) use listener::Listener;
pub(super) use port_line::{port_line, port_of};
pub(super) use requests::RequestMetrics;

use super::identity::Identity;

/// A replica, as its metrics describe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Replica {
    pub(super) identity: Identity,
    /// Port of its metrics, once it has said so.
    pub(super) port: Option<u16>,
    /// How often it was started again.
    pub(super) restarts: u64,
}
