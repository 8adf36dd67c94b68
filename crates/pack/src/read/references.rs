use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};
use serde_json::Value;

use crate::region::Work;
use crate::walk::{Context, Kind};

const FILE: &str = "references.json";

/// Reads the works cited: a CSL-JSON array. The entries are kept as text for the bibliography.
pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Work> {
    let mut works = BTreeMap::new();
    let Some((text, source)) = cx.file(FILE) else {
        if !cx.broken.contains(FILE) {
            cx.push(
                Diagnostic::error(codes::P009, "the pack has no `references.json`")
                    .help("list the works that the pack cites, as a CSL-JSON array (any reference manager exports it)"),
            );
        }
        return works;
    };
    let entries = match serde_json::from_str::<Vec<Value>>(text) {
        Ok(entries) => entries,
        Err(error) => {
            let at = offset(text, error.line(), error.column());
            cx.push(
                Diagnostic::error(codes::P007, "`references.json` is not a list of works in CSL-JSON")
                    .at(Span::new(source, at..at), error.to_string()),
            );
            return works;
        }
    };
    let mut from = 0;
    for entry in entries {
        let Some(id) = entry.get("id").and_then(Value::as_str) else {
            cx.push(
                Diagnostic::error(codes::P009, "a work of `references.json` has no `id`").at(Span::new(source, from..from), "somewhere after this"),
            );
            continue;
        };
        // The parser gives no places; entries come in order, so the next mention of the quoted id is this one's.
        let quoted = Value::from(id).to_string();
        let start = text[from..].find(&quoted).map_or(from, |at| from + at);
        let span = Span::new(source, start..(start + quoted.len()).min(text.len()));
        from = span.end as usize;
        cx.declare(Kind::Work, id, span);
        works.entry(id.to_owned()).or_insert_with(|| work(id, &entry, span));
    }
    works
}

fn work(id: &str, entry: &Value, span: Span) -> Work {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let year = entry.pointer("/issued/date-parts/0/0").and_then(|year| match year {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    });
    Work {
        id: id.to_owned(),
        kind: text("type"),
        title: text("title"),
        year: year.and_then(|year: i64| i32::try_from(year).ok()),
        csl: entry.to_string(),
        span,
    }
}

/// Byte offset of a line and column, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    text.floor_char_boundary(before + column.saturating_sub(1))
}
