//! HTTP client of the commands that send requests to a server.

use super::access::AccessArgs;
use crate::web_client::root_cause;
use anyhow::{Context, anyhow, bail};
use flarepath_wire::error::Problem;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use std::time::Duration;

/// A server and the token for it.
pub(super) struct ServerClient<'a> {
    server: &'a Url,
    access: &'a AccessArgs,
    client: Client,
}

/// An HTTP response, read completely.
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) text: String,
}

impl Response {
    /// The problem that the server reports, if the response has one.
    fn problem(&self) -> Option<Problem> {
        serde_json::from_str(&self.text).ok()
    }
}

impl<'a> ServerClient<'a> {
    /// A client whose requests may take `timeout` each.
    pub(super) fn new(server: &'a Url, access: &'a AccessArgs, timeout: Duration) -> anyhow::Result<Self> {
        if !["http", "https"].contains(&server.scheme()) {
            bail!("--url {server}: expected http://HOST:PORT or https://HOST");
        }
        let client = crate::web_client::build(None, |client| client.timeout(timeout))?;
        Ok(ServerClient { server, access, client })
    }

    /// Fails unless the server is ready.
    pub(super) async fn check_ready(&self) -> anyhow::Result<()> {
        let status = self.send(self.client.get(self.server.join("readyz")?)).await?.status;
        if !status.is_success() {
            bail!("{} is not ready, or not a Flarepath server (GET /readyz: {status})", self.server);
        }
        Ok(())
    }

    /// Uploads a profile file. Rejected tokens are errors; other failures are for the caller to read.
    pub(super) async fn upload(&self, query: &[(String, String)], body: Vec<u8>) -> anyhow::Result<Response> {
        let mut url = self.server.join("api/v1/profiles").context("--url")?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.authorized(self.client.post(url).body(body)).await
    }

    /// Asks a route, by its path without the first slash, for JSON. Rejected tokens are errors; other failures are for the
    /// caller to read.
    pub(super) async fn get(&self, path: &str, query: &[(String, String)]) -> anyhow::Result<Response> {
        let mut url = self.server.join(path).context("--url")?;
        url.query_pairs_mut().extend_pairs(query);
        self.authorized(self.client.get(url)).await
    }

    /// Posts a body to a route, by its path without the first slash; as [`ServerClient::get`].
    pub(super) async fn post(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> anyhow::Result<Response> {
        let url = self.server.join(path).context("--url")?;
        self.authorized(self.client.post(url).header("content-type", content_type).body(body)).await
    }

    /// Why a request failed: `what` was not done, and the problem that the server reports.
    pub(super) fn failure(&self, what: &str, response: &Response) -> anyhow::Error {
        match response.problem() {
            Some(problem) => anyhow!("{what} ({}): {}", problem.title, problem.detail),
            None => anyhow!(
                "the server at {} answered {}; is it a Flarepath server?",
                self.server,
                response.status
            ),
        }
    }

    async fn authorized(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        let response = self.send(self.access.sign(request).header("accept", "application/json")).await?;
        let problem = response.problem();
        let detail = problem.as_ref().map_or("", |problem| &problem.detail);
        match self.access.rejected(response.status, detail) {
            Some(error) => Err(error),
            None => Ok(response),
        }
    }

    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        let response = request.send().await.map_err(|error| {
            let hint = "is it running (flarepath serve), and is --url correct?";
            anyhow!("the server at {} cannot be reached: {}; {hint}", self.server, root_cause(&error))
        })?;
        let status = response.status();
        let text = response.text().await.context("cannot read the response")?;
        Ok(Response { status, text })
    }
}
