//! Opening shares: access by visibility, expiry, previews.

use super::shop::{DAY_S, NOW_S, Shop, request, text, user};
use crate::databases;
use axum::http::{Method, StatusCode, header};
use flarepath::auth::{Principal, Role};
use flarepath::config::ShareConfig;
use flarepath::sharing::policy::may_open;
use flarepath::sharing::{ShareError, open};
use serde_json::json;

/// The bytes of every answer to a link that does not open are the same.
#[tokio::test]
async fn all_invalid_links_get_the_same_answer() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let link = text(&made, "/link_id").to_owned();
        let (upper, long, row) =
            (link.to_uppercase(), format!("{link}0"), text(&made, "/share/id").to_owned());
        let absent = "0".repeat(32);
        // Wrong links are counted: these are in another window.
        let later = Shop::later(&records, 600);
        let wrong = [
            ":key",
            "%7Bid%7D",
            "*",
            "%00",
            "%FF",
            "",
            "..",
            "%2e%2e",
            "0",
            &upper,
            &long,
            &row,
            &absent,
            &link[1..],
            "%27%20OR%201=1--",
        ];
        let expected = shop.get(&format!("/api/v1/shares/open/{absent}")).await;
        assert_eq!(expected.status, StatusCode::NOT_FOUND);
        assert_eq!(expected.json()["type"], "share-not-found");
        let page = shop.get(&format!("/s/{absent}")).await;
        for id in wrong {
            let answer = shop.get(&format!("/api/v1/shares/open/{id}")).await;
            assert_eq!((answer.status, answer.body), (StatusCode::NOT_FOUND, expected.body.clone()), "{id}");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            if !id.is_empty() {
                let answer = later.get(&format!("/api/v1/shares/open/{id}/envelope")).await;
                assert_eq!(
                    (answer.status, answer.body),
                    (StatusCode::NOT_FOUND, expected.body.clone()),
                    "{id}"
                );
                let answer = shop.get(&format!("/s/{id}")).await;
                assert_eq!((answer.status, answer.body), (page.status, page.body.clone()), "{id}");
            }
        }
        // A share of the organisation has the same page, too.
        assert_eq!(shop.get(&format!("/s/{link}")).await.body, page.body);
    }
}

#[tokio::test]
async fn wrong_links_are_rate_limited() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let link = text(&shop.share("link").await, "/link_id").to_owned();
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = shop.get("/api/v1/shares/open/nothing").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // A right one opens all the same.
    shop.snapshot(&link).await;
}

#[tokio::test]
async fn each_visibility_opens_for_its_audience_only() {
    let (owner, member) = (user("ann", Role::Viewer, &["red"]), user("ben", Role::Viewer, &["red"]));
    let (other, admin) = (user("cyd", Role::Editor, &["blue"]), user("dee", Role::Admin, &[]));
    let agent = {
        let agent = user("agt", Role::Agent, &["red"]);
        Principal::new(
            flarepath::auth::Kind::ServiceAccount,
            "agt",
            "agt",
            vec!["red".into()],
            agent.grants().to_vec(),
        )
    };
    let all = [&owner, &member, &other, &admin, &agent, &Principal::anonymous()];
    let on = ShareConfig::default();
    let off = ShareConfig { public_links: false, ..ShareConfig::default() };
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let made = shop.share("org").await;
    let mut share = shop.app.records.share(&text(&made, "/share/id").into()).await.unwrap().unwrap();
    share.owner_id = "ann".into();
    let opens = |visibility: &str, team: Option<&str>, config: &ShareConfig| {
        let share = flarepath::db::shares::ShareRow {
            visibility: visibility.to_owned(),
            team_id: team.map(Into::into),
            ..share.clone()
        };
        all.map(|who| may_open(&share, who, config))
    };
    assert_eq!(opens("private", None, &on), [true, false, false, false, false, false]);
    assert_eq!(opens("team", Some("red"), &on), [true, true, false, false, false, false]);
    assert_eq!(opens("org", None, &on), [true, true, true, true, false, false]);
    assert_eq!(opens("link", None, &on), [true; 6]);
    assert_eq!(opens("link", None, &off), [true, false, false, false, false, false]);
    assert_eq!(opens("everyone", None, &on), [false; 6]);
}

