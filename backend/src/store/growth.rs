//! [`Growth`]: decides whether pushed profiles may bring series and functions that a store does not have yet.
//!
//! Only the store knows what is new to it, and only its caller knows the limits; so the store asks, profile by profile, before
//! it adds anything.

use flarepath_profile::labels::Labels;

/// How much a store holds when it is about to add a series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreSize {
    /// Services.
    pub services: usize,
    /// Series of all services.
    pub series: usize,
    /// Series of the service that the new one belongs to; `None` if the service is new as well.
    pub of_service: Option<usize>,
}

/// Decides about the profiles of one batch. Called with locks of the store held, so it must be quick and not call the store.
pub trait Growth: Send + Sync {
    /// Whether a profile with these labels may add its series to what the store holds.
    fn allows_series(&self, labels: &Labels, held: StoreSize) -> bool;

    /// Whether a profile with these labels may add `count` functions to its service.
    fn allows_functions(&self, labels: &Labels, count: usize) -> bool;
}

/// Allows everything.
pub(crate) struct Unlimited;

impl Growth for Unlimited {
    fn allows_series(&self, _: &Labels, _: StoreSize) -> bool {
        true
    }

    fn allows_functions(&self, _: &Labels, _: usize) -> bool {
        true
    }
}

/// What a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Services.
    pub services: usize,
    /// Series of all services.
    pub series: usize,
    /// The services with the most series, each with their number; descending.
    pub largest: Vec<(String, usize)>,
}
