//! [`Templates`]: the queries of each indicator, compiled, in the order in which they are tried. Only configuration adds any.

use super::catalog::TEMPLATES;
use super::indicator::Indicator;
use super::mapping::Family;
use super::promql::{Expr, Grouping, InvalidQuery, LabelName, Values, parse};
use crate::config::MetricsConfig;

/// A query with the name that answers and pins have for it.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) name: String,
    pub(crate) family: Family,
    expr: Expr,
}

impl Template {
    /// A template of a query.
    ///
    /// # Errors
    /// [`InvalidQuery`].
    pub(crate) fn new(name: &str, family: Family, query: &str) -> Result<Template, InvalidQuery> {
        Ok(Template::of(name, family, parse(query)?))
    }

    /// A template of a query that has been parsed.
    pub(crate) fn of(name: &str, family: Family, expr: Expr) -> Template {
        Template { name: name.to_owned(), family, expr }
    }

    /// The query with the matchers of a service and the caller's bounds in each of its selectors.
    pub(crate) fn query(&self, values: &Values<'_>) -> String {
        self.expr.print(values)
    }

    /// The same query by pod, if it is a sum over all series.
    pub(crate) fn by_pod(&self) -> Option<Template> {
        let expr = by_pod(&self.expr)?;
        Some(Template { name: self.name.clone(), family: self.family, expr })
    }
}

fn by_pod(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::Aggregation { operator, grouping: None, arguments } => {
            let grouping = Some(Grouping { is_without: false, labels: vec![LabelName::Pod] });
            Some(Expr::Aggregation { operator: operator.clone(), grouping, arguments: arguments.clone() })
        }
        Expr::Call { function, arguments } => {
            let [argument] = &arguments[..] else { return None };
            Some(Expr::Call { function: function.clone(), arguments: vec![by_pod(argument)?] })
        }
        _ => None,
    }
}

/// A template or a pin is invalid. The operator's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadTemplate {
    /// The query is not understood.
    #[error("the template `{0}`: {1}")]
    Query(String, InvalidQuery),
    /// There is no such indicator.
    #[error("unknown indicator `{0}`; there are {all}", all = Indicator::ALL.map(Indicator::name).join(", "))]
    Indicator(String),
    /// There is no such family.
    #[error("unknown family `{0}`; there are application, pods, mesh")]
    Family(String),
    /// Two templates of an indicator have one name.
    #[error("the indicator `{0}` has a template `{1}` already")]
    Name(String, String),
    /// A pin names a template that does not exist.
    #[error("the indicator `{0}` has no template `{1}`")]
    Pin(String, String),
}

/// The templates of a source.
#[derive(Clone, Debug)]
pub(crate) struct Templates {
    all: Vec<(Indicator, Template)>,
    /// Service, indicator, name of the template.
    pins: Vec<(String, Indicator, String)>,
}

impl Templates {
    /// Those of the configuration, and the built-in ones after them.
    ///
    /// # Errors
    /// [`BadTemplate`].
    pub(crate) fn new(config: &MetricsConfig) -> Result<Templates, BadTemplate> {
        let mut templates = Templates { all: Vec::new(), pins: Vec::new() };
        for own in &config.templates {
            templates.add(indicator(&own.indicator)?, &own.name, family(&own.of)?, &own.query)?;
        }
        for (indicator, rows) in TEMPLATES {
            for (name, family, query) in *rows {
                // One of the configuration with this name takes its place.
                if templates.find(*indicator, name).is_none() {
                    templates.add(*indicator, name, *family, query)?;
                }
            }
        }
        for pin in &config.pins {
            let of = indicator(&pin.indicator)?;
            if templates.find(of, &pin.template).is_none() {
                return Err(BadTemplate::Pin(pin.indicator.clone(), pin.template.clone()));
            }
            templates.pins.push((pin.service.clone(), of, pin.template.clone()));
        }
        Ok(templates)
    }

    fn add(
        &mut self,
        indicator: Indicator,
        name: &str,
        family: Family,
        query: &str,
    ) -> Result<(), BadTemplate> {
        if self.find(indicator, name).is_some() {
            return Err(BadTemplate::Name(indicator.name().to_owned(), name.to_owned()));
        }
        let template = Template::new(name, family, query);
        let template = template.map_err(|error| BadTemplate::Query(name.to_owned(), error))?;
        self.all.push((indicator, template));
        Ok(())
    }

    fn find(&self, indicator: Indicator, name: &str) -> Option<&Template> {
        self.of(indicator).find(|template| template.name == name)
    }

