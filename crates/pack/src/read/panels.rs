//! Panels of states and years: a sidecar that names the columns, and a table of them.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};
use oxus_units::Month;

use super::evidence;
use crate::region::{Panel, PanelRow};
use crate::walk::{Context, Kind, Table, parse, rows};

/// Longest publication lag, months, as of series.
const MAX_LAG: u64 = 120;

pub(super) fn read(cx: &Context<'_>) -> BTreeMap<String, Panel> {
    let sidecars: Vec<(&str, &str)> = cx.folder("panels", "toml");
    for (path, id) in cx.folder("panels", "csv") {
        if !sidecars.iter().any(|(_, sidecar)| *sidecar == id) && !cx.broken.contains(&format!("panels/{id}.toml")) {
            let at = cx.file(path).map(|(_, source)| Span::new(source, 0..0));
            let problem = Diagnostic::error(codes::P009, format!("panel `{id}` has no sidecar `panels/{id}.toml`")).at_maybe(at, "");
            cx.push(problem.help("write its title, licence, lag_months, vintage, sources and columns there"));
        }
    }
    let mut panels = BTreeMap::new();
    for (path, id) in sidecars {
        let Some((text, source)) = cx.file(path) else { continue };
        cx.declare(Kind::Panel, id, Span::new(source, 0..0));
        let tree = parse(cx, path, text, source);
        let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("panel `{id}`"));
        let panel = panel(cx, &table, id, cx.head(source));
        table.finish();
        panels.insert(id.to_owned(), panel);
    }
    panels
}

fn panel(cx: &Context<'_>, table: &Table<'_>, id: &str, span: Span) -> Panel {
    let words = |key: &str| table.need(key).and_then(|v| v.words()).unwrap_or_default();
    let lag = table.need("lag_months").and_then(|v| v.whole(0, MAX_LAG)).unwrap_or(0);
    let mut columns = BTreeMap::new();
    if let Some(inner) = table.need("columns").and_then(|v| v.table(format!("`columns` of panel `{id}`"))) {
        for entry in inner.entries() {
            if matches!(entry.key.as_str(), "state" | "year") {
                entry.wrong("a column that every panel has", "the other columns: `state` and `year` go without saying");
            } else if let Some(what) = entry.words() {
                columns.insert(entry.key.clone(), what);
            }
        }
    }
    let lag_months = u32::try_from(lag).unwrap_or(0);
    let rows = table_of(cx, id, &columns, lag_months);
    Panel {
        id: id.to_owned(),
        title: words("title"),
        licence: words("licence"),
        vintage: words("vintage"),
        sources: evidence::sources(table),
        transform: table.get("transform").and_then(|v| v.words()),
        note: table.get("note").and_then(|v| v.words()),
        lag_months,
        columns,
        rows,
        span,
    }
}

fn table_of(cx: &Context<'_>, id: &str, columns: &BTreeMap<String, String>, lag: u32) -> Vec<PanelRow> {
    let path = format!("panels/{id}.csv");
    if cx.file(&path).is_none() && !cx.broken.contains(&path) {
        cx.push(Diagnostic::error(codes::P009, format!("panel `{id}` has no values `{path}`")));
    }
    let names: Vec<&str> = columns.keys().map(String::as_str).collect();
    let needed: Vec<&str> = ["state", "year"].into_iter().chain(names.iter().copied()).collect();
    let mut found: Vec<PanelRow> = Vec::new();
    rows(cx, &path, &needed, &[], None, |row| {
        let (state, year) = (row.need("state"), row.need("year").and_then(|cell| cell.real(1800.0, 2200.0)));
        let values: Vec<f64> = names.iter().filter_map(|name| row.need(name).and_then(|cell| cell.real(f64::NEG_INFINITY, f64::INFINITY))).collect();
        let (Some(state), Some(year)) = (state, year) else { return };
        let last = Month::new(year as i32, 12).filter(|_| year.fract() == 0.0);
        let (Some(last), true) = (last, values.len() == names.len()) else { return };
        let here = (state.text, last.year());
        if let Some(before) = found.last().filter(|before| (before.state.as_str(), before.year) >= here) {
            let what = format!("{} of `{}` stands after {} of `{}`", here.1, here.0, before.year, before.state);
            let problem = Diagnostic::error(codes::P020, what).at(row.span, "");
            cx.push(problem.expected("rows sorted by state, then by year, each year once"));
        }
        let observable_from = last.plus(i32::try_from(lag).unwrap_or(i32::MAX));
        found.push(PanelRow { state: here.0.to_owned(), year: here.1, observable_from, values, span: row.span });
    });
    found
}
