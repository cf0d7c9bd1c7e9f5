//! Assembles the command line; everything else lives in the library.
fn main() {}
