//! The command line: one file a command. An error is one clear line on standard error and exit code 1.

mod access;
mod admin;
mod demo;
mod push;
mod serve;
mod setup;
mod token;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Self-hosted profiling dashboard: keeps profiles, draws flame graphs of them, in one binary.
#[derive(Parser, Debug)]
#[command(
    name = "flarepath",
    version,
    about,
    after_help = "Start with `flarepath serve` and open http://127.0.0.1:4280: Flarepath profiles itself, so there is \
                  something to see at once."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the server: take in profiles, answer queries, show the page
    Serve(serve::ServeArgs),
    /// Run a small shop of real processes, profiled into a running server: something to look at
    Demo(demo::DemoArgs),
    /// Run one process of the demo's shop
    #[command(hide = true)]
    DemoReplica(crate::demo::replica::ReplicaArgs),
    /// Make an administrator, on the server's own machine
    Admin(admin::AdminArgs),
    /// Send a profile file to a server
    Push(push::PushArgs),
    /// Make API tokens
    Token(token::TokenArgs),
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(args) => serve::run(args),
        Command::Demo(args) => demo::run(args),
        Command::DemoReplica(args) => crate::demo::replica::run(&args),
        Command::Admin(args) => admin::run(args),
        Command::Push(args) => push::run(args),
        Command::Token(args) => token::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is gone too, the exit code is all that is left to say it.
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
    fn the_command_line_is_consistent_and_described() {
        let mut command = Cli::command();
        command.clone().debug_assert();
        let help = command.render_long_help().to_string();
        assert!(help.contains("serve") && help.contains("http://127.0.0.1:4280"), "{help}");
        for sub in command.get_subcommands() {
            assert!(sub.get_about().is_some(), "{} has no description", sub.get_name());
        }
    }
}
