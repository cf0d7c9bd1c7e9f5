//! `…profiles.v1development.ProfilesService/Export`: OTLP profiles over gRPC, on the same port as everything else.
//!
//! The message is passed on as bytes, compressed as it came, and inflated and parsed off the async threads, within the bounds
//! of every other body: so a request of an older layout is rejected by name, and a small body cannot become a huge message. Requests to this path without gRPC's content
//! type (Connect, plain HTTP) are handled as over HTTP.

use super::otlp::{BODY as UNFRAMED, handle as handle_http, response_to};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::doc::{Answer, Doc, RequestBody};
use crate::http::extract::body::{is_timed_out, media_type, memory_error};
use crate::http::route::{BodyLimit, Route};
use crate::http::rpc_error::{grpc_status, rpc_error};
use crate::ingest::batch::Received;
use crate::ingest::inflate::{Budget, Compression};
use crate::ingest::otlp::{self, Encoding};
use crate::ingest::quota::Admission;
use crate::ingest::{IngestError, receive};
use crate::request_memory::Reservation;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::{Buf, Bytes, BytesMut};
use flarepath_profile::formats::otlp::ExportProfilesServiceResponse;
use futures::TryStreamExt;
use http_body_util::BodyExt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tonic::Status;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder};
use tonic::server::Grpc;
use tonic_prost::ProstCodec;
use tower::Service;

const PATH: &str = "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";

const BODY: &[RequestBody] = &[
    RequestBody::Bytes("application/grpc", FRAMED),
    RequestBody::Bytes("application/grpc+proto", FRAMED),
    UNFRAMED[0],
    UNFRAMED[1],
];
const FRAMED: &str = "The message ExportProfilesServiceRequest, in a gRPC frame";

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::post(PATH, handle)
        .needs(Permission::WriteProfiles)
        .body(BodyLimit::Profile)
        .doc(Doc {
            description: "The unary gRPC method of OpenTelemetry's profiles service, proto 1.10 or later. Also accepts the same message \
                          without gRPC framing, as /v1development/profiles does.",
            body: BODY,
            answer: Answer::Json(
                "otlp.ExportProfilesServiceResponse",
                &["application/grpc", "application/x-protobuf"],
            ),
            errors: &[
                (
                    400,
                    "Without gRPC framing: as /v1development/profiles. gRPC errors have status 200 and a grpc-status.",
                ),
                (429, "Without gRPC framing: the disk is full."),
                (501, "Without gRPC framing: no store of this server takes pushes."),
            ],
            ..Doc::new("Ingest", "Export profiles (OpenTelemetry, gRPC)")
        })]
}

async fn handle(
    State(app): State<Arc<App>>,
    who: Principal,
    memory: Reservation,
    mut request: Request,
) -> Response {
    if !media_type(request.headers()).starts_with("application/grpc") {
        let (parts, body) = request.into_parts();
        return handle_http(State(app), who, parts.headers, memory, body).await;
    }
    if request.headers().get(GRPC_ENCODING).is_some_and(|encoding| encoding == "gzip") {
        request.headers_mut().remove(GRPC_ENCODING);
        request = request.map(unflagged);
    }
    let limit = BodyLimit::Profile.bytes();
    let mut grpc =
        Grpc::new(RawCodec).send_compressed(CompressionEncoding::Gzip).max_decoding_message_size(limit);
    let request = request.map(|body| body.map_err(body_error));
    grpc.unary(Export(app, who, memory), request).await.map(Body::new)
}

const GRPC_ENCODING: &str = "grpc-encoding";

/// A body whose message does not say that it is compressed: a flag in the first byte. Inflating is ours.
fn unflagged(body: Body) -> Body {
    let mut is_first = true;
    Body::from_stream(body.into_data_stream().map_ok(move |piece| {
        if piece.is_empty() || !std::mem::take(&mut is_first) {
            return piece;
        }
        let mut piece = BytesMut::from(piece);
        piece[0] = 0;
        piece.freeze()
    }))
}

/// A body that could not be read, in gRPC's words.
fn body_error(error: axum::Error) -> Status {
    let error = match memory_error(&error) {
        Some(memory) => memory.into(),
        None if is_timed_out(&error) => IngestError::BodyTimeout,
        None => IngestError::BadRequest(format!("the body could not be read: {error}")),
    };
    let (code, text) = rpc_error(error);
    grpc_status(code, text)
}

/// Decodes requests as bytes, encodes responses as messages.
struct RawCodec;

struct RawDecoder;

impl Codec for RawCodec {
    type Encode = ExportProfilesServiceResponse;
    type Decode = Bytes;
    type Encoder = <ProstCodec<ExportProfilesServiceResponse, ()> as Codec>::Encoder;
    type Decoder = RawDecoder;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<ExportProfilesServiceResponse, ()>::default().encoder()
    }

    fn decoder(&mut self) -> Self::Decoder {
        RawDecoder
    }
}

impl Decoder for RawDecoder {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(message.copy_to_bytes(message.remaining())))
    }
}

/// The `Export` method.
struct Export(Arc<App>, Principal, Reservation);

type Exported = Result<tonic::Response<ExportProfilesServiceResponse>, Status>;

impl Service<tonic::Request<Bytes>> for Export {
    type Response = tonic::Response<ExportProfilesServiceResponse>;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Exported> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        Box::pin(export(self.0.clone(), self.1.clone(), self.2.clone(), request.into_inner()))
    }
}

async fn export(app: Arc<App>, who: Principal, memory: Reservation, message: Bytes) -> Exported {
    match take(&app, &who, memory, message).await {
        Ok(received) => Ok(tonic::Response::new(response_to(&received))),
        Err(error) => {
            let (code, text) = rpc_error(error);
            Err(grpc_status(code, text))
        }
    }
}

async fn take(
    app: &App,
    who: &Principal,
    memory: Reservation,
    message: Bytes,
) -> Result<Received, IngestError> {
    let bounds = who.bounds(Permission::WriteProfiles);
    let now = app.clock.now();
    let (writer, admission) = (app.writer.as_deref(), Admission::new(app.quotas.clone(), who));
    let received = receive("otlp_grpc", message.len(), writer, bounds, admission, move || {
        let mut budget = Budget::within(memory);
        // No message of this protocol begins like one.
        let plain = match Compression::detect(&message) {
            Some(Compression::Gzip) => budget.inflate(Compression::Gzip, &message)?.into(),
            _ => message,
        };
        otlp::read(Encoding::Protobuf, &plain, &mut budget, now)
    });
    received.await?.into_failure()
}
