//! Embeds the web page and runs the command line; everything else lives in the library.

use flarepath::app::PageFile;
use rust_embed::RustEmbed;
use std::process::ExitCode;

/// The bundled page. A debug build reads it from disk, a release build embeds it.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

fn main() -> ExitCode {
    flarepath::cli::run(|path| {
        Dist::get(path).map(|file| PageFile { sha256: file.metadata.sha256_hash(), data: file.data })
    })
}
