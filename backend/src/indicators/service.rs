//! [`Indicators`]: asks the source of a service, within the caller's bounds.

use super::bounds::{Inexpressible, Visible, visible};
use super::cached::Cached;
use super::grid::Grid;
use super::health::Health;
use super::indicator::Indicator;
use super::mapping::Mapping;
use super::prometheus::Prometheus;
use super::promql::Values;
use super::question::{Answer, Failure, IndicatorsQuestion, Panel, PanelSeries};
use super::slo::Slo;
use super::slo_files::{BadSloFile, read};
use super::source::{MetricSeries, MetricsSource, SourceAnswer, SourceError};
use super::template::{BadTemplate, Template, Templates};
use super::tried::TriedTemplates;
use crate::auth::{Permission, Principal};
use crate::config::{MetricsConfig, SloConfig, SloFilesConfig};
use crate::selector::{BadSelector, CompiledSelector};
use crate::work::ANSWERS;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::selector::{InvalidSelector, MatchOp, Matcher, Selector};
use flarepath_profile::unix_nanos::UnixNanos;
use futures::future::join_all;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// All sources, and the objectives.
#[derive(Default)]
pub(crate) struct Indicators {
    sources: Vec<Arc<Source>>,
    /// Of the configuration.
    slos: Vec<Arc<Slo>>,
    /// Of files; replaced as a whole.
    file_slos: RwLock<Vec<Arc<Slo>>>,
}

/// A source with what is configured about it.
pub(super) struct Source {
    name: String,
    services: CompiledSelector,
    scrape: Duration,
    timeout: Duration,
    pub(super) mapping: Mapping,
    pub(super) templates: Templates,
    metrics: Cached,
    /// Which queries had data.
    pub(super) tried: TriedTemplates,
}

/// A source or an objective that cannot be used. The operator's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadSource {
    /// The pattern of its services is invalid.
    #[error("`services`: {0}")]
    Services(BadSelector),
    /// A selector of services is invalid.
    #[error("`application`, `pods` or `mesh`: {0}")]
    Mapping(InvalidSelector),
    /// A template, a pin or an objective is invalid.
    #[error(transparent)]
    Template(#[from] BadTemplate),
    /// Its certificates are invalid.
    #[error("`ca_file`: {0}")]
    Certificates(String),
}

/// A query that may have data. Made only here, with the caller's bounds in it.
pub(super) struct Attempt {
    pub(super) template: String,
    query: String,
}

/// A query that had data.
pub(super) struct Matched {
    pub(super) template: String,
    pub(super) query: String,
    pub(super) answer: Arc<SourceAnswer>,
}

impl Indicators {
    /// The sources and objectives that are configured.
    ///
    /// # Errors
    /// [`BadSource`], with the name of its section.
    pub(crate) fn new(
        sources: &[MetricsConfig],
        slos: &[SloConfig],
    ) -> Result<Indicators, (String, BadSource)> {
        let open = |config: &MetricsConfig| {
            let source = Source::new(config).map_err(|error| (format!("metrics.{}", config.name), error));
            source.map(Arc::new)
        };
        let slo = |config: &SloConfig| {
            Slo::new(config).map_err(|error| (format!("slo.{}", config.name), BadSource::from(error)))
        };
        Ok(Indicators {
            sources: sources.iter().map(open).collect::<Result<_, _>>()?,
            slos: slos.iter().map(|config| slo(config).map(Arc::new)).collect::<Result<_, _>>()?,
            file_slos: RwLock::default(),
        })
    }

    /// Replaces the objectives of files by those that the files have now.
    ///
    /// # Errors
    /// [`BadSloFile`]; then nothing changes.
    pub(crate) fn read_slo_files(&self, config: &SloFilesConfig) -> Result<(), BadSloFile> {
        let slos: Vec<Arc<Slo>> = read(config, &self.slos)?.into_iter().map(Arc::new).collect();
        *self.file_slos.write().unwrap_or_else(PoisonError::into_inner) = slos;
        Ok(())
    }

    /// The objectives of a service: those of the configuration, then those of files.
    pub(super) fn slos_of(&self, service: &str) -> Vec<Arc<Slo>> {
        let of_files = self.file_slos.read().unwrap_or_else(PoisonError::into_inner);
        let all = self.slos.iter().chain(of_files.iter());
        all.filter(|slo| slo.service == service).cloned().collect()
    }

