//! `flarepath token`: creates API tokens in the records of the server.

use crate::auth::tokens::{DEFAULT_LIFETIME, NewToken};
use crate::auth::{Role, issue};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Flags, parse_span};
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
    /// Create a token of a service account (and the account, if missing); prints the token alone to standard output
    Create(CreateArgs),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  flarepath token create --agent checkout --selector '{service_name=\"checkout\"}'\n  \
                        flarepath token create --service-account ci --role editor --expires 30d\n  \
                        flarepath token create --service-account deploys --role deployer\n\n\
                        Writes to the records directly, whether the server is running or not."
)]
struct CreateArgs {
    /// Name of a service account that can only push profiles
    #[arg(
        long,
        value_name = "NAME",
        required_unless_present = "service_account",
        conflicts_with = "service_account"
    )]
    agent: Option<String>,
    /// Name of a service account with the role of --role
    #[arg(long, value_name = "NAME", requires = "role")]
    service_account: Option<String>,
    /// Role: viewer, editor, admin, agent (only pushes profiles) or deployer (only posts markers)
    #[arg(long, value_name = "ROLE", conflicts_with = "agent")]
    role: Option<Role>,
    /// Limit to these profiles, such as {service_name=~"pay-.*"} [default: all]
    #[arg(long, value_name = "SELECTOR", default_value = "", hide_default_value = true)]
    selector: String,
    /// Lifetime, 1d to 365d [default: 90d]
    #[arg(long, value_name = "SPAN", value_parser = parse_span)]
    expires: Option<Duration>,
    /// Name of the token
    #[arg(long, value_name = "TEXT", default_value = "created on the command line")]
    name: String,
    /// Data directory of the server [default: as for `flarepath serve`]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Configuration file of the server, if it has one
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
    let records = super::serve::open_records(&config).await?;
    // clap admits either an agent, or an account with a role.
    let (account, role) = match (args.agent, args.service_account, args.role) {
        (Some(agent), ..) => (agent, Role::Agent),
        (None, Some(account), Some(role)) => (account, role),
        _ => anyhow::bail!("pass --agent, or --service-account with --role"),
    };
    let new = NewToken {
        name: args.name,
        role,
        selector: args.selector,
        lifetime: args.expires.unwrap_or(DEFAULT_LIFETIME),
    };
    let actor = Actor {
        at: SystemClock.now(),
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
