//! HTTP client for other servers: TLS by rustls with ring, trusting the certificate authorities of the system.

mod headers;

pub(crate) use headers::RequestHeaders;

use reqwest::{Certificate, Client, ClientBuilder};

/// A client configured by `configure` that trusts `extra` certificates (PEM) in addition to those of the system.
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
        tracing::debug!(%error, "cannot use the certificate authorities of the system");
        begin().tls_certs_only(extra).build()
    })
}

/// Selects the cryptography of TLS. Until then no HTTP client can be built in this process, not even by a library for plain
/// HTTP.
pub fn set_up_tls() {
    // Fails when it has been selected before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The innermost cause of an error, which says what failed; reqwest itself says only at which step.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let (mut text, mut cause) = (String::new(), std::error::Error::source(error));
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    if text.is_empty() { error.to_string() } else { text }
}
