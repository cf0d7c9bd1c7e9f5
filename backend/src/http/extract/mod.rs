//! What requests say, parsed at the door: who asks, for what, in which format.

mod ask;
pub(crate) mod authorization;
mod negotiate;
mod params;
mod principal;
pub mod time;

pub(crate) use ask::{Ask, Named};
pub(crate) use negotiate::Format;
pub(crate) use params::Params;
