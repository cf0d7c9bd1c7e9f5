//! The bytes of a fuzz input: which request they stand for.
//!
//! ```text
//! 0..2  route and content type: a number, modulo the length of the list
//! 2     compression (2 bits), repetitions (3 bits)
//! 3..   body, before it is repeated and compressed
//! ```
//!
//! Every sequence of bytes is a request. Routes are numbered in the order of the OpenAPI document, so that a stored input is
//! valid for one version; the corpus consists of bodies ([`crate::corpus`]).

use crate::routes::Route;
use crate::server::Sent;

const HEAD: usize = 3;
/// Bodies are repeated up to this size.
const MOST_REPEATED: usize = 1 << 20;

/// A request before its body is repeated and compressed.
pub(crate) fn encode(route: usize, shape: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = (route as u16).to_le_bytes().to_vec();
    bytes.push(shape);
    bytes.extend(body);
    bytes
}

/// The route of an input.
pub(crate) fn route<'a>(input: &[u8], routes: &'a [Route]) -> &'a Route {
    let number = u16::from_le_bytes([byte(input, 0), byte(input, 1)]);
    &routes[usize::from(number) % routes.len()]
}

/// The start of an input, which is not body.
pub(crate) fn head(input: &[u8]) -> [u8; HEAD] {
    [byte(input, 0), byte(input, 1), byte(input, 2)]
}

/// The body of an input as written.
pub(crate) fn body(input: &[u8]) -> &[u8] {
    input.get(HEAD..).unwrap_or_default()
}

/// The body of an input, repeated.
pub(crate) fn plain(input: &[u8]) -> Vec<u8> {
    let body = body(input);
    let times = [1, 1, 1, 8, 64, 512, 4096, 32_768][usize::from(byte(input, 2) >> 2 & 7)];
    body.repeat(times.min(1.max(MOST_REPEATED / body.len().max(1))))
}

/// The request of an input with this [`plain`] body.
pub(crate) fn sent(input: &[u8], route: &Route, plain: Vec<u8>) -> Sent {
    let sent = Sent::to(route, plain);
    match byte(input, 2) & 3 {
        0 => sent,
        1 => sent.zstd(),
        2 => sent.gzip(),
        _ => Sent { encoding: Some("zstd"), ..sent },
    }
}

fn byte(input: &[u8], at: usize) -> u8 {
    input.get(at).copied().unwrap_or_default()
}
