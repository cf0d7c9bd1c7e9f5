//! Isolation between teams in metrics: every query that leaves the server has the caller's bounds in each of its selectors, and what
//! metrics cannot express is refused without any query.

use super::program::{Program, bind, good, secret, service_account};
use super::site::{Browser, PASSWORD, Site};
use crate::metrics_source::{JSON, MetricsServer, recorded};
use axum::http::StatusCode;
use flarepath::config::{MetricsConfig, MetricsTemplate, SloFile, SloFilesConfig};
use flarepath::db::Records;
use serde_json::{Value, json};

/// An objective in a file, whose queries select by themselves and forget the bounds.
const SLOS: &str = "
version: prometheus/v1
service: pay
slos:
  - name: availability
    objective: 99
    sli:
      events:
        error_query: sum(rate(pay_failed_total[{{.window}}]))
        total_query: sum(rate(pay_total[{{.window}}]))
";

struct World {
    source: MetricsServer,
    site: Site,
    root: Browser,
    account: String,
}

impl World {
    async fn new() -> World {
        let source = MetricsServer::start(|_, _| (200, JSON, recorded("empty.json"))).await;
        let mut config = source.config();
        config.labels.insert("team".to_owned(), "kube_team".to_owned());
        // Forgets the service and writes a selector of another team.
        config.templates.push(MetricsTemplate {
            indicator: "request-rate".to_owned(),
            name: "careless".to_owned(),
            query: r#"sum(rate(orders_total[5m])) + on () group_left () max_over_time(carts{kube_team="foreign"}[1h:5m])"#
                .to_owned(),
            of: "application".to_owned(),
        });
        World::over(source, &config).await
    }

    async fn over(source: MetricsServer, config: &MetricsConfig) -> World {
        let records = Records::in_memory();
        let file = SloFile { path: "slos.yaml".into(), text: SLOS.to_owned() };
        let files = SloFilesConfig { files: vec![file], ..SloFilesConfig::default() };
        let site = Site::with(records, |app| {
            app.metrics_sources(std::slice::from_ref(config), &[]).unwrap().slo_files(&files).unwrap()
        });
        let root = site.browser();
        let claimed = root.post("/api/v1/claim", json!({ "name": "root", "password": PASSWORD })).await;
        assert_eq!(claimed.status, StatusCode::OK, "{}", claimed.text());
        let account = service_account(&root, "reader").await;
        bind(&root, ("service_account", &account), "viewer", "").await;
        World { source, site, root, account }
    }

    /// The answer about a service to a program that may see what `bounds` select.
    async fn ask(&self, bounds: &str, service: &str) -> Value {
        self.get(bounds, &format!("/api/v1/indicators?service={service}")).await
    }

    /// The lines of services for the same.
    async fn lines(&self, bounds: &str, services: &[&str]) -> Value {
        let services: Vec<String> = services.iter().map(|service| format!("service={service}")).collect();
        self.get(bounds, &format!("/api/v1/overview/metrics?{}", services.join("&"))).await
    }

    async fn get(&self, bounds: &str, path: &str) -> Value {
        let draft = json!({ "name": "x", "role": "viewer", "selector": bounds });
        let made = self.root.post(&format!("/api/v1/service-accounts/{}/tokens", self.account), draft).await;
        let program = Program::new(&self.site, &secret(&made));
        good(&program.get(path).await)
    }
}

/// How many selectors a query has. Braces of patterns hold numbers.
fn selectors(query: &str) -> usize {
    let after_braces = query.split('{').skip(1);
    after_braces.filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())).count()
}

