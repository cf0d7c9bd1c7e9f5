//! The first start: how the first person gets in.

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

/// The link, in the data folder, until somebody used it.
const FILE_NAME: &str = "setup-url";

/// Offers a server that nobody has claimed: to who has the password file, or to who reads the terminal.
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
            // Another replica was faster.
            Err(AuthError::Conflict(_)) if gate.is_claimed().await? => {}
            other => {
                other.with_context(|| format!("the administrator of {} cannot be made", path.display()))?;
                tracing::info!(name = config.admin_name, "made the first administrator");
            }
        }
        return Ok(());
    }
    let token = gate.setup.issue(app.clock.now_ns(), Some(file.clone()));
    let origin =
        config.public_url.as_ref().map_or(format!("http://{address}"), |url| url.origin().to_owned());
    let link = format!("{origin}/claim#token={}", token.expose_secret());
    write_for_owner(&file, &link).with_context(|| format!("cannot write {}", file.display()))?;
    say(&format!(
        "Nobody has set up this server yet. Open this within 30 minutes to become its administrator:\n\n  {link}\n\n\
         (It stands in {} too. Later: restart, or run `flarepath admin create --name NAME`.)",
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

/// Only its owner may read it; made anew, as an old file might be readable for others.
fn write_for_owner(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    writeln!(file, "{text}")
}

/// A password from the first line of a file.
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

/// On standard error, where a person looks and no pipe does.
fn say(text: &str) {
    if writeln!(std::io::stderr(), "\n{text}\n").is_err() {
        tracing::warn!("nobody can see how to set up the server; the link stands in the data folder");
    }
}
