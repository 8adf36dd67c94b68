use std::collections::BTreeMap;

use super::places::{keyed, sources, text};
use crate::region::Route;
use crate::walk::{Cell, Context, Kind};

pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Route> {
    keyed(cx, "places/routes.csv", &["id", "name", "states", "power", "province", "sources"], &[], Kind::Route, |row, id| {
        let (name, states) = (text(row, "name"), row.need("states").as_ref().map(Cell::names));
        let end = |column| row.get(column).and_then(|cell| cell.name());
        Some(Route { id, name: name?, states: states?, power: end("power"), province: end("province"), sources: sources(row), span: row.span })
    })
}
