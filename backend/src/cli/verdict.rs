//! `flarepath verdict`: asks a server what changed.

use super::access::AccessArgs;
use super::server_client::ServerClient;
use anyhow::Context;
use clap::Args;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_wire::verdict::VerdictResponse;
use reqwest::{StatusCode, Url};
use std::io::Write;
use std::time::Duration;

/// Time limit of a verdict.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Arguments of `flarepath verdict`.
#[derive(Args, Debug)]
#[command(after_help = "Example: flarepath verdict checkout --from now-30m\n\
                        \x20        flarepath verdict --selector '{service_name=\"checkout\",version=\"2\"}' \
                        --baseline-selector '{service_name=\"checkout\",version=\"1\"}'\n\n\
                        Exit codes: 0 the server answered, whatever the verdict; 1 failure (see standard error); 2 usage error.")]
pub(super) struct VerdictArgs {
    /// Service to judge
    #[arg(required_unless_present = "selector", conflicts_with = "selector")]
    service: Option<String>,
    /// Series of the comparison, instead of a service
    #[arg(long)]
    selector: Option<String>,
    /// Profile type
    #[arg(long = "type", value_name = "TYPE", default_value = "process_cpu:cpu:nanoseconds:cpu:nanoseconds")]
    profile_type: String,
    /// Store to read, by its name in the server's configuration [default: the server's]
    #[arg(long, value_name = "NAME")]
    store: Option<String>,
    /// Start of the comparison: RFC 3339, Unix time or now-1h [default: an hour before the end]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// End of the comparison [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Series of the baseline [default: those of the comparison; without any --baseline option, chosen from the data]
    #[arg(long, value_name = "SELECTOR")]
    baseline_selector: Option<String>,
    /// Start of the baseline
    #[arg(long, value_name = "TIME")]
    baseline_from: Option<String>,
    /// End of the baseline
    #[arg(long, value_name = "TIME")]
    baseline_until: Option<String>,
    /// Profile type of the baseline [default: that of the comparison]
    #[arg(long, value_name = "TYPE")]
    baseline_type: Option<String>,
    /// Print the whole answer as JSON
    #[arg(long)]
    json: bool,
    /// Server URL
    #[arg(long, default_value = "http://127.0.0.1:4280", env = "FLAREPATH_URL")]
    url: Url,
    #[command(flatten)]
    access: AccessArgs,
}

/// Prints the verdict.
pub(super) fn run(args: VerdictArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let text = runtime.block_on(ask(&args))?;
    let answer: VerdictResponse = serde_json::from_str(&text)
        .with_context(|| format!("the response of {} is not that of a Flarepath server", args.url))?;
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
        return Ok(());
    }
    answer.sentences.iter().try_for_each(|sentence| writeln!(out, "{sentence}"))?;
    answer.notes.iter().try_for_each(|note| writeln!(out, "note: {note}"))?;
    Ok(())
}

fn query(args: &VerdictArgs) -> Vec<(String, String)> {
    let of_service = |service: &String| {
        let name = flarepath_profile::labels::SERVICE_NAME.to_owned();
        let matchers = vec![Matcher { name, op: MatchOp::Equal, value: service.clone() }];
        Selector { matchers }.to_string()
    };
    let selector = args.selector.clone().or_else(|| args.service.as_ref().map(of_service));
    let optional = [
        ("store", args.store.clone()),
        ("selector", selector),
        ("from", args.from.clone()),
        ("until", args.until.clone()),
        ("baseline_selector", args.baseline_selector.clone()),
        ("baseline_from", args.baseline_from.clone()),
        ("baseline_until", args.baseline_until.clone()),
        ("baseline_type", args.baseline_type.clone()),
    ];
    let optional = optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    std::iter::once(("type".to_owned(), args.profile_type.clone())).chain(optional).collect()
}

async fn ask(args: &VerdictArgs) -> anyhow::Result<String> {
    let server = &args.url;
    let client = ServerClient::new(server, &args.access, TIMEOUT)?;
    let response = client.get("api/v1/verdict", &query(args)).await?;
    if response.status == StatusCode::OK {
        return Ok(response.text);
    }
    Err(client.failure("no verdict", &response))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: VerdictArgs,
    }

    fn parsed(line: &[&str]) -> Result<Vec<(String, String)>, clap::Error> {
        Line::try_parse_from([&["verdict"], line].concat()).map(|line| query(&line.args))
    }

    #[test]
    fn a_service_is_a_selector() {
        let found = parsed(&["check\"out", "--from", "now-30m"]).unwrap();
        let find = |name: &str| found.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        assert_eq!(find("selector"), Some(r#"{service_name="check\"out"}"#));
        assert_eq!((find("from"), find("until"), find("baseline_from")), (Some("now-30m"), None, None));
        assert_eq!(find("store"), None);
        let found = parsed(&["checkout", "--store", "prod"]).unwrap();
        assert!(found.contains(&("store".to_owned(), "prod".to_owned())), "{found:?}");
        assert!(parsed(&[]).is_err() && parsed(&["a", "--selector", "{}"]).is_err());
        assert!(parsed(&["--selector", "{}"]).is_ok());
    }
}
