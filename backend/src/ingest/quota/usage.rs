//! [`Usage`]: what is used of the limits, for administrators and for metrics.

use super::{Limit, Quotas, Refusal};
use crate::store::ProfileWriter;

/// Services listed, by series and by new functions.
const LISTED_SERVICES: usize = 10;
/// Lines of refusals.
const LISTED_REFUSALS: usize = 20;

/// How much of a limit is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) limit: Limit,
    /// The service that uses it; empty if the limit is one for all, or for each sender.
    pub(crate) service: String,
    /// How much; `None` where it is not counted in all.
    pub(crate) used: Option<u64>,
    /// The value of the limit; 0 is no limit.
    pub(crate) allowed: u64,
}

/// Limits, their use, and the refusals of the last hour.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    /// In the order of [`Limit::ALL`]; for each service a line of its own, the fullest first.
    pub(crate) uses: Vec<Use>,
    /// The most frequent first.
    pub(crate) refusals: Vec<Refusal>,
}

impl Quotas {
    /// What is used at present, of what `writer` holds too. Takes milliseconds with many services: not on an async thread.
    pub(crate) fn usage(&self, writer: Option<&dyn ProfileWriter>) -> Usage {
        let now = self.clock.elapsed();
        let held = writer.and_then(|writer| writer.inventory(LISTED_SERVICES));
        let mut uses = Vec::new();
        for limit in Limit::ALL {
            let line = |service: String, used: Option<u64>| {
                let (allowed, _) = self.value(limit, &service);
                Use { limit, service, used, allowed }
            };
            let of_services = match limit {
                Limit::SeriesPerService => {
                    let largest = held.iter().flat_map(|held| held.largest.clone());
                    largest.map(|(service, series)| (service, series as u64)).collect()
                }
                Limit::NewFunctionsPerService => self.functions.most_used(LISTED_SERVICES, now),
                _ => Vec::new(),
            };
            if of_services.is_empty() {
                let used = match limit {
                    Limit::Services => held.as_ref().map(|held| held.services as u64),
                    Limit::Series => held.as_ref().map(|held| held.series as u64),
                    Limit::SeriesPerService => held.as_ref().map(|_| 0),
                    Limit::NewFunctionsPerService => Some(0),
                    _ => None,
                };
                uses.push(line(String::new(), used));
            }
            uses.extend(of_services.into_iter().map(|(service, used)| line(service, Some(used))));
        }
        Usage { uses, refusals: self.refusals.most(LISTED_REFUSALS, now) }
    }

    /// Sets the gauges `flarepath_quota_used{quota}` and `flarepath_quota_limit{quota}`; of a limit for each service, those of
    /// the service that uses most. As [`Quotas::usage`], not on an async thread.
    pub(crate) fn measure(&self, writer: Option<&dyn ProfileWriter>) {
        let Usage { uses, .. } = self.usage(writer);
        for limit in Limit::ALL {
            let Some(first) = uses.iter().find(|line| line.limit == limit) else { continue };
            metrics::gauge!("flarepath_quota_limit", "quota" => limit.name()).set(first.allowed as f64);
            if let Some(used) = first.used {
                metrics::gauge!("flarepath_quota_used", "quota" => limit.name()).set(used as f64);
            }
        }
    }
}
