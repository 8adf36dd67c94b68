//! Reads a pack and prints every problem: `cargo run -p oxus-pack --example check -- packs/central-asia`.
#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use std::process::ExitCode;
use std::time::Instant;

use oxus_diag::{Style, render};
use oxus_pack::{Folder, read};

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "packs/central-asia".to_owned());
    let start = Instant::now();
    let found = read(&Folder::new(folder));
    let took = start.elapsed();
    let failed = found.diagnostics.has_errors();
    print!("{}", render(&found.diagnostics.into_sorted(), &found.sources, Style::plain()));
    println!("read in {took:.1?}");
    ExitCode::from(u8::from(failed))
}
