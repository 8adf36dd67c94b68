//! Rules of the house with logic in them: `cargo xtask tidy`, `cargo xtask test`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool prints")]

mod steps;
mod tidy;
mod tree;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  tidy           check layers, file sizes, diagnostic codes, paths, marks and manifests; all problems at once
  test           format check, tidy, clippy, tests, doc tests
  test --full    the same, then: release tests at full size (OXUS_SLOW=1), bit identity of debug and release builds,
                 more random cases for the tests that nothing panics, benches in test mode, docs without a warning
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // The folder of this crate, given by cargo when it runs the task, lies one below the root.
    let manifest = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| "xtask".to_owned());
    let root = Path::new(&manifest).parent().unwrap_or(Path::new("."));
    let passed = match words.as_slice() {
        ["tidy"] => tidy::run(root),
        ["test"] => steps::run(root, false),
        ["test", "--full"] => steps::run(root, true),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            true
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