    fn of(&self, indicator: Indicator) -> impl Iterator<Item = &Template> {
        self.all.iter().filter(move |(of, _)| *of == indicator).map(|(_, template)| template)
    }

    /// The templates that are tried for a service: the pinned one, or all.
    pub(crate) fn of_service(&self, indicator: Indicator, service: &str) -> Vec<&Template> {
        let pin = self.pins.iter().find(|(of, what, _)| of == service && *what == indicator);
        match pin.and_then(|(_, _, name)| self.find(indicator, name)) {
            Some(pinned) => vec![pinned],
            None => self.of(indicator).collect(),
        }
    }
}

fn indicator(name: &str) -> Result<Indicator, BadTemplate> {
    Indicator::named(name).ok_or_else(|| BadTemplate::Indicator(name.to_owned()))
}

/// The family of a name in the configuration.
///
/// # Errors
/// [`BadTemplate::Family`].
pub(crate) fn family(name: &str) -> Result<Family, BadTemplate> {
    let found = Family::ALL.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, family)| family).ok_or_else(|| BadTemplate::Family(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{MetricsPin, MetricsTemplate};
    use flarepath_profile::selector::{Matcher, Selector};

    fn config() -> MetricsConfig {
        MetricsConfig::at("http://127.0.0.1:9090")
    }

    fn own(name: &str, query: &str) -> MetricsTemplate {
        MetricsTemplate {
            indicator: "request-rate".to_owned(),
            name: name.to_owned(),
            query: query.to_owned(),
            of: "application".to_owned(),
        }
    }

    fn pin(template: &str) -> MetricsPin {
        MetricsPin {
            service: "pay".to_owned(),
            indicator: "request-rate".to_owned(),
            template: template.to_owned(),
        }
    }

    fn print(template: &Template) -> String {
        let matchers: Vec<Matcher> = r#"{job="pay"}"#.parse::<Selector>().unwrap().matchers;
        template.query(&Values { matchers: &matchers, window_secs: 60, pod: "pod" })
    }

    #[test]
    fn every_indicator_has_templates_that_name_the_service_in_each_selector() {
        let templates = Templates::new(&config()).unwrap();
        for indicator in Indicator::ALL {
            let all = templates.of_service(indicator, "pay");
            assert!(!all.is_empty(), "{}", indicator.name());
            for template in all {
                let query = print(template);
                let windows = query.matches("[60s]").count();
                let selectors = query.matches(r#"job="pay""#).count();
                assert!(selectors >= windows.max(1), "{query}");
            }
        }
    }

    #[test]
    fn request_rates_can_be_asked_by_pod() {
        let templates = Templates::new(&config()).unwrap();
        for template in templates.of_service(Indicator::RequestRate, "pay") {
            let query = print(&template.by_pod().unwrap());
            assert!(query.contains("sum by (pod) (rate("), "{query}");
        }
    }

    #[test]
    fn own_templates_come_first_and_pins_leave_one() {
        let names = |config: &MetricsConfig, service: &str| -> Vec<String> {
            let templates = Templates::new(config).unwrap();
            let all = templates.of_service(Indicator::RequestRate, service);
            all.iter().map(|template| template.name.clone()).collect()
        };
        let mut config = config();
        let built_in = names(&config, "pay").len();
        config.templates = vec![own("orders", "sum(rate(orders_total{$S}[$w]))"), own("grpc", "sum(calls)")];
        let all = names(&config, "pay");
        assert_eq!((&all[..2], all.len()), (&["orders".to_owned(), "grpc".to_owned()][..], built_in + 1));
        config.pins = vec![pin("orders")];
        assert_eq!(names(&config, "pay"), ["orders"]);
        assert_eq!(names(&config, "cart").len(), built_in + 1);
    }

    #[test]
    fn mistakes_are_named() {
        let error = |templates: Vec<MetricsTemplate>, pins: Vec<MetricsPin>| {
            Templates::new(&MetricsConfig { templates, pins, ..config() }).unwrap_err().to_string()
        };
        assert_eq!(
            error(vec![own("x", "sum(")], vec![]),
            "the template `x`: at position 4: expected a selector, a function, a number or a string"
        );
        assert!(error(vec![own("x", "a"), own("x", "b")], vec![]).contains("already"));
        assert!(error(vec![], vec![pin("x")]).contains("no template `x`"));
        let odd = MetricsTemplate { indicator: "joy".to_owned(), ..own("x", "a") };
        assert!(error(vec![odd], vec![]).contains("unknown indicator `joy`; there are request-rate"));
        let odd = MetricsTemplate { of: "joy".to_owned(), ..own("x", "a") };
        assert!(error(vec![odd], vec![]).contains("unknown family `joy`"));
    }
}
