//! Requires the host name in requests (RFC 9112, section 3.2; RFC 9113, section 8.3.1).
//!
//! Without it, a request would bypass all checks of the host. HTTP/1.0 does not have it, but no browser uses that.

use crate::http::ApiError;
use crate::problem::ProblemKind;
use axum::http::{Request, Version, header};

/// Rejects requests without a host name, or with two.
pub(super) fn check<B>(request: &Request<B>) -> Result<(), ApiError> {
    let headers = request.headers().get_all(header::HOST).iter().count();
    let needs_header = match request.version() {
        Version::HTTP_11 => true,
        version => version > Version::HTTP_11 && request.uri().authority().is_none(),
    };
    if headers == 1 || (headers == 0 && !needs_header) {
        return Ok(());
    }
    let detail = if headers == 0 { "the header Host is missing" } else { "more than one header Host" };
    Err(ApiError::new(ProblemKind::BadRequest, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requires_one_host_name() {
        for (version, uri, hosts, fine) in [
            (Version::HTTP_11, "/", 0, false),
            (Version::HTTP_11, "/", 1, true),
            (Version::HTTP_11, "/", 2, false),
            (Version::HTTP_11, "http://localhost/", 1, true),
            (Version::HTTP_11, "http://localhost/", 0, false),
            (Version::HTTP_10, "/", 0, true),
            (Version::HTTP_10, "/", 2, false),
            (Version::HTTP_2, "http://localhost/", 0, true),
            (Version::HTTP_2, "/", 0, false),
        ] {
            let mut request = Request::builder().version(version).uri(uri);
            for _ in 0..hosts {
                request = request.header(header::HOST, "localhost");
            }
            assert_eq!(check(&request.body(()).unwrap()).is_ok(), fine, "{version:?} {uri} {hosts}");
        }
    }
}
