use std::collections::BTreeMap;

use super::places::{keyed, sources, text};
use crate::region::{Company, Group, Power};
use crate::walk::{Context, Kind};

pub(super) fn powers(cx: &Context<'_>) -> BTreeMap<String, Power> {
    keyed(cx, "actors/powers.csv", &["id", "name", "sources"], &[], Kind::Power, |row, id| {
        Some(Power { id, name: text(row, "name")?, sources: sources(row), span: row.span })
    })
}

pub(super) fn groups(cx: &Context<'_>) -> BTreeMap<String, Group> {
    let needed = ["id", "group", "name", "home", "sanctuary", "sources"];
    keyed(cx, "actors/groups.csv", &needed, &[], Kind::Group, |row, id| {
        let (group, name, home) = (text(row, "group"), text(row, "name"), row.need("home"));
        Some(Group {
            id,
            group: group?,
            name: name?,
            home: home?.name()?,
            sanctuary: row.get("sanctuary").and_then(|cell| cell.name()),
            sources: sources(row),
            span: row.span,
        })
    })
}

pub(super) fn companies(cx: &Context<'_>) -> BTreeMap<String, Company> {
    keyed(cx, "actors/companies.csv", &["id", "name", "owner_state", "sources"], &[], Kind::Company, |row, id| {
        Some(Company {
            id,
            name: text(row, "name")?,
            owner_state: row.get("owner_state").and_then(|cell| cell.name()),
            sources: sources(row),
            span: row.span,
        })
    })
}
