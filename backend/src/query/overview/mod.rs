//! Overview: a verdict on each service, those that need attention first.
//!
//! 1. [`screening`]: what each service did in a range and in the period before it, from starts and totals of profiles alone
//!    ([`measured`], in [`intervals`]), as [`activity`]: cores, replicas, [`versions`], gaps, and [`suspicion`] of a change. The type is the
//!    [`main_type`].
//! 2. [`turns`]: whose turn it is to be compared; [`judgement`]: the verdict on a service, since its [`change_point`] or on the whole range,
//!    with its most expensive of the [`functions`]. Reading call trees for thousands of services each minute would take more than a machine
//!    has, so that suspicious services come first and the others in rotation. A row says when its verdict was computed; one without a
//!    verdict is pending.
//! 3. [`row`]: of many services some seem to have changed by chance, so that a change must be significant among all services.
//! 4. [`ranking`] and [`page`]: the order, cursors, and the numbers of all services together.
//!
//! The [`board`] holds the last hour over all profiles; a job refreshes it each minute. [`answer`] uses it only for services that the
//! caller sees whole: all else is read within the caller's bounds, and kept by them ([`own`]).

mod activity;
mod answer;
mod board;
mod change_point;
mod functions;
mod intervals;
mod judgement;
mod main_type;
mod measured;
mod own;
mod page;
mod ranking;
mod row;
mod screening;
mod suspicion;
#[cfg(test)]
mod tests;
mod turns;
mod versions;

pub(crate) use board::Board;
pub(crate) use page::{Overview, Wanted};
pub(crate) use ranking::{BadCursor, Cursor, Sort};
pub(crate) use row::{Row, State};
