//! The command line: one file per command. An error is one line on standard error and exit code 1.

mod access;
mod admin;
mod backup;
mod check;
mod clickhouse;
mod demo;
mod marker;
mod push;
mod reload;
mod retention;
mod serve;
mod server_client;
mod setup;
mod token;
mod verdict;

use crate::app::PageFiles;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Self-hosted profiling dashboard: stores profiles and shows flame graphs, in one binary.
#[derive(Parser, Debug)]
#[command(
    name = "flarepath",
    version,
    about,
    after_help = "Run `flarepath serve` and open http://127.0.0.1:4280: Flarepath profiles itself, so there is data to \
                  explore right away."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the server: ingest profiles, answer queries, serve the page
    Serve(serve::ServeArgs),
    /// Run a small shop of real processes that push profiles to a running server
    Demo(demo::DemoArgs),
    /// Run one process of the demo
    #[command(hide = true)]
    DemoReplica(crate::demo::replica::ReplicaArgs),
    /// Manage administrators, on the server's machine
    Admin(admin::AdminArgs),
    /// Upload a profile file to a server
    Push(push::PushArgs),
    /// Ask a server what changed, and how sure that is
    Verdict(verdict::VerdictArgs),
    /// Post a marker to a server: a deployment, a change of configuration, an incident
    Marker(marker::MarkerArgs),
    /// Manage API tokens, on the server's machine
    Token(token::TokenArgs),
    /// Back up both databases, on the server's machine, while it runs
    Backup(backup::BackupArgs),
    /// Restore a backup into an empty data directory
    Restore(backup::RestoreArgs),
    /// Check the data directory for damage
    Check(check::CheckArgs),
    /// Show what retention would drop now
    Retention(retention::RetentionArgs),
    /// Prepare ClickHouse as a store
    #[command(name = "clickhouse")]
    ClickHouse(clickhouse::ClickHouseArgs),
}

/// Parses the command line and runs its command. `page_files` are those of the web page that `serve` serves.
pub fn run(page_files: PageFiles) -> ExitCode {
    crate::os::keep_files_private();
    let result = match Cli::parse().command {
        Command::Serve(args) => serve::run(args, page_files),
        Command::Demo(args) => demo::run(args),
        Command::DemoReplica(args) => crate::demo::replica::run(&args),
        Command::Admin(args) => admin::run(args),
        Command::Push(args) => push::run(args),
        Command::Verdict(args) => verdict::run(args),
        Command::Marker(args) => marker::run(args),
        Command::Token(args) => token::run(args),
        Command::Backup(args) => backup::back_up(args),
        Command::Restore(args) => backup::restore(args),
        Command::Check(args) => check::run(args),
        Command::Retention(args) => retention::run(args),
        Command::ClickHouse(args) => clickhouse::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed as well, the exit code is all that remains.
            let _ = writeln!(std::io::stderr(), "flarepath: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn commands_are_consistent_and_documented() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        assert!(help.contains("serve") && help.contains("http://127.0.0.1:4280"), "{help}");
        for sub in command.get_subcommands() {
            assert!(sub.get_about().is_some(), "{} has no description", sub.get_name());
        }
    }
}
