use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, codes};
use oxus_units::Unit;

use super::number::{Given, number};
use super::units::Money;
use crate::region::{Contested, Link, Reference, Shape, Sign, Strength};
use crate::walk::{Context, Kind, Table, Value};

pub(super) fn read(cx: &Context<'_>, money: &Money) -> BTreeMap<String, Link> {
    let mut links = BTreeMap::new();
    for (path, _) in cx.folder("links", "toml") {
        super::keyed(cx, path, Kind::Link, &mut links, |id, value| link(id, value, money));
    }
    links
}

fn link(id: &str, value: &Value<'_>, money: &Money) -> Option<Link> {
    let table = value.table(format!("link `{id}`"))?;
    let given = Given::new(money);
    let months = given.unit(&Unit::parse("month").expect("internal: month is a unit"));
    let name = |key: &str| table.need(key).and_then(|v| v.name());
    let (from, to) = (name("from"), name("to"));
    let contested = table.get("contested").map(|v| contested(&v, id)).unwrap_or_default();
    let sided = table.has("contested");
    let (claims, sign) = if sided {
        neither(&table, "claims");
        neither(&table, "sign");
        (Vec::new(), None)
    } else {
        let sign: Option<Sign> = table.need("sign").and_then(|v| v.word());
        (table.need("claims").and_then(|v| v.names()).unwrap_or_default(), Some(sign))
    };
    let scale = table.need("scale").and_then(|v| number(&v, &given));
    let link = Link {
        id: id.to_owned(),
        claims,
        contested,
        strength: table.get("strength").map_or(Some(Strength::Claims), |v| strength(&v, &given))?,
        lag: table.get("lag").and_then(|v| number(&v, &months)),
        reference: table.get("reference").map_or(Some(Reference::Base), |v| reference(&v, &given))?,
        shape: table.get("shape").map_or(Some(Shape::Saturating), |v| v.word())?,
        by: table.get("by").and_then(|v| v.word()),
        through: table.get("through").and_then(|v| v.word()),
        when: table.get("where").and_then(|v| v.name()),
        note: table.get("note").and_then(|v| v.words()),
        span: table.span,
        sign: match sign {
            Some(stated) => Some(stated?),
            None => None,
        },
        from: from?,
        to: to?,
        scale: scale?,
    };
    table.finish();
    Some(link)
}

/// A contested link has claims and signs on its sides only.
fn neither(table: &Table<'_>, key: &str) {
    if let Some(value) = table.get(key) {
        value.wrong("beside `contested`", "only in the sides of `contested`");
    }
}

fn contested(value: &Value<'_>, id: &str) -> BTreeMap<String, Contested> {
    let Some(table) = value.table(format!("the sides of link `{id}`")) else {
        return BTreeMap::new();
    };
    let side = |entry: &Value<'_>| {
        let table = entry.table(format!("side `{}` of link `{id}`", entry.key))?;
        let claims = table.need("claims").and_then(|v| v.names()).unwrap_or_default();
        let sign = table.need("sign").and_then(|v| v.word());
        table.finish();
        Some((entry.key.clone(), Contested { claims, sign: sign?, span: entry.span }))
    };
    let entries = table.entries();
    if entries.len() < 2 {
        value.cx.push(
            Diagnostic::error(codes::P031, format!("link `{id}` is contested by one side only"))
                .at(value.span, "")
                .found(format!("{} sides", entries.len()))
                .expected("at least two claimants")
                .help("a link that nobody contests has `claims` and `sign` instead"),
        );
    }
    entries.iter().filter_map(side).collect()
}

fn strength(value: &Value<'_>, given: &Given<'_>) -> Option<Strength> {
    match value.as_text() {
        Some("claims") => Some(Strength::Claims),
        Some(_) => {
            value.wrong("another text", "`\"claims\"`, or a number with a status");
            None
        }
        None => number(value, given).map(Strength::Set),
    }
}

fn reference(value: &Value<'_>, given: &Given<'_>) -> Option<Reference> {
    match value.as_text() {
        Some("base") => Some(Reference::Base),
        Some("trend") => Some(Reference::Trend),
        Some(_) => {
            value.wrong("another text", "`\"base\"`, `\"trend\"`, or a number with a status");
            None
        }
        None => number(value, given).map(Reference::Value),
    }
}
