//! Signing in at an identity provider: who gets in, as whom, with which roles; and what of a hostile provider, or a hostile
//! page, does not get through.

use super::databases;
use super::issuer::{CLIENT, Issuer, Reply, SECRET, Signature, query};
use super::site::{Answer, Browser, PASSWORD, START_S, Site};
use axum::http::{StatusCode, header};
use flarepath::config::{GroupRule, OidcConfig};
use flarepath::db::Records;
use flarepath::db::id::{PrincipalId, TeamId, UserId};
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::{Value, json};
use std::time::Duration;

const START: &str = "/api/v1/oidc/start";

fn config(issuer: &Issuer) -> OidcConfig {
    OidcConfig {
        issuer: issuer.url.clone(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(SECRET.into()),
        scopes: vec!["profile".to_owned()],
        groups_claim: "groups".to_owned(),
        groups: vec![rule("everyone", "viewer", None)],
        strict: true,
        name: "Test".to_owned(),
        auto_create: true,
        link_by_email: false,
        ca: None,
    }
}

fn rule(group: &str, role: &str, team: Option<&str>) -> GroupRule {
    GroupRule { group: group.to_owned(), role: role.to_owned(), team: team.map(str::to_owned) }
}

/// A claimed server with a provider, and its administrator's browser.
async fn site(records: Records, change: impl FnOnce(&mut OidcConfig)) -> (Site, Issuer, Browser) {
    let issuer = Issuer::start(START_S).await;
    let mut config = config(&issuer);
    change(&mut config);
    let site = Site::with(records, |app| app.oidc(config).unwrap());
    let root = site.browser();
    let claimed = root.post("/api/v1/claim", json!({ "name": "root", "password": PASSWORD })).await;
    assert_eq!(claimed.status, StatusCode::OK, "{}", claimed.text());
    (site, issuer, root)
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text());
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    answer.header(header::LOCATION)
}

/// Goes to the provider, agrees there, comes back; where that ends.
async fn sign_in(browser: &Browser, issuer: &Issuer) -> String {
    let begun = browser.get(START).await;
    let back = issuer.agree(location(&begun));
    location(&browser.get(&back).await).to_owned()
}

async fn me(browser: &Browser) -> Value {
    browser.get("/api/v1/me").await.json()
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/api/v1/services").await.status == StatusCode::OK
}

#[tokio::test]
async fn oidc_sign_in_creates_user_session_and_role() {
    for records in databases::each().await {
        let (site, issuer, _) = site(records, |_| {}).await;
        let browser = site.browser();
        assert_eq!(browser.get("/api/v1/instance").await.json()["oidc"], json!("Test"));
        assert_eq!(sign_in(&browser, &issuer).await, "/");
        let me = me(&browser).await;
        assert_eq!((&me["name"], &me["display_name"]), (&json!("ann"), &json!("Ann Smith")), "{me}");
        assert!(is_signed_in(&browser).await);
        let again = site.browser();
        sign_in(&again, &issuer).await;
        assert_eq!(self::me(&again).await["id"], me["id"], "the same account");
        let audited = site.audited().await;
        for action in ["user.create", "identity.link", "binding.create", "session.start"] {
            assert!(audited.iter().any(|a| a == action), "{action}: {audited:?}");
        }
        assert_eq!(audited.iter().filter(|a| *a == "identity.link").count(), 1);
    }
}

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
                    .filter(|row| row.subject_id == user)
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
            subject_id: id.clone(),
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
    for binding in bindings.iter().filter(|b| b.subject_id == root_id) {
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
            assert_ne!(self::me(&other).await["id"], json!(id));
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

#[tokio::test]
async fn rejects_invalid_id_tokens() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    let claims = [
        json!({ "iss": "https://evil.example" }),
        json!({ "iss": null }),
        json!({ "aud": "another client" }),
        json!({ "aud": [CLIENT, "another client"] }),
        json!({ "aud": null }),
        json!({ "azp": "another client" }),
        json!({ "exp": START_S }),
        json!({ "exp": null }),
        json!({ "iat": START_S + 3600 }),
        json!({ "nonce": null }),
        json!({ "nonce": "another" }),
        json!({ "nonce": "" }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": 7 }),
    ];
    for claims in claims {
        // An address that is stopped for its failures would be refused for another reason.
        site.clock.advance(Duration::from_millis(1));
        issuer.now(|says| says.claims = claims.clone());
        let browser = site.browser_at(&format!("192.0.2.{}", claims.to_string().len()));
        assert_eq!(sign_in(&browser, &issuer).await, "/login?problem=provider-answer", "{claims}");
        assert!(!is_signed_in(&browser).await, "{claims}");
    }
    issuer.now(|says| says.claims = json!({}));
    use Signature::{Broken, HmacOfClientSecret, HmacOfPublicKey, Stolen};
    for (number, signature) in
        [Stolen, Signature::None, HmacOfPublicKey, HmacOfClientSecret, Broken].into_iter().enumerate()
    {
        issuer.now(|says| says.signature = signature);
        let browser = site.browser_at(&format!("198.51.100.{number}"));
        assert_eq!(sign_in(&browser, &issuer).await, "/login?problem=provider-answer", "{signature:?}");
        assert!(!is_signed_in(&browser).await, "{signature:?}");
    }
    issuer.now(|says| says.signature = Signature::Good);
    assert_eq!(sign_in(&site.browser(), &issuer).await, "/");
}

#[tokio::test]
async fn rejects_oversized_redirecting_and_malformed_provider_responses() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    for reply in [Reply::Oversize, Reply::Redirect, Reply::NoIdToken, Reply::Garbage] {
        issuer.now(|says| says.reply = reply);
        let browser = site.browser();
        assert_eq!(sign_in(&browser, &issuer).await, "/login?problem=provider-answer", "{reply:?}");
        assert!(!is_signed_in(&browser).await);
    }
    assert_eq!(issuer.followed(), 0);
    issuer.now(|says| {
        says.reply = Reply::Good;
        says.claims = json!({ "groups": null });
        says.userinfo = json!({ "sub": "person-2", "groups": ["everyone"] });
    });
    assert_eq!(sign_in(&site.browser(), &issuer).await, "/login?problem=provider-answer");
    issuer.now(|says| says.userinfo = json!({ "sub": "person-1", "groups": ["everyone"] }));
    assert_eq!(sign_in(&site.browser(), &issuer).await, "/", "groups from the userinfo endpoint");
}

