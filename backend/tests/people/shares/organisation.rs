//! Shares with the organisation: who can open new ones and those from before, the default audience, and the list to narrow.

use super::shop::{Shop, text, user};
use super::signed_in::{request, share, stock};
use crate::databases;
use crate::program::{Program, bind, good, token, user_id};
use crate::site::{Browser, Site};
use axum::http::StatusCode;
use flarepath::auth::{Grant, Kind, Principal, Role, Scope};
use flarepath::config::ShareConfig;
use flarepath::db::shares::ShareRow;
use flarepath::sharing::policy::may_open;
use serde_json::{Value, json};

const SHOP: &str = "{service_name=\"shop\"}";

/// A caller with a role over the profiles of one service.
fn over_shop(kind: Kind, id: &str, role: Role) -> Principal {
    let grants = vec![Grant { role, scope: Scope::Matching(SHOP.parse().unwrap()) }];
    Principal::new(kind, id, id, Vec::new(), grants)
}

fn over_everything(kind: Kind, id: &str, role: Role) -> Principal {
    let grants = vec![Grant { role, scope: Scope::Everything }];
    Principal::new(kind, id, id, Vec::new(), grants)
}

#[tokio::test]
async fn organisation_shares_require_a_role_over_everything_unless_made_before() {
    let shop = Shop::open(&databases::each().await[0]).await;
    let made = shop.share("org").await;
    let row = shop.app.records.share(&text(&made, "/share/id").into()).await.unwrap().unwrap();
    assert!(!row.everyone_signed_in);
    let new = ShareRow { owner_id: "owner".into(), ..row };
    let old = ShareRow { everyone_signed_in: true, ..new.clone() };
    let session = |who: Principal| who.with_session(&"s".into());
    let no_role = Principal::new(Kind::User, "nil", "nil", Vec::new(), Vec::new());
    let config = ShareConfig::default();
    for (name, who, opens_new, opens_old) in [
        ("viewer of everything", user("ann", Role::Viewer, &[]), true, true),
        ("administrator", user("dee", Role::Admin, &[]), true, true),
        ("viewer of a service", session(over_shop(Kind::User, "ben", Role::Viewer)), false, true),
        ("administrator of a service", session(over_shop(Kind::User, "bob", Role::Admin)), false, true),
        ("no role", session(no_role.clone()), false, true),
        ("owner whose role is narrower", session(over_shop(Kind::User, "owner", Role::Viewer)), true, true),
        ("account of everything", over_everything(Kind::ServiceAccount, "ci", Role::Viewer), true, true),
        ("account or token of a service", over_shop(Kind::ServiceAccount, "ci", Role::Viewer), false, true),
        ("agent of everything", over_everything(Kind::ServiceAccount, "agt", Role::Agent), false, false),
        ("personal token without a role", no_role, false, false),
        ("anonymous", Principal::anonymous(), false, false),
        ("local", Principal::local(), true, true),
    ] {
        assert_eq!(may_open(&new, &who, &config), opens_new, "{name}: new share");
        assert_eq!(may_open(&old, &who, &config), opens_old, "{name}: share from before");
    }
}

/// Makes the share one from before this required a role over everything, as the migration does.
async fn age(site: &Site, made: &Value) {
    let row = site.app.records.share(&text(made, "/share/id").into()).await.unwrap().unwrap();
    let version = row.version + 1;
    let mut change = site.app.records.change().await.unwrap();
    assert!(change.update_share(&ShareRow { everyone_signed_in: true, version, ..row }).await.unwrap());
    change.commit_unaudited().await.unwrap();
}

