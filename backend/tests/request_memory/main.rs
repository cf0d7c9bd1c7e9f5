//! Memory of requests: what a small body can make the server allocate, on every route that takes one.
//!
//! A test binary of its own, as its allocator counts. The server runs in the process, on one thread besides those for
//! blocking work, and one request at a time: the peak of the allocator is the request's.

#![allow(missing_docs)]
#![allow(clippy::disallowed_methods)] // tasks of a test end with it

mod bounds;
mod corpus;
mod counting;
mod fuzz;
mod generated;
mod hostile;
mod input;
mod mutation;
mod random;
mod routes;
mod server;
mod shared_budget;
