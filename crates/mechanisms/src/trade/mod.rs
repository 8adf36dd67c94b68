//! Trade in goods: general equilibrium of the states, the powers, their partners and the rest of the world, with goods passed on.
//!
//! The equations are those of `oxus_numerics::trade` (constant ratios of expenditure to output). They are solved in January, and at the start of
//! any other quarter by which a log cost has moved past a tolerance since the last solution; between solutions flows hold.

mod base;
mod costs;
pub mod equations;
mod ports;
#[cfg(test)]
mod tests;

use base::Base;
use costs::{Constants, Inputs};
use equations as eq;
use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};
use oxus_math::{dispatch, exp, ln};
use oxus_numerics::trade::{Deficits, HatAlgebra};
pub use ports::Trade;

use crate::monthly::MONTHS;
use crate::rows::{Row, row};

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Trade>("trade", "Trade in goods in general equilibrium, its costs, goods passed on, exports of watched provinces.");

/// Relative excess demand at which markets count as cleared: a thousandth of a dollar in a million.
const CLEARED: f64 = 1e-9;
/// A solution this far from clearing fails the member: its costs or sizes have left what the model can carry.
const FAILED: f64 = 1e-6;

/// The solver and what the last solution stands on.
#[derive(Default)]
pub struct Memory {
    base: Base,
    solver: Option<HatAlgebra<Row>>,
    constants: Constants,
    now: Inputs,
    used: Inputs,
    costs: Vec<Row>,
    ways: Vec<Row>,
    sums: Vec<Row>,
    loans_at_origin: Vec<Row>,
    capital_at_origin: Vec<Row>,
    most_loans: Vec<Row>,
    closed_at_origin: Vec<Row>,
    imports_at_origin: Vec<Row>,
}

impl Mechanism for Trade {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.prepare(step, memory);
        for port in [&self.exports, &self.imports, &self.share, &self.total, &self.openness, &self.real_income, &self.re_exports] {
            step.fill(port, 0.0);
        }
        step.fill(&self.union_entry, 0.0);
        step.fill(&self.disruption, 0.0);
        step.fill(&self.firms_change, 0.0);
        step.each1(&self.closed, &self.border_closed, |days| days.clamp(0.0, 1.0));
        step.copy(&self.chinese_firms, &self.firms_start);
        memory.closed_at_origin = rows(step, &self.closed);
        step.copy(&self.province_exports, &self.province_start);
        if memory.solver.is_some() {
            self.solve(step, memory, [true; LANES]);
            memory.imports_at_origin = (0..memory.base.power_of_province.len()).map(|p| self.imports_from(step, &memory.base, p)).collect();
        }
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        surroundings(self, step, memory);
        if memory.solver.is_none() {
            return;
        }
        if step.season().is_multiple_of(QUARTER) {
            self.inputs(step, memory);
            let tolerance = std::array::from_fn(|lane| memory.constants.world[lane].tolerance);
            let lanes = if step.season() == 0 { [true; LANES] } else { memory.now.moved(&memory.used, &memory.base.weights, &tolerance) };
            if lanes.contains(&true) {
                let Memory { used, now, .. } = memory;
                used.take(now, lanes);
                self.solve(step, memory, lanes);
            }
        }
        self.provinces(step, memory);
    }
}

// Everything that the columns of a month need is inlined into this.
dispatch! {
    fn surroundings(trade: &Trade, step: &mut Step<'_>, memory: &mut Memory) {
        trade.firms(step, &memory.constants);
        if memory.solver.is_some() {
            trade.disturbances(step, memory);
            trade.grow(step, memory);
        }
    }
}

/// Months from one look at the costs to the next: contracts and deliveries follow costs within a season, not within a month.
const QUARTER: usize = 3;

fn rows(step: &Step<'_>, port: &impl oxus_kernel::Source) -> Vec<Row> {
    (0..step.slice(port).len() / LANES).map(|e| row(step, port, e)).collect()
}

