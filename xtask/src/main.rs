//! Rules of the house with logic in them: `cargo xtask tidy`, `cargo xtask test`.
fn main() {}
