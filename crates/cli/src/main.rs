//! The command line of Oxus.
fn main() {}
