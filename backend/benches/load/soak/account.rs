//! The administrator of the server under load: signs in and out, and holds a token for everything else.

use super::traffic::{Answer, Traffic};
use crate::server::Server;
use crate::sign_in::{self, NAME, PASSWORD};
use anyhow::Result;
use reqwest::Client;
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};

/// The cookie that tells a browser from which the user has signed in before.
const BROWSER_COOKIE: &str = "fp_browser";

#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) token: String,
    /// `NAME=VALUE` of the browser's cookie.
    browser: Arc<Mutex<String>>,
}

impl Account {
    pub(crate) async fn claim(server: &Server, http: &Client) -> Result<Account> {
        let cookie = sign_in::claim(server, http).await?;
        let token = sign_in::token(server, http, &cookie, "admin").await?;
        Ok(Account { token, browser: Arc::default() })
    }
}

/// Signs in with the right password, from a browser that has done so before, and out again.
pub(crate) async fn sign_in_and_out(traffic: Traffic, _: u64) {
    let browser = traffic.account.browser.clone();
    let known = browser.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let request = traffic.post("/api/v1/session").header("origin", traffic.url()).header("cookie", known);
    let request = request.json(&json!({ "name": NAME, "password": PASSWORD }));
    let Some(answer) = traffic.send("sign-in", request).await else { return };
    if let Some(cookie) = cookie(&answer, BROWSER_COOKIE) {
        *browser.lock().unwrap_or_else(PoisonError::into_inner) = cookie;
    }
    if let Some(session) = cookie(&answer, "fp_session") {
        let end = traffic.request(reqwest::Method::DELETE, "/api/v1/session");
        traffic.send("sign-out", end.header("origin", traffic.url()).header("cookie", session)).await;
    }
}

/// Tries a wrong password of a user who may not exist.
pub(crate) async fn guess(traffic: Traffic, turn: u64) {
    let name = if turn.is_multiple_of(4) { NAME.to_owned() } else { format!("user-{}", turn % 50) };
    let request = traffic.post("/api/v1/session").header("origin", traffic.url());
    traffic.send("wrong password", request.json(&json!({ "name": name, "password": "a wrong one" }))).await;
}

/// `NAME=VALUE` of a cookie that the answer sets.
fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let set = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let mut pairs = set.filter_map(|text| text.split(';').next());
    pairs.find(|pair| pair.split_once('=').is_some_and(|(key, _)| key.ends_with(name))).map(str::to_owned)
}
