//! Shares with sign-in: callers over HTTP, each with a cookie.

use super::shop::{TYPE, text};
use crate::databases;
use crate::site::{Browser, START_S, Site};
use axum::http::StatusCode;
use flarepath::store::{NewProfile, ProfileWriter};
use flarepath_profile::formats::folded;
use flarepath_profile::labels::Labels;
use serde_json::{Value, json};

pub(super) async fn stock(site: &Site) {
    for service in ["shop", "bank"] {
        let (mut profile, _) = folded::read(b"main;serve;price 30\nmain;gc 5\n").unwrap();
        profile.time_nanos = (START_S - 60) * 1_000_000_000;
        let mut labels = Labels::new();
        labels.set("service_name", service);
        let new = NewProfile { labels, name: "process_cpu".to_owned(), profile };
        site.store.append(vec![new]).await.unwrap();
    }
}

pub(super) fn request(visibility: &str, selector: &str) -> Value {
    let query = format!("type={TYPE}&selector={selector}");
    json!({ "title": "Slow", "visibility": visibility, "source": { "kind": "explore", "query": query } })
}

pub(super) async fn share(browser: &Browser, visibility: &str) -> Value {
    let answer = browser.post("/api/v1/shares", request(visibility, "{service_name=\"shop\"}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn roles_grant_exactly_their_permissions() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let ann = site.user(&root, "ann", "viewer").await;
        let ben = site.user(&root, "ben", "editor").await;
        let nobody = site.browser_at("198.51.100.7");
        let body = request("org", "{service_name=\"shop\"}");
        assert_eq!(nobody.post("/api/v1/shares", body.clone()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(nobody.post("/api/v1/shares/preview", body).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(nobody.get("/api/v1/shares").await.status, StatusCode::UNAUTHORIZED);
        let refused = ann.post("/api/v1/shares", request("link", "{service_name=\"shop\"}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);

        let inside = share(&ann, "org").await;
        let private = share(&ann, "private").await;
        let public = share(&ben, "link").await;
        let path = |made: &Value| format!("/api/v1/shares/open/{}", text(made, "/link_id"));
        let wrong = nobody.get(&format!("/api/v1/shares/open/{}", "0".repeat(32))).await;
        for (made, expected) in
            [(&inside, [404, 200, 200]), (&private, [404, 200, 404]), (&public, [200, 200, 200])]
        {
            for (who, status) in [&nobody, &ann, &ben].into_iter().zip(expected) {
                let answer = who.get(&path(made)).await;
                assert_eq!(answer.status.as_u16(), status);
                if status == 404 {
                    assert_eq!(answer.body, wrong.body);
                }
            }
        }
        // Names of people are for people.
        let envelope = format!("{}/envelope", path(&public));
        assert_eq!(text(&nobody.get(&envelope).await.json(), "/owner_name"), "");
        assert_eq!(text(&ann.get(&envelope).await.json(), "/owner_name"), "ben");

        let row = format!("/api/v1/shares/{}", text(&inside, "/share/id"));
        assert_eq!(
            ben.patch(&row, json!({ "version": 1, "title": "Mine" })).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(ben.delete(&row).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ben.get("/api/v1/shares?all=true").await.status, StatusCode::FORBIDDEN);
        assert_eq!(root.get("/api/v1/shares?all=true").await.json()["shares"].as_array().unwrap().len(), 3);
        assert_eq!(root.delete(&row).await.status, StatusCode::NO_CONTENT);
        // The owner learns that it has ended; for others there is nothing.
        assert_eq!(ann.get(&path(&inside)).await.status, StatusCode::GONE);
        assert_eq!(ben.get(&path(&inside)).await.body, wrong.body);
    }
}

#[tokio::test]
async fn public_views_are_audited_without_addresses() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let made = share(&root, "link").await;
        let path = format!("/api/v1/shares/open/{}", text(&made, "/link_id"));
        let nobody = site.browser_at("198.51.100.7");
        for _ in 0..3 {
            assert_eq!(nobody.get(&path).await.status, StatusCode::OK);
        }
        let views: Vec<String> = site
            .app
            .records
            .audited_texts()
            .await
            .unwrap()
            .into_iter()
            .filter(|t| t.contains("share.view"))
            .collect();
        assert_eq!(views.len(), 1, "one a minute: {views:?}");
        assert!(views[0].contains("visitor-") && !views[0].contains("198.51.100.7"), "{views:?}");
        site.clock.advance(std::time::Duration::from_secs(61));
        assert_eq!(nobody.get(&path).await.status, StatusCode::OK);
        let count = site.audited().await.iter().filter(|action| *action == "share.view").count();
        assert_eq!(count, 2);
    }
}

#[tokio::test]
async fn shares_contain_only_profiles_visible_to_their_creator() {
    let records = databases::each().await.remove(0);
    let (site, root) = Site::claimed(records).await;
    stock(&site).await;
    let cyd = site.user(&root, "cyd", "").await;
    let users = root.get("/api/v1/users").await.json();
    let users = users["users"].as_array().unwrap().clone();
    let id =
        users.iter().find(|user| user["name"] == "cyd").map(|user| text(user, "/id").to_owned()).unwrap();
    let binding = json!({
        "subject_kind": "user", "subject_id": id, "role": "viewer",
        "scope_kind": "selector", "scope": "{service_name=\"bank\"}",
    });
    let bound = root.post("/api/v1/bindings", binding).await;
    assert_eq!(bound.status, StatusCode::OK, "{}", bound.text());
    let none = cyd.post("/api/v1/shares", request("org", "{service_name=\"shop\"}")).await;
    assert_eq!((none.status, none.kind().as_str()), (StatusCode::NOT_FOUND, "no-data"));
    let all = cyd.post("/api/v1/shares", request("org", "{}")).await.json();
    assert_eq!(text(&all, "/share/service"), "bank");
}

#[tokio::test]
async fn bulk_revocation_and_transfer_of_shares() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let ann = site.user(&root, "ann", "viewer").await;
        let ben = site.user(&root, "ben", "editor").await;
        let made = share(&ann, "org").await;
        let owner = text(&made, "/share/owner_id").to_owned();
        let path = format!("/api/v1/shares/open/{}", text(&made, "/link_id"));
        let bulk = "/api/v1/shares/bulk";
        let give = json!({ "owner_id": owner, "action": "transfer", "to": "ben" });
        assert_eq!(ben.post(bulk, give.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(root.post(bulk, give).await.json()["shares"], 1);
        assert_eq!(ben.get("/api/v1/shares").await.json()["shares"].as_array().unwrap().len(), 1);
        assert_eq!(ann.get("/api/v1/shares").await.json()["shares"], json!([]));
        let nobody = json!({ "owner_id": owner, "action": "transfer", "to": "zed" });
        assert_eq!(root.post(bulk, nobody).await.status, StatusCode::BAD_REQUEST);
        let ben_id = ben.get("/api/v1/shares").await.json()["shares"][0]["owner_id"].clone();
        assert_eq!(
            root.post(bulk, json!({ "owner_id": ben_id, "action": "revoke" })).await.json()["shares"],
            1
        );
        assert_eq!(ann.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ben.get(&path).await.status, StatusCode::GONE);
    }
}