impl Trade {
    /// Reads the frame, the parameters and the origin; called for each run.
    fn prepare(&self, step: &Step<'_>, memory: &mut Memory) {
        if memory.base.n == 0 {
            memory.base = Base::read(step.world());
        }
        let base = &memory.base;
        memory.constants = Constants {
            world: (0..LANES).map(|lane| self.world.at(step, lane)).collect(),
            variety: std::array::from_fn(|lane| self.world.at(step, lane).variety),
            theta: rows(step, &self.theta),
            common_tariff: rows(step, &self.common_tariff),
            own_tariff: rows(step, &self.own_tariff),
            clearance: rows(step, &self.clearance),
        };
        // a base that cannot be solved (an economy that buys nothing of a group) is refused where the pack is read
        let theta = vec![1.0; base.groups];
        memory.solver = HatAlgebra::new(base.n, &theta, &base.flows, Deficits::Multiplicative).ok();
        if let Some(solver) = &mut memory.solver {
            solver.tolerance = CLEARED;
            solver.theta_mut().copy_from_slice(&memory.constants.theta);
        }
        memory.used = Inputs::base(base);
        memory.now = Inputs::base(base);
        memory.costs = vec![[0.0; LANES]; base.n * base.n];
        memory.ways = vec![[0.0; LANES]; base.passed.len()];
        memory.sums = vec![[0.0; LANES]; base.passed.len()];
        memory.loans_at_origin = rows(step, &self.loans);
        memory.most_loans = memory.loans_at_origin.clone();
        let capital = rows(step, &self.transport_capital).into_iter().zip(rows(step, &self.gdp));
        memory.capital_at_origin = capital.map(|(ratio, gdp)| std::array::from_fn(|lane| ratio[lane] * gdp[lane])).collect();
    }

    /// Chinese firms come and go.
    #[inline(always)]
    fn firms(&self, step: &mut Step<'_>, constants: &Constants) {
        let (entry, exit) = (lanes!(|l| constants.world[l].firms_entry), lanes!(|l| constants.world[l].firms_exit));
        for state in 0..step.slice(&self.chinese_firms).len() / LANES {
            let (before, shift) = (row(step, &self.chinese_firms, state), row(step, &self.firms_log, state));
            let origin = row(step, &self.firms_start, state);
            let after = lanes!(|l| eq::firms(before[l], entry[l], shift[l], exit[l]));
            step.set_row(&self.chinese_firms, state, after);
            let change = lanes!(|l| ln(after[l] / origin[l]));
            step.set_row(&self.firms_change, state, lanes!(|l| if origin[l] > 0.0 && after[l] > 0.0 { change[l] } else { 0.0 }));
        }
    }

    /// Closed borders and violent provinces, as traders have them in memory.
    #[inline(always)]
    fn disturbances(&self, step: &mut Step<'_>, memory: &Memory) {
        let months = lanes!(|l| memory.constants.world[l].closure_months);
        for border in 0..memory.base.borders {
            let (before, days) = (row(step, &self.closed, border), row(step, &self.border_closed, border));
            step.set_row(&self.closed, border, lanes!(|l| before[l] + (days[l].clamp(0.0, 1.0) - before[l]) / months[l].max(1.0)));
        }
        let (usual, scale) = (lanes!(|l| memory.constants.world[l].disruption_usual), lanes!(|l| memory.constants.world[l].disruption_deaths));
        let months = lanes!(|l| memory.constants.world[l].disruption_months);
        for province in 0..memory.base.provinces {
            let (before, deaths) = (row(step, &self.disruption, province), row(step, &self.deaths, province));
            let felt = lanes!(|l| eq::felt(deaths[l], usual[l]));
            let quiet: [bool; LANES] = std::array::from_fn(
                #[inline(always)]
                |l| felt[l] == 0.0 && before[l] < 1e-6,
            );
            let mut after = [0.0; LANES];
            if quiet != [true; LANES] {
                // quiet provinces, nearly all, need no exponential
                let disrupted = lanes!(|l| eq::disruption(before[l], felt[l], scale[l], months[l]));
                after = lanes!(|l| if quiet[l] { 0.0 } else { disrupted[l] });
            }
            step.set_row(&self.disruption, province, after);
        }
    }

