use crate::region::{Inventory, Numbered, Section};
use crate::walk::{Table, Value};

/// Most notes that a source may have.
const MAX_NOTES: u64 = 100_000;
/// Most items of one sort: enough for any report, and few enough to list.
const MAX_ITEMS: usize = 10_000;

/// Reads `[inventory]`.
pub(super) fn read(table: &Table<'_>) -> Option<Inventory> {
    let run = |key: &str| table.need(key).and_then(|v| numbered(&v));
    let (claims, quantities, futures) = (run("claims"), run("quantities"), run("futures"));
    let (outcomes, questions) = (run("outcomes"), run("questions"));
    let sections = table.need("sections").and_then(|v| v.list());
    let sections = sections.map(|list| list.iter().filter_map(section).collect());
    table.finish();
    Some(Inventory {
        claims: claims?,
        quantities: quantities?,
        futures: futures?,
        outcomes: outcomes?,
        questions: questions?,
        sections: sections?,
        span: table.span,
    })
}

fn numbered(value: &Value<'_>) -> Option<Numbered> {
    let ids = value.texts()?;
    let found = match ids.as_slice() {
        [first, last] => Numbered::between(first, last).filter(|run| run.count() <= MAX_ITEMS),
        _ => None,
    };
    if found.is_none() {
        value.wrong(&format!("{ids:?}"), "the first and the last id of a run, such as `[\"M001\", \"M230\"]`");
    }
    found
}

fn section(value: &Value<'_>) -> Option<Section> {
    let table = value.table("a section of the inventory")?;
    let (id, title) = (table.need("id").and_then(|v| v.words()), table.need("title").and_then(|v| v.words()));
    let notes = table.get("notes").and_then(|v| notes(&v));
    table.finish();
    Some(Section { id: id?, title: title?, notes })
}

fn notes(value: &Value<'_>) -> Option<(u32, u32)> {
    let numbers: Vec<u64> = value.list()?.iter().filter_map(|v| v.whole(1, MAX_NOTES)).collect();
    match numbers.as_slice() {
        [first, last] if first <= last => Some((u32::try_from(*first).ok()?, u32::try_from(*last).ok()?)),
        _ => {
            value.wrong("something else", "the first and the last note of the section, `[9, 29]`");
            None
        }
    }
}
