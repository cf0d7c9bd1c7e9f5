//! `listen`: the address to listen on; loopback unless access from elsewhere is configured.

use super::error::ConfigError;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address of `text` (`ADDR:PORT`, `[ADDR]:PORT` or `localhost:PORT`). Only loopback, unless `open`.
pub(super) fn check(text: &str, open: bool) -> Result<SocketAddr, ConfigError> {
    let address = match text.strip_prefix("localhost:") {
        Some(port) => port.parse().ok().map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)),
        None => text.parse().ok(),
    };
    let Some(address) = address else {
        return Err(ConfigError::value("listen", text, "ADDR:PORT, such as 127.0.0.1:4280 or [::1]:4280"));
    };
    if !open && !address.ip().to_canonical().is_loopback() {
        return Err(ConfigError::OpenToNetwork(text.to_owned()));
    }
    Ok(address)
}
