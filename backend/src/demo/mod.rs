//! A small shop to look at: real processes that do real work and are profiled for real.
//!
//! `flarepath demo` starts three services with three replicas each. A replica is this very binary in another role
//! ([`replica`]): it answers made-up requests with real JSON, regular expressions, sorting, compression and a lock that
//! its threads fight for ([`checkout`], [`search`], [`mail`]), and the Pyroscope SDK for Rust samples it and pushes
//! what it saw to a server. After a while `checkout` is deployed in version 2, which carries a real mistake: it
//! compiles its regular expressions again for every order. Nothing is ever made up but the orders themselves.
//!
//! [`fleet`] starts, deploys and ends the processes. A replica ends by itself when the pipe on its standard input
//! closes, which the system does even when its parent is killed.

mod checkout;
pub(crate) mod fleet;
mod mail;
mod pace;
pub(crate) mod replica;
mod search;
mod words;

use clap::ValueEnum;

/// Variable in which a replica finds the API token.
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
    /// All of them, in the order in which they start.
    pub(crate) const ALL: [Service; 3] = [Service::Checkout, Service::Search, Service::Mail];

    /// As the label `service_name` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Checkout => "checkout",
            Service::Search => "search",
            Service::Mail => "mail",
        }
    }
}

/// A version of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// The good one.
    V1,
    /// With the mistake, where a service has one.
    V2,
}

impl Version {
    /// As the label `version` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Version::V1 => "v1",
            Version::V2 => "v2",
        }
    }
}
