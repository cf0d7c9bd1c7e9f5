//! Counts the body of a request into the memory budget ([`crate::request_memory`]), as it arrives, and that of a large response until it
//! has been sent; and bounds the query string.
//!
//! Inside of [`super::authorize`], so that nobody without the route's permission takes anything. The reservation is an
//! extension of the request: readers of bodies ([`crate::http::extract::body`]) let it grow, computations hold clones of it.

use crate::app::App;
use crate::http::ApiError;
use crate::http::route::BodyLimit;
use crate::problem::ProblemKind;
use crate::request_memory::{RequestMemory, Reservation};
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures::{StreamExt, stream};
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Bytes of a query string. Paths of functions (`focus`) are the longest part of one.
const MAX_QUERY_BYTES: usize = 64 << 10;
/// Parameters of a query string.
const MAX_PARAMETERS: usize = 1000;
/// Bytes from which a response is counted. What smaller ones take is bounded by the number of connections.
const LARGE_RESPONSE: u64 = 64 << 10;

/// Runs a request of a route with bodies up to `limit`.
///
/// # Errors
/// 400 for a query string beyond its bounds.
pub(crate) async fn reserve(
    app: &App,
    limit: BodyLimit,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    check_query(request.uri().query().unwrap_or_default())?;
    if request.body().is_end_stream() {
        request.extensions_mut().insert(app.request_memory.small());
        return counted_response(&app.request_memory, next.run(request).await).await;
    }
    let memory = match limit {
        BodyLimit::Small => app.request_memory.small(),
        BodyLimit::Profile => app.request_memory.large(),
    };
    request.extensions_mut().insert(memory.clone());
    let response = next.run(request.map(|body| counted(body, memory.clone()))).await;
    drop(memory);
    counted_response(&app.request_memory, response).await
}

/// The same response. A large one is counted until it has been sent or dropped: a client that reads slowly keeps it for minutes.
async fn counted_response(memory: &RequestMemory, response: Response) -> Result<Response, ApiError> {
    let large = response.body().size_hint().exact().filter(|bytes| *bytes >= LARGE_RESPONSE);
    let Some(bytes) = large else { return Ok(response) };
    let memory = memory.response();
    // One that is larger than the budget takes all of it.
    memory.grow(usize::try_from(bytes).unwrap_or(usize::MAX).min(memory.limit())).await?;
    Ok(response.map(|body| Body::new(CountedBody { body, _memory: memory })))
}

struct CountedBody {
    body: Body,
    _memory: Reservation,
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn check_query(query: &str) -> Result<(), ApiError> {
    let refuse = |detail: String| Err(ApiError::new(ProblemKind::BadQuery, detail));
    if query.len() > MAX_QUERY_BYTES {
        return refuse(format!("the query string is longer than {} KiB", MAX_QUERY_BYTES >> 10));
    }
    if query.bytes().filter(|&b| b == b'&').count() >= MAX_PARAMETERS {
        return refuse(format!("the query string has more than {MAX_PARAMETERS} parameters"));
    }
    Ok(())
}

/// The same body; each piece is reserved before it is handed on.
fn counted(body: Body, memory: Reservation) -> Body {
    let pieces = stream::try_unfold((body.into_data_stream(), memory), |(mut body, memory)| async move {
        let Some(piece) = body.next().await else { return Ok::<_, axum::Error>(None) };
        let piece = piece?;
        memory.grow(piece.len()).await.map_err(axum::Error::new)?;
        Ok(Some((piece, (body, memory))))
    });
    Body::from_stream(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::extract::body::memory_error;
    use crate::request_memory::MemoryError;
    use axum::body::to_bytes;
    use std::time::Duration;

    #[tokio::test]
    async fn reserves_each_piece_before_it_is_read() {
        let memory = RequestMemory::new(8 << 10, Duration::ZERO);
        let body = |pieces: usize| {
            let pieces = (0..pieces).map(|_| Ok::<_, std::io::Error>(vec![0; 1 << 10]));
            counted(Body::from_stream(stream::iter(pieces)), memory.large())
        };
        let read = to_bytes(body(8), usize::MAX).await.unwrap();
        assert_eq!(read.len(), 8 << 10);
        let error = to_bytes(body(9), usize::MAX).await.unwrap_err();
        assert_eq!(memory_error(&error), Some(MemoryError::TooLarge { limit: 8 << 10 }));
        assert_eq!(memory.reserved(), 0);
    }

    #[tokio::test]
    async fn large_responses_are_counted_until_they_are_dropped() {
        let memory = RequestMemory::new(256 << 10, Duration::ZERO);
        let response = |kib: usize| Response::new(Body::from(vec![0; kib << 10]));
        let sent = counted_response(&memory, response(200)).await.unwrap();
        assert_eq!(sent.body().size_hint().exact(), Some(200 << 10), "its length is still known");
        let refused = counted_response(&memory, response(100)).await.unwrap_err();
        assert_eq!(refused.status().as_u16(), 503);
        assert!(counted_response(&memory, response(10)).await.is_ok(), "small ones are not counted");
        assert!(memory.large().grow(256 << 10).await.is_ok(), "requests have a budget of their own");
        drop(sent);
        let alone = counted_response(&memory, response(300)).await.unwrap();
        assert_eq!(to_bytes(alone.into_body(), usize::MAX).await.unwrap().len(), 300 << 10);
    }

    #[test]
    fn query_strings_are_bounded() {
        assert!(check_query("").is_ok());
        assert!(check_query(&"a=1&".repeat(MAX_PARAMETERS - 1)).is_ok());
        assert!(check_query(&"a=1&".repeat(MAX_PARAMETERS)).is_err());
        assert!(check_query(&"a".repeat(MAX_QUERY_BYTES + 1)).is_err());
    }
}
