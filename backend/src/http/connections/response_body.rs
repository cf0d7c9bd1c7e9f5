//! [`ResponseBody`]: splits a response into pieces of 64 KiB, so that the client's progress can be observed.
//!
//! A handler's body is often one buffer of many megabytes, which hyper would take as a whole. Of a split body it takes the next
//! piece only when its buffers have room again.
//! A client that reads less than a piece within the time limit is too slow: 64 KiB in 30 s are 2 KiB/s.

use super::progress::InFlight;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// Maximum size of a piece.
pub(super) const PIECE: usize = 64 << 10;

pub(super) struct ResponseBody {
    body: Body,
    /// Rest of the last frame.
    rest: Bytes,
    request: InFlight,
}

impl ResponseBody {
    pub(super) fn new(body: Body, request: InFlight) -> ResponseBody {
        ResponseBody { body, rest: Bytes::new(), request }
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        this.request.taken();
        if this.rest.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(cx)).transpose()? {
                None => return Poll::Ready(None),
                Some(frame) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
            }
        }
        this.request.offered(Instant::now());
        let piece = this.rest.split_to(PIECE.min(this.rest.len()));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::super::progress::Progress;
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn splits_bodies_and_keeps_their_exact_size() {
        let bytes: Bytes = (0..3 * PIECE + 5).map(|i| i as u8).collect();
        let progress = Progress::new(Instant::now());
        let mut body = ResponseBody::new(Body::from(bytes.clone()), progress.begin());
        assert_eq!(body.size_hint().exact(), Some(bytes.len() as u64));
        let mut sent = Vec::new();
        let mut sizes = Vec::new();
        while !body.is_end_stream() {
            let piece = body.frame().await.unwrap().unwrap().into_data().unwrap();
            sizes.push(piece.len());
            sent.extend_from_slice(&piece);
            assert_eq!(body.size_hint().exact(), Some((bytes.len() - sent.len()) as u64));
        }
        assert_eq!((sent.as_slice(), sizes), (&bytes[..], vec![PIECE, PIECE, PIECE, 5]));
        assert!(progress.waiting().is_none());
        drop(body);
        assert!(progress.waiting().is_some(), "the request ends when its body is dropped");
    }
}
