use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};

use super::places::{keyed, listed, sources, text};
use super::units;
use crate::region::{Economy, GoodsGroup, GroupShare, Name, ReExport, Trade, TradeFlow, TradeRoute, TradeSidecar};
use crate::walk::{Cell, Context, Kind, Row, Table, parse};

const SIDECAR: &str = "trade/trade.toml";

/// Reads the folder `trade`; `None` where the pack has none.
pub(super) fn read(cx: &Context<'_>) -> Option<Trade> {
    let Some((body, source)) = cx.file(SIDECAR) else {
        if let (Some((_, at)), false) = (cx.file("trade/flows.csv"), cx.broken.contains(SIDECAR)) {
            let problem = Diagnostic::error(codes::P009, format!("the tables of trade have no sidecar `{SIDECAR}`"));
            cx.push(problem.at(Span::new(at, 0..0), "").help("write title, unit, year, source, licence and the groups of goods there"));
        }
        return None;
    };
    let tree = parse(cx, SIDECAR, body, source);
    let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("`{SIDECAR}`"));
    let sidecar = sidecar(&table);
    let groups = groups(&table);
    table.finish();
    let economies = economies(cx);
    let trade = Trade {
        sidecar: sidecar?,
        groups,
        economies,
        flows: flows(cx),
        composition: composition(cx),
        re_exports: re_exports(cx),
        routes: routes(cx),
    };
    Some(trade)
}

fn sidecar(table: &Table<'_>) -> Option<TradeSidecar> {
    let words = |key: &str| table.need(key).and_then(|v| v.words());
    let unit = table.need("unit").and_then(|v| units::parse(v.cx, &v.text()?, v.span));
    let year = table.need("year").and_then(|v| v.whole(1900, 2200)).and_then(|y| i32::try_from(y).ok());
    let lag = table.need("lag_months").and_then(|v| v.whole(0, 120)).and_then(|m| u32::try_from(m).ok());
    let (title, publisher, citation) = (words("title"), words("publisher"), words("citation"));
    let (licence, vintage, domestic) = (words("licence"), words("vintage"), words("domestic"));
    Some(TradeSidecar {
        source: table.get("source").and_then(|v| v.name()),
        note: table.get("note").and_then(|v| v.words()),
        title: title?,
        unit: unit?,
        year: year?,
        publisher: publisher?,
        citation: citation?,
        licence: licence?,
        lag_months: lag?,
        vintage: vintage?,
        domestic: domestic?,
    })
}

fn groups(table: &Table<'_>) -> BTreeMap<String, GoodsGroup> {
    let mut found = BTreeMap::new();
    let Some(groups) = table.need("groups").and_then(|v| v.table(format!("`groups` of `{SIDECAR}`"))) else { return found };
    for entry in groups.entries() {
        table.cx().declare(Kind::Goods, &entry.key, entry.key_span);
        if let Some(group) = entry.table(format!("group of goods `{}`", entry.key)) {
            let name = group.need("name").and_then(|v| v.words());
            group.finish();
            found.insert(entry.key.clone(), GoodsGroup { id: entry.key.clone(), name: name.unwrap_or_default() });
        }
    }
    found
}

fn economies(cx: &Context<'_>) -> BTreeMap<String, Economy> {
    keyed(cx, "trade/economies.csv", &["id", "name", "members", "union", "sources"], &[], Kind::Economy, |row, id| {
        Some(Economy {
            id,
            name: text(row, "name")?,
            members: row.get("members").as_ref().map(Cell::names).unwrap_or_default(),
            union: row.get("union").and_then(|cell| cell.text()),
            sources: sources(row),
            span: row.span,
        })
    })
}

fn name(row: &Row<'_>, column: &'static str) -> Option<Name> {
    row.need(column)?.name()
}

fn reason(row: &Row<'_>) -> Option<String> {
    row.get("reason").and_then(|cell| cell.text())
}

fn flows(cx: &Context<'_>) -> Vec<TradeFlow> {
    listed(cx, "trade/flows.csv", &["exporter", "importer", "value_usd_mn", "status", "sources"], &[], |row| {
        let (exporter, importer, value, status) = (name(row, "exporter"), name(row, "importer"), row.need("value_usd_mn"), row.need("status"));
        Some(TradeFlow {
            exporter: exporter?,
            importer: importer?,
            value: value?.real(0.0, f64::INFINITY)?,
            status: status?.word()?,
            sources: sources(row),
            span: row.span,
        })
    })
}

fn composition(cx: &Context<'_>) -> Vec<GroupShare> {
    let needed = ["exporter", "importer", "group", "share", "status", "reason", "sources"];
    listed(cx, "trade/composition.csv", &needed, &[], |row| {
        let (exporter, group, share, status) = (name(row, "exporter"), name(row, "group"), row.need("share"), row.need("status"));
        Some(GroupShare {
            exporter: exporter?,
            importer: row.get("importer").and_then(|cell| cell.name()),
            group: group?,
            share: share?.real(0.0, 1.0)?,
            status: status?.word()?,
            reason: reason(row),
            sources: sources(row),
            span: row.span,
        })
    })
}

fn re_exports(cx: &Context<'_>) -> Vec<ReExport> {
    let needed = ["hub", "origin", "destination", "group", "value_usd_mn", "status", "reason", "sources"];
    listed(cx, "trade/re_exports.csv", &needed, &[], |row| {
        let (hub, origin, destination) = (name(row, "hub"), name(row, "origin"), name(row, "destination"));
        let (group, value, status) = (name(row, "group"), row.need("value_usd_mn"), row.need("status"));
        Some(ReExport {
            hub: hub?,
            origin: origin?,
            destination: destination?,
            group: group?,
            value: value?.real(0.0, f64::INFINITY)?,
            status: status?.word()?,
            reason: reason(row),
            sources: sources(row),
            span: row.span,
        })
    })
}

fn routes(cx: &Context<'_>) -> Vec<TradeRoute> {
    listed(cx, "trade/routes.csv", &["a", "b", "via", "share", "status", "reason", "sources"], &[], |row| {
        let (a, b, via, share, status) = (name(row, "a"), name(row, "b"), name(row, "via"), row.need("share"), row.need("status"));
        Some(TradeRoute {
            a: a?,
            b: b?,
            via: via?,
            share: share?.real(0.0, 1.0)?,
            status: status?.word()?,
            reason: reason(row),
            sources: sources(row),
            span: row.span,
        })
    })
}
