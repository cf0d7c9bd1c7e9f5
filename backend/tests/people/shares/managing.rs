//! Managing shares: permissions and effects.

use super::shop::{DAY_S, NOW_S, Shop, request, text, user};
use crate::databases;
use axum::http::{Method, StatusCode};
use flarepath::auth::{Principal, Role};
use flarepath::db::audit::Actor;
use flarepath::db::id::ShareId;
use flarepath::problem::ProblemKind;
use flarepath::sharing::change::{self, Changes};
use flarepath::sharing::manage::{self, Listed};
use flarepath::sharing::{ShareError, Visibility, annotations, open};
use serde_json::{Value, json};

async fn patch(shop: &Shop, id: &str, body: Value) -> super::shop::Answer {
    shop.json(Method::PATCH, &format!("/api/v1/shares/{id}"), body).await
}

#[tokio::test]
async fn shares_of_others_cannot_be_managed() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let (id, link) = (text(&made, "/share/id"), text(&made, "/link_id"));
        let shares = &shop.app.shares;
        let row = &ShareId::from(id);
        let actor = Actor::default();
        let of_all = Listed { all: true, ..Listed::default() };
        for who in [Principal::anonymous(), user("eve", Role::Viewer, &[]), user("eve", Role::Editor, &[])] {
            // To see it is not to manage it.
            let sees = open::find(shares, link, &who).await.is_ok();
            assert_eq!(sees, who != Principal::anonymous());
            let changes = Changes { version: 1, title: Some("x".into()), ..Changes::default() };
            assert!(matches!(
                change::change(shares, &who, &actor, row, changes).await,
                Err(ShareError::NotFound)
            ));
            assert!(matches!(manage::revoke(shares, &who, &actor, row).await, Err(ShareError::NotFound)));
            assert!(matches!(
                manage::transfer(shares, &who, &actor, row, "eve").await,
                Err(ShareError::NotFound)
            ));
            assert!(matches!(manage::relink(shares, &who, &actor, row).await, Err(ShareError::NotFound)));
            assert!(matches!(
                annotations::annotate(shares, &who, &actor, row, &[], "x").await,
                Err(ShareError::NotFound)
            ));
            assert!(matches!(
                annotations::delete_annotation(shares, &who, &actor, row, &"x".into()).await,
                Err(ShareError::NotFound)
            ));
            assert!(matches!(
                annotations::delete_view(shares, &who, &actor, row, 1).await,
                Err(ShareError::NotFound)
            ));
            assert!(matches!(
                manage::list(shares, &who, of_all, None, 9).await,
                Err(ShareError::Forbidden(_))
            ));
            assert!(manage::list(shares, &who, Listed::default(), None, 9).await.unwrap().is_empty());
        }
        // The link manages nothing, the row opens nothing.
        assert_eq!(patch(&shop, link, json!({ "version": 1 })).await.status, StatusCode::NOT_FOUND);
        assert_eq!(shop.get(&format!("/api/v1/shares/open/{id}")).await.status, StatusCode::NOT_FOUND);
        let admin = user("dee", Role::Admin, &[]);
        assert_eq!(manage::list(shares, &admin, of_all, None, 9).await.unwrap().len(), 1);
        manage::revoke(shares, &admin, &actor, row).await.unwrap();
        assert!(matches!(open::find(shares, link, &admin).await, Err(ShareError::NotFound)));
    }
}

