//! How a command fails: with diagnostics, rendered for a terminal or as JSON, on standard error.

use std::io::IsTerminal;

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
