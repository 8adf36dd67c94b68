//! How a command fails: with diagnostics, rendered for a terminal or as JSON, on standard error.

use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use oxus_diag::{Diagnostic, Diagnostics, Sources, Style, codes};
use oxus_engine::run::RunError;

use crate::args::Common;

/// Why a command could not do its work.
pub enum Failure {
    /// Problems with places in texts.
    Problems(Diagnostics, Sources),
}

impl Failure {
    /// A failure of one diagnostic without a place.
    pub fn of(diagnostic: Diagnostic) -> Self {
        let mut problems = Diagnostics::new();
        problems.push(diagnostic);
        Self::Problems(problems, Sources::new())
    }

    /// A file that cannot be used.
    pub fn file(path: &std::path::Path, reason: impl std::fmt::Display) -> Self {
        Self::of(
            Diagnostic::error(codes::E009, format!("{}: {reason}", path.display()))
                .help("check the path and the file's columns (`oxus method NAME --help`)"),
        )
    }

    /// Problems that a run reported, with the texts of the pack.
    pub fn of_run(error: RunError, sources: Sources) -> Self {
        match error {
            RunError::Problems(problems) => Self::Problems(problems, sources),
            RunError::Store(error) => Self::of(Diagnostic::error(codes::E009, format!("the run folder could not be written: {error}"))),
        }
    }

    /// Prints it on standard error.
    pub fn print(self, common: &Common) {
        let Self::Problems(problems, sources) = self;
        print(problems, &sources, common);
    }
}

/// Does the work of a command. A panic, on whatever thread, is a bug of Oxus and never of the input: it becomes `X001` with what was said first.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let first: Arc<Mutex<Option<(String, String)>>> = Arc::default();
    let usual = std::panic::take_hook();
    let heard = Arc::clone(&first);
    std::panic::set_hook(Box::new(move |panic| {
        let what = panic.payload_as_str().unwrap_or("no message").to_owned();
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), |at| format!("{}:{}", at.file().replace('\\', "/"), at.line()));
        if let Ok(mut first) = heard.lock() {
            first.get_or_insert((what, place));
        }
    }));
    let done = catch_unwind(AssertUnwindSafe(work));
    std::panic::set_hook(usual);
    done.unwrap_or_else(|_| {
        let (what, place) = first.lock().ok().and_then(|mut first| first.take()).unwrap_or_default();
        Err(Failure::of(
            Diagnostic::error(codes::X001, what)
                .found(format!("a broken rule of Oxus at {place}, version {}", env!("CARGO_PKG_VERSION")))
                .help("this is a bug: report the command, the pack and this message; do not use what was written"),
        ))
    })
}

/// Prints diagnostics on standard error, as JSON under `--json`.
pub fn print(problems: Diagnostics, sources: &Sources, common: &Common) {
    let list = problems.into_sorted();
    if list.is_empty() {
        return;
    }
    if common.json {
        eprintln!("{}", oxus_diag::to_json(&list, sources));
        return;
    }
    let style = if std::io::stderr().is_terminal() { Style::terminal(100) } else { Style::plain() };
    eprintln!("{}", oxus_diag::render(&list, sources, style));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(result: Result<(), Failure>) -> String {
        let Err(Failure::Problems(problems, sources)) = result else { return String::new() };
        oxus_diag::render(&problems.into_sorted(), &sources, Style::plain())
    }

    #[test]
    fn a_panic_on_any_thread_is_told_as_a_bug() {
        let here = told(guarded(|| panic!("internal: the plan is out of order")));
        assert!(here.contains("error[X001]: internal: the plan is out of order") && here.contains("failure.rs:"), "{here}");
        let there = told(guarded(|| {
            let worker = std::thread::spawn(|| assert_eq!(1, 2, "internal: a future of two pasts"));
            worker.join().unwrap_or_else(|said| std::panic::resume_unwind(said));
            Ok(())
        }));
        assert!(there.contains("X001") && there.contains("a future of two pasts"), "{there}");
    }

    #[test]
    fn what_ends_well_or_with_a_problem_passes_through() {
        assert!(matches!(guarded(|| Ok(7)), Ok(7)));
        let problem = told(guarded(|| Err(Failure::of(Diagnostic::error(codes::E002, "no members")))));
        assert!(problem.contains("E002") && !problem.contains("X001"), "{problem}");
    }
}