    /// The indicators of a service. Each fails by itself.
    pub(crate) async fn ask(&self, who: &Principal, question: &IndicatorsQuestion, now: UnixNanos) -> Answer {
        if self.sources.is_empty() {
            return Answer::NotConfigured;
        }
        let Some(source) = self.source(&question.service) else { return Answer::NoSource };
        let grid = Grid::of(question.range, source.scrape);
        let visible = source.visible(who, &question.service).await;
        let wanted =
            if question.indicators.is_empty() { &Indicator::ALL[..] } else { &question.indicators[..] };
        let panels = wanted.iter().map(|one| source.panel(*one, &question.service, &visible, grid));
        let slos = self.slos_of(&question.service);
        let is_hidden = matches!(visible, Ok(Visible::Nothing));
        let slos = slos.iter().filter(|_| question.indicators.is_empty() && !is_hidden);
        let slos = slos.map(|slo| source.slo(slo, &visible, now));
        let (panels, slos) = futures::join!(join_all(panels), join_all(slos));
        Answer::Found { source: source.name.clone(), grid, panels, slos }
    }

    /// The first source, by name, that has metrics of a service.
    pub(super) fn source(&self, service: &str) -> Option<&Arc<Source>> {
        let labels: Labels = [(SERVICE_NAME, service)].into_iter().collect();
        self.sources.iter().find(|source| source.services.matches(&labels))
    }

    /// Asks each source whether it answers, and drops what has expired.
    pub(crate) async fn check(&self) {
        join_all(self.sources.iter().map(|source| async move {
            source.metrics.check().await;
            source.metrics.expire().await;
            source.tried.expire().await;
        }))
        .await;
    }

    /// Whether any source is configured.
    pub(crate) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Over one source, by the defaults.
    #[cfg(test)]
    pub(super) fn over(metrics: Arc<dyn MetricsSource>, timeout: Duration) -> Indicators {
        let config = MetricsConfig { timeout, ..MetricsConfig::at("http://127.0.0.1:9") };
        let source = Source::over(&config, metrics).unwrap();
        Indicators { sources: vec![Arc::new(source)], ..Indicators::default() }
    }
}

impl Source {
    fn new(config: &MetricsConfig) -> Result<Source, BadSource> {
        let metrics = Prometheus::new(config).map_err(BadSource::Certificates)?;
        Source::over(config, Arc::new(metrics))
    }

    fn over(config: &MetricsConfig, metrics: Arc<dyn MetricsSource>) -> Result<Source, BadSource> {
        let name = SERVICE_NAME.to_owned();
        let services = Matcher { name, op: MatchOp::Regex, value: config.services.clone() };
        let services = CompiledSelector::new(&Selector { matchers: vec![services] });
        Ok(Source {
            name: config.name.clone(),
            services: services.map_err(BadSource::Services)?,
            scrape: config.scrape_interval,
            timeout: config.timeout,
            mapping: Mapping::new(config).map_err(BadSource::Mapping)?,
            templates: Templates::new(config)?,
            metrics: Cached::new(&config.name, metrics),
            tried: TriedTemplates::new(),
        })
    }

    /// The part of a service's metrics that the caller may see. Patterns are compiled, which may take milliseconds.
    pub(super) async fn visible(
        self: &Arc<Self>,
        who: &Principal,
        service: &str,
    ) -> Result<Visible, Failure> {
        let (bounds, service) = (who.bounds(Permission::ReadProfiles), service.to_owned());
        let source = self.clone();
        let found = ANSWERS.run(move || visible(&bounds, &service, &source.mapping)).await;
        match found {
            Ok(visible) => visible.map_err(Failure::Bounds),
            Err(refused) => Err(Failure::Source(SourceError::Failed(refused.to_string()))),
        }
    }

