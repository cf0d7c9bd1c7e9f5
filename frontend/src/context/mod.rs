//! Leptos contexts of the whole page: the account menu, the session, the stores, the time zone, printing, open files, the actions
//! of the full program.

pub(crate) mod account_menu;
pub(crate) mod file_opener;
pub(crate) mod local_files;
pub(crate) mod pending_action;
pub(crate) mod printing;
pub(crate) mod session;
pub(crate) mod stores;
pub(crate) mod utc;
