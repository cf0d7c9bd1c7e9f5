//! Settings of the operating system for this process: the limit of open files, and the modes of its files.

mod file_limit;
mod private_files;

pub(crate) use file_limit::raise_file_limit;
pub(crate) use private_files::{keep_files_private, restrict_folder};
