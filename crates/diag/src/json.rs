//! Diagnostics for programs.

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Sources, Span};

/// A place in a file: lines and columns count from 1, columns in characters, the end is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path as the reader knows it.
    pub file: String,
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line of the character after the last.
    pub end_line: usize,
    /// Column of the character after the last.
    pub end_column: usize,
}

/// A labelled place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLabel {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What is to be seen there.
    pub message: String,
    /// The place of the problem itself, or context.
    pub primary: bool,
}

/// A [`Diagnostic`] with its places resolved: what `--json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Code, such as `U001`.
    pub code: String,
    /// `error`, `warning` or `note`.
    pub severity: Severity,
    /// What is wrong.
    pub headline: String,
    /// The place of the problem; its fields stand at the top level and are absent where there is none.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub found: Option<String>,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expected: Option<String>,
    /// Ways out.
    pub help: Vec<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// Every labelled place.
    pub labels: Vec<RecordLabel>,
}

/// Resolves diagnostics against the table of files they point into.
#[must_use]
pub fn records(list: &[Diagnostic], sources: &Sources) -> Vec<Record> {
    list.iter().map(|diagnostic| record(diagnostic, sources)).collect()
}

/// The diagnostics as a JSON array of [`Record`], indented, ending in a newline.
#[must_use]
pub fn to_json(list: &[Diagnostic], sources: &Sources) -> String {
    let mut text = serde_json::to_string_pretty(&records(list, sources))
        .expect("internal: a record holds only strings, numbers and booleans, which always serialise");
    text.push('\n');
    text
}

fn record(diagnostic: &Diagnostic, sources: &Sources) -> Record {
    Record {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity,
        headline: diagnostic.headline.clone(),
        place: diagnostic.place().map(|span| place(span, sources)),
        found: diagnostic.found.clone(),
        expected: diagnostic.expected.clone(),
        help: diagnostic.help.clone(),
        notes: diagnostic.notes.clone(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| RecordLabel { place: place(label.span, sources), message: label.message.clone(), primary: label.primary })
            .collect(),
    }
}

fn place(span: Span, sources: &Sources) -> Place {
    let range = sources.valid(span);
    let (line, column) = sources.line_col(span.source, range.start);
    let (end_line, end_column) = sources.line_col(span.source, range.end);
    Place { file: sources.name(span.source).to_owned(), line, column, end_line, end_column }
}
