//! The base of trade as the frame gives it, in the layout of the solver.

use oxus_kernel::World;

/// Goods of `origin` that pass `hub` on their way to `destination`.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    pub hub: usize,
    pub origin: usize,
    pub destination: usize,
    pub group: usize,
    /// Part of what the destination buys of the group from the origin.
    pub share: f64,
}

/// Positions and numbers that never change; economies are indexed as on the axis `economy`.
#[derive(Clone, Debug, Default)]
pub struct Base {
    pub n: usize,
    pub groups: usize,
    /// `[group][from][to]`, million USD a year.
    pub flows: Vec<f64>,
    pub state_of: Vec<Option<usize>>,
    pub power_of: Vec<Option<usize>>,
    /// 1 for members of a customs union.
    pub union: Vec<f64>,
    /// Economies of the state and the power of each `power_state`.
    pub pairs: Vec<Option<(usize, usize)>>,
    /// States, powers of each `power_state`.
    pub pair_state: Vec<usize>,
    /// Economy of each state.
    pub economy_of: Vec<Option<usize>>,
    /// Cell `from * n + to`, border, share of the trade that crosses it.
    pub over: Vec<(usize, usize, f64)>,
    /// Cell, province, share.
    pub through: Vec<(usize, usize, f64)>,
    pub passed: Vec<Passed>,
    /// Power of each province, if it is a power's.
    pub power_of_province: Vec<Option<usize>>,
    /// Number of borders, of provinces.
    pub borders: usize,
    pub provinces: usize,
}

impl Base {
    /// Reads the frame; without an economy the base is empty and the mechanism has nothing to do.
    pub fn read(world: &World) -> Self {
        let axis = |name: &str| world.find(name);
        let (Some(economy), Some(goods), Some(state), Some(power)) = (axis("economy"), axis("goods"), axis("state"), axis("power")) else {
            return Self::default();
        };
        let (n, groups) = (world.axis(economy).len(), world.axis(goods).len());
        if n < 2 || groups == 0 {
            return Self::default();
        }
        let mut flows = vec![0.0; groups * n * n];
        for (g, group) in world.axis(goods).entities.iter().enumerate() {
            for (to, from, value) in world.relation(&format!("trade.{group}")).map_or(&[][..], |r| &r.entries) {
                // what is passed on is known to the rounding of the tables: a difference just below zero is nothing
                flows[(g * n + *from as usize) * n + *to as usize] = value.max(0.0);
            }
        }
        let positions = |from, into| -> Vec<Option<usize>> {
            let map = world.map(from, into).unwrap_or_default();
            (0..world.axis(from).len()).map(|i| map.to.get(i).copied().flatten().map(|p| p as usize)).collect()
        };
        let (state_of, power_of) = (positions(economy, state), positions(economy, power));
        let at = |of: &[Option<usize>], place: usize| of.iter().position(|p| *p == Some(place));
        let economy_of = (0..world.axis(state).len()).map(|s| at(&state_of, s)).collect();
        let (mut pairs, mut pair_state) = (Vec::new(), Vec::new());
        if let Some(power_state) = axis("power_state") {
            for (s, p) in positions(power_state, state).into_iter().zip(positions(power_state, power)) {
                pairs.push(s.zip(p).and_then(|(s, p)| Some((at(&state_of, s)?, at(&power_of, p)?))));
                pair_state.push(s.unwrap_or(0));
            }
        }
        let relation = |name: &str| -> Vec<(usize, usize, f64)> {
            let entries = world.relation(name).map_or(&[][..], |r| &r.entries);
            entries.iter().map(|(cell, via, share)| (*cell as usize, *via as usize, *share)).collect()
        };
        let province = axis("province");
        Self {
            n,
            groups,
            passed: passed(world, &flows, n),
            flows,
            union: world.numbers(economy, "union").map_or_else(|| vec![0.0; n], <[f64]>::to_vec),
            pairs,
            pair_state,
            economy_of,
            over: relation("trade-border"),
            through: relation("trade-province"),
            power_of_province: province.map(|p| positions(p, power)).unwrap_or_default(),
            borders: axis("border").map_or(0, |b| world.axis(b).len()),
            provinces: province.map_or(0, |p| world.axis(p).len()),
            state_of,
            power_of,
        }
    }

    /// Position of a flow.
    #[inline(always)]
    pub fn cell(&self, group: usize, from: usize, to: usize) -> usize {
        (group * self.n + from) * self.n + to
    }
}

fn passed(world: &World, flows: &[f64], n: usize) -> Vec<Passed> {
    let Some(axis) = world.find("re_export") else { return Vec::new() };
    let number = |name: &str| world.numbers(axis, name).unwrap_or(&[]);
    let place = |name: &str, i: usize| number(name).get(i).filter(|x| x.is_finite()).map(|x| *x as usize);
    let rows = (0..world.axis(axis).len()).filter_map(|i| {
        let (hub, origin, destination) = (place("hub", i)?, place("origin", i)?, place("destination", i)?);
        let (group, value) = (place("group", i)?, *number("value").get(i)?);
        let flow = flows[(group * n + origin) * n + destination];
        (flow > 0.0 && value > 0.0).then(|| Passed { hub, origin, destination, group, share: (value / flow).min(1.0) })
    });
    rows.collect()
}
