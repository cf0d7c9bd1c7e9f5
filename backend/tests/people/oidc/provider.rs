//! What a provider says that is wrong, forged or too much, and a provider that is not there.

use super::{START, is_signed_in, location, sign_in, site};
use crate::issuer::{CLIENT, Reply, Signature, query};
use crate::site::START_S;
use flarepath::db::Records;
use serde_json::json;
use std::time::Duration;

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
    let (site, other, _) = super::site(Records::in_memory(), |_| {}).await;
    other.now(|says| says.metadata = json!({ "issuer": issuer.url }));
    assert_eq!(location(&site.browser().get(START).await), "/login?problem=provider-unavailable");
    site.clock.advance(Duration::from_secs(3));
    other.now(|says| says.metadata = json!({}));
    assert_eq!(sign_in(&site.browser(), &other).await, "/", "asked again");
}
