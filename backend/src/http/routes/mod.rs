//! Handlers, one resource a file.
