//! Quotas of tokens and teams: who is charged for a push, and who is not.

use super::program::{Program, bind, good, secret, service_account, token};
use super::site::{Browser, PASSWORD, Site};
use axum::http::StatusCode;
use flarepath::config::QuotaConfig;
use flarepath::db::Records;
use serde_json::json;

async fn claimed(quotas: QuotaConfig) -> (Site, Browser) {
    let site = Site::with(Records::in_memory(), |app| app.quotas(quotas));
    let root = site.browser();
    good(&root.post("/api/v1/claim", json!({ "name": "root", "password": PASSWORD })).await);
    (site, root)
}

/// A token of a new service account that may push the profiles of a team.
async fn team_token(root: &Browser, name: &str, team: &str) -> String {
    let id = service_account(root, name).await;
    let draft = json!({
        "subject_kind": "service_account", "subject_id": id, "role": "agent", "scope_kind": "team", "scope": team,
    });
    good(&root.post("/api/v1/bindings", draft).await);
    let draft = json!({ "name": name, "role": "agent" });
    secret(&root.post(&format!("/api/v1/service-accounts/{id}/tokens"), draft).await)
}

/// How many of six pushes are accepted before the first that a limit with this key refuses.
async fn accepted(program: &Program, service: &str, key: &str) -> usize {
    for count in 0..6 {
        let answer = program.push(service, "", "main").await;
        if answer.status != StatusCode::OK {
            assert_eq!(
                (answer.status, answer.kind()),
                (StatusCode::TOO_MANY_REQUESTS, "quota-exceeded".into())
            );
            assert!(answer.text().contains(&format!("(quotas.{key})")), "{}", answer.text());
            assert!(!answer.header("retry-after").is_empty());
            return count;
        }
    }
    6
}

#[tokio::test]
async fn each_token_has_a_rate_of_its_own() {
    let (site, root) = claimed(QuotaConfig { profiles_per_token: 1, ..QuotaConfig::unlimited() }).await;
    let busy = Program::new(&site, &token(&root, "busy", "agent", "").await);
    let other = Program::new(&site, &token(&root, "other", "agent", "").await);
    assert_eq!(accepted(&busy, "cart", "profiles_per_token").await, 5);
    assert_eq!(accepted(&other, "cart", "profiles_per_token").await, 5);
}

#[tokio::test]
async fn all_tokens_of_a_team_share_its_rate() {
    let (site, root) = claimed(QuotaConfig { profiles_per_team: 1, ..QuotaConfig::unlimited() }).await;
    let team = json!({ "name": "pay", "selector": "{service_name=\"pay\"}" });
    let team = good(&root.post("/api/v1/teams", team).await)["id"].as_str().unwrap().to_owned();
    let first = Program::new(&site, &team_token(&root, "first", &team).await);
    let second = Program::new(&site, &team_token(&root, "second", &team).await);
    assert_eq!(accepted(&first, "pay", "profiles_per_team").await, 5);
    assert_eq!(accepted(&second, "pay", "profiles_per_team").await, 0);
    let foreign = Program::new(&site, &token(&root, "foreign", "agent", "").await);
    assert_eq!(accepted(&foreign, "pay", "profiles_per_team").await, 6, "it belongs to no team");
}

#[tokio::test]
async fn usage_is_for_administrators() {
    let (site, root) = claimed(QuotaConfig { services: 7, ..QuotaConfig::unlimited() }).await;
    let usage = good(&root.get("/api/v1/quotas").await);
    assert_eq!((&usage["uses"][0]["key"], &usage["uses"][0]["limit"]), (&json!("services"), &json!(7)));
    let viewer = site.user(&root, "viewer", "viewer").await;
    assert_eq!(viewer.get("/api/v1/quotas").await.status, StatusCode::FORBIDDEN);
    let id = service_account(&root, "scoped").await;
    bind(&root, ("service_account", &id), "admin", "{service_name=\"pay\"}").await;
    let scoped = secret(
        &root
            .post(
                &format!("/api/v1/service-accounts/{id}/tokens"),
                json!({ "name": "scoped", "role": "admin" }),
            )
            .await,
    );
    assert_eq!(Program::new(&site, &scoped).get("/api/v1/quotas").await.status, StatusCode::FORBIDDEN);
}