#[tokio::test]
async fn administrators_list_and_narrow_shares_from_before() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let ann = site.user(&root, "ann", "viewer").await;
        let ben = site.user(&root, "ben", "").await;
        bind(&root, ("user", &user_id(&ben).await), "viewer", SHOP).await;
        let (old, new) = (share(&ann, "org").await, share(&ann, "org").await);
        age(&site, &old).await;
        let opens = async |who: &Browser, made: &Value| {
            who.get(&format!("/api/v1/shares/open/{}", text(made, "/link_id"))).await.status
        };
        assert_eq!(opens(&ben, &old).await, StatusCode::OK);
        assert_eq!(opens(&ben, &new).await, StatusCode::NOT_FOUND);
        assert_eq!(opens(&root, &new).await, StatusCode::OK);

        let list = "/api/v1/shares?all=true&everyone=true";
        assert_eq!(ann.get(list).await.status, StatusCode::FORBIDDEN);
        assert_eq!(ann.get("/api/v1/shares?everyone=maybe").await.status, StatusCode::BAD_REQUEST);
        let listed = async |path: &str, who: &Browser| good(&who.get(path).await)["shares"].clone();
        let found = listed(list, &root).await;
        assert_eq!((found.as_array().unwrap().len(), &found[0]["id"]), (1, &old["share"]["id"]));
        assert_eq!(found[0]["everyone_signed_in"], true);
        assert_eq!(listed("/api/v1/shares?everyone=true", &ann).await.as_array().unwrap().len(), 1);

        let row = format!("/api/v1/shares/{}", text(&old, "/share/id"));
        let renamed = good(&root.patch(&row, json!({ "version": 2, "title": "Renamed" })).await);
        assert_eq!(renamed["everyone_signed_in"], true, "other changes keep the setting");
        assert_eq!(opens(&ben, &old).await, StatusCode::OK);
        let narrowed = good(&root.patch(&row, json!({ "version": 3, "visibility": "org" })).await);
        assert_eq!(
            (&narrowed["visibility"], &narrowed["everyone_signed_in"]),
            (&json!("org"), &json!(false))
        );
        assert_eq!(opens(&ben, &old).await, StatusCode::NOT_FOUND);
        assert_eq!(opens(&ann, &old).await, StatusCode::OK);
        assert_eq!(listed(list, &root).await, json!([]));
    }
}

#[tokio::test]
async fn a_narrow_token_of_a_viewer_of_everything_opens_no_new_share() {
    let (site, root) = Site::claimed(databases::each().await.remove(0)).await;
    stock(&site).await;
    let made = share(&root, "org").await;
    let path = format!("/api/v1/shares/open/{}", text(&made, "/link_id"));
    let all = Program::new(&site, &token(&root, "all", "viewer", "").await);
    let some = Program::new(&site, &token(&root, "some", "viewer", SHOP).await);
    assert_eq!(all.get(&path).await.status, StatusCode::OK);
    assert_eq!(some.get(&path).await.status, StatusCode::NOT_FOUND);
    age(&site, &made).await;
    assert_eq!(some.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_default_audience_is_a_team_where_the_creator_has_one() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let ann = site.user(&root, "ann", "viewer").await;
        let by_default = async |team: &str| {
            let mut body = request("", SHOP);
            body["team_id"] = json!(team);
            good(&ann.post("/api/v1/shares", body).await)["share"].clone()
        };
        assert_eq!(by_default("").await["visibility"], "org");
        let id = user_id(&ann).await;
        let mut teams = Vec::new();
        for name in ["search", "payments"] {
            let team = good(&root.post("/api/v1/teams", json!({ "name": name, "selector": "{}" })).await);
            let team = team["id"].as_str().unwrap().to_owned();
            let joined = root.put(&format!("/api/v1/teams/{team}/members/{id}"), Value::Null).await;
            assert!(joined.status.is_success(), "{}", joined.text());
            teams.push(team);
        }
        let share = by_default("").await;
        assert_eq!((&share["visibility"], &share["team_id"]), (&json!("team"), &json!(teams[1])), "payments");
        let share = by_default(&teams[0]).await;
        assert_eq!((&share["visibility"], &share["team_id"]), (&json!("team"), &json!(teams[0])));
        assert_eq!(self::share(&ann, "org").await["share"]["visibility"], "org");
    }
}
