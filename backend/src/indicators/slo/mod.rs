//! Service level objectives: how much of an error budget is left, and how fast it burns. The arithmetic of [`burn_rate`] is
//! pure; [`Slo`] is a definition, compiled. [`recorded`] has the series that Sloth records of an objective.

mod burn_rate;
mod recorded;

pub(crate) use burn_rate::{Alert, Budget, Urgency, budget, windows};
pub(crate) use recorded::recorded;

use super::mapping::Family;
use super::template::{BadTemplate, Template, family};
use crate::config::SloConfig;
use std::time::Duration;

/// The source of objectives of the configuration.
const CONFIGURATION: &str = "configuration";

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
    /// The same as it is recorded, for each of [`windows`]; empty if it is not.
    pub(crate) recorded: Vec<Template>,
    /// Where it is defined, for answers.
    pub(crate) source: String,
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
            recorded: Vec::new(),
            source: CONFIGURATION.to_owned(),
        })
    }
}
