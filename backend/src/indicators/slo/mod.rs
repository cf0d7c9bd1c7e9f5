//! Service level objectives: how much of an error budget is left, and how fast it burns. The arithmetic of [`burn_rate`] is
//! pure; [`Slo`] is a definition, compiled.

mod burn_rate;

pub(crate) use burn_rate::{Alert, Budget, Urgency, budget, windows};

use super::mapping::Family;
use super::template::{BadTemplate, Template, family};
use crate::config::SloConfig;
use std::time::Duration;

/// An objective of a service.
#[derive(Clone, Debug)]
pub(crate) struct Slo {
    pub(crate) name: String,
    pub(crate) service: String,
    /// The part of all events that must be good.
    pub(crate) objective: f64,
    pub(crate) window: Duration,
    /// The part of all events that are bad, over `$w`.
    pub(crate) error_ratio: Template,
}

impl Slo {
    /// The objective that is configured.
    ///
    /// # Errors
    /// [`BadTemplate`].
    pub(crate) fn new(config: &SloConfig) -> Result<Slo, BadTemplate> {
        let of: Family = family(&config.of)?;
        let error_ratio = Template::new(&config.name, of, &config.error_ratio);
        Ok(Slo {
            name: config.name.clone(),
            service: config.service.clone(),
            objective: config.objective,
            window: config.window,
            error_ratio: error_ratio.map_err(|error| BadTemplate::Query(config.name.clone(), error))?,
        })
    }
}
