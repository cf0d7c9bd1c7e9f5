//! The files of the web page, as the library gets them from the binary.
//!
//! The binary embeds them, so that the library is compiled while the page is still being built.

use std::borrow::Cow;

/// A file of the page, or one of its precompressed variants.
pub struct PageFile {
    /// Its bytes.
    pub data: Cow<'static, [u8]>,
    /// SHA-256 of `data`.
    pub sha256: [u8; 32],
}

/// Finds a file by its path below the page's root, such as `index.html`; `None` when there is no such file.
pub type PageFiles = fn(&str) -> Option<PageFile>;
