//! `cargo xtask test`: the steps of continuous integration, one after the other, all of them even when one fails.
//!
//! Conventions of the full run:
//! - `OXUS_SLOW=1`: tests that have a short and a full size (sample sizes, grids) read this variable and run in full.
//! - Tests whose names contain `never_panics` are property tests on arbitrary input; the full run gives them many cases.
//! - `crates/*/examples/bits.rs` prints digests of results bit for bit; the same text is expected of a debug and of a
//!   release build.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::tidy;

/// Random cases per property test in the smoke run, enough for about a minute in all.
const SMOKE_CASES: &str = "20000";

/// What a step found.
type Outcome = Result<(), String>;

/// A named step.
struct Step {
    name: &'static str,
    run: fn(&Path) -> Outcome,
}

const QUICK: [Step; 5] = [
    Step { name: "format", run: format },
    Step {
        name: "tidy",
        run: |root| {
            if tidy::run(root) { Ok(()) } else { Err("see above".to_owned()) }
        },
    },
    Step { name: "clippy", run: clippy },
    Step { name: "tests", run: |root| tests(root, &[], &[]) },
    Step { name: "doc tests", run: |root| cargo(root, &["test", "--workspace", "--doc", "--quiet"], &[]) },
];

const FULL: [Step; 5] = [
    Step { name: "release tests at full size", run: |root| tests(root, &["--release"], &[("OXUS_SLOW", "1")]) },
    Step { name: "same bits in debug and release", run: same_bits },
    Step { name: "arbitrary input never panics", run: smoke },
    Step { name: "benches in test mode", run: |root| cargo(root, &["test", "--workspace", "--bench", "*", "--quiet"], &[]) },
    Step { name: "docs", run: docs },
];

/// Runs the steps and prints a summary; whether all passed.
pub(crate) fn run(root: &Path, full: bool) -> bool {
    let steps = QUICK.iter().chain(if full { FULL.as_slice() } else { &[] });
    let results: Vec<_> = steps.map(|step| (step.name, timed(step, root))).collect();
    println!("\n{:-<80}", "");
    for (name, (outcome, time)) in &results {
        let seconds = time.as_secs_f64();
        match outcome {
            Ok(()) => println!("passed  {name} ({seconds:.1} s)"),
            Err(why) => println!("FAILED  {name} ({seconds:.1} s): {why}"),
        }
    }
    let passed = results.iter().filter(|(_, (outcome, _))| outcome.is_ok()).count();
    let failed = results.len() - passed;
    println!("{} steps: {passed} passed, {failed} failed", results.len());
    failed == 0
}

fn timed(step: &Step, root: &Path) -> (Outcome, Duration) {
    println!("\n==> {}", step.name);
    let start = Instant::now();
    ((step.run)(root), start.elapsed())
}

fn format(root: &Path) -> Outcome {
    needs(root, &["fmt", "--version"], "rustfmt is missing: `rustup component add rustfmt`")?;
    cargo(root, &["fmt", "--all", "--", "--check", "-l"], &[]).map_err(|_| "the files above want `cargo fmt --all`".to_owned())
}

fn clippy(root: &Path) -> Outcome {
    needs(root, &["clippy", "--version"], "clippy is missing: `rustup component add clippy`")?;
    cargo(root, &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"], &[])
}

/// All tests but the doc tests: with nextest where it is installed, else with cargo's own runner.
fn tests(root: &Path, more: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let runner: &[&str] = if has_nextest(root) {
        &["nextest", "run", "--workspace", "--no-fail-fast"]
    } else {
        println!("cargo-nextest is not installed (`cargo install cargo-nextest --locked`); using `cargo test`");
        &["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"]
    };
    cargo(root, &[runner, more].concat(), variables)
}

fn has_nextest(root: &Path) -> bool {
    needs(root, &["nextest", "--version"], "").is_ok()
}

/// Property tests on arbitrary input, with many cases.
fn smoke(root: &Path) -> Outcome {
    let variables = [("PROPTEST_CASES", SMOKE_CASES)];
    if has_nextest(root) {
        // nextest fails by itself when no test has such a name.
        let words = ["nextest", "run", "--workspace", "--release", "--no-fail-fast", "-E", "test(never_panics)"];
        return cargo(root, &words, &variables);
    }
    let words = ["test", "--workspace", "--release", "--lib", "--bins", "--tests", "never_panics"];
    cargo(root, &words, &variables)
}

fn docs(root: &Path) -> Outcome {
    // Pages of private modules are what a reader of the code opens, so public ones may point at them.
    let words = ["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"];
    cargo(root, &words, &[("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links")])
}

/// Runs every `examples/bits.rs` in both profiles and compares what they print.
fn same_bits(root: &Path) -> Outcome {
    let mut compared = 0;
    let folders = std::fs::read_dir(root.join("crates")).map_err(|error| format!("crates: {error}"))?;
    let mut names: Vec<_> = folders.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    for name in names.iter().filter(|name| root.join("crates").join(name).join("examples/bits.rs").is_file()) {
        let package = format!("oxus-{name}");
        let base = ["run", "--quiet", "--package", &package, "--example", "bits"];
        let debug = output(root, &base)?;
        let release = output(root, &[&base[..], &["--release"]].concat())?;
        if debug.trim().is_empty() {
            return Err(format!("{package}: examples/bits.rs printed nothing"));
        }
        let lines = debug.lines().count();
        if let Some((at, (a, b))) = debug.lines().zip(release.lines()).enumerate().find(|(_, (a, b))| a != b) {
            return Err(format!("{package}: line {} differs\n  debug   {a}\n  release {b}", at + 1));
        }
        if lines != release.lines().count() {
            return Err(format!("{package}: debug and release print different numbers of lines"));
        }
        println!("{package}: {lines} lines equal");
        compared += 1;
    }
    if compared == 0 {
        return Err("no crate has an examples/bits.rs, so nothing was compared".to_owned());
    }
    Ok(())
}

/// The cargo that runs this task.
fn command(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Variables that cargo set for this task would leak into the builds it starts.
    command.current_dir(root).args(words).env_remove("CARGO_MANIFEST_DIR");
    command
}

fn cargo(root: &Path, words: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let set: String = variables.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
    let shown = format!("{set}cargo {}", words.join(" "));
    println!("$ {shown}");
    let status = command(root, words).envs(variables.iter().copied()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` did not start: {error}")),
    }
}

fn output(root: &Path, words: &[&str]) -> Result<String, String> {
    let shown = format!("cargo {}", words.join(" "));
    println!("$ {shown}");
    let output = command(root, words).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{shown}` printed something that is not text"))
}

/// Whether a cargo subcommand exists; `missing` says how to get it.
fn needs(root: &Path, words: &[&str], missing: &str) -> Outcome {
    let status = command(root, words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if status.is_ok_and(|status| status.success()) { Ok(()) } else { Err(missing.to_owned()) }
}
