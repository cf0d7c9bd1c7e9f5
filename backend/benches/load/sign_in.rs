//! Cost of sign-in per request: the same small query to a server without sign-in and to another with a cookie and with a
//! token, in turn, so that other load on the machine affects all of them equally.

use crate::report::Report;
use crate::server::{self, Server};
use anyhow::{Context, Result, ensure};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::time::Instant;

/// Answered from memory, so that the cost of the query itself is small.
const QUESTION: &str = "/api/v1/services?from=1000&until=2000";
const ROUNDS: usize = 3000;
const WARM_UP: usize = 200;

pub(crate) async fn measure(http: &Client, report: &mut Report) -> Result<()> {
    let (open_data, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let open = Server::start(&server::binary(), open_data.path(), http, server::OPEN).await?;
    let guarded = Server::start(&server::binary(), data.path(), http, &[]).await?;
    let cookie = claim(&guarded, http).await?;
    let token = token(&guarded, http, &cookie, "viewer").await?;
    let asks: [&dyn Fn() -> RequestBuilder; 3] = [
        &|| http.get(format!("{}{QUESTION}", open.url)),
        &|| http.get(format!("{}{QUESTION}", guarded.url)).header("cookie", &cookie),
        &|| http.get(format!("{}{QUESTION}", guarded.url)).bearer_auth(&token),
    ];
    let mut times = [(); 3].map(|()| Vec::with_capacity(ROUNDS));
    for round in 0..ROUNDS + WARM_UP {
        for (ask, times) in asks.iter().zip(&mut times) {
            let asked = Instant::now();
            let answer = ask().send().await?;
            ensure!(answer.status().is_success(), "refused: {}", answer.status());
            answer.bytes().await?;
            if round >= WARM_UP {
                times.push(asked.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    let [open_ms, cookie_ms, token_ms] = times.map(p50);
    for (how, ms) in [("session cookie", cookie_ms), ("API token", token_ms)] {
        let ours = format!("{:+.3} ms (p50 {ms:.3} against {open_ms:.3} ms)", ms - open_ms);
        report.row(
            &format!("sign-in, a request with a {how}"),
            ours,
            "≤ 0.3 ms",
            "Pyroscope and Parca have none",
        );
    }
    open.stop()?;
    guarded.stop()
}

fn p50(mut ms: Vec<f64>) -> f64 {
    ms.sort_by(f64::total_cmp);
    ms[ms.len() / 2]
}

/// The first administrator of a measured server.
pub(crate) const NAME: &str = "bench";
pub(crate) const PASSWORD: &str = "a long one for the benchmark";

/// Creates the first administrator; returns the session cookie.
pub(crate) async fn claim(server: &Server, http: &Client) -> Result<String> {
    let body = json!({ "name": NAME, "password": PASSWORD });
    let request = http.post(format!("{}/api/v1/claim", server.url)).header("origin", &server.url);
    let answer = request.json(&body).send().await?.error_for_status()?;
    let set = answer.headers().get("set-cookie").context("no cookie")?.to_str()?;
    Ok(set.split(';').next().unwrap_or_default().to_owned())
}

/// The secret of an API token of this session's user, limited to a role.
pub(crate) async fn token(server: &Server, http: &Client, cookie: &str, role: &str) -> Result<String> {
    let body = json!({ "name": "bench", "role": role });
    let request = http.post(format!("{}/api/v1/me/tokens", server.url)).header("origin", &server.url);
    let answer = request.header("cookie", cookie).json(&body).send().await?.error_for_status()?;
    let answer: Value = answer.json().await?;
    Ok(answer["secret"].as_str().context("no secret in the answer")?.to_owned())
}
