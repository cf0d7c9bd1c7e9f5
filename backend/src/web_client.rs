//! How we ask other servers: over TLS by rustls with ring, trusting the certificate authorities of the system.

use reqwest::{Certificate, Client, ClientBuilder};

/// A client as `configure` wants it, which trusts `extra` certificates (PEM) too.
///
/// # Errors
/// When certificates cannot be read or TLS cannot be set up.
pub fn build(
    extra: Option<&[u8]>,
    configure: impl Fn(ClientBuilder) -> ClientBuilder,
) -> Result<Client, reqwest::Error> {
    set_up_tls();
    let extra = extra.map(Certificate::from_pem_bundle).transpose()?.unwrap_or_default();
    let begin = || configure(Client::builder());
    let trusting = if extra.is_empty() { begin() } else { begin().tls_certs_merge(extra.clone()) };
    // A system may have no authorities at all (small container images); plain HTTP works there all the same.
    trusting.build().or_else(|error| {
        tracing::debug!(%error, "the system's certificate authorities cannot be used");
        begin().tls_certs_only(extra).build()
    })
}

/// Says which cryptography TLS uses. Without it no web client of this process can be made, not even by a library and
/// for plain HTTP.
pub fn set_up_tls() {
    // Fails when it is done already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