    /// A month's growth of powers and partners; roads built with loans stay when the loans are repaid.
    #[inline(always)]
    fn grow(&self, step: &Step<'_>, memory: &mut Memory) {
        let Memory { base, now, .. } = memory;
        for (e, size) in now.size.iter_mut().enumerate().filter(|(e, _)| base.state_of[*e].is_none()) {
            let rate = match base.power_of[e] {
                Some(power) => row(step, &self.growth, power),
                None => row(step, &self.partner_growth, e),
            };
            *size = std::array::from_fn(|lane| size[lane] + rate[lane] / MONTHS);
        }
        for (state, most) in memory.most_loans.iter_mut().enumerate() {
            let loans = row(step, &self.loans, state);
            *most = std::array::from_fn(|lane| most[lane].max(loans[lane]));
        }
    }

    /// What the equilibrium depends on, as it is this month.
    fn inputs(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let Memory { base, now, constants, .. } = memory;
        for (e, size) in now.size.iter_mut().enumerate() {
            if let Some(state) = base.state_of[e] {
                *size = row(step, &self.output, state).map(|output| ln(output.max(1e-6)));
            }
        }
        for state in 0..now.home.len() {
            let shift = row(step, &self.cost_at_home, state);
            let most = &memory.most_loans[state];
            for lane in 0..LANES {
                let added = constants.world[lane].transport_share * (most[lane] - memory.loans_at_origin[state][lane]);
                let roads = eq::transport(added, memory.capital_at_origin[state][lane], constants.world[lane].transport_gain);
                now.home[state][lane] = roads + shift[lane];
            }
            now.member[state] = row(step, &self.customs_union, state).map(|m| m.clamp(0.0, 1.0));
            now.carved[state] = row(step, &self.carve_out, state).map(|c| c.clamp(0.0, 1.0));
            now.passing[state] = row(step, &self.re_exports_log, state);
        }
        for pair in 0..now.cost.len() {
            now.cost[pair] = row(step, &self.cost, pair);
            now.demand[pair] = row(step, &self.demand, pair);
        }
        for border in 0..now.border.len() {
            let (closed, cost) = (row(step, &self.closed, border), row(step, &self.border_cost, border));
            let origin = &memory.closed_at_origin[border];
            now.border[border] = std::array::from_fn(|lane| cost[lane] * (closed[lane] - origin[lane]));
        }
        for province in 0..now.province.len() {
            let disruption = row(step, &self.disruption, province);
            now.province[province] = std::array::from_fn(|lane| constants.world[lane].disruption_cost * disruption[lane]);
        }
    }

    /// Solves at the inputs in use and writes the flows; a lane whose inputs are those of its last solution keeps it bit for bit.
    fn solve(&self, step: &mut Step<'_>, memory: &mut Memory, lanes: [bool; LANES]) {
        let Memory { base, solver, constants, used, costs, ways, sums, .. } = memory;
        let Some(solver) = solver else { return };
        costs::pair_costs(base, used, constants, costs);
        costs::ways(base, used, constants, costs, ways, sums);
        costs::hand_over(base, used, constants, costs, sums, solver);
        let (residual, iterations) = solver.solve_lanes();
        for lane in (0..LANES).filter(|l| lanes[*l]) {
            if residual[lane].is_nan() || residual[lane] > FAILED {
                let text = format!("trade has no equilibrium after {iterations} steps: excess demand {:e}", residual[lane]);
                step.fail(lane, "S002", text);
            }
        }
        self.flows(step, memory);
    }

