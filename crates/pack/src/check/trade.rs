//! The base of trade: every ordered pair once, groups that add up, goods passed on that were there, ways over known borders.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, Span, codes};

use super::Check;
use crate::region::Trade;
use crate::walk::Kind;

/// Rounding that shares written with a few decimals may have.
const ROUNDING: f64 = 1e-6;

pub(super) fn check(check: &mut Check<'_>) {
    let Some(trade) = &check.region.trade else { return };
    names(check, trade);
    pairs(check, trade);
    shares(check, trade);
    passed_on(check, trade);
}

fn names(check: &mut Check<'_>, trade: &Trade) {
    let economies = (trade.flows.iter().flat_map(|f| [&f.exporter, &f.importer]))
        .chain(trade.composition.iter().flat_map(|s| s.importer.iter().chain([&s.exporter])))
        .chain(trade.re_exports.iter().flat_map(|r| [&r.hub, &r.origin, &r.destination]))
        .chain(trade.routes.iter().flat_map(|r| [&r.a, &r.b]));
    economies.for_each(|name| check.exists(Kind::Economy, name));
    let groups = trade.composition.iter().map(|s| &s.group).chain(trade.re_exports.iter().map(|r| &r.group));
    groups.for_each(|name| check.exists(Kind::Goods, name));
    trade.routes.iter().for_each(|r| check.exists_among(&[Kind::Border, Kind::Province], &r.via));
    let works = (trade.economies.values().flat_map(|e| &e.sources))
        .chain(trade.flows.iter().flat_map(|f| &f.sources))
        .chain(trade.composition.iter().flat_map(|s| &s.sources))
        .chain(trade.re_exports.iter().flat_map(|r| &r.sources))
        .chain(trade.routes.iter().flat_map(|r| &r.sources));
    works.for_each(|cited| check.exists(Kind::Work, &cited.work));
    trade.sidecar.source.iter().for_each(|work| check.exists(Kind::Work, work));
}

/// Each ordered pair of economies stands once; none is missing; everybody sells at home.
fn pairs(check: &mut Check<'_>, trade: &Trade) {
    let mut seen: BTreeMap<(&str, &str), Span> = BTreeMap::new();
    for flow in &trade.flows {
        let key = (flow.exporter.id.as_str(), flow.importer.id.as_str());
        if let Some(first) = seen.insert(key, flow.span) {
            check.push(
                Diagnostic::error(codes::P025, format!("the flow from `{}` to `{}` stands twice", key.0, key.1))
                    .at(flow.span, "again here")
                    .and_at(first, "first here")
                    .help("delete one of the rows"),
            );
        }
        if key.0 == key.1 && flow.value <= 0.0 {
            check.push(
                Diagnostic::error(codes::P010, format!("`{}` sells nothing at home", key.0))
                    .at(flow.span, "")
                    .expected("a value above 0: output less exports"),
            );
        }
    }
    for exporter in trade.economies.values() {
        for importer in trade.economies.keys().filter(|i| !seen.contains_key(&(exporter.id.as_str(), i.as_str()))) {
            check.push(
                Diagnostic::error(codes::P009, format!("the flow from `{}` to `{importer}` is missing", exporter.id))
                    .at(exporter.span, "")
                    .help("add a row to `trade/flows.csv`; 0 where nothing is sold"),
            );
        }
    }
}

/// The shares of the groups sum to one wherever they are given; every exporter has shares for all others.
fn shares(check: &mut Check<'_>, trade: &Trade) {
    let mut sums: BTreeMap<(&str, Option<&str>), (f64, Span)> = BTreeMap::new();
    for row in &trade.composition {
        let sum = sums.entry((row.exporter.id.as_str(), row.importer.as_ref().map(|i| i.id.as_str()))).or_insert((0.0, row.span));
        sum.0 += row.share;
    }
    for ((exporter, importer), (sum, span)) in &sums {
        if (sum - 1.0).abs() > ROUNDING {
            let to = importer.map_or("others".to_owned(), |i| format!("`{i}`"));
            check.push(
                Diagnostic::error(codes::P019, format!("the groups in what `{exporter}` sells to {to} do not sum to one"))
                    .at(*span, "the first of them")
                    .found(format!("{sum}"))
                    .expected("1"),
            );
        }
    }
    for economy in trade.economies.values().filter(|e| !sums.contains_key(&(e.id.as_str(), None))) {
        check.push(
            Diagnostic::error(codes::P009, format!("`{}` has no shares of groups in its exports", economy.id))
                .at(economy.span, "")
                .help("add rows with an empty `importer` to `trade/composition.csv`"),
        );
    }
}

/// What is passed on entered first.
fn passed_on(check: &mut Check<'_>, trade: &Trade) {
    let mut sums: BTreeMap<(&str, &str, &str), (f64, Span)> = BTreeMap::new();
    for row in &trade.re_exports {
        sums.entry((row.hub.id.as_str(), row.origin.id.as_str(), row.group.id.as_str())).or_insert((0.0, row.span)).0 += row.value;
    }
    for ((hub, origin, group), (sum, span)) in sums {
        let entered: f64 = trade.flows.iter().filter(|f| f.exporter.id == origin && f.importer.id == hub).map(|f| f.value).sum();
        let entered = entered * trade.share(origin, hub, group);
        if sum > entered {
            check.push(
                Diagnostic::error(codes::P010, format!("`{hub}` passes on more of `{group}` from `{origin}` than enters"))
                    .at(span, "the first of the rows")
                    .found(format!("{sum:.1}"))
                    .expected(format!("at most {entered:.1}, the flow of the group from `{origin}` to `{hub}`")),
            );
        }
    }
}
