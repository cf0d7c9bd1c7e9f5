//! The header `Authorization`: an API token, as `Bearer` or as the password of `Basic`.
//!
//! Pyroscope's SDKs send either; the user name of `Basic` is ignored, as Grafana Cloud puts a tenant number there. gRPC sends
//! the header as metadata of the same name.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::SecretString;

/// Longer headers are not parsed.
const MAX_LEN: usize = 1024;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent),
);

/// The token of a request; `None` without the header. A malformed header gives an empty token, as it must not count as a request
/// without credentials.
pub(crate) fn token(headers: &HeaderMap) -> Option<SecretString> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let first = values.next()?;
    let text = match values.next() {
        // A proxy could read another one of two than we do.
        Some(_) => None,
        None => first.to_str().ok().filter(|text| text.len() <= MAX_LEN).and_then(secret),
    };
    Some(SecretString::from(text.unwrap_or_default()))
}

fn secret(header: &str) -> Option<String> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    let rest = rest.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.to_owned()),
        "basic" => {
            let decoded = String::from_utf8(BASE64.decode(rest).ok()?).ok()?;
            decoded.split_once(':').map(|(_, password)| password.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        token(&headers).map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn reads_tokens_as_sdks_send_them() {
        assert_eq!(read(&["Bearer fp_x"]).as_deref(), Some("fp_x"));
        assert_eq!(read(&["bearer  fp_x "]).as_deref(), Some("fp_x"));
        // user:fp_x, any:fp_x:y, :fp_x
        assert_eq!(read(&["Basic dXNlcjpmcF94"]).as_deref(), Some("fp_x"));
        assert_eq!(read(&["BASIC YW55OmZwX3g6eQ=="]).as_deref(), Some("fp_x:y"));
        assert_eq!(read(&["Basic OmZwX3g"]).as_deref(), Some("fp_x"));
    }

    #[test]
    fn malformed_headers_give_an_empty_token() {
        assert_eq!(read(&[]), None);
        let long = format!("Bearer {}", "a".repeat(MAX_LEN));
        for bad in ["", "Bearer", "Digest x", "Basic ???", "Basic dXNlcg==", "fp_x", &long] {
            assert_eq!(read(&[bad]).as_deref(), Some(""), "{bad}");
        }
        assert_eq!(read(&["Bearer a", "Bearer b"]).as_deref(), Some(""));
    }
}