    /// Writes exports, imports, shares, real income and goods passed on.
    fn flows(&self, step: &mut Step<'_>, memory: &Memory) {
        let Memory { base, solver, ways, sums, used, .. } = memory;
        let Some(solver) = solver else { return };
        let n = base.n;
        let trade = |from: usize, to: usize| -> Row {
            let groups = (0..base.groups).map(|g| solver.flow(g, from, to));
            groups.fold([0.0; LANES], |sum, flow| std::array::from_fn(|lane| sum[lane] + flow[lane]))
        };
        let passed = |i: usize| -> Row {
            let p = &base.passed[i];
            let flow = solver.flow(p.group, p.origin, p.destination);
            std::array::from_fn(|lane| flow[lane] * ways[i][lane] / sums[i][lane])
        };
        for (state, economy) in base.economy_of.iter().enumerate() {
            let Some(e) = *economy else { continue };
            let (mut total, mut passed_on) = ([0.0; LANES], [0.0; LANES]);
            for other in (0..n).filter(|o| *o != e) {
                let (sold, bought) = (trade(e, other), trade(other, e));
                (0..LANES).for_each(|lane| total[lane] += sold[lane] + bought[lane]);
            }
            for (i, p) in base.passed.iter().enumerate().filter(|(_, p)| p.hub == e || p.destination == e) {
                let value = passed(i);
                let (hub, sign) = (p.hub == e, if p.hub == e { 1.0 } else { -1.0 });
                for lane in 0..LANES {
                    total[lane] += sign * value[lane];
                    passed_on[lane] += if hub { value[lane] } else { 0.0 };
                }
            }
            let total = total.map(|x| x.max(0.0));
            let income = solver.incomes()[e];
            let spending = solver.log_real_spending(e);
            step.set_row(&self.total, state, total);
            step.set_row(&self.re_exports, state, passed_on);
            step.set_row(&self.openness, state, std::array::from_fn(|lane| total[lane] / income[lane]));
            step.set_row(&self.real_income, state, std::array::from_fn(|lane| spending[lane] - used.size[e][lane]));
            step.set_row(&self.union_entry, state, used.member[state].map(|m| m - base.union[e]));
        }
        for (pair, ends) in base.pairs.iter().enumerate() {
            let Some((state, power)) = *ends else { continue };
            let (exports, mut imports) = (trade(state, power), trade(power, state));
            for (i, p) in base.passed.iter().enumerate().filter(|(_, p)| p.origin == power && (p.hub == state || p.destination == state)) {
                let (value, sign) = (passed(i), if p.hub == state { 1.0 } else { -1.0 });
                (0..LANES).for_each(|lane| imports[lane] += sign * value[lane]);
            }
            let imports = imports.map(|x| x.max(0.0));
            let total = row(step, &self.total, base.pair_state[pair]);
            step.set_row(&self.exports, pair, exports);
            step.set_row(&self.imports, pair, imports);
            let share = |lane: usize| if total[lane] > 0.0 { ((exports[lane] + imports[lane]) / total[lane]).min(1.0) } else { 0.0 };
            step.set_row(&self.share, pair, std::array::from_fn(share));
        }
    }

    /// What the states buy from the power of a province.
    fn imports_from(&self, step: &Step<'_>, base: &Base, province: usize) -> Row {
        let mut sum = [0.0; LANES];
        let Some(power) = base.power_of_province[province] else { return sum };
        for (pair, ends) in base.pairs.iter().enumerate() {
            if ends.is_some_and(|(_, p)| base.power_of[p] == Some(power)) {
                let imports = row(step, &self.imports, pair);
                (0..LANES).for_each(|lane| sum[lane] += imports[lane]);
            }
        }
        sum
    }

    /// Exports of watched provinces: their power's exports to the states, less what goes around a province in turmoil.
    fn provinces(&self, step: &mut Step<'_>, memory: &Memory) {
        for province in 0..memory.base.provinces {
            let start = row(step, &self.province_start, province);
            if start == [0.0; LANES] {
                continue;
            }
            let (imports, disruption) = (self.imports_from(step, &memory.base, province), row(step, &self.disruption, province));
            let (origin, shift) = (&memory.imports_at_origin[province], row(step, &self.province_shift, province));
            let value = |lane: usize| {
                let grown = if origin[lane] > 0.0 { imports[lane] / origin[lane] } else { 1.0 };
                start[lane] * grown * exp(-shift[lane] * disruption[lane])
            };
            step.set_row(&self.province_exports, province, std::array::from_fn(value));
        }
    }
}
