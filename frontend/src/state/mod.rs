//! What is on screen, as values: read from the URL and written back to it.

pub mod loaded_profile;
pub mod local_files;
pub mod view;
