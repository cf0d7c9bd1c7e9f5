//! `flarepath push`: uploads a profile file to a server.

use super::access::AccessArgs;
use super::server_client::ServerClient;
use anyhow::{Context, bail};
use clap::Args;
use flarepath_wire::messages::PushResponse;
use reqwest::{StatusCode, Url};
use std::io::{Read, Write};
use std::time::Duration;

/// Time limit of an upload.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Arguments of `flarepath push`.
#[derive(Args, Debug)]
#[command(after_help = "Example: flarepath push cpu.pb.gz --service checkout --label region=eu\n\n\
                        Exit codes: 0 all profiles stored, 1 failure (see standard error), 2 usage error.")]
pub(super) struct PushArgs {
    /// Profile file in any supported format (pprof, folded, speedscope …), compressed or not; - for standard input
    file: String,
    /// Profiled service
    #[arg(long, value_name = "NAME")]
    service: String,
    /// Label of the series; repeatable
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = parse_label)]
    labels: Vec<(String, String)>,
    /// Time of the profile: RFC 3339, Unix time or now-1h [default: as recorded in the file, or now]
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// First part of the profile type, such as process_cpu [default: derived from the file]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Server URL
    #[arg(long, default_value = "http://127.0.0.1:4280", env = "FLAREPATH_URL")]
    url: Url,
    #[command(flatten)]
    access: AccessArgs,
}

fn parse_label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

/// Uploads the file and prints what was stored.
pub(super) fn run(args: PushArgs) -> anyhow::Result<()> {
    let body = read_file(&args.file)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(send(body, &args))?;
    report(&answer, &args)
}

fn read_file(file: &str) -> anyhow::Result<Vec<u8>> {
    if file == "-" {
        let mut body = Vec::new();
        std::io::stdin().read_to_end(&mut body).context("cannot read standard input")?;
        return Ok(body);
    }
    std::fs::read(file).with_context(|| format!("cannot read {file}"))
}

fn query(args: &PushArgs) -> Vec<(String, String)> {
    let labels = args.labels.iter().map(|(key, value)| (format!("label.{key}"), value.clone()));
    let optional = [("time", &args.time), ("name", &args.name)];
    let optional = optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
    std::iter::once(("service".to_owned(), args.service.clone())).chain(labels).chain(optional).collect()
}

async fn send(body: Vec<u8>, args: &PushArgs) -> anyhow::Result<PushResponse> {
    let server = &args.url;
    let client = ServerClient::new(server, &args.access, TIMEOUT)?;
    let response = client.upload(&query(args), body).await?;
    if response.status == StatusCode::OK {
        return serde_json::from_str(&response.text)
            .with_context(|| format!("the response of {server} is not that of a Flarepath server"));
    }
    Err(client.failure("rejected", &response))
}

fn report(answer: &PushResponse, args: &PushArgs) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let plural = if answer.accepted == 1 { "" } else { "s" };
    writeln!(out, "stored {} profile{plural} of service {} at {}", answer.accepted, args.service, args.url)?;
    for note in &answer.notes {
        writeln!(out, "note: {note}")?;
    }
    if !answer.rejected.is_empty() {
        bail!("{} rejected: {}", answer.rejected.len(), answer.rejected.join("; "));
    }
    Ok(())
}
