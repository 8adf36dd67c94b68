//! The table of files that diagnostics point into, and places in them.

use std::ops::Range;

/// Names one file of a [`Sources`] table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A byte range of one source.
///
/// The range is half open. A range that runs past the end of its text, or that cuts a character in two, is moved to
/// the nearest valid place when it is shown, never an error: a wrong span must not hide the problem it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `range` of the file `source`; offsets above 4 GiB are held at the largest offset.
    #[must_use]
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let start = clamp(range.start);
        Self { source, start, end: clamp(range.end).max(start) }
    }

    /// The bytes it covers.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both, or `self` where the two are in different files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

#[derive(Debug, Clone)]
struct Source {
    name: String,
    text: String,
    /// Byte offset of the first byte of each line.
    lines: Vec<usize>,
}

/// The files that were read: names relative to the pack, and texts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id. `name` is what the reader sees: a path relative to the pack, with `/`.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source { name: name.into(), text, lines });
        id
    }

    /// The name a file was added under; empty for an id of another table.
    #[must_use]
    pub fn name(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |file| &file.name)
    }

    /// The text of a file; empty for an id of another table.
    #[must_use]
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |file| &file.text)
    }

    /// The id of the file with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<SourceId> {
        self.ids().find(|&id| self.name(id) == name)
    }

    /// Every file, in the order added.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    /// A span of `id`. The same as [`Span::new`], for call sites that hold the table.
    #[must_use]
    pub fn span(&self, id: SourceId, range: Range<usize>) -> Span {
        Span::new(id, range)
    }

    /// The text a span covers, with the range moved to valid places.
    #[must_use]
    pub fn snippet(&self, span: Span) -> &str {
        &self.text(span.source)[self.valid(span)]
    }

    /// Line and column of a byte offset, both counted from 1; columns count characters.
    #[must_use]
    pub fn line_col(&self, id: SourceId, offset: usize) -> (usize, usize) {
        let Some(file) = self.get(id) else {
            return (1, 1);
        };
        let offset = file.text.floor_char_boundary(offset);
        let line = file.lines.partition_point(|&start| start <= offset);
        let column = file.text[file.lines[line - 1]..offset].chars().count() + 1;
        (line, column)
    }

    /// The span's range, inside the text and on character boundaries.
    pub(crate) fn valid(&self, span: Span) -> Range<usize> {
        let text = self.text(span.source);
        let start = text.floor_char_boundary(span.start as usize);
        let end = text.ceil_char_boundary((span.end as usize).min(text.len())).max(start);
        start..end
    }

    /// The whole lines that `range` touches, and the number (from 1) of the first.
    pub(crate) fn whole_lines(&self, id: SourceId, range: Range<usize>) -> (Range<usize>, usize) {
        let Some(file) = self.get(id) else {
            return (0..0, 1);
        };
        let first = file.lines.partition_point(|&start| start <= range.start).max(1);
        let after = file.lines.partition_point(|&start| start <= range.end);
        let end = file.lines.get(after).copied().unwrap_or(file.text.len());
        (file.lines[first - 1]..end, first)
    }

    fn get(&self, id: SourceId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }
}
