//! gRPC client: one message there, one back, over one connection that is opened when it is first needed and again when it broke.
//!
//! Messages are passed on as bytes: those of an answer are decoded off the async threads. Compression is not offered, so
//! that nothing is inflated here.
//!
//! What a status means:
//!
//! | status | |
//! |---|---|
//! | `NOT_FOUND` | nothing is there: no error |
//! | `UNAUTHENTICATED`, `PERMISSION_DENIED` | [`StoreError::Denied`] |
//! | `RESOURCE_EXHAUSTED`, `OUT_OF_RANGE` | [`StoreError::TooLarge`]: the answer is larger than Parca or we allow |
//! | `DEADLINE_EXCEEDED` | [`StoreError::Timeout`]; counts as down |
//! | `UNAVAILABLE`, `INTERNAL`, `ABORTED`, `CANCELLED`, `DATA_LOSS`, any failure of the connection | [`StoreError::Unreachable`]; counts as down |
//! | others | [`StoreError::Invalid`]: asking again would not help |

use crate::config::RemoteStoreConfig;
use crate::store::StoreError;
use crate::store::remote::Failure;
use crate::web_client::{self, RequestHeaders};
use crate::work::Workers;
use bytes::{Buf, BufMut, Bytes};
use std::error::Error;
use std::time::Duration;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Status};

const SERVICE: &str = "parca.query.v1alpha1.QueryService";
/// Longest wait for a connection; the time limit of a question includes it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Characters of a text of the other side that are passed on.
const MOST_CHARS: usize = 300;

/// A method of the service.
#[derive(Debug)]
pub(super) struct Method {
    /// As in figures.
    pub(super) operation: &'static str,
    name: &'static str,
    /// Bytes of an answer.
    limit: usize,
}

/// Decoded, an answer of names takes up to 12 times its bytes.
pub(super) static PROFILE_TYPES: Method =
    Method { operation: "profile_types", name: "ProfileTypes", limit: 4 << 20 };
pub(super) static LABELS: Method = Method { operation: "labels", name: "Labels", limit: 4 << 20 };
pub(super) static VALUES: Method = Method { operation: "values", name: "Values", limit: 4 << 20 };
/// 370 000 samples of about 45 bytes; decoded, an answer of empty samples would take 20 times its bytes.
pub(super) static QUERY_RANGE: Method =
    Method { operation: "query_range", name: "QueryRange", limit: 16 << 20 };
/// What Parca itself allows. The pprof in it is not copied.
pub(super) static QUERY: Method = Method { operation: "query", name: "Query", limit: 64 << 20 };

/// The connection to one Parca.
pub(super) struct Client {
    /// Of the store.
    name: String,
    channel: Channel,
    /// The path before the service's, where a proxy serves Parca below one.
    prefix: String,
    headers: RequestHeaders,
    /// Files with secrets.
    files: Workers,
}

impl Client {
    /// A client that connects when it is first used. Within a runtime.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when the URL or a certificate is malformed.
    pub(super) fn new(name: &str, config: &RemoteStoreConfig) -> Result<Client, StoreError> {
        let malformed = |error: tonic::transport::Error| {
            StoreError::Unreachable(format!("{name}: {}", root_cause(&error)))
        };
        let endpoint = endpoint(config).map_err(malformed)?;
        Ok(Client {
            name: name.to_owned(),
            prefix: endpoint.uri().path().trim_end_matches('/').to_owned(),
            channel: endpoint.connect_lazy(),
            headers: RequestHeaders::new(&config.auth, &config.headers, &config.header_files),
            files: Workers::new(1),
        })
    }

    /// Sends a message and gives the one of the answer; none if there is nothing.
    ///
    /// # Errors
    /// See the module.
    pub(super) async fn unary(&self, method: &Method, message: Bytes) -> Result<Option<Bytes>, Failure> {
        let mut request = tonic::Request::new(message);
        *request.metadata_mut() = self.metadata().await?;
        let path = format!("{}/{SERVICE}/{}", self.prefix, method.name);
        let path = PathAndQuery::try_from(path).map_err(|error| self.down(&error))?;
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(method.limit);
        grpc.ready().await.map_err(|error| self.down(&error))?;
        match grpc.unary(request, path, Messages).await {
            Ok(answer) => Ok(Some(answer.into_inner())),
            Err(status) => match status.source() {
                Some(cause) => Err(self.down(cause)),
                None => outcome(&self.name, status.code(), status.message()),
            },
        }
    }

