//! Walking the parsed trees by hand: every key asked for is known, everything else is reported, and nothing stops at
//! the first problem.
//!
//! The readers of single tables ask a [`Table`] or [`Row`] for what the format has. A missing key, a wrong type or an
//! unknown word is reported where it stands and gives `None`; the reader goes on, so that one pass finds everything.

mod cell;
mod csv;
mod id;
mod table;
mod value;
mod word;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use oxus_diag::{Diagnostic, Diagnostics, SourceId, Sources, Span, codes};

pub(crate) use cell::{Cell, cited};
pub(crate) use csv::{Row, rows};
pub(crate) use id::{Ids, Kind, is_id};
pub(crate) use table::{Table, parse};
pub(crate) use value::Value;
pub(crate) use word::Word;

/// What every reader has at hand: the texts, the collector, and the ids met so far.
pub(crate) struct Context<'s> {
    /// The texts.
    pub sources: &'s Sources,
    /// Files by path.
    pub files: &'s BTreeMap<String, SourceId>,
    /// Files that are there and could not be read.
    pub broken: &'s BTreeSet<String>,
    /// Ids declared anywhere, also by items that could not be read in full.
    pub ids: RefCell<Ids>,
    problems: RefCell<Diagnostics>,
}

impl<'s> Context<'s> {
    pub fn new(sources: &'s Sources, files: &'s BTreeMap<String, SourceId>, broken: &'s BTreeSet<String>) -> Self {
        Self { sources, files, broken, ids: RefCell::default(), problems: RefCell::default() }
    }

    /// Collects a problem.
    pub fn push(&self, problem: Diagnostic) {
        self.problems.borrow_mut().push(problem);
    }

    /// Notes that an item exists; an id met twice is reported.
    pub fn declare(&self, kind: Kind, id: &str, span: Span) {
        if !is_id(id) {
            self.push(
                Diagnostic::error(codes::P013, format!("`{id}` cannot be the id of {}", kind.one()))
                    .at(span, "")
                    .expected("letters, digits, `-` and `_`, at most 80, starting with a letter or digit"),
            );
        }
        if let Some(first) = self.ids.borrow_mut().declare(kind, id, span) {
            self.push(
                Diagnostic::error(codes::P012, format!("the id `{id}` is given to two {}", kind.many()))
                    .at(span, "again here")
                    .and_at(first, "first here")
                    .help("give one of them another id, or delete it if it is the same thing"),
            );
        }
    }

    /// How many problems were collected so far.
    pub fn errors(&self) -> usize {
        self.problems.borrow().counts().errors
    }

    /// The first line of a file that says something: where to point for the file as a whole.
    pub fn head(&self, source: SourceId) -> Span {
        let mut start = 0;
        for line in self.sources.text(source).split_inclusive('\n') {
            let said = line.trim();
            if !said.is_empty() && !said.starts_with('#') {
                return Span::new(source, start..start + line.trim_end().len());
            }
            start += line.len();
        }
        Span::new(source, 0..0)
    }

    /// Some place in the pack, for things that have none.
    pub fn anywhere(&self) -> Span {
        let &first = self.files.values().next().expect("internal: a pack without files is not read");
        Span::new(first, 0..0)
    }

    /// The text and id of a file.
    pub fn file(&self, path: &str) -> Option<(&'s str, SourceId)> {
        let &id = self.files.get(path)?;
        Some((self.sources.text(id), id))
    }

    /// The files of a folder with an ending: path and stem, in the order of names.
    pub fn folder(&self, folder: &str, ending: &str) -> Vec<(&'s str, &'s str)> {
        let stem = |path: &'s String| path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(ending)?.strip_suffix('.');
        self.files.keys().filter_map(|path| Some((path.as_str(), stem(path)?))).collect()
    }

    /// Everything collected.
    pub fn into_parts(self) -> (Diagnostics, Ids) {
        (self.problems.into_inner(), self.ids.into_inner())
    }
}
