//! Metrics beside profiles: requests, errors, latency, CPU and memory of a service, from sources such as Prometheus.
//!
//! [`Indicators`] answers questions about a service. Each indicator ([`indicator`]) has templates ([`catalog`], [`template`]) that are
//! tried in order; the first with data counts, and the answer names it. Each fails by itself.
//!
//! A query is never text that is pasted together: [`promql`] adds to every selector the matchers of the service ([`mapping`])
//! and those of the caller's bounds ([`bounds`]). Bounds that metrics cannot express refuse the answer; nothing is asked without
//! them.
//!
//! [`source`] is what every source offers, [`prometheus`] the only one; [`cached`] is in front of it, with its [`health`]. A missing
//! source is “not known”, never 0. [`requests`] tells verdicts how many requests there were, by what was [`tried`] before. [`slo`] is the
//! arithmetic of objectives, [`objectives`] asks for what it needs; [`slo_files`] reads definitions of other programs. [`of_many`] has
//! the few numbers of each row of a list, [`recent`] makes them of series.

mod bounds;
mod cached;
mod catalog;
mod grid;
mod health;
mod indicator;
#[cfg(test)]
pub(crate) mod made_up;
mod mapping;
mod objectives;
mod of_many;
mod prometheus;
mod promql;
mod question;
mod recent;
mod requests;
mod service;
mod slo;
mod slo_files;
mod source;
mod template;
mod tried;

#[cfg(test)]
pub(crate) use grid::Grid;
pub(crate) use health::NoAnswer;
pub(crate) use indicator::Indicator;
pub(crate) use question::{
    Answer, Failure, IndicatorsQuestion, Panel, PanelSeries, ServiceMetrics, SloPanel,
};
pub(crate) use requests::RequestRates;
pub(crate) use service::Indicators;
pub(crate) use slo::{Alert, Urgency};
