//! The source's arithmetic, done again.

use std::collections::BTreeMap;

use super::units;
use crate::region::{Comparison, Expectation, Reckoned, Reckoning};
use crate::walk::{Context, Kind, Table, Value};

pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Reckoning> {
    let mut reckonings = BTreeMap::new();
    super::keyed(cx, "audit.toml", Kind::Reckoning, &mut reckonings, reckoning);
    reckonings
}

fn reckoning(id: &str, value: &Value<'_>) -> Option<Reckoning> {
    let table = value.table(format!("reckoning `{id}`"))?;
    let values = table.need("values").and_then(|v| v.list()).unwrap_or_default();
    let values = values.iter().filter_map(|v| reckoned(id, v)).collect();
    let expect = table.get("expect").map(|v| expectation(&v.table(format!("what reckoning `{id}` expects"))?));
    // a sentence for every way it can end
    let (needed, foreign): (&[&str], &[&str]) = if expect.is_some() { (&["holds", "fails"], &["finds"]) } else { (&["finds"], &["holds", "fails"]) };
    needed.iter().filter(|key| !table.has(key)).for_each(|key| table.missing(key));
    for text in foreign.iter().filter_map(|key| table.get(key)) {
        let other = needed.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        text.wrong("a sentence that is never shown", &format!("{other}: `finds` goes without `expect`, `holds` and `fails` with it"));
    }
    let text = |key: &str| table.get(key).and_then(|v| v.name());
    let reckoning = Reckoning {
        id: id.to_owned(),
        at: table.need("at").and_then(|v| v.texts()).unwrap_or_default(),
        finds: text("finds"),
        holds: text("holds"),
        fails: text("fails"),
        says: table.need("says").and_then(|v| v.words())?,
        values,
        expect: match expect {
            Some(expect) => Some(expect?),
            None => None,
        },
        span: table.span,
    };
    table.finish();
    Some(reckoning)
}

fn reckoned(id: &str, value: &Value<'_>) -> Option<Reckoned> {
    let table = value.table(format!("a value of reckoning `{id}`"))?;
    let (name, formula) = (table.need("id").and_then(|v| v.name()), table.need("formula").and_then(|v| v.name()));
    let unit = table.need("unit").and_then(|v| units::parse(v.cx, &v.text()?, v.span));
    table.finish();
    Some(Reckoned { id: name?, formula: formula?, unit: unit? })
}

fn expectation(table: &Table<'_>) -> Option<Expectation> {
    let (value, to) = (table.need("value").and_then(|v| v.name()), table.need("to").and_then(|v| v.name()));
    let is: Option<Comparison> = table.need("is").and_then(|v| v.word());
    let (within, because) = (table.get("within"), table.get("because").and_then(|v| v.words()));
    if is == Some(Comparison::Equal) {
        // how near is near enough is a judgement: it takes a number and a reason
        let missing = [("within", within.is_none()), ("because", because.is_none())];
        missing.iter().filter(|(_, missing)| *missing).for_each(|(key, _)| table.missing(key));
    } else if let Some(within) = &within {
        within.wrong("a difference", "none: only `equal` takes one");
    }
    let within = within.map_or(Some(0.0), |v| {
        let within = v.real()?;
        if within < 0.0 {
            v.wrong("a negative difference", "0 or more");
        }
        Some(within.max(0.0))
    });
    table.finish();
    Some(Expectation { value: value?, is: is?, to: to?, within: within?, because })
}
