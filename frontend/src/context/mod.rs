//! Leptos contexts of the whole page: the session, the time zone, open files, own code, the actions of the full program.

pub(crate) mod file_opener;
pub(crate) mod local_files;
pub(crate) mod own_code;
pub(crate) mod pending_action;
pub(crate) mod session;
pub(crate) mod utc;
