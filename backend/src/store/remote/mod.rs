//! Access to stores that another server keeps: what protects this server and the others' from one that misbehaves, and HTTP
//! with bounds.
//!
//! Every request of an adapter goes through its [`Upstream`], which may repeat it. The request itself ends in a [`Failure`],
//! which says whether the store is down. [`HttpUpstream`] is for stores with an HTTP API.
//!
//! Metrics: `flarepath_store_requests_total{store,operation,outcome}` and `flarepath_store_seconds{store}` (of requests that
//! were answered).

mod attempts;
mod breaker;
mod failure;
mod figures;
mod http;
mod retry;
mod upstream;

pub(in crate::store) use failure::Failure;
pub use figures::UpstreamHealth;
pub(in crate::store) use http::{HttpAnswer, HttpUpstream};
pub use upstream::Upstream;