#[tokio::test]
async fn sign_ins_complete_once_in_the_same_browser_before_expiry() {
    for records in databases::each().await {
        let (site, issuer, _) = site(records, |_| {}).await;
        let stale = "/login?problem=stale";
        // Login CSRF: somebody else's answer is put under a person's browser, which has begun one, or none.
        let attacker = site.browser();
        let planted = issuer.agree(location(&attacker.get(START).await));
        let (fresh, busy) = (site.browser(), site.browser());
        busy.get(START).await;
        for victim in [&fresh, &busy] {
            assert_eq!(location(&victim.get(&planted).await), stale);
            assert!(!is_signed_in(victim).await);
        }
        // It was not spoilt by that. Used, it is over.
        let own = attacker.get(&planted).await;
        assert_eq!(location(&own), "/");
        assert_eq!(location(&attacker.get(&planted).await), stale);
        // A state that never was, or none.
        let browser = site.browser();
        let back = issuer.agree(location(&browser.get(START).await));
        let state = query(&format!("http://x{back}"))["state"].clone();
        for bad in
            [back.replace(&state, &"0".repeat(52)), back.replace(&state, ""), back.replace(&state, "x")]
        {
            assert_eq!(location(&browser.get(&bad).await), stale, "{bad}");
        }
        site.clock.advance(Duration::from_secs(601));
        assert_eq!(location(&browser.get(&back).await), stale);
    }
}

#[tokio::test]
async fn authorization_codes_are_single_use() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    let (one, other) = (site.browser(), site.browser());
    let first = issuer.agree(location(&one.get(START).await));
    let second = issuer.agree(location(&other.get(START).await));
    assert_eq!(location(&one.get(&first).await), "/");
    let code = |path: &str| query(&format!("http://x{path}"))["code"].clone();
    // Another's code does not fit the verifier; a used one is worth nothing.
    for (own, taken) in [(&second, &first)] {
        let stolen = own.replace(&code(own), &code(taken));
        assert_eq!(location(&other.get(&stolen).await), "/login?problem=provider-answer");
        assert!(!is_signed_in(&other).await);
    }
    let third = issuer.agree(location(&other.get(START).await));
    let fourth = issuer.agree(location(&one.get(START).await));
    let injected = fourth.replace(&code(&fourth), &code(&third));
    assert_eq!(location(&one.get(&injected).await), "/login?problem=provider-answer", "PKCE");
}

