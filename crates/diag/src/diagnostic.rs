//! One problem, note or warning, built step by step.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::codes::Code;
use crate::source::Span;

/// How bad it is. Errors stop the command; with `--strict`, so do warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The thing cannot be used.
    Error,
    /// The thing can be used and is probably not what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word printed: `error`, `warning`, `note`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub message: String,
    /// Whether this is the place of the problem itself, rather than context.
    pub primary: bool,
}

/// One thing to tell the user: what is wrong, where, what was found and expected, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its entry in the catalogue ([`crate::codes`]).
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong with the user's thing, in one line that starts in lower case.
    pub headline: String,
    /// Places; the first primary one is *the* place.
    pub labels: Vec<Label>,
    /// What was there.
    pub found: Option<String>,
    /// What would have been right.
    pub expected: Option<String>,
    /// Ways out, each an instruction.
    pub help: Vec<String>,
    /// Further facts.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without place, help or notes.
    pub fn new(severity: Severity, code: Code, headline: impl Into<String>) -> Self {
        Self { code, severity, headline: headline.into(), labels: Vec::new(), found: None, expected: None, help: Vec::new(), notes: Vec::new() }
    }

    /// An error.
    pub fn error(code: Code, headline: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, headline)
    }

    /// A warning.
    pub fn warning(code: Code, headline: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, headline)
    }

    /// A note that stands alone. (To add a fact to a diagnostic: [`Diagnostic::note`].)
    pub fn remark(code: Code, headline: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, headline)
    }

    /// Adds the place of the problem, with words (which may be empty).
    #[must_use]
    pub fn at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into(), primary: true });
        self
    }

    /// Adds a place that helps to understand the problem.
    #[must_use]
    pub fn and_at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into(), primary: false });
        self
    }

    /// The same as [`Diagnostic::at`] where the place may be unknown (the thing came from no file).
    #[must_use]
    pub fn at_maybe(self, span: Option<Span>, message: impl Into<String>) -> Self {
        match span {
            Some(span) => self.at(span, message),
            None => self,
        }
    }

    /// The same as [`Diagnostic::and_at`] where the place may be unknown.
    #[must_use]
    pub fn and_at_maybe(self, span: Option<Span>, message: impl Into<String>) -> Self {
        match span {
            Some(span) => self.and_at(span, message),
            None => self,
        }
    }

    /// Says what was there.
    #[must_use]
    pub fn found(mut self, what: impl Into<String>) -> Self {
        self.found = Some(what.into());
        self
    }

    /// Says what would have been right.
    #[must_use]
    pub fn expected(mut self, what: impl Into<String>) -> Self {
        self.expected = Some(what.into());
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, what: impl Into<String>) -> Self {
        self.help.push(what.into());
        self
    }

    /// Adds a way out where there is one, as [`crate::did_you_mean`] returns it.
    #[must_use]
    pub fn help_maybe(mut self, what: Option<String>) -> Self {
        self.help.extend(what);
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, what: impl Into<String>) -> Self {
        self.notes.push(what.into());
        self
    }

    /// The place of the problem: the first primary label, else the first label.
    #[must_use]
    pub fn place(&self) -> Option<Span> {
        let primary = self.labels.iter().find(|label| label.primary);
        primary.or(self.labels.first()).map(|label| label.span)
    }
}

/// `error[U001]: headline`, for logs and tests. Where the places matter: [`crate::render()`].
impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}[{}]: {}", self.severity.word(), self.code, self.headline)
    }
}

impl std::error::Error for Diagnostic {}
