//! Ways of the frame: which states each passes, in order, and where it ends.

use oxus_kernel::{AxisId, World};

/// A way from where the crop grows to a market.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    /// Simulated states in the order of the way; the first is the source when the crop grows in a simulated state.
    pub states: Vec<usize>,
    /// Power at the end.
    pub power: Option<usize>,
    /// Watched province at the end.
    pub province: Option<usize>,
}

/// The ways, and what they have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    pub ways: Vec<Way>,
    /// States in which ways begin, each with the positions of its ways.
    pub sources: Vec<(usize, Vec<usize>)>,
    /// Provinces in which ways end, each with its power, in order.
    pub watched: Vec<(usize, usize)>,
    /// For each power with a watched province: the states that its ways pass after the source.
    pub passed: Vec<(usize, Vec<usize>)>,
}

/// Reads the ways of a frame.
pub(super) fn ways(world: &World, route: AxisId, power: AxisId, province: AxisId) -> Ways {
    let (to_power, to_province) = (world.map(route, power), world.map(route, province));
    let order = world.relation("route-order");
    let mut found = Ways::default();
    for i in 0..world.axis(route).len() {
        let mut steps: Vec<(u32, f64)> = order.map(|o| o.row(i).iter().map(|e| (e.1, e.2)).collect()).unwrap_or_default();
        steps.sort_by(|a, b| a.1.total_cmp(&b.1));
        let end = |map: &Option<oxus_kernel::Map>| map.as_ref().and_then(|m| m.to[i]).map(|j| j as usize);
        let way = Way { states: steps.iter().map(|s| s.0 as usize).collect(), power: end(&to_power), province: end(&to_province) };
        if let Some(&source) = way.states.first() {
            match found.sources.iter_mut().find(|(s, _)| *s == source) {
                Some((_, members)) => members.push(i),
                None => found.sources.push((source, vec![i])),
            }
        }
        if let (Some(province), Some(power)) = (way.province, way.power) {
            if !found.watched.contains(&(province, power)) {
                found.watched.push((province, power));
            }
            if !found.passed.iter().any(|(p, _)| *p == power) {
                found.passed.push((power, Vec::new()));
            }
            for (_, states) in found.passed.iter_mut().filter(|(p, _)| *p == power) {
                states.extend(way.states.iter().skip(1).copied());
                states.sort_unstable();
                states.dedup();
            }
        }
        found.ways.push(way);
    }
    found
}
