//! Many diagnostics together.

use std::ops::Deref;

use crate::diagnostic::{Diagnostic, Severity};

/// How many diagnostics of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    /// The counts of a slice.
    #[must_use]
    pub fn of(list: &[Diagnostic]) -> Self {
        let count = |severity| list.iter().filter(|d| d.severity == severity).count();
        Self { errors: count(Severity::Error), warnings: count(Severity::Warning), notes: count(Severity::Note) }
    }
}

/// A collector: whoever checks something pushes every problem it sees and goes on.
///
/// It reads as a slice of [`Diagnostic`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// An empty collector.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds many.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(more);
    }

    /// Keeps the value of `result`; collects its diagnostic and gives `None` where it is an error.
    pub fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// Whether any is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// How many of each severity.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(&self.list)
    }

    /// The diagnostics in the order in which they are reported, the same whatever the order in which they were found.
    ///
    /// By file (in the order the files were read), offset, severity, code and headline; those without a place come last.
    /// Exact repetitions are dropped.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.place().is_none(), d.place(), d.severity, d.code);
            key(a)
                .cmp(&key(b))
                .then_with(|| a.headline.cmp(&b.headline))
                .then_with(|| (&a.found, &a.expected, &a.help, &a.notes).cmp(&(&b.found, &b.expected, &b.help, &b.notes)))
        });
        self.list.dedup();
        self.list
    }

    /// `value` when nothing collected is an error, else everything collected.
    ///
    /// # Errors
    /// When [`Diagnostics::has_errors`].
    pub fn or_value<T>(self, value: T) -> Result<(T, Self), Self> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }
}

impl Deref for Diagnostics {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.list
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self { list: vec![one] }
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(list: Vec<Diagnostic>) -> Self {
        Self { list }
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(list: I) -> Self {
        Self { list: list.into_iter().collect() }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