#[tokio::test]
async fn rejects_lost_updates_of_envelopes() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let (id, link) = (text(&made, "/share/id"), text(&made, "/link_id"));
        let changed =
            patch(&shop, id, json!({ "version": 1, "title": "Prices", "note": "see **here**" })).await.ok();
        assert_eq!(
            (changed.json()["version"].as_i64(), text(&changed.json(), "/title")),
            (Some(2), "Prices")
        );
        let late = patch(&shop, id, json!({ "version": 1, "title": "Late" })).await;
        assert_eq!((late.status, text(&late.json(), "/type")), (StatusCode::CONFLICT, "conflict"));
        let envelope = shop.get(&format!("/api/v1/shares/open/{link}/envelope")).await.ok().json();
        assert_eq!((text(&envelope, "/title"), text(&envelope, "/note")), ("Prices", "see **here**"));
        // The snapshot is the same.
        assert_eq!(envelope["snapshot"], made["share"]["snapshot"]);
        let ends = patch(&shop, id, json!({ "version": 2, "expires_in": "2d" })).await.ok().json();
        assert_eq!(ends["expires_ns"], (NOW_S + 2 * DAY_S) * 1_000_000_000);
        let never = patch(&shop, id, json!({ "version": 3, "expires_in": "never" })).await.ok().json();
        assert_eq!(never["expires_ns"], Value::Null);
    }
}

#[tokio::test]
async fn widening_the_audience_needs_confirmation_and_sanitizes_again() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        shop.push(&[("pod", "shop-3")], 30, "main;mail(203.0.113.77) 40\n").await;
        let mut with_note = request("org");
        with_note["note"] = json!("seen on 203.0.113.77");
        with_note["view"] = json!("mode=table&q=203.0.113.77");
        let made = shop.post("/api/v1/shares", with_note).await.ok().json();
        let (id, link) = (text(&made, "/share/id"), text(&made, "/link_id"));
        shop.json(
            Method::PUT,
            &format!("/api/v1/shares/{id}/views/1"),
            json!({ "name": "Fig. 1", "state": "q=203.0.113.77" }),
        )
        .await
        .ok();
        let remark = json!({ "path": ["main", "mail(203.0.113.77)"], "text": "203.0.113.77 again" });
        shop.post(&format!("/api/v1/shares/{id}/annotations"), remark).await.ok();
        let snapshot = format!("{:?}", shop.snapshot(link).await);
        assert!(snapshot.contains("203.0.113.77"), "addresses stay within the organisation");

        let asked = patch(&shop, id, json!({ "version": 1, "visibility": "link" })).await;
        assert_eq!((asked.status, text(&asked.json(), "/type")), (StatusCode::CONFLICT, "unconfirmed"));
        let wide = patch(&shop, id, json!({ "version": 1, "visibility": "link", "confirm": true }))
            .await
            .ok()
            .json();
        assert_eq!((text(&wide, "/policy"), &wide["derived_from"]), ("strict", &made["share"]["snapshot"]));
        assert_eq!(wide["expires_ns"], (NOW_S + 30 * DAY_S) * 1_000_000_000);
        let path = format!("/api/v1/shares/open/{link}");
        let all = [
            format!("{:?}", shop.snapshot(link).await),
            shop.get(&format!("{path}/envelope")).await.ok().text(),
            shop.get(&format!("/s/{link}")).await.ok().text(),
            shop.get(&format!("/api/v1/shares/{id}/postmortem")).await.ok().text(),
        ];
        for text in all {
            assert!(!text.contains("203.0.113"), "{text}");
        }
        let picture = shop.get(&format!("/og/{link}.png")).await.ok().body;
        assert_ne!(picture, shop.get("/og/card.png").await.body);
        // Fewer people: at once, without a question, and without a picture.
        let narrow = patch(&shop, id, json!({ "version": 2, "visibility": "private" })).await.ok().json();
        assert_eq!(text(&narrow, "/policy"), "strict");
        assert_eq!(shop.get(&format!("/og/{link}.png")).await.body, shop.get("/og/card.png").await.body);
        assert!(matches!(
            open::find(&shop.app.shares, link, &Principal::anonymous()).await,
            Err(ShareError::NotFound)
        ));
    }
}