#[tokio::test]
async fn ended_shares_do_not_open_and_tell_their_owner_why() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let mut day = request("link");
        day["expires_in"] = json!("1d");
        let made = shop.post("/api/v1/shares", day).await.ok().json();
        let link = text(&made, "/link_id");
        let path = format!("/api/v1/shares/open/{link}");
        shop.get(&path).await.ok();
        let later = Shop::later(&records, DAY_S);
        let answer = later.get(&path).await;
        assert_eq!((answer.status, text(&answer.json(), "/type")), (StatusCode::GONE, "share-ended"));
        assert!(answer.text().contains("has expired"));
        for who in [Principal::anonymous(), user("eve", Role::Admin, &[])] {
            assert!(matches!(open::find(&later.app.shares, link, &who).await, Err(ShareError::NotFound)));
        }
        let revoked = shop.share("link").await;
        let row = format!("/api/v1/shares/{}", text(&revoked, "/share/id"));
        shop.json(Method::DELETE, &row, json!({})).await.ok();
        let answer = shop.get(&format!("/api/v1/shares/open/{}", text(&revoked, "/link_id"))).await;
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text().contains("was revoked"));
    }
}

#[tokio::test]
async fn snapshots_are_cached_by_etag_and_views_counted() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let (link, id) = (text(&made, "/link_id"), text(&made, "/share/id"));
        let path = format!("/api/v1/shares/open/{link}");
        let stored =
            shop.send(Method::GET, &path, &[("accept-encoding", "gzip, zstd")], Vec::new()).await.ok();
        assert_eq!(stored.header(header::CONTENT_ENCODING), "zstd");
        assert_eq!(stored.header(header::CACHE_CONTROL), "private, no-cache");
        assert_eq!(blake3::hash(&stored.body).to_hex().as_str(), text(&made, "/share/snapshot"));
        let tag = stored.header(header::ETAG).to_owned();
        let again = shop.send(Method::GET, &path, &[("if-none-match", &tag)], Vec::new()).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        shop.get(&path).await.ok();
        let listed = shop.get(&format!("/api/v1/shares/{id}")).await.ok().json();
        assert_eq!(listed["views"], 2);
        assert_eq!(listed["viewed_ns"], NOW_S * 1_000_000_000);
        let envelope = shop.get(&format!("{path}/envelope")).await.ok().json();
        assert_eq!((text(&envelope, "/title"), text(&envelope, "/owner_name")), ("Prices are slow", "local"));
        let opened = open::find(&shop.app.shares, link, &Principal::local()).await.unwrap();
        let opened = open::envelope(&shop.app.shares, opened).await.unwrap();
        assert_eq!(opened.share.id.as_str(), id);
    }
}

#[tokio::test]
async fn pages_and_preview_images_reveal_public_shares_only() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let public = text(&shop.share("link").await, "/link_id").to_owned();
        let inside = text(&shop.share("org").await, "/link_id").to_owned();
        let page = shop.get(&format!("/s/{public}")).await.ok();
        let html = page.text();
        assert!(html.contains("Prices are slow") && html.contains("price: 64.6"), "{html}");
        assert!(html.contains(&format!("https://profiles.example/og/{public}.png")));
        assert_eq!(page.header(header::REFERRER_POLICY), "no-referrer");
        assert_eq!(shop.get(&format!("/s/{public}/v/1")).await.text(), html);
        let generic = shop.get(&format!("/s/{inside}")).await.ok().text();
        assert!(
            !generic.contains("Prices") && !generic.contains("price:") && generic.contains("Sign in to view")
        );
        let picture = shop.get(&format!("/og/{public}.png")).await.ok();
        assert!(picture.body.starts_with(b"\x89PNG"));
        let card = shop.get("/og/card.png").await.ok();
        assert_eq!(card.header(header::CONTENT_TYPE), "image/png");
        for other in [inside.as_str(), ":key", "%00", &"0".repeat(32)] {
            assert_eq!(shop.get(&format!("/og/{other}.png")).await.ok().body, card.body, "{other}");
        }
        assert_ne!(picture.body, card.body);
        let off = Shop::with(&records, 0, |app| {
            app.shares(ShareConfig { public_links: false, ..ShareConfig::default() })
        });
        assert_eq!(off.get(&format!("/og/{public}.png")).await.ok().body, card.body);
        assert_eq!(off.get(&format!("/s/{public}")).await.ok().text(), generic);
        let refused = off.post("/api/v1/shares", request("link")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
}
