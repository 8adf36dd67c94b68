//! What of the source enters the model, and where: `enters`, happenings, actors, ties and uncertainties.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes, did_you_mean};

use super::places::{keyed, text};
use crate::region::{Actor, Entry, EntryKind, Happening, Name, Part, Tie, Uncertainty};
use crate::walk::{Context, Kind, Row, Table, Value, Word};

pub(super) fn happenings(cx: &Context<'_>) -> BTreeMap<String, Happening> {
    let needed = ["id", "date", "kind", "place", "what", "part", "enters", "why", "at"];
    keyed(cx, "history/events.csv", &needed, &[], Kind::Happening, |row, id| {
        let (kind, what, at) = (row.need("kind").and_then(|cell| cell.word()), text(row, "what"), text(row, "at"));
        let (part, enters, why) = taken_up(row, &format!("event `{id}`"));
        Some(Happening {
            id,
            date: row.get("date").and_then(|cell| cell.when()),
            places: row.get("place").map(|cell| names(cell.text, cell.span)).unwrap_or_default(),
            kind: kind?,
            what: what?,
            part: part?,
            enters,
            why,
            at: at?,
            span: row.span,
        })
    })
}

pub(super) fn actors(cx: &Context<'_>) -> BTreeMap<String, Actor> {
    let needed = ["id", "number", "name", "kind", "enters", "why", "at"];
    keyed(cx, "actors/entities.csv", &needed, &[], Kind::Actor, |row, id| {
        let (number, name, kind, at) = (text(row, "number"), text(row, "name"), text(row, "kind"), text(row, "at"));
        let (enters, why) = (entries(row), row.get("why").and_then(|cell| cell.text()));
        if enters.is_empty() && why.is_none() {
            without_reason(cx, &format!("actor `{id}`"), row.span);
        }
        Some(Actor { id, number: number?, name: name?, kind: kind?, enters, why, at: at?, span: row.span })
    })
}

pub(super) fn ties(cx: &Context<'_>) -> BTreeMap<String, Tie> {
    let needed = ["id", "from", "to", "what", "sign", "dates", "part", "enters", "why", "at"];
    keyed(cx, "actors/ties.csv", &needed, &[], Kind::Tie, |row, id| {
        let (from, to, what) = (row.need("from"), row.need("to"), text(row, "what"));
        let (sign, at) = (row.need("sign").and_then(|cell| cell.word()), text(row, "at"));
        let (part, enters, why) = taken_up(row, &format!("tie `{id}`"));
        Some(Tie {
            id,
            dates: row.get("dates").and_then(|cell| cell.text()),
            from: from?.name()?,
            to: to?.name()?,
            what: what?,
            sign: sign?,
            part: part?,
            enters,
            why,
            at: at?,
            span: row.span,
        })
    })
}

pub(super) fn uncertainties(cx: &Context<'_>) -> BTreeMap<String, Uncertainty> {
    let mut found = BTreeMap::new();
    super::keyed(cx, "uncertainties.toml", Kind::Uncertainty, &mut found, |id, value| {
        let table = value.table(format!("uncertainty `{id}`"))?;
        let (says, held) = (table.need("says").and_then(|v| v.words()), table.need("held").and_then(|v| v.word()));
        let uncertainty = Uncertainty {
            id: id.to_owned(),
            between: table.get("between").and_then(|v| v.names()).unwrap_or_default(),
            enters: listed(&table),
            why: table.get("why").and_then(|v| v.words()),
            at: table.need("at").and_then(|v| v.texts()).unwrap_or_default(),
            span: table.span,
            says: says.unwrap_or_default(),
            held: held?,
        };
        if uncertainty.enters.is_empty() && uncertainty.why.is_none() {
            without_reason(value.cx, &table.what, table.span);
        }
        table.finish();
        Some(uncertainty)
    });
    found
}

/// The `enters = ["kind:id", …]` of a table.
pub(super) fn listed(table: &Table<'_>) -> Vec<Entry> {
    let items = table.get("enters").and_then(|v| v.list()).unwrap_or_default();
    items.iter().filter_map(|item| Some((item, item.text()?))).filter_map(|(item, text)| entry(item.cx, &text, inside(item))).collect()
}

/// The text of a value in quotes, without them.
fn inside(item: &Value<'_>) -> Span {
    let (start, end) = (item.span.start as usize + 1, item.span.end as usize - 1);
    if start <= end { Span::new(item.span.source, start..end) } else { item.span }
}

/// `part`, `enters` and `why` of a row; a background row without a reason, and another without an entry, is reported.
fn taken_up(row: &Row<'_>, what: &str) -> (Option<Part>, Vec<Entry>, Option<String>) {
    let part: Option<Part> = row.need("part").and_then(|cell| cell.word());
    let (enters, why) = (entries(row), row.get("why").and_then(|cell| cell.text()));
    if part == Some(Part::Background) && why.is_none() {
        without_reason(row.cx(), what, row.span);
    }
    if part.is_some_and(|part| part != Part::Background) && row.get("enters").is_none() {
        row.cx().push(
            Diagnostic::warning(codes::P038, format!("{what} is said to be in the model and nothing takes it up"))
                .at(row.span, "")
                .expected("in `enters` what takes it up: `parameter:…`, `series:…`, `variable:…`, `site:…`")
                .help("name it, or make it `background` and say why"),
        );
    }
    (part, enters, why)
}

fn without_reason(cx: &Context<'_>, what: &str, span: Span) {
    cx.push(
        Diagnostic::error(codes::P032, format!("{what} is background without a reason"))
            .at(span, "")
            .help("say why nothing in the model holds it: `why`")
            .help("or name what does: `enters`"),
    );
}

fn entries(row: &Row<'_>) -> Vec<Entry> {
    let Some(cell) = row.get("enters") else { return Vec::new() };
    names(cell.text, cell.span).into_iter().filter_map(|name| entry(cell.cx, &name.id, name.span)).collect()
}

/// The parts of a cell between `;`.
fn names(text: &str, span: Span) -> Vec<Name> {
    let mut offset = span.start as usize;
    let mut found = Vec::new();
    for part in text.split(';') {
        let start = offset + part.len() - part.trim_start().len();
        let id = part.trim();
        if !id.is_empty() {
            found.push(Name { id: id.to_owned(), span: Span::new(span.source, start..start + id.len()) });
        }
        offset += part.len() + 1;
    }
    found
}

/// Reads `kind:id`.
fn entry(cx: &Context<'_>, text: &str, span: Span) -> Option<Entry> {
    let (word, id) = text.split_once(':').unwrap_or((text, ""));
    let kind = EntryKind::parse(word);
    if kind.is_none() || id.is_empty() {
        cx.push(
            Diagnostic::error(codes::P011, format!("`{text}` does not say what takes it up"))
                .at(span, "")
                .expected(format!("`kind:id`, with a kind of {}", EntryKind::listed()))
                .help_maybe(did_you_mean(word, EntryKind::WORDS.iter().map(|(word, _)| *word))),
        );
    }
    let at = span.start as usize + word.len() + 1;
    let id = Name { id: id.to_owned(), span: Span::new(span.source, at.min(span.end as usize)..span.end as usize) };
    kind.filter(|_| !id.id.is_empty()).map(|kind| Entry { kind, id })
}