#[tokio::test]
async fn viewers_cannot_create_public_shares() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let made = shop.share("org").await;
    let id = text(&made, "/share/id");
    let viewer = user("local", Role::Viewer, &["red"]);
    let to =
        |audience| Changes { version: 1, audience: Some(audience), confirmed: true, ..Changes::default() };
    let shares = &shop.app.shares;
    let row = &ShareId::from(id);
    let wide = change::change(shares, &viewer, &Actor::default(), row, to((Visibility::Link, None))).await;
    assert!(matches!(wide, Err(ShareError::Forbidden(_))));
    let foreign =
        change::change(shares, &viewer, &Actor::default(), row, to((Visibility::Team, Some("blue".into()))))
            .await;
    assert!(matches!(foreign, Err(ShareError::Forbidden(_))));
    let missing =
        change::change(shares, &viewer, &Actor::default(), row, to((Visibility::Team, Some("red".into()))))
            .await;
    assert!(matches!(missing, Err(ShareError::Invalid { kind: ProblemKind::BadTeam, .. })), "unknown team");
    change::change(shares, &viewer, &Actor::default(), row, to((Visibility::Private, None))).await.unwrap();
}

#[tokio::test]
async fn a_new_link_invalidates_the_old_one() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("link").await;
        let (id, old) = (text(&made, "/share/id"), text(&made, "/link_id"));
        let new = shop.post(&format!("/api/v1/shares/{id}/link"), json!({})).await.ok().json();
        assert_eq!(shop.get(&format!("/api/v1/shares/open/{old}")).await.status, StatusCode::NOT_FOUND);
        shop.snapshot(text(&new, "/link_id")).await;
    }
}

#[tokio::test]
async fn views_and_annotations_are_created_and_deleted() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let made = shop.share("org").await;
        let (id, link) = (text(&made, "/share/id"), text(&made, "/link_id"));
        let view = format!("/api/v1/shares/{id}/views/1");
        shop.json(Method::PUT, &view, json!({ "name": "Fig. 1", "state": "?mode=table" })).await.ok();
        shop.json(Method::PUT, &view, json!({ "name": "Fig. 1b", "state": "mode=flame&selector=x" }))
            .await
            .ok();
        let remarks = format!("/api/v1/shares/{id}/annotations");
        let remark = shop
            .post(&remarks, json!({ "path": ["main", "serve"], "text": "<b>here</b>" }))
            .await
            .ok()
            .json();
        let envelope = async || shop.get(&format!("/api/v1/shares/open/{link}/envelope")).await.ok().json();
        let full = envelope().await;
        assert_eq!(full["views"], json!([{ "number": 1, "name": "Fig. 1b", "state": "mode=flame" }]));
        assert_eq!(full["annotations"][0]["path"], json!(["main", "serve"]));
        assert_eq!(full["annotations"][0]["author"], "local");
        shop.json(Method::DELETE, &view, json!({})).await.ok();
        shop.json(Method::DELETE, &format!("{remarks}/{}", text(&remark, "/id")), json!({})).await.ok();
        let empty = envelope().await;
        assert_eq!((&empty["views"], &empty["annotations"]), (&json!([]), &json!([])));
        for (number, body) in [(0, json!({})), (100, json!({}))] {
            let path = format!("/api/v1/shares/{id}/views/{number}");
            assert_eq!(shop.json(Method::PUT, &path, body).await.status, StatusCode::BAD_REQUEST);
        }
        assert_eq!(shop.post(&remarks, json!({ "text": " " })).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn share_lists_are_paginated() {
    for records in databases::each().await {
        let shop = Shop::open(&records).await;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(text(&shop.share("org").await, "/share/id").to_owned());
        }
        made.sort();
        let mut found = Vec::new();
        let mut next = String::new();
        loop {
            let page = shop.get(&format!("/api/v1/shares?all=true&limit=2&before={next}")).await.ok().json();
            let rows = page["shares"].as_array().unwrap();
            found.extend(rows.iter().map(|row| text(row, "/id").to_owned()));
            next = text(&page, "/next").to_owned();
            if next.is_empty() {
                break;
            }
        }
        found.sort();
        assert_eq!(found, made);
    }
}

#[tokio::test]
async fn share_creation_is_rate_limited() {
    let records = &databases::each().await[0];
    let shop = Shop::open(records).await;
    let mut last = StatusCode::OK;
    for _ in 0..125 {
        last = shop.post("/api/v1/shares", request("org")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
