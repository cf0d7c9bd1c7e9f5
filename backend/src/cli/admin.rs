//! `flarepath admin`: administration by access to the server's files.

use super::setup::read_password;
use crate::auth::claim::{self, Claim};
use crate::auth::{Gate, SignIn};
use crate::clock::SystemClock;
use crate::config::{Config, Flags};
use anyhow::{Context, bail};
use secrecy::SecretString;
use std::io::{BufRead, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

#[derive(clap::Args, Debug)]
pub(super) struct AdminArgs {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(clap::Subcommand, Debug)]
enum AdminCommand {
    /// Create an administrator: the first one, or another one if access was lost
    Create(CreateArgs),
}

#[derive(clap::Args, Debug)]
struct CreateArgs {
    /// User name
    #[arg(long)]
    name: String,

    /// File with the password on its first line [default: prompt for the password]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// Data directory of the server
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Configuration file of the server, if its records are in PostgreSQL
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: AdminArgs) -> anyhow::Result<()> {
    let AdminCommand::Create(args) = args.command;
    let flags = Flags { data: args.data, ..Flags::default() };
    let config = Config::load(args.config.as_deref(), &flags)?;
    let password = match &args.password_file {
        Some(path) => read_password(path)?,
        None => ask_for_password()?,
    };
    let claim = Claim { name: args.name, display_name: String::new(), password };
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(create(&config, claim))
}

async fn create(config: &Config, claim: Claim) -> anyhow::Result<()> {
    let records = super::serve::open_records(config).await?;
    let gate = Gate::new(records.clone(), Arc::new(SystemClock), SignIn::On);
    let user = claim::create_administrator(&gate, claim).await?;
    records.close().await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} is now an administrator.", user.name).context("cannot write to standard output")
}

/// Reads the password from the terminal without echo, or a line of standard input.
fn ask_for_password() -> anyhow::Result<SecretString> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        let mut line = String::new();
        stdin.lock().take(4096).read_line(&mut line).context("cannot read the password")?;
        return non_empty(&line);
    }
    let first = prompt("Password: ")?;
    if first != prompt("Repeat password: ")? {
        bail!("the passwords do not match; nothing was changed");
    }
    non_empty(&first)
}

fn non_empty(line: &str) -> anyhow::Result<SecretString> {
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("the password is empty; enter one, or use --password-file");
    }
    Ok(password.into())
}

fn prompt(text: &str) -> anyhow::Result<String> {
    let mut err = std::io::stderr();
    write!(err, "{text}").and_then(|()| err.flush()).context("cannot prompt for the password")?;
    let hidden = echo("-echo");
    let mut line = String::new();
    let read = std::io::stdin().lock().take(4096).read_line(&mut line);
    if hidden {
        echo("echo");
        // The line break was not echoed either; if this fails, nothing is lost.
        let _ = writeln!(err);
    }
    read.context("cannot read the password")?;
    Ok(line)
}

/// Turns the echo of the terminal on or off; false where there is no `stty`.
fn echo(setting: &str) -> bool {
    let mut stty = Command::new("stty");
    stty.arg(setting).stdin(Stdio::inherit()).stdout(Stdio::null()).stderr(Stdio::null());
    stty.status().is_ok_and(|status| status.success())
}
