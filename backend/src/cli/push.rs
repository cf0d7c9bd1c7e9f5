//! `flarepath push`: sends a profile file to a server.

use super::access::AccessArgs;
use anyhow::{Context, bail};
use clap::Args;
use flarepath_wire::error::Problem;
use flarepath_wire::messages::PushResponse;
use reqwest::{StatusCode, Url};
use std::io::{Read, Write};
use std::time::Duration;

/// How long one upload may take.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Arguments of `flarepath push`.
#[derive(Args, Debug)]
#[command(after_help = "Example: flarepath push cpu.pb.gz --service checkout --label region=eu\n\n\
                        Exit codes: 0 everything stored, 1 not (the reason is on standard error), 2 wrong usage.")]
pub(super) struct PushArgs {
    /// Profile to send, in any format that can be read (pprof, folded, speedscope …), compressed or not; - reads standard input
    file: String,
    /// The service that was profiled
    #[arg(long, value_name = "NAME")]
    service: String,
    /// A label of the series; may be given several times
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = parse_label)]
    labels: Vec<(String, String)>,
    /// When it was taken: RFC 3339, Unix time or now-1h [default: what the file says, or now]
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// First part of the profile type, such as process_cpu [default: derived from the file]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The server
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

/// Sends the file and says what was stored.
pub(super) fn run(args: PushArgs) -> anyhow::Result<()> {
    let body = read_file(&args.file)?;
    let url = upload_url(&args)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(send(url, body, &args))?;
    report(&answer, &args)
}

fn read_file(file: &str) -> anyhow::Result<Vec<u8>> {
    if file == "-" {
        let mut body = Vec::new();
        std::io::stdin().read_to_end(&mut body).context("standard input cannot be read")?;
        return Ok(body);
    }
    std::fs::read(file).with_context(|| format!("{file} cannot be read"))
}

fn upload_url(args: &PushArgs) -> anyhow::Result<Url> {
    if args.url.scheme() != "http" {
        bail!("--url {}: expected http://HOST:PORT", args.url);
    }
    let mut url = args.url.join("api/v1/profiles").context("--url")?;
    let mut query = url.query_pairs_mut();
    query.append_pair("service", &args.service);
    for (key, value) in &args.labels {
        query.append_pair(&format!("label.{key}"), value);
    }
    for (name, value) in [("time", &args.time), ("name", &args.name)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    drop(query);
    Ok(url)
}

async fn send(url: Url, body: Vec<u8>, args: &PushArgs) -> anyhow::Result<PushResponse> {
    let server = &args.url;
    let client = crate::web_client::build(None, |client| client.timeout(TIMEOUT))?;
    let request = args.access.sign(client.post(url).header("accept", "application/json").body(body));
    let response = request.send().await.map_err(|error| {
        let hint = "is it running (flarepath serve), and is --url right?";
        anyhow::anyhow!("the server at {server} cannot be reached: {}; {hint}", root_cause(&error))
    })?;
    let status = response.status();
    let text = response.text().await.context("the answer cannot be read")?;
    if status == StatusCode::OK {
        return serde_json::from_str(&text)
            .with_context(|| format!("the server at {server} did not answer as Flarepath does"));
    }
    let problem = serde_json::from_str::<Problem>(&text);
    let detail = problem.as_ref().map_or("", |problem| &problem.detail);
    if let Some(error) = args.access.refused(status, detail) {
        return Err(error);
    }
    match problem {
        Ok(problem) => bail!("refused ({}): {}", problem.title, problem.detail),
        Err(_) => bail!("the server at {server} answered {status}; is it Flarepath?"),
    }
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn report(answer: &PushResponse, args: &PushArgs) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let plural = if answer.accepted == 1 { "" } else { "s" };
    writeln!(out, "stored {} profile{plural} of service {} at {}", answer.accepted, args.service, args.url)?;
    for note in &answer.notes {
        writeln!(out, "note: {note}")?;
    }
    if !answer.rejected.is_empty() {
        bail!("{} refused: {}", answer.rejected.len(), answer.rejected.join("; "));
    }
    Ok(())
}