    async fn panel(
        &self,
        indicator: Indicator,
        service: &str,
        visible: &Result<Visible, Failure>,
        grid: Grid,
    ) -> Panel {
        let empty = Panel {
            indicator,
            template: String::new(),
            query: String::new(),
            series: Vec::new(),
            warnings: Vec::new(),
            failure: None,
        };
        let within = match visible {
            Ok(Visible::Matching(matchers)) => matchers,
            Ok(Visible::Nothing) => return empty,
            Err(failure) => return Panel { failure: Some(failure.clone()), ..empty },
        };
        let window_secs = grid.rate_window_secs(self.scrape);
        let templates = self.templates.of_service(indicator, service);
        match self.first_with_data(&templates, service, within, grid, window_secs).await {
            Ok(Some(Matched { template, query, answer })) => Panel {
                template,
                query,
                series: answer.series.iter().map(|series| self.series(series)).collect(),
                warnings: answer.warnings.clone(),
                ..empty
            },
            Ok(None) => empty,
            Err(error) => Panel { failure: Some(Failure::Source(error)), ..empty },
        }
    }

    fn series(&self, series: &MetricSeries) -> PanelSeries {
        let pod = series.labels.get(self.mapping.pod()).cloned().unwrap_or_default();
        PanelSeries { pod, points: series.points.clone() }
    }

    /// The answer to the first template and mapping with data. A template that the source rejects, such as one with names that an
    /// older version does not know, is passed over, and told if none has data.
    pub(super) async fn first_with_data(
        &self,
        templates: &[&Template],
        service: &str,
        within: &[Matcher],
        grid: Grid,
        window_secs: i64,
    ) -> Result<Option<Matched>, SourceError> {
        let mut rejected = None;
        let mut is_understood = false;
        for attempt in self.attempts(templates, service, within, window_secs) {
            match self.answer(&attempt, grid).await {
                Ok(answer) if answer.is_empty() => is_understood = true,
                Ok(answer) => {
                    let Attempt { template, query } = attempt;
                    return Ok(Some(Matched { template, query, answer }));
                }
                Err(error @ SourceError::BadQuery(_)) => rejected = Some(error),
                Err(error) => return Err(error),
            }
        }
        match rejected {
            Some(error) if !is_understood => Err(error),
            _ => Ok(None),
        }
    }

    /// The queries of templates, by each mapping of the service, in the order in which they are tried.
    pub(super) fn attempts(
        &self,
        templates: &[&Template],
        service: &str,
        within: &[Matcher],
        window_secs: i64,
    ) -> Vec<Attempt> {
        let mut attempts = Vec::new();
        for template in templates {
            for mut matchers in self.mapping.service(template.family, service) {
                matchers.extend(within.iter().cloned());
                let values = Values { matchers: &matchers, window_secs, pod: self.mapping.pod() };
                let query = template.query(&values);
                attempts.push(Attempt { template: template.name.clone(), query });
            }
        }
        attempts
    }

    /// The answer to a query.
    pub(super) async fn answer(
        &self,
        attempt: &Attempt,
        grid: Grid,
    ) -> Result<Arc<SourceAnswer>, SourceError> {
        self.metrics.range(attempt.query.clone(), grid).await
    }

    /// Matchers of metrics for a selector of profiles of a service, besides those that name it.
    ///
    /// # Errors
    /// [`Inexpressible`].
    pub(super) fn narrowed(&self, matchers: &[Matcher]) -> Result<Vec<Matcher>, Inexpressible> {
        super::bounds::translated(matchers, &self.mapping)
    }

    /// The distance of two samples.
    pub(super) fn scrape(&self) -> Duration {
        self.scrape
    }

    /// The time limit of a query.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether it answers.
    pub(super) fn health(&self) -> &Health {
        self.metrics.health()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SloFile;

    const CHECKOUT: &str = include_str!("../../testdata/slo/sloth.yaml");
    const CART: &str = include_str!("../../testdata/slo/sloth_resource.yaml");

    #[test]
    fn objectives_of_files_are_replaced_as_a_whole_or_not_at_all() {
        let indicators = Indicators::default();
        let read = |texts: &[&str]| {
            let file = |text: &&str| SloFile { path: "slos.yaml".into(), text: (*text).to_owned() };
            let files = texts.iter().map(file).collect();
            indicators.read_slo_files(&SloFilesConfig { files, ..SloFilesConfig::default() })
        };
        let counts = || ["checkout", "cart"].map(|service| indicators.slos_of(service).len());
        read(&[CHECKOUT]).unwrap();
        assert_eq!(counts(), [2, 0]);
        assert!(read(&[CART, "version: unknown"]).is_err());
        assert_eq!(counts(), [2, 0]);
        read(&[CART]).unwrap();
        assert_eq!(counts(), [0, 1]);
    }
}
