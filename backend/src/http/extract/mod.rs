//! What requests say, parsed at the door: who asks, for what, in which format.

mod ask;
pub(crate) mod authorization;
mod json_body;
mod negotiate;
mod params;
mod principal;
pub(crate) mod time;

pub(crate) use ask::{Ask, Named};
pub(crate) use json_body::JsonBody;
pub(crate) use negotiate::Format;
pub(crate) use params::Params;