    async fn metadata(&self) -> Result<MetadataMap, Failure> {
        let headers = self.headers.clone();
        let read = self.files.run(move || headers.read()).await;
        let read = read.map_err(|stopping| Failure::refused(StoreError::Busy(stopping.to_string())))?;
        read.map(MetadataMap::from_headers).map_err(|error| {
            tracing::error!(store = self.name, error, "cannot read a secret of a profile store");
            Failure::refused(StoreError::Denied(format!(
                "{}: a file with a secret cannot be read",
                self.name
            )))
        })
    }

    fn down(&self, error: &(dyn Error + 'static)) -> Failure {
        Failure::down(StoreError::Unreachable(format!("{}: {}", self.name, root_cause(error))))
    }
}

fn endpoint(config: &RemoteStoreConfig) -> Result<Endpoint, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(config.url.clone())?;
    let endpoint = endpoint.connect_timeout(CONNECT_TIMEOUT.min(config.timeout));
    if !config.url.starts_with("https://") {
        return Ok(endpoint);
    }
    web_client::set_up_tls();
    let own = config.ca.as_ref().map(Certificate::from_pem);
    let trusting = |roots: ClientTlsConfig| endpoint.clone().tls_config(roots.ca_certificates(own.clone()));
    // A system may have no authorities at all (small container images); those that are configured work there all the same.
    trusting(ClientTlsConfig::new().with_enabled_roots()).or_else(|error| {
        tracing::debug!(%error, "cannot use the certificate authorities of the system");
        trusting(ClientTlsConfig::new())
    })
}

/// What a status that Parca itself gave means; see the module.
fn outcome(name: &str, code: Code, message: &str) -> Result<Option<Bytes>, Failure> {
    let message: String = message.chars().take(MOST_CHARS).collect();
    let text = format!("{name}: {}: {message}", code.description());
    Err(match code {
        Code::NotFound => return Ok(None),
        Code::Unauthenticated | Code::PermissionDenied => Failure::refused(StoreError::Denied(text)),
        Code::ResourceExhausted | Code::OutOfRange => Failure::refused(StoreError::TooLarge(text)),
        Code::DeadlineExceeded => Failure::down(StoreError::Timeout(text)),
        Code::Unavailable | Code::Internal | Code::Aborted | Code::Cancelled | Code::DataLoss => {
            Failure::down(StoreError::Unreachable(text))
        }
        _ => Failure::refused(StoreError::Invalid(text)),
    })
}

/// The innermost cause, which says what failed; the outer ones only say at which step.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string().chars().take(MOST_CHARS).collect()
}

/// Passes messages on as they are.
struct Messages;

impl Codec for Messages {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Messages;
    type Decoder = Messages;

    fn encoder(&mut self) -> Messages {
        Messages
    }

    fn decoder(&mut self) -> Messages {
        Messages
    }
}

impl Encoder for Messages {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(message);
        Ok(())
    }
}

impl Decoder for Messages {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(message.copy_to_bytes(message.remaining())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Code::Unauthenticated, "the store denied access: prod: ", false)]
    #[case(Code::PermissionDenied, "the store denied access: prod: ", false)]
    #[case(Code::ResourceExhausted, "too large for the store: prod: ", false)]
    #[case(Code::OutOfRange, "too large for the store: prod: ", false)]
    #[case(Code::Unavailable, "the store cannot be reached: prod: ", true)]
    #[case(Code::Internal, "the store cannot be reached: prod: ", true)]
    #[case(Code::DeadlineExceeded, "the store did not answer in time: prod: ", true)]
    #[case(Code::InvalidArgument, "the store gave an invalid answer: prod: ", false)]
    #[case(Code::Unimplemented, "the store gave an invalid answer: prod: ", false)]
    fn a_status_is_an_error_that_names_the_store(
        #[case] code: Code,
        #[case] text: &str,
        #[case] is_down: bool,
    ) {
        let failure = outcome("prod", code, &"x".repeat(10_000)).unwrap_err();
        assert!(failure.error.to_string().starts_with(text), "{}", failure.error);
        assert_eq!(failure.is_down, is_down);
        assert!(failure.error.to_string().len() < 500);
    }

    #[test]
    fn nothing_found_is_no_error() {
        assert!(matches!(outcome("prod", Code::NotFound, "No data found"), Ok(None)));
    }
}
