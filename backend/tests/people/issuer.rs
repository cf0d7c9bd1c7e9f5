//! A scriptable identity provider over real HTTP.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Signature {
    /// With the provider's key.
    Good,
    /// With a key that the provider does not publish.
    Stolen,
    /// Not at all: `alg: none`.
    None,
    /// With HMAC, its secret being the published key.
    HmacOfPublicKey,
    /// With HMAC, its secret being the client's.
    HmacOfClientSecret,
    /// With the provider's key, but over other claims.
    Broken,
}

/// How the token endpoint answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reply {
    Good,
    /// Two megabytes.
    Oversize,
    /// Sends us elsewhere.
    Redirect,
    /// Without an ID token.
    NoIdToken,
    /// Not JSON.
    Garbage,
}

pub(crate) struct Says {
    /// Claims of the next tokens, over the usual ones; `null` leaves one out.
    pub(crate) claims: Value,
    pub(crate) signature: Signature,
    pub(crate) reply: Reply,
    /// Number of the key, and its name.
    pub(crate) key: (u8, &'static str),
    /// What the userinfo endpoint answers.
    pub(crate) userinfo: Value,
    /// What the discovery document says over the usual.
    pub(crate) metadata: Value,
    /// How often keys were asked for.
    pub(crate) keys_read: usize,
    /// Where a redirect was followed to.
    pub(crate) followed: usize,
    now_s: i64,
    /// How often somebody agreed.
    agreed: usize,
    codes: HashMap<String, (String, String)>,
}

/// A provider. `clone` is the same one.
#[derive(Clone)]
pub(crate) struct Issuer {
    pub(crate) url: String,
    says: Arc<Mutex<Says>>,
}

pub(crate) const CLIENT: &str = "flarepath-test";
pub(crate) const SECRET: &str = "a secret of the client";

impl Issuer {
    pub(crate) async fn start(now_s: i64) -> Issuer {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let says = Says {
            claims: json!({}),
            signature: Signature::Good,
            reply: Reply::Good,
            key: (1, "k1"),
            userinfo: Value::Null,
            metadata: json!({}),
            keys_read: 0,
            followed: 0,
            now_s,
            agreed: 0,
            codes: HashMap::new(),
        };
        let issuer = Issuer {
            url: format!("http://{}", listener.local_addr().unwrap()),
            says: Arc::new(Mutex::new(says)),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .route("/followed", get(followed).post(followed))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// Says something else from now on.
    pub(crate) fn now(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().unwrap());
    }

    pub(crate) fn keys_read(&self) -> usize {
        self.says.lock().unwrap().keys_read
    }

    pub(crate) fn followed(&self) -> usize {
        self.says.lock().unwrap().followed
    }

    /// The person agrees at the provider's page: the path (and query) of ours that the browser is sent back to.
    pub(crate) fn agree(&self, location: &str) -> String {
        let query = query(location);
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"));
        let mut says = self.says.lock().unwrap();
        says.agreed += 1;
        let code = format!("code{}", says.agreed);
        says.codes.insert(code.clone(), (query["nonce"].clone(), query["code_challenge"].clone()));
        let (_, path) = query["redirect_uri"].split_once("://").unwrap().1.split_once('/').unwrap();
        format!("/{path}?code={code}&state={}&iss={}&session_state=x", query["state"], self.url)
    }
}

pub(crate) fn query(url: &str) -> HashMap<String, String> {
    let url = reqwest::Url::parse(url).unwrap();
    url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

fn key((number, name): (u8, &str)) -> CoreEdDsaPrivateSigningKey {
    // PKCS #8 of an Ed25519 key (RFC 8410, section 7): a fixed head, then the 32 bytes of the key.
    let mut der =
        vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    der.extend([number; 32]);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(name.to_owned()))).unwrap()
}

fn public(of: (u8, &str)) -> CoreJsonWebKey {
    key(of).as_verification_key()
}

async fn metadata(State(issuer): State<Issuer>) -> Response {
    let url = &issuer.url;
    let mut document = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    });
    over(&mut document, &issuer.says.lock().unwrap().metadata);
    axum::Json(document).into_response()
}

