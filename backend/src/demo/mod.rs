//! Demo: a small shop of real processes that do real work and are profiled by a real SDK.
//!
//! `flarepath demo` starts three services with three replicas each, and a fourth, `sessions`, where Node is installed ([`node`]). A replica of
//! the three is this same binary in another role
//! ([`replica`]): it answers generated requests with JSON, regular expressions, sorting, compression and a lock that
//! its threads contend for ([`checkout`], [`search`], [`mail`]), and the Pyroscope SDK for Rust samples it and pushes
//! profiles to a server. After a while version 2 of `checkout` is deployed, which has a performance bug: it
//! compiles its regular expressions for every order. Only the requests are synthetic.
//!
//! [`fleet`] starts, deploys and stops the processes. A replica stops by itself when the pipe on its standard input
//! closes, which the system does even when its parent is killed. Each serves metrics of its requests ([`scrape`]).
//!
//! With `--record`, [`recorder`] is between the replicas and the server and writes what they push to a [`recording`], which
//! [`replay`] pushes again.

mod answer;
mod checkout;
pub(crate) mod fleet;
mod identity;
mod mail;
pub(crate) mod node;
mod pace;
mod process;
pub mod push_request;
mod random_text;
pub(crate) mod recorder;
pub mod recording;
pub(crate) mod replay;
pub(crate) mod replica;
mod restarts;
pub(crate) mod scrape;
mod search;

use clap::ValueEnum;

/// Environment variable that passes the API token to replicas.
pub(crate) const TOKEN_VARIABLE: &str = "FLAREPATH_TOKEN";

/// A service of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    /// Prices carts, applies vouchers, reserves stock.
    Checkout,
    /// Finds products.
    Search,
    /// Writes and packs newsletters.
    Mail,
}

impl Service {
    /// All services, in the order in which they start.
    pub(crate) const ALL: [Service; 3] = [Service::Checkout, Service::Search, Service::Mail];

    /// Value of the label `service_name`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Checkout => "checkout",
            Service::Search => "search",
            Service::Mail => "mail",
        }
    }

    /// Method and route of its requests.
    fn route(self) -> (&'static str, &'static str) {
        match self {
            Service::Checkout => ("POST", "/orders"),
            Service::Search => ("GET", "/products"),
            Service::Mail => ("POST", "/letters"),
        }
    }
}

/// A version of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// The fast version.
    V1,
    /// The version with the performance bug, where a service has one.
    V2,
}

impl Version {
    /// Value of the label `version`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Version::V1 => "v1",
            Version::V2 => "v2",
        }
    }
}
