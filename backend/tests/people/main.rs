//! People, what they may do, and what is written down about it: on SQLite and on PostgreSQL.

#![allow(missing_docs)]

mod databases;
mod records;
