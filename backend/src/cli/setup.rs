//! First start: creates the first administrator, or prints the setup link.

use crate::app::App;
use crate::auth::claim::{self, Claim};
use crate::auth::{AuthError, SignIn};
use crate::config::Config;
use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// File in the data directory that holds the setup link until it is used.
const FILE_NAME: &str = "setup-url";

/// Makes an unclaimed server claimable: creates the administrator of the password file, or issues a setup link.
pub(super) async fn offer(app: &App, config: &Config, address: SocketAddr) -> anyhow::Result<()> {
    let gate = &app.gate;
    if gate.sign_in == SignIn::Off {
        return Ok(());
    }
    let file = config.data.join(FILE_NAME);
    remove(&file)?;
    if gate.is_claimed().await? {
        return Ok(());
    }
    if let Some(path) = &config.admin_password_file {
        let password = read_password(path)?;
        let claim = Claim { name: config.admin_name.clone(), display_name: String::new(), password };
        match claim::create_administrator(gate, claim).await {
            // Another replica has created it.
            Err(AuthError::Conflict(_)) if gate.is_claimed().await? => {}
            other => {
                other.with_context(|| {
                    format!("cannot create the administrator with the password of {}", path.display())
                })?;
                tracing::info!(name = config.admin_name, "created the first administrator");
            }
        }
        return Ok(());
    }
    let token = gate.setup.issue(app.clock.now(), Some(file.clone()));
    let origin =
        config.public_url.as_ref().map_or(format!("http://{address}"), |url| url.origin().to_owned());
    let link = format!("{origin}/claim#token={}", token.expose_secret());
    write_for_owner(&file, &link).with_context(|| format!("cannot write {}", file.display()))?;
    print(&format!(
        "This server has no administrator yet. Open this link within 30 minutes to claim it:\n\n  {link}\n\n\
         (The link is also stored in {}. After 30 minutes, restart, or run `flarepath admin create --name NAME`.)",
        file.display()
    ));
    Ok(())
}

fn remove(file: &PathBuf) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", file.display()))
        }
        _ => Ok(()),
    }
}

/// Creates the file, readable by its owner only. Never overwrites, as others might be able to read an existing file.
fn write_for_owner(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    writeln!(file, "{text}")
}

/// Reads a password from the first line of a file.
pub(super) fn read_password(path: &Path) -> anyhow::Result<SecretString> {
    let cannot = || format!("cannot read the password file {}", path.display());
    let mut text = String::new();
    fs::File::open(path).with_context(cannot)?.take(4096).read_to_string(&mut text).with_context(cannot)?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        bail!("the password file {} is empty", path.display());
    }
    Ok(line.into())
}

/// Writes to standard error, which is not piped to another program.
fn print(text: &str) {
    if writeln!(std::io::stderr(), "\n{text}\n").is_err() {
        tracing::warn!("cannot print the setup link; it is stored in the data directory");
    }
}
