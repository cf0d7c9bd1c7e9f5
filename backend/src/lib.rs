//! Flarepath's backend: ingests and stores profiles, answers queries about them, serves the page.
//!
//! The path of one request: [`http::router`] → extract, parse → [`query::Querier`] → [`store::ProfileStore`]
//! → `CallTree` → `flarepath_wire` → answer. Errors take the same path back with one conversion at each
//! wall: `StoreError → QueryError → ApiError → Problem`.

pub(crate) mod allocator;
pub mod app;
pub mod audit;
pub mod auth;
pub(crate) mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod http;
pub(crate) mod indicators;
pub mod ingest;
pub(crate) mod jobs;
pub mod markers;
pub(crate) mod opened_file;
pub(crate) mod os;
pub mod problem;
pub mod pyroscope;
pub mod query;
pub(crate) mod request_memory;
pub mod selector;
pub(crate) mod self_profile;
pub mod sharing;
pub mod shutdown;
pub(crate) mod sqlite;
pub mod store;
pub(crate) mod telemetry;
pub mod web_client;
pub(crate) mod work;
