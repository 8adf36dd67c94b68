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
    /// Largest part of a state's trade that a power, a border, a province touches.
    pub weights: Weights,
    /// Number of borders, of provinces.
    pub borders: usize,
    pub provinces: usize,
}

/// What a change of a cost weighs in the trade of the state that it touches most, 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    pub pair: Vec<f64>,
    pub border: Vec<f64>,
    pub province: Vec<f64>,
}

impl Base {
    fn weights(&self) -> Weights {
        let n = self.n;
        let flow = |from: usize, to: usize| (0..self.groups).map(|g| self.flows[self.cell(g, from, to)]).sum::<f64>();
        let both = |e: usize, o: usize| flow(e, o) + flow(o, e);
        let total: Vec<f64> = (0..n).map(|e| (0..n).filter(|o| *o != e).map(|o| both(e, o)).sum()).collect();
        let part = |e: usize, o: usize| if total[e] > 0.0 { both(e, o) / total[e] } else { 0.0 };
        let crossing = |relation: &[(usize, usize, f64)], via: usize| {
            let of = |e: usize| relation.iter().filter(|r| r.1 == via && r.0 / n == e).map(|r| r.2 * part(e, r.0 % n)).sum::<f64>();
            self.economy_of.iter().flatten().map(|e| of(*e)).fold(0.0, f64::max)
        };
        Weights {
            pair: self.pairs.iter().map(|p| p.map_or(0.0, |(state, power)| part(state, power))).collect(),
            border: (0..self.borders).map(|b| crossing(&self.over, b)).collect(),
            province: (0..self.provinces).map(|p| crossing(&self.through, p)).collect(),
        }
    }

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
        let mut base = Self {
            n,
            groups,
            weights: Weights::default(),
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
        };
        base.weights = base.weights();
        base
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
