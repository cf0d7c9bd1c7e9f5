//! People, what they may do, and what is written down about it: on SQLite and on PostgreSQL.

#![allow(missing_docs)]

mod claim;
mod csrf;
mod databases;
mod passwords;
mod records;
mod sessions;
mod site;