#[tokio::test]
async fn provider_errors_and_foreign_issuers_are_distinguished() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    let browser = site.browser();
    let back = issuer.agree(location(&browser.get(START).await));
    let state = query(&format!("http://x{back}"))["state"].clone();
    let refused = format!("/api/v1/oidc/callback?error=access_denied&error_description=no&state={state}");
    assert_eq!(location(&browser.get(&refused).await), "/login?problem=provider-refused");
    let mixed =
        issuer.agree(location(&browser.get(START).await)).replace(&issuer.url, "https://evil.example");
    assert_eq!(location(&browser.get(&mixed).await), "/login?problem=provider-answer");
}

#[tokio::test]
async fn sign_in_redirects_to_local_pages_only() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    for (next, expected) in [
        ("/explore%3Fservice%3Dpay", "/explore?service=pay"),
        ("//evil.example", "/"),
        ("/%5Cevil.example", "/"),
        ("https%3A//evil.example", "/"),
        ("/%09/evil.example", "/"),
        ("", "/"),
    ] {
        let browser = site.browser();
        let back = issuer.agree(location(&browser.get(&format!("{START}?next={next}")).await));
        assert_eq!(location(&browser.get(&back).await), expected, "{next}");
    }
}

#[tokio::test]
async fn rotated_provider_keys_are_fetched_again_at_a_limited_rate() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    assert_eq!(sign_in(&site.browser(), &issuer).await, "/");
    assert_eq!(issuer.keys_read(), 1);
    issuer.now(|says| says.key = (2, "k2"));
    assert_eq!(sign_in(&site.browser(), &issuer).await, "/");
    assert_eq!(issuer.keys_read(), 2);
    issuer.now(|says| says.signature = Signature::Stolen);
    for _ in 0..5 {
        assert_eq!(sign_in(&site.browser(), &issuer).await, "/login?problem=provider-answer");
    }
    assert_eq!(issuer.keys_read(), 2, "read just now");
    site.clock.advance(Duration::from_secs(31));
    // The same name, another key: some providers do that.
    issuer.now(|says| (says.signature, says.key) = (Signature::Good, (3, "k2")));
    assert_eq!(sign_in(&site.browser(), &issuer).await, "/");
    assert_eq!(issuer.keys_read(), 3);
}

#[tokio::test]
async fn an_unreachable_or_wrong_provider_only_affects_oidc_sign_in() {
    let (site, issuer, root) = site(Records::in_memory(), |config| {
        config.issuer = "http://127.0.0.1:9".to_owned();
    })
    .await;
    let failed = site.browser().get(&format!("{START}?next=/explore")).await;
    assert_eq!(location(&failed), "/login?problem=provider-unavailable&next=/explore");
    assert!(is_signed_in(&root).await);
    let (site, other, _) = self::site(Records::in_memory(), |_| {}).await;
    other.now(|says| says.metadata = json!({ "issuer": issuer.url }));
    assert_eq!(location(&site.browser().get(START).await), "/login?problem=provider-unavailable");
    site.clock.advance(Duration::from_secs(3));
    other.now(|says| says.metadata = json!({}));
    assert_eq!(sign_in(&site.browser(), &other).await, "/", "asked again");
}

#[tokio::test]
async fn replicas_share_sign_ins() {
    for records in databases::each().await {
        let (one, issuer, _) = site(records.clone(), |_| {}).await;
        let two = Site::with(records, |app| app.oidc(config(&issuer)).unwrap());
        let browser = one.browser();
        let back = issuer.agree(location(&browser.get(START).await));
        assert_eq!(location(&browser.on(&two).get(&back).await), "/");
        assert!(is_signed_in(&browser).await);
    }
}

#[tokio::test]
async fn oidc_routes_need_a_provider_and_a_claimed_server() {
    let (site, _) = Site::claimed(Records::in_memory()).await;
    assert_eq!(site.browser().get(START).await.status, StatusCode::NOT_FOUND);
    let issuer = Issuer::start(START_S).await;
    let config = config(&issuer);
    let site = Site::with(Records::in_memory(), |app| app.oidc(config).unwrap());
    assert_eq!(location(&site.browser().get(START).await), "/login?problem=unclaimed");
}

#[tokio::test]
async fn client_addresses_are_rate_limited() {
    let (site, issuer, _) = site(Records::in_memory(), |_| {}).await;
    let browser = site.browser_at("192.0.2.1");
    for _ in 0..30 {
        browser.get("/api/v1/oidc/callback?code=x&state=y").await;
    }
    assert_eq!(location(&browser.get(START).await), "/login?problem=too-many-attempts");
    assert_eq!(sign_in(&site.browser_at("192.0.2.2"), &issuer).await, "/");
}
