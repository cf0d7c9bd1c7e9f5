//! `flarepath token`: makes API tokens from the server's own records, for who runs the server.

use crate::auth::tokens::{DEFAULT_LIFETIME, NewToken};
use crate::auth::{Role, issue};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Flags, parse_span};
use crate::db::Records;
use crate::db::audit::Actor;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

/// Arguments of `flarepath token`.
#[derive(Args, Debug)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand, Debug)]
enum TokenCommand {
    /// Make a token of a service account, and the account if it is missing; the token alone goes to standard output
    Create(CreateArgs),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  flarepath token create --agent checkout --selector '{service_name=\"checkout\"}'\n  \
                        flarepath token create --service-account ci --role editor --expires 30d\n\n\
                        It works on the records directly, whether the server runs or not."
)]
struct CreateArgs {
    /// Service account that adds profiles and can do nothing else
    #[arg(
        long,
        value_name = "NAME",
        required_unless_present = "service_account",
        conflicts_with = "service_account"
    )]
    agent: Option<String>,
    /// Service account with the role given by --role
    #[arg(long, value_name = "NAME", requires = "role")]
    service_account: Option<String>,
    /// viewer, editor, admin or agent
    #[arg(long, value_name = "ROLE", conflicts_with = "agent")]
    role: Option<Role>,
    /// Only these profiles, such as {service_name=~"pay-.*"} [default: all]
    #[arg(long, value_name = "SELECTOR", default_value = "", hide_default_value = true)]
    selector: String,
    /// How long it lives, 1d to 365d [default: 90d]
    #[arg(long, value_name = "SPAN", value_parser = parse_span)]
    expires: Option<Duration>,
    /// What to call the token
    #[arg(long, value_name = "TEXT", default_value = "made at the command line")]
    name: String,
    /// Folder that keeps profiles and records [default: as of `flarepath serve`]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration file (TOML), if the server has one
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: TokenArgs) -> anyhow::Result<()> {
    let TokenCommand::Create(args) = args.command;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(create(args))
}

async fn create(args: CreateArgs) -> anyhow::Result<()> {
    let flags = Flags { data: args.data, ..Flags::default() };
    let config = Config::load(args.config.as_deref(), &flags)?;
    let records = match &config.records_url {
        Some(url) => Records::open(url.expose_secret()).await?,
        None => Records::open_in(&config.data).await?,
    };
    // The arguments have either an agent, or an account with a role.
    let (account, role) = match (args.agent, args.service_account, args.role) {
        (Some(agent), ..) => (agent, Role::Agent),
        (None, Some(account), Some(role)) => (account, role),
        _ => anyhow::bail!("name an --agent, or a --service-account with a --role"),
    };
    let new = NewToken {
        name: args.name,
        role,
        selector: args.selector,
        lifetime: args.expires.unwrap_or(DEFAULT_LIFETIME),
    };
    let actor = Actor {
        at: SystemClock.now_ns(),
        kind: "system".to_owned(),
        name: "command line".to_owned(),
        ..Actor::default()
    };
    let made = issue::issue(&records, &actor, &account, &new).await;
    records.close().await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", made?.secret.expose_secret())?;
    Ok(())
}
