//! Assembles the command line; everything else lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    flarepath::cli::run()
}
