//! Accounts of people who sign in at a provider, with their roles and teams.

use super::{is_signed_in, me, rule, sign_in, site};
use crate::databases;
use axum::http::StatusCode;
use flarepath::db::Records;
use flarepath::db::id::{PrincipalId, TeamId, UserId};
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::{Value, json};

#[tokio::test]
async fn roles_and_teams_follow_groups_and_manual_ones_stay() {
    for records in databases::each().await {
        let (site, issuer, root) = site(records.clone(), |config| {
            config.groups.push(rule("admins", "admin", None));
            config.groups.push(rule("pay", "editor", Some("pay")));
            config.groups.push(rule("gone", "editor", Some("no such team")));
        })
        .await;
        let team = flarepath::db::teams::TeamRow {
            id: "t1".into(),
            name: "pay".to_owned(),
            selector: "{service_name=\"pay\"}".to_owned(),
            created_at: UnixNanos(0),
        };
        let mut change = records.change().await.unwrap();
        change.insert_team(&team).await.unwrap();
        change.commit_unaudited().await.unwrap();
        let given = |user: String| {
            let records = records.clone();
            async move {
                let rows = records.bindings().await.unwrap().into_iter();
                let mut all: Vec<_> = rows
                    .filter(|row| row.subject_id.as_str() == user)
                    .map(|row| format!("{} {} {}", row.source, row.role, row.scope_kind))
                    .collect();
                all.sort();
                all
            }
        };
        let browser = site.browser();
        issuer.now(|says| says.claims = json!({ "groups": ["pay", "admins", "gone", "unheard of"] }));
        assert_eq!(sign_in(&browser, &issuer).await, "/");
        let id = me(&browser).await["id"].as_str().unwrap().to_owned();
        let user = UserId::from(id.as_str());
        assert_eq!(given(id.clone()).await, ["oidc admin org", "oidc editor team"]);
        assert_eq!(records.teams_of(&user).await.unwrap(), [TeamId::from("t1")]);

        let mut change = records.change().await.unwrap();
        let by_hand = flarepath::db::bindings::BindingRow {
            id: "b1".into(),
            subject_kind: "user".to_owned(),
            subject_id: id.clone().into(),
            role: "viewer".to_owned(),
            scope_kind: "org".to_owned(),
            scope: String::new(),
            source: "manual".to_owned(),
            created_by: PrincipalId::default(),
            created_at: UnixNanos(0),
        };
        change.insert_binding(&by_hand).await.unwrap();
        change.commit_unaudited().await.unwrap();
        issuer.now(|says| says.claims = json!({ "groups": ["everyone"] }));
        assert_eq!(sign_in(&browser, &issuer).await, "/");
        assert_eq!(given(id.clone()).await, ["manual viewer org", "oidc viewer org"]);
        assert!(records.teams_of(&user).await.unwrap().is_empty());
        assert!(me(&root).await["name"] == json!("root"), "nobody else's");
    }
}

#[tokio::test]
async fn group_changes_keep_the_last_administrator() {
    let records = Records::in_memory();
    let (site, issuer, root) =
        site(records.clone(), |config| config.groups.push(rule("admins", "admin", None))).await;
    let browser = site.browser();
    issuer.now(|says| says.claims = json!({ "groups": ["admins"] }));
    sign_in(&browser, &issuer).await;
    let root_id = me(&root).await["id"].as_str().unwrap().to_owned();
    let bindings = records.bindings().await.unwrap();
    let mut change = records.change().await.unwrap();
    for binding in bindings.iter().filter(|b| b.subject_id.as_str() == root_id) {
        change.delete_binding(&binding.id).await.unwrap();
    }
    change.grants_changed().await.unwrap();
    change.commit_unaudited().await.unwrap();
    issuer.now(|says| says.claims = json!({ "groups": ["everyone"] }));
    assert_eq!(sign_in(&browser, &issuer).await, "/");
    let mut change = records.change().await.unwrap();
    assert_eq!(change.count_administrators().await.unwrap(), 1);
}

#[tokio::test]
async fn users_without_allowed_groups_are_rejected_without_an_account() {
    for records in databases::each().await {
        let (site, issuer, _) = site(records.clone(), |_| {}).await;
        for groups in [json!(["others"]), json!([]), Value::Null, json!("everyone else")] {
            issuer.now(|says| {
                says.claims = json!({ "groups": groups });
                says.userinfo = json!({ "sub": "person-1" });
            });
            let browser = site.browser();
            assert_eq!(sign_in(&browser, &issuer).await, "/login?problem=not-allowed");
            assert!(!is_signed_in(&browser).await);
        }
        assert_eq!(records.users().await.unwrap().len(), 1, "no account either");
        site.app.gate.save_refusals().await.unwrap();
        assert_eq!(site.audited().await.iter().filter(|action| *action == "session.refuse").count(), 4);
    }
}

#[tokio::test]
async fn users_without_groups_get_no_role_and_no_account_without_auto_create() {
    let (open, issuer, _) = site(Records::in_memory(), |config| config.strict = false).await;
    issuer.now(|says| says.claims = json!({ "groups": [] }));
    let browser = open.browser();
    assert_eq!(sign_in(&browser, &issuer).await, "/");
    assert_eq!(me(&browser).await["name"], json!("ann"));
    assert_eq!(browser.get("/api/v1/services").await.status, StatusCode::FORBIDDEN);
    let (closed, issuer, _) = site(Records::in_memory(), |config| config.auto_create = false).await;
    assert_eq!(sign_in(&closed.browser(), &issuer).await, "/login?problem=no-account");
}

#[tokio::test]
async fn links_accounts_by_verified_address_only_if_configured_and_never_by_name() {
    for (link, verified, linked) in [(false, true, false), (true, false, false), (true, true, true)] {
        let records = Records::in_memory();
        let (site, issuer, root) = site(records.clone(), |config| config.link_by_email = link).await;
        let id = me(&root).await["id"].as_str().unwrap().to_owned();
        let mut change = records.change().await.unwrap();
        let mut user = change.user(&UserId::from(id.as_str())).await.unwrap();
        user.email = Some("Root@x.example".to_owned());
        change.update_user(&user).await.unwrap();
        change.commit_unaudited().await.unwrap();
        let claims =
            json!({ "preferred_username": "root", "email": "root@x.example", "email_verified": verified });
        issuer.now(|says| says.claims = claims);
        let browser = site.browser();
        assert_eq!(sign_in(&browser, &issuer).await, "/");
        let me = me(&browser).await;
        assert_eq!(me["id"] == json!(id), linked, "{me}");
        if !linked {
            assert_eq!(me["name"], json!("root-2"));
        } else {
            // The next one with that address is somebody else at the provider.
            issuer.now(|says| says.claims["sub"] = json!("person-2"));
            let other = site.browser();
            sign_in(&other, &issuer).await;
            assert_ne!(super::me(&other).await["id"], json!(id));
        }
    }
}

#[tokio::test]
async fn disabled_accounts_cannot_sign_in() {
    let records = Records::in_memory();
    let (site, issuer, _) = site(records.clone(), |_| {}).await;
    let browser = site.browser();
    sign_in(&browser, &issuer).await;
    let mut user = records.user_by_name("ann").await.unwrap().unwrap();
    user.disabled_at = Some(UnixNanos(1));
    let mut change = records.change().await.unwrap();
    change.update_user(&user).await.unwrap();
    change.commit_unaudited().await.unwrap();
    assert_eq!(sign_in(&site.browser(), &issuer).await, "/login?problem=disabled");
}