async fn keys(State(issuer): State<Issuer>) -> Response {
    let mut says = issuer.says.lock().unwrap();
    says.keys_read += 1;
    axum::Json(json!({ "keys": [public(says.key)] })).into_response()
}

async fn followed(State(issuer): State<Issuer>) -> &'static str {
    issuer.says.lock().unwrap().followed += 1;
    "{}"
}

async fn userinfo(State(issuer): State<Issuer>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Bearer an-access-token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    axum::Json(issuer.says.lock().unwrap().userinfo.clone()).into_response()
}

async fn token(State(issuer): State<Issuer>, body: Bytes) -> Response {
    // A form is written as a query is.
    let form = query(&format!("http://x?{}", String::from_utf8_lossy(&body)));
    let mut says = issuer.says.lock().unwrap();
    let refuse =
        || (StatusCode::BAD_REQUEST, axum::Json(json!({ "error": "invalid_grant" }))).into_response();
    let Some((nonce, challenge)) = says.codes.remove(&form["code"]) else { return refuse() };
    if URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])) != challenge {
        return refuse();
    }
    match says.reply {
        Reply::Good => {}
        Reply::Oversize => return axum::Json(json!({ "x": "x".repeat(2 << 20) })).into_response(),
        Reply::Redirect => {
            let to = format!("{}/followed", issuer.url);
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response();
        }
        Reply::NoIdToken => {
            let answer = json!({ "access_token": "an-access-token", "token_type": "Bearer" });
            return axum::Json(answer).into_response();
        }
        Reply::Garbage => return "<html>".into_response(),
    }
    let mut claims = json!({
        "iss": issuer.url,
        "aud": CLIENT,
        "sub": "person-1",
        "iat": says.now_s,
        "exp": says.now_s + 300,
        "nonce": nonce,
        "preferred_username": "ann",
        "name": "Ann Smith",
        "groups": ["everyone"],
    });
    over(&mut claims, &says.claims);
    let answer = json!({ "access_token": "an-access-token", "token_type": "Bearer", "id_token": sign(&says, &claims) });
    axum::Json(answer).into_response()
}

fn over(document: &mut Value, changes: &Value) {
    let document: &mut Map<String, Value> = document.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => document.remove(name),
            value => document.insert(name.clone(), value.clone()),
        };
    }
}

fn sign(says: &Says, claims: &Value) -> String {
    use CoreJwsSigningAlgorithm::{EdDsa, HmacSha256};
    let name = says.key.1;
    let (alg, kid) = match says.signature {
        Signature::None => ("none", Value::Null),
        Signature::HmacOfPublicKey | Signature::HmacOfClientSecret => ("HS256", json!(name)),
        _ => ("EdDSA", json!(name)),
    };
    let mut head = json!({ "alg": alg, "typ": "JWT", "kid": kid });
    if kid.is_null() {
        head.as_object_mut().unwrap().remove("kid");
    }
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&head), encode(claims));
    let hmac = |secret: &[u8]| CoreHmacKey::new(secret).sign(&HmacSha256, signed.as_bytes()).unwrap();
    let signature = match says.signature {
        Signature::Good => key(says.key).sign(&EdDsa, signed.as_bytes()).unwrap(),
        Signature::Stolen => key((99, name)).sign(&EdDsa, signed.as_bytes()).unwrap(),
        Signature::Broken => key(says.key).sign(&EdDsa, b"something else").unwrap(),
        Signature::None => Vec::new(),
        Signature::HmacOfClientSecret => hmac(SECRET.as_bytes()),
        Signature::HmacOfPublicKey => {
            let public = serde_json::to_value(public(says.key)).unwrap();
            hmac(&URL_SAFE_NO_PAD.decode(public["x"].as_str().unwrap()).unwrap())
        }
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
