use std::collections::BTreeMap;

use crate::region::{Adjacency, Border, CitedWork, Kinship, Province, State};
use crate::walk::{Cell, Context, Kind, Row, rows};

/// No upper bound.
const ANY: f64 = f64::INFINITY;

pub(super) fn states(cx: &Context<'_>) -> BTreeMap<String, State> {
    let needed = ["id", "alpha2", "name", "role", "population_mn", "gdp_usd_bn", "sources"];
    keyed(cx, "places/states.csv", &needed, &[], Kind::State, |row, id| {
        let state = State {
            id,
            alpha2: text(row, "alpha2")?,
            name: text(row, "name")?,
            role: row.need("role")?.word()?,
            population_mn: real(row, "population_mn", 0.0, ANY)?,
            gdp_usd_bn: real(row, "gdp_usd_bn", 0.0, ANY)?,
            sources: sources(row),
            span: row.span,
        };
        Some(state)
    })
}

pub(super) fn provinces(cx: &Context<'_>) -> BTreeMap<String, Province> {
    let needed = ["id", "name", "state", "population_k", "lon", "lat", "sources"];
    keyed(cx, "places/provinces.csv", &needed, &[], Kind::Province, |row, id| {
        let province = Province {
            id,
            name: text(row, "name")?,
            state: row.need("state")?.name()?,
            population_k: real(row, "population_k", 0.0, ANY)?,
            lon: real(row, "lon", -180.0, 180.0)?,
            lat: real(row, "lat", -90.0, 90.0)?,
            sources: sources(row),
            span: row.span,
        };
        Some(province)
    })
}

pub(super) fn borders(cx: &Context<'_>) -> Vec<Border> {
    listed(cx, "places/borders.csv", &["a", "b", "length_km", "sources"], &[], |row| {
        let (a, b) = (row.need("a")?, row.need("b")?);
        // A border is an entity of the model, named after its row.
        row.cx().ids.borrow_mut().mention(Kind::Border, &format!("{}-{}", a.text, b.text), row.span);
        Some(Border { a: a.name()?, b: b.name()?, length_km: real(row, "length_km", 0.0, ANY)?, sources: sources(row), span: row.span })
    })
}

pub(super) fn adjacency(cx: &Context<'_>) -> Vec<Adjacency> {
    listed(cx, "places/adjacency.csv", &["a", "b", "kind"], &[], |row| {
        let (a, b, kind) = (row.need("a"), row.need("b"), row.need("kind"));
        Some(Adjacency { a: a?.name()?, b: b?.name()?, kind: kind?.word()?, span: row.span })
    })
}

pub(super) fn kinship(cx: &Context<'_>) -> Vec<Kinship> {
    listed(cx, "places/kinship.csv", &["a", "b", "weight", "status", "reason", "sources"], &[], |row| {
        let (a, b, weight, status) = (row.need("a"), row.need("b"), row.need("weight"), row.need("status"));
        Some(Kinship {
            a: a?.name()?,
            b: b?.name()?,
            weight: weight?.real(0.0, 1.0)?,
            status: status?.word()?,
            reason: row.get("reason").and_then(|cell| cell.text()),
            sources: sources(row),
            span: row.span,
        })
    })
}

/// Reads a table whose rows have an `id`.
pub(super) fn keyed<T>(
    cx: &Context<'_>,
    path: &str,
    needed: &[&'static str],
    optional: &[&'static str],
    kind: Kind,
    item: impl Fn(&Row<'_>, String) -> Option<T>,
) -> BTreeMap<String, T> {
    let mut items = BTreeMap::new();
    rows(cx, path, needed, optional, Some(kind), |row| {
        let Some(id) = row.need("id") else { return };
        cx.declare(kind, id.text, id.span);
        if let Some(read) = item(row, id.text.to_owned()) {
            items.entry(id.text.to_owned()).or_insert(read);
        }
    });
    items
}

/// Reads a table whose rows have no id.
pub(super) fn listed<T>(
    cx: &Context<'_>,
    path: &str,
    needed: &[&'static str],
    optional: &[&'static str],
    item: impl Fn(&Row<'_>) -> Option<T>,
) -> Vec<T> {
    let mut items = Vec::new();
    rows(cx, path, needed, optional, None, |row| items.extend(item(row)));
    items
}

/// A text that must be there.
pub(super) fn text(row: &Row<'_>, column: &'static str) -> Option<String> {
    row.need(column).map(|cell| cell.text.to_owned())
}

/// A number that may be unknown: `Some(None)` for an empty cell, `None` for one that cannot be read.
pub(super) fn real(row: &Row<'_>, column: &'static str, low: f64, high: f64) -> Option<Option<f64>> {
    match row.get(column) {
        Some(cell) => cell.real(low, high).map(Some),
        None => Some(None),
    }
}

/// The works a row cites.
pub(super) fn sources(row: &Row<'_>) -> Vec<CitedWork> {
    row.get("sources").as_ref().map(Cell::sources).unwrap_or_default()
}
