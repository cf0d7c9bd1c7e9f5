//! The API token of commands that send requests to a server, and the errors of a rejected one.

use anyhow::anyhow;
use clap::Args;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};

/// Arguments of commands that send requests to a server.
#[derive(Args, Debug)]
pub(super) struct AccessArgs {
    /// API token with the permission that the command needs; prefer the variable, as other users can see arguments
    #[arg(long, value_name = "TOKEN", env = "FLAREPATH_TOKEN", hide_env_values = true, value_parser = secret)]
    token: Option<SecretString>,
}

fn secret(text: &str) -> Result<SecretString, String> {
    Ok(SecretString::from(text.trim().to_owned()))
}

impl AccessArgs {
    /// The token, unless it is empty.
    pub(super) fn token(&self) -> Option<&SecretString> {
        self.token.as_ref().filter(|token| !token.expose_secret().is_empty())
    }

    /// Adds the token to the request.
    pub(super) fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match self.token() {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        }
    }

    /// The error for a response that rejects the token or requires one.
    pub(super) fn rejected(&self, status: StatusCode, detail: &str) -> Option<anyhow::Error> {
        match (status, self.token()) {
            (StatusCode::UNAUTHORIZED, None) => Some(anyhow!(
                "the server requires an API token: create one under Settings or with `flarepath token create`, and set \
                 FLAREPATH_TOKEN"
            )),
            (StatusCode::UNAUTHORIZED, Some(_)) => Some(anyhow!(
                "the API token (FLAREPATH_TOKEN or --token) is unknown, expired or revoked: create a new one under \
                 Settings or with `flarepath token create`"
            )),
            (StatusCode::FORBIDDEN, _) => {
                Some(anyhow!("the API token does not have the required permission: {detail}"))
            }
            _ => None,
        }
    }
}
