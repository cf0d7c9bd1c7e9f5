//! Extractors: caller, parameters, body and response format of a request.

pub(crate) mod authorization;
pub(crate) mod body;
mod caller;
pub(crate) mod json_size;
pub(crate) mod memory;
mod negotiate;
mod params;
mod path;
mod principal;
mod query_request;
mod store;
pub(crate) mod time;

pub(crate) use body::{JsonBody, MessageBody};
pub(crate) use caller::Caller;
pub(crate) use negotiate::Format;
pub(crate) use params::Params;
pub(crate) use path::Path;
pub(crate) use query_request::{QueryRequest, SelectionParams};
pub(crate) use store::readable_store;
