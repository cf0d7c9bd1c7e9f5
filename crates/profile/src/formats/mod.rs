//! Formats: one file a format, each with a reader into [`crate::profile::Profile`] and, where it makes
//! sense, a writer. Bytes arrive here already decompressed.
