//! What the operating system grants this process: open files, and who else may read the files that it makes.

mod file_limit;
mod private_files;

pub(crate) use file_limit::raise_file_limit;
pub(crate) use private_files::{keep_files_private, restrict_folder};
