//! Changes of an input that keep most of it.

use crate::generated;
use crate::input;
use crate::random::Random;
use crate::routes::Route;

/// Bodies do not grow beyond this; [`input::plain`] repeats them.
const MOST_BYTES: usize = 20_000;
/// Bytes at which lengths, counts and signs change.
const EDGES: [u8; 8] = [0, 1, 2, 0x7f, 0x80, 0xff, b'"', b'{'];

/// One to four changes of an input; `other` is one to take a part of.
pub(crate) fn mutate(input: &[u8], other: &[u8], routes: &[Route], random: &mut Random) -> Vec<u8> {
    let (mut head, mut body) = (input::head(input), input::body(input).to_vec());
    for _ in 0..=random.below(4) {
        match random.below(8) {
            0 => head = [random.next() as u8, random.next() as u8, head[2]],
            1 | 2 => head[2] = random.next() as u8,
            _ => change(&mut body, input::body(other), random),
        }
    }
    if random.below(10) == 0 {
        body = generated::body(random, &input::route(&head, routes).content_type);
    }
    body.truncate(MOST_BYTES);
    [&head[..], &body].concat()
}

fn change(body: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let (at, end) = range(body.len(), random);
    match random.below(7) {
        0 if at < body.len() => body[at] ^= 1 << random.below(8),
        1 if at < body.len() => body[at] = random.of(&EDGES),
        2 => body.truncate(end),
        3 => drop(body.drain(at..end)),
        4 => {
            let part = body[at..end].repeat(1 + random.below(20));
            drop(body.splice(at..at, part));
        }
        5 => {
            let (from, to) = range(other.len(), random);
            drop(body.splice(at..end, other[from..to].iter().copied()));
        }
        // A length or a count that is not true.
        _ => {
            let mut number = Vec::new();
            let bits = random.below(64);
            flarepath_profile::varint::put(&mut number, random.next() >> bits);
            let replaced = at..(at + 1).min(body.len());
            drop(body.splice(replaced, number));
        }
    }
}

/// A part of so many bytes, often a short one.
fn range(len: usize, random: &mut Random) -> (usize, usize) {
    let at = random.below(len + 1);
    let most = if random.below(2) == 0 { 16 } else { len };
    (at, at + random.below((len - at).min(most) + 1))
}
