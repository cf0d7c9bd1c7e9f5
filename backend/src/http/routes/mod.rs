//! Handlers, one resource per file.

pub(super) mod breakdown;
pub(super) mod call_tree;
pub(super) mod catalog;
pub(super) mod diff;
pub(super) mod docs;
pub(super) mod export;
pub(super) mod health;
pub(super) mod heatmap;
pub(crate) mod ingest;
pub(super) mod instance;
pub(super) mod lines;
pub(crate) mod otlp;
pub(crate) mod otlp_grpc;
pub(super) mod own_code;
pub(super) mod page;
pub(super) mod params;
pub(crate) mod people;
mod profile_body;
pub(crate) mod push;
pub(super) mod pyroscope;
pub(crate) mod quotas;
pub(super) mod series;
pub(crate) mod shares;
pub(super) mod storage;
pub(super) mod top_functions;
pub(crate) mod upload;
pub(super) mod verdict;
