//! `flarepath marker`: posts a marker to a server, such as a deployment from a pipeline.

use super::access::AccessArgs;
use super::server_client::ServerClient;
use anyhow::Context;
use clap::Args;
use flarepath_wire::markers::{Marker, MarkerDraft};
use reqwest::{StatusCode, Url};
use std::io::Write;
use std::time::Duration;

/// Time limit of a request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Arguments of `flarepath marker`.
#[derive(Args, Debug)]
#[command(
    after_help = "Example: flarepath marker --service checkout --version v2 --key \"$CI_PIPELINE_ID\"\n\n\
                        Exit codes: 0 posted, or posted before with the same key; 1 failure (see standard error); 2 usage error."
)]
pub(super) struct MarkerArgs {
    /// Service that it happened to
    #[arg(long, value_name = "NAME", required_unless_present = "selector")]
    service: Option<String>,
    /// Series of the service that it happened to, such as {region="eu"} [default: all]
    #[arg(long)]
    selector: Option<String>,
    /// What happened: deploy, config, flag, scale or incident
    #[arg(long, default_value = "deploy")]
    kind: String,
    /// Time: RFC 3339, Unix time or now-5m [default: now]
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Version that was deployed
    #[arg(long = "version", value_name = "VERSION")]
    version: Option<String>,
    /// Description, on one line
    #[arg(long)]
    text: Option<String>,
    /// Link to more about it: http or https
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// Idempotency key: a second marker of the service with the same key is not posted
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Server URL
    #[arg(long, default_value = "http://127.0.0.1:4280", env = "FLAREPATH_URL")]
    url: Url,
    #[command(flatten)]
    access: AccessArgs,
}

/// Posts the marker and prints its id.
pub(super) fn run(args: MarkerArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (status, marker) = runtime.block_on(post(&args))?;
    let verb = if status == StatusCode::CREATED { "posted" } else { "posted before" };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{verb}: marker {} of service {}", marker.id, marker.service)?;
    Ok(())
}

fn draft(args: &MarkerArgs) -> MarkerDraft {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    MarkerDraft {
        kind: args.kind.clone(),
        time: text(&args.time),
        service: text(&args.service),
        selector: text(&args.selector),
        version: text(&args.version),
        text: text(&args.text),
        url: text(&args.link),
        idempotency_key: text(&args.key),
    }
}

async fn post(args: &MarkerArgs) -> anyhow::Result<(StatusCode, Marker)> {
    let server = &args.url;
    let body = serde_json::to_vec(&draft(args))?;
    let client = ServerClient::new(server, &args.access, TIMEOUT)?;
    let response = client.post("api/v1/markers", "application/json", body).await?;
    if response.status.is_success() {
        let marker = serde_json::from_str(&response.text)
            .with_context(|| format!("the response of {server} is not that of a Flarepath server"))?;
        return Ok((response.status, marker));
    }
    Err(client.failure("not posted", &response))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: MarkerArgs,
    }

    fn parsed(line: &[&str]) -> Result<MarkerDraft, clap::Error> {
        Line::try_parse_from([&["marker"], line].concat()).map(|line| draft(&line.args))
    }

    #[test]
    fn arguments_are_a_draft() {
        let found = parsed(&["--service", "checkout", "--version", "v2", "--key", "7"]).unwrap();
        let expected = MarkerDraft {
            kind: "deploy".into(),
            service: "checkout".into(),
            version: "v2".into(),
            idempotency_key: "7".into(),
            ..MarkerDraft::default()
        };
        assert_eq!(found, expected);
        assert!(parsed(&["--version", "v2"]).is_err(), "of no service");
        assert!(parsed(&["--selector", r#"{service_name="checkout"}"#]).is_ok());
    }
}
