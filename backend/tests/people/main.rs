//! People, what they may do, and what is written down about it: on SQLite and on PostgreSQL.

#![allow(missing_docs)]

mod audit;
mod bindings;
mod claim;
mod csrf;
mod databases;
mod first_start;
mod invitations;
mod pages;
mod passwords;
mod program;
mod records;
mod sessions;
mod site;
mod tokens;
