//! The token that commands send to a server, and what they say when the server does not like it.

use anyhow::anyhow;
use clap::Args;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};

/// Arguments of commands that send to a server.
#[derive(Args, Debug)]
pub(super) struct AccessArgs {
    /// API token that may add profiles; better given as the variable, as arguments can be seen by others
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

    /// The request with the token.
    pub(super) fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match self.token() {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        }
    }

    /// What to do about an answer that means no.
    pub(super) fn refused(&self, status: StatusCode, detail: &str) -> Option<anyhow::Error> {
        match (status, self.token()) {
            (StatusCode::UNAUTHORIZED, None) => Some(anyhow!(
                "the server wants an API token: make one in the page under Settings, or with `flarepath token create`, \
                 and give it as FLAREPATH_TOKEN"
            )),
            (StatusCode::UNAUTHORIZED, Some(_)) => Some(anyhow!(
                "the server does not know the API token (FLAREPATH_TOKEN or --token), or it is expired or revoked: \
                 make a new one in the page under Settings, or with `flarepath token create`"
            )),
            (StatusCode::FORBIDDEN, _) => Some(anyhow!("the API token does not allow this: {detail}")),
            _ => None,
        }
    }
}
