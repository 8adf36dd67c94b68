//! The base of trade: axes `economy` and `goods`, flows by group, goods passed on, ways over borders and provinces.

use std::collections::BTreeMap;

use oxus_kernel::World;
use oxus_pack::region::{Region, Trade};

use super::{Places, positions};

/// Adds the axis `economy` (in state and power; number `union`, 1 in a customs union), the axis `goods`, for each group the relation
/// `trade.<group>` (row buys from column, million USD a year, goods passed on given to the last buyer), the axis `re_export`
/// (`KGZ.CHN.KAZ`, numbers `hub`, `origin`, `destination`, `group`, `value`) and the relations `trade-border`, `trade-province` (pair of economies,
/// `a * economies + b`, on the axis `trade_pair`).
pub(super) fn trade(world: &mut World, region: &Region, places: &Places) {
    let economies: Vec<String> = region.trade.iter().flat_map(|t| t.economies.keys().cloned()).collect();
    let at = positions(&economies);
    let n = economies.len();
    let economy = world.add_axis("economy", economies.clone());
    world.add_map(economy, places.state, economies.iter().map(|e| places.states.get(e).copied()).collect());
    world.add_map(economy, places.power, economies.iter().map(|e| places.powers.get(e).copied()).collect());
    let goods = world.add_axis("goods", region.trade.iter().flat_map(|t| t.groups.keys().cloned()).collect());
    let pairs = economies.iter().flat_map(|a| economies.iter().map(move |b| format!("{a}.{b}"))).collect();
    let pair = world.add_axis("trade_pair", pairs);
    let re_export = world.add_axis(
        "re_export",
        region.trade.iter().flat_map(|t| &t.re_exports).map(|r| format!("{}.{}.{}", r.hub, r.origin, r.destination)).collect(),
    );
    let Some(trade) = &region.trade else { return };
    let union = trade.economies.values().map(|e| f64::from(u8::from(e.union.is_some()))).collect();
    world.add_number(economy, "union", union);
    world.add_text(economy, "name", trade.economies.values().map(|e| e.name.clone()).collect());
    world.add_text(goods, "name", trade.groups.values().map(|g| g.name.clone()).collect());
    for group in trade.groups.keys() {
        world.add_relation(&format!("trade.{group}"), economy, economy, flows(trade, group, &at));
    }
    let groups = positions(&trade.groups.keys().cloned().collect::<Vec<_>>());
    let place = |map: &BTreeMap<String, u32>, id: &str| map.get(id).map_or(f64::NAN, |&i| f64::from(i));
    let rows = &trade.re_exports;
    world.add_number(re_export, "hub", rows.iter().map(|r| place(&at, &r.hub.id)).collect());
    world.add_number(re_export, "origin", rows.iter().map(|r| place(&at, &r.origin.id)).collect());
    world.add_number(re_export, "destination", rows.iter().map(|r| place(&at, &r.destination.id)).collect());
    world.add_number(re_export, "group", rows.iter().map(|r| place(&groups, &r.group.id)).collect());
    world.add_number(re_export, "value", rows.iter().map(|r| r.value).collect());
    let borders = world.find("border").map(|b| positions(&world.axis(b).entities)).unwrap_or_default();
    let (mut over, mut through) = (Vec::new(), Vec::new());
    for route in &trade.routes {
        let (Some(&a), Some(&b)) = (at.get(&route.a.id), at.get(&route.b.id)) else { continue };
        for (a, b) in [(a, b), (b, a)] {
            let row = a * n as u32 + b;
            over.extend(borders.get(&route.via.id).map(|&v| (row, v, route.share)));
            through.extend(places.provinces.get(&route.via.id).map(|&v| (row, v, route.share)));
        }
    }
    if let Some(border) = world.find("border") {
        world.add_relation("trade-border", pair, border, over);
    }
    world.add_relation("trade-province", pair, places.province, through);
}

/// Flows of a group, `(buyer, seller, value)`: goods passed on are taken from the hub's purchases and given to the last buyer's.
fn flows(trade: &Trade, group: &str, at: &BTreeMap<String, u32>) -> Vec<(u32, u32, f64)> {
    let mut entries = Vec::new();
    for flow in &trade.flows {
        let (Some(&from), Some(&to)) = (at.get(&flow.exporter.id), at.get(&flow.importer.id)) else { continue };
        entries.push((to, from, flow.value * trade.share(&flow.exporter.id, &flow.importer.id, group)));
    }
    for passed in trade.re_exports.iter().filter(|r| r.group.id == group) {
        if let (Some(&hub), Some(&origin), Some(&destination)) = (at.get(&passed.hub.id), at.get(&passed.origin.id), at.get(&passed.destination.id)) {
            entries.push((hub, origin, -passed.value));
            entries.push((destination, origin, passed.value));
        }
    }
    entries
}
