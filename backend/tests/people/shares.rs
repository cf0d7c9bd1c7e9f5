//! Shares: made from what a question answers, opened by a link, managed by their owners.

mod by_id;
mod canary;
mod freezing;
mod managing;
mod opening;
mod organisation;
mod otlp_labels;
pub(crate) mod shop;
mod signed_in;
