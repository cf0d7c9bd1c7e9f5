//! Users, permissions, shares and the audit log, on SQLite and on PostgreSQL.

// Tasks and clocks of a test or a benchmark end with it.
#![allow(clippy::disallowed_methods)]
#![allow(missing_docs)]

#[path = "../answer/mod.rs"]
mod answer;
mod audit;
mod audit_retention;
mod bindings;
mod bombs;
mod claim;
mod csrf;
mod databases;
mod first_start;
mod foreign_metrics;
mod foreign_store;
mod foreign_team;
mod invitations;
mod issuer;
mod leases;
mod log;
mod markers;
#[path = "../metrics_source/mod.rs"]
mod metrics_source;
mod oidc;
mod own_code;
mod pages;
mod passwords;
mod program;
mod proxy;
mod pushing;
mod quotas;
mod records;
mod records_outage;
mod refusals;
mod remote_bounds;
mod route_table;
mod secrets;
mod sessions;
mod shares;
mod site;
mod snapshots;
mod tokens;
#[path = "../upstream/mod.rs"]
mod upstream;
