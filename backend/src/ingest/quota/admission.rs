//! [`Admission`]: decides, for one request, which of its profiles the quotas admit.

use super::bucket::{Bucket, Rate};
use super::buckets::Buckets;
use super::{Exceeded, Limit, Quotas};
use crate::auth::Principal;
use crate::ingest::rejection::Rejection;
use crate::store::{Growth, StoreSize};
use flarepath_profile::labels::Labels;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Quotas as they apply to one request.
pub(crate) struct Admission {
    quotas: Arc<Quotas>,
    /// Names the token, the account or the address that it is charged to.
    sender: String,
    teams: Vec<String>,
    /// Profiles that the store was not allowed to add.
    rejected: Mutex<Vec<Rejection>>,
}

impl Admission {
    /// For a request of `who`.
    pub(crate) fn new(quotas: Arc<Quotas>, who: &Principal) -> Admission {
        let sender = match who.token() {
            Some(token) => format!("token {}", token.as_str()),
            None => who.queue_key(),
        };
        let teams = who.charged_teams().iter().map(|team| team.as_str().to_owned()).collect();
        Admission { quotas, sender, teams, rejected: Mutex::default() }
    }

    /// Whether a request with a body of so many bytes may be decoded. Those of a sender that may send no profile at the moment are
    /// refused here, as decoding is what takes long.
    pub(crate) fn request(&self, bytes: usize) -> Result<(), Exceeded> {
        let (quotas, bytes) = (&self.quotas, bytes as u64);
        self.charge_sender(&quotas.token_profiles, Limit::ProfilesPerToken, |bucket, now| bucket.wait(1, now))
            .and_then(|()| {
                self.charge_sender(&quotas.token_bytes, Limit::BytesPerToken, |bucket, now| {
                    bucket.overdraw(bytes, now)
                })
            })
            .and_then(|()| {
                self.charge_teams(&quotas.team_bytes, Limit::BytesPerTeam, |bucket, now| {
                    bucket.overdraw(bytes, now)
                })
            })
            .map_err(|exceeded| self.quotas.refused("", exceeded))
    }

    /// Whether one more profile may be stored.
    pub(crate) fn profile(&self, labels: &Labels) -> Result<(), Exceeded> {
        let one = |bucket: &mut Bucket, now| bucket.take(1, now);
        self.charge_sender(&self.quotas.token_profiles, Limit::ProfilesPerToken, one)
            .and_then(|()| self.charge_teams(&self.quotas.team_profiles, Limit::ProfilesPerTeam, one))
            .map_err(|exceeded| self.quotas.refused(labels.service(), exceeded))
    }

    /// The profiles that the store was not allowed to add.
    pub(crate) fn take_rejected(&self) -> Vec<Rejection> {
        std::mem::take(&mut self.rejected.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn series(&self, labels: &Labels, held: StoreSize) -> Result<(), Exceeded> {
        let quotas = &self.quotas;
        let below = |held: usize, limit: Limit| {
            let (value, service) = quotas.value(limit, labels.service());
            if value == 0 || (held as u64) < value {
                return Ok(());
            }
            Err(Exceeded::new(limit, value, service, None))
        };
        if held.of_service.is_none() {
            below(held.services, Limit::Services)?;
        }
        below(held.series, Limit::Series)?;
        below(held.of_service.unwrap_or(0), Limit::SeriesPerService)?;
        self.charge_teams(&quotas.team_series, Limit::NewSeriesPerTeam, |bucket, now| bucket.take(1, now))
    }

    fn functions(&self, labels: &Labels, count: usize) -> Result<(), Exceeded> {
        let limit = Limit::NewFunctionsPerService;
        let (value, own) = self.quotas.value(limit, labels.service());
        let Some(rate) = Rate::per_hour(value) else { return Ok(()) };
        let now = self.quotas.clock.elapsed();
        let take = |bucket: &mut Bucket| bucket.take(count as u64, now);
        let taken = self.quotas.functions.with(labels.service(), rate, now, take);
        taken.map_err(|wait| Exceeded::new(limit, value, own, Some(wait)))
    }

    fn charge_sender(
        &self,
        buckets: &Buckets,
        limit: Limit,
        act: impl Fn(&mut Bucket, Duration) -> Result<(), Duration>,
    ) -> Result<(), Exceeded> {
        self.charge(buckets, &self.sender, limit, act)
    }

    fn charge_teams(
        &self,
        buckets: &Buckets,
        limit: Limit,
        act: impl Fn(&mut Bucket, Duration) -> Result<(), Duration>,
    ) -> Result<(), Exceeded> {
        self.teams.iter().try_for_each(|team| self.charge(buckets, team, limit, &act))
    }

    fn charge(
        &self,
        buckets: &Buckets,
        name: &str,
        limit: Limit,
        act: impl Fn(&mut Bucket, Duration) -> Result<(), Duration>,
    ) -> Result<(), Exceeded> {
        let (value, _) = self.quotas.value(limit, "");
        let rate = match limit {
            Limit::NewSeriesPerTeam => Rate::per_hour(value),
            _ => Rate::per_second(value),
        };
        let Some(rate) = rate else { return Ok(()) };
        let now = self.quotas.clock.elapsed();
        let charged = buckets.with(name, rate, now, |bucket| act(bucket, now));
        charged.map_err(|wait| Exceeded::new(limit, value, None, Some(wait)))
    }

    /// Records a profile that the store must leave out.
    fn decide(&self, labels: &Labels, decision: Result<(), Exceeded>) -> bool {
        let Err(exceeded) = decision else { return true };
        let error = self.quotas.refused(labels.service(), exceeded).into();
        let rejection = Rejection { which: labels.to_string(), error };
        self.rejected.lock().unwrap_or_else(PoisonError::into_inner).push(rejection);
        false
    }
}

impl Growth for Admission {
    fn allows_series(&self, labels: &Labels, held: StoreSize) -> bool {
        self.decide(labels, self.series(labels, held))
    }

    fn allows_functions(&self, labels: &Labels, count: usize) -> bool {
        self.decide(labels, self.functions(labels, count))
    }
}
