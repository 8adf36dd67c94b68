use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use oxus_diag::{Diagnostic, SourceId, Span, codes, did_you_mean};

use super::{Cell, Context, Kind};

/// One row of a table.
pub(crate) struct Row<'a> {
    cx: &'a Context<'a>,
    columns: &'a BTreeMap<&'a str, usize>,
    cells: Vec<(Cow<'a, str>, Range<usize>)>,
    /// The row.
    pub span: Span,
    /// What the row is, for messages: `a row of `places/states.csv``.
    pub what: &'a str,
}

impl<'a> Row<'a> {
    /// What every reader has at hand.
    pub fn cx(&self) -> &'a Context<'a> {
        self.cx
    }

    /// A cell, where the column is there and the cell is not empty.
    pub fn get<'c>(&'c self, column: &'c str) -> Option<Cell<'c>> {
        let (text, range) = self.cells.get(*self.columns.get(column)?)?;
        let text = text.trim();
        let span = Span::new(self.span.source, range.clone());
        (!text.is_empty()).then_some(Cell { cx: self.cx, text, span, column })
    }

    /// A cell that must be filled; an empty one is reported where the column exists (a missing column is reported once).
    pub fn need<'c>(&'c self, column: &'c str) -> Option<Cell<'c>> {
        let cell = self.get(column);
        if cell.is_none() && self.columns.contains_key(column) {
            self.cx.push(
                Diagnostic::error(codes::P009, format!("{} has no `{column}`", self.what))
                    .at(self.span, format!("the cell `{column}` is empty"))
                    .help("an empty cell means \"not known\"; this one is needed"),
            );
        }
        cell
    }
}

/// Reads a CSV file and gives each row to `take`. Missing and unknown columns are reported once, at the header.
pub(crate) fn rows(cx: &Context<'_>, path: &str, needed: &[&str], optional: &[&str], kind: Option<Kind>, mut take: impl FnMut(&Row<'_>)) {
    let Some((text, source)) = cx.file(path) else {
        return;
    };
    let what = format!("a row of `{path}`");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut header: Option<(BTreeMap<&str, usize>, usize)> = None;
    loop {
        let start = reader.position().byte();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let at = error.position().map_or(start, csv::Position::byte) as usize;
                cx.push(Diagnostic::error(codes::P007, format!("`{path}` cannot be read as CSV")).at(Span::new(source, at..at), error.to_string()));
                break;
            }
        }
        let start = record.position().map_or(start, csv::Position::byte) as usize;
        let ranges = cell_ranges(text, start, record.len());
        match &header {
            None => {
                let columns = columns(cx, path, &record, &ranges, source, needed, optional);
                header = Some((columns, record.len()));
            }
            Some((columns, width)) => {
                let row = ranges.first().map_or(start, |r| r.start)..ranges.last().map_or(start, |r| r.end);
                let span = Span::new(source, row);
                if record.len() == *width {
                    let cells = record.iter().map(|cell| Cow::Owned(cell.to_owned())).zip(ranges).collect();
                    take(&Row { cx, columns, cells, span, what: &what });
                } else {
                    // The row's own problem is enough: what refers to its id is not wrong.
                    if let (Some(kind), Some(id)) = (kind, columns.get("id").and_then(|&at| record.get(at))) {
                        cx.ids.borrow_mut().mention(kind, id.trim(), span);
                    }
                    ragged(cx, path, span, record.len(), *width);
                }
            }
        }
    }
    if header.is_none() {
        cx.push(
            Diagnostic::error(codes::P007, format!("`{path}` has no header"))
                .at(Span::new(source, 0..0), "the file is empty")
                .expected(format!("a first line `{}`", needed.join(","))),
        );
    }
}

fn ragged(cx: &Context<'_>, path: &str, span: Span, found: usize, expected: usize) {
    cx.push(
        Diagnostic::error(codes::P007, format!("a row of `{path}` has the wrong number of cells"))
            .at(span, "")
            .found(format!("{found} cells"))
            .expected(format!("{expected}, as in the header"))
            .help("put a cell that holds a comma in double quotes"),
    );
}

/// Which column stands where; reports unknown, repeated and missing ones.
fn columns<'n>(
    cx: &Context<'_>,
    path: &str,
    record: &csv::StringRecord,
    ranges: &[Range<usize>],
    source: SourceId,
    needed: &[&'n str],
    optional: &[&'n str],
) -> BTreeMap<&'n str, usize> {
    let known = || needed.iter().chain(optional).copied();
    let mut columns = BTreeMap::new();
    for (index, name) in record.iter().enumerate() {
        let span = Span::new(source, ranges[index].clone());
        match known().find(|known| *known == name.trim()) {
            None => cx.push(
                Diagnostic::error(codes::P008, format!("`{path}` has no column `{name}`"))
                    .at(span, "not known here")
                    .help_maybe(did_you_mean(name, known()))
                    .expected(format!("the columns {}", known().collect::<Vec<_>>().join(", "))),
            ),
            Some(name) => {
                if columns.insert(name, index).is_some() {
                    cx.push(Diagnostic::error(codes::P007, format!("`{path}` has the column `{name}` twice")).at(span, ""));
                }
            }
        }
    }
    for name in needed.iter().filter(|name| !columns.contains_key(*name)) {
        let header = ranges.first().map_or(0, |r| r.start)..ranges.last().map_or(0, |r| r.end);
        cx.push(
            Diagnostic::error(codes::P009, format!("`{path}` has no column `{name}`"))
                .at(Span::new(source, header), format!("`{name}` is missing here")),
        );
    }
    columns
}

/// Byte ranges of the cells of the record that starts at `start`, quotes left out.
///
/// The reader gives the place of a record, not of its cells; commas outside quotes part them.
fn cell_ranges(text: &str, start: usize, cells: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    // Empty lines before the record belong to no record.
    let mut at = start + bytes[start.min(bytes.len())..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let mut ranges = Vec::with_capacity(cells);
    let (mut from, mut quoted) = (at, false);
    while ranges.len() < cells {
        let byte = bytes.get(at).copied();
        match byte {
            Some(b'"') => quoted = !quoted,
            Some(_) if quoted => {}
            Some(b',' | b'\n' | b'\r') | None => {
                ranges.push(unquoted(bytes, from..at.min(bytes.len())));
                from = at + 1;
            }
            Some(_) => {}
        }
        if byte.is_none() {
            ranges.resize(cells, at.min(bytes.len())..at.min(bytes.len()));
        }
        at += 1;
    }
    ranges
}

fn unquoted(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let quoted = range.len() >= 2 && bytes[range.start] == b'"' && bytes[range.end - 1] == b'"';
    if quoted { range.start + 1..range.end - 1 } else { range }
}
