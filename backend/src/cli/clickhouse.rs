//! `flarepath clickhouse ddl`: the tables of a store in ClickHouse, for operators who make them themselves.

use crate::store::clickhouse::ddl;
use anyhow::{Context, ensure};
use std::io::Write;

#[derive(clap::Args, Debug)]
pub(super) struct ClickHouseArgs {
    #[command(subcommand)]
    command: ClickHouseCommand,
}

#[derive(clap::Subcommand, Debug)]
enum ClickHouseCommand {
    /// Print the statements that make the tables. On a single server, the first query makes them
    Ddl(DdlArgs),
}

#[derive(clap::Args, Debug)]
struct DdlArgs {
    /// Name of a cluster, for replicated tables on each of its shards
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,

    /// The database
    #[arg(long, value_name = "NAME", default_value = "flarepath")]
    database: String,
}

pub(super) fn run(args: ClickHouseArgs) -> anyhow::Result<()> {
    let ClickHouseCommand::Ddl(DdlArgs { cluster, database }) = args.command;
    for name in cluster.iter().chain([&database]) {
        ensure!(
            ddl::is_identifier(name),
            "`{name}` cannot be used as a name: use letters, digits and `_`, at most 64 characters"
        );
    }
    let script = ddl::script(&database, cluster.as_deref());
    std::io::stdout().lock().write_all(script.as_bytes()).context("cannot write to standard output")
}