#[tokio::test]
async fn every_query_has_the_bounds_in_each_selector() {
    let world = World::new().await;
    for (bounds, expected) in [
        (r#"{team="a"}"#, r#"kube_team="a""#),
        (r#"{team=~"a|b", service_name=~"p.*"}"#, r#"kube_team=~"a|b""#),
        (r#"{team!="b"}"#, r#"kube_team!="b", kube_team!="""#),
    ] {
        let answer = world.ask(bounds, "pay").await;
        assert_eq!(answer["state"], "found");
        let queries = world.source.queries();
        let asks = |metric: &str| queries.iter().any(|query| query.contains(metric));
        assert!(queries.len() > 20 && asks("orders_total"), "{queries:?}");
        assert!(asks("slo:sli_error:ratio_rate30d") && asks("pay_failed_total"), "{queries:?}");
        for query in queries {
            let (all, bounded) = (selectors(&query), query.matches(expected).count());
            assert!(all > 0 && bounded == all, "{bounded} of {all} selectors are within {bounds}: {query}");
            let names_the_service = query.matches("pay").count();
            assert!(names_the_service >= all, "{query}");
        }
    }
}

#[tokio::test]
async fn bounds_on_services_alone_add_nothing_and_hide_the_others() {
    let world = World::new().await;
    world.ask(r#"{service_name="pay"}"#, "pay").await;
    assert!(!world.source.queries().is_empty());
    let foreign = world.ask(r#"{service_name="pay"}"#, "cart").await;
    assert_eq!(world.source.queries(), [""; 0], "nothing is asked about a service of others");
    let missing = world.ask("{}", "cart").await;
    assert_eq!(foreign, missing, "a service of others looks like one without metrics");
}

#[tokio::test]
async fn bounds_that_metrics_cannot_express_are_refused() {
    let world = World::new().await;
    for (bounds, expected) in [
        (r#"{secret_project="x"}"#, "the label `secret_project`"),
        (r#"{team="a", secret_project="x"}"#, "the label `secret_project`"),
        (r#"{team!~"\\w+"}"#, "a pattern on `team`"),
    ] {
        let answer = world.ask(bounds, "pay").await;
        for panel in answer["indicators"].as_array().unwrap() {
            assert_eq!(panel["failure"]["failure_kind"], "bounds", "{panel}");
            assert!(panel["failure"]["detail"].as_str().unwrap().contains(expected), "{panel}");
            assert_eq!(panel["series"], json!([]));
        }
        assert_eq!(world.source.queries(), [""; 0], "{bounds}");
    }
}

#[tokio::test]
async fn lines_of_many_services_are_within_the_same_bounds() {
    let world = World::new().await;
    let answer = world.lines(r#"{team="a"}"#, &["pay", "cart"]).await;
    assert_eq!(answer["services"].as_array().unwrap().len(), 2);
    let queries = world.source.queries();
    assert!(queries.len() > 20, "{queries:?}");
    for query in queries {
        let (all, bounded) = (selectors(&query), query.matches(r#"kube_team="a""#).count());
        assert!(all > 0 && bounded == all, "{bounded} of {all} selectors are within the bounds: {query}");
    }
    let refused = world.lines(r#"{secret_project="x"}"#, &["pay"]).await;
    assert_eq!(refused["services"][0]["failure"]["failure_kind"], "bounds", "{refused}");
    assert_eq!(world.source.queries(), [""; 0]);
}

#[tokio::test]
async fn the_line_of_a_service_of_others_is_that_of_one_without_metrics() {
    let world = World::new().await;
    let foreign = world.lines(r#"{service_name="pay"}"#, &["pay", "cart"]).await;
    let queries = world.source.queries();
    assert!(!queries.is_empty() && queries.iter().all(|query| query.contains("pay")), "{queries:?}");
    let missing = world.lines("{}", &["pay", "cart"]).await;
    assert_eq!(foreign, missing);
    assert_eq!(missing["services"][1]["service"], "cart");
}

#[tokio::test]
async fn names_of_services_do_not_break_out() {
    let world = World::new().await;
    for service in [".*", "pay%22%7D%20or%20%7Bjob%3D~%22.*", "x%7Cy", "%24S", "a%0Ab", "%24service"] {
        let answer = world.ask(r#"{team="a"}"#, service).await;
        assert_eq!(answer["state"], "found", "{service}");
        for query in world.source.queries() {
            let bounded = query.matches(r#"kube_team="a"}"#).count();
            let selectors = query.matches("kube_team=\"a\"").count();
            assert!(bounded > 0 && bounded == selectors, "{query}");
            assert!(!query.contains(r#"=~".*""#) && !query.contains("(.+/)?.*"), "{query}");
        }
    }
}
