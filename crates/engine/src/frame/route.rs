//! Ways of opiates: the axis `route` with its end, and which states it passes in which order.

use oxus_kernel::World;
use oxus_pack::region::Region;

use super::Places;

/// Adds the axis `route`, its containment in the power and province at its end, and the relations `route-state` (1 for every simulated
/// state passed) and `route-order` (1 for the first state of the way, 2 for the second, states that are not simulated counted).
pub(super) fn routes(world: &mut World, region: &Region, places: &Places) {
    let rows: Vec<_> = region.routes.values().collect();
    let axis = world.add_axis("route", rows.iter().map(|r| r.id.clone()).collect());
    world.add_map(axis, places.power, rows.iter().map(|r| r.power.as_ref().and_then(|p| places.powers.get(&p.id).copied())).collect());
    world.add_map(axis, places.province, rows.iter().map(|r| r.province.as_ref().and_then(|p| places.provinces.get(&p.id).copied())).collect());
    world.add_text(axis, "name", rows.iter().map(|r| r.name.clone()).collect());
    let mut order = Vec::new();
    for (i, route) in rows.iter().enumerate() {
        for (at, state) in route.states.iter().enumerate() {
            order.extend(places.states.get(&state.id).map(|&s| (i as u32, s, (at + 1) as f64)));
        }
    }
    world.add_relation("route-state", axis, places.state, order.iter().map(|&(r, s, _)| (r, s, 1.0)).collect());
    world.add_relation("route-order", axis, places.state, order);
}
