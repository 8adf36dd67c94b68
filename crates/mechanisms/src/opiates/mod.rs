//! Opiates: opium of the harvest to heroin, ways to market, seizures, arrivals, income, and the threshold of a larger effort.
//!
//! Quantities are pure heroin equivalents in t/yr at the pace of the month. Whatever sets out is seized, consumed on the way or arrives.

mod ends;
pub mod equations;
mod frame;
mod ports;
#[cfg(test)]
mod tests;

use equations as eq;
use frame::Ways;
use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};
use oxus_math::{exp, ln, logistic, logit};
pub use ports::Opiates;

use crate::monthly::relax;
use crate::rows::{Row, row};

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Opiates>("opiates", "Opiates: ways to market, seizures, arrivals, income of the trade and the effort of a power against it.");

/// Smallest flow whose change against the origin means anything, t/yr: below a kilogram a state is on no way.
const LEAST: f64 = 1e-3;

/// Largest seizure share: the log cost of a way has to stay finite.
const MOST_SEIZED: f64 = 0.999;

/// Ways of the frame, what is compared with the origin, buffers.
#[derive(Default)]
pub struct Memory {
    ways: Ways,
    /// Seizure share by state: of the month, its log odds at the origin, log cost of the way at the origin.
    seized: Vec<Row>,
    logit_at_origin: Vec<Row>,
    risk: Vec<Row>,
    risk_at_origin: Vec<Row>,
    /// Shares of ways at the origin, summing to 1 for each source, and of the month.
    share_at_origin: Vec<Row>,
    share: Vec<Row>,
    flow: Vec<Row>,
    /// Flows by state.
    exports: Vec<Row>,
    transit: Vec<Row>,
    taken: Vec<Row>,
    used: Vec<Row>,
    /// What passes each state and is sold on; the same at the origin.
    passed: Vec<Row>,
    passed_at_origin: Vec<Row>,
    arrivals: Vec<Row>,
    province: Vec<Row>,
    province_at_origin: Vec<Row>,
    elsewhere: Row,
}

impl Mechanism for Opiates {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::declare_ports(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        *memory = self.buffers(step);
        self.start_states(step, memory);
        self.start_shares(step, memory);
        self.carry(step, memory);
        memory.passed_at_origin.clone_from(&memory.passed);
        memory.province_at_origin.clone_from(&memory.province);
        self.write_flows(step, memory);
        self.earn(step, memory);
        self.start_ends(step, memory);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.stores(step, memory);
        self.capture(step, memory);
        self.interdiction(step, memory);
        self.choose(step, memory);
        self.carry(step, memory);
        // provinces and powers answer to what arrived in the month before
        self.ends(step, memory);
        self.write_flows(step, memory);
        self.earn(step, memory);
    }
}

impl Opiates {
    fn buffers(&self, step: &Step<'_>) -> Memory {
        let world = step.world();
        let ways = frame::ways(world, self.axes.route, self.axes.power, self.axes.province);
        let zeros = |n: usize| vec![[0.0; LANES]; n];
        let states = step.slice(&self.state.stock).len() / LANES;
        let (routes, powers, provinces) = (ways.ways.len(), world.axis(self.axes.power).len(), world.axis(self.axes.province).len());
        Memory {
            seized: zeros(states),
            logit_at_origin: zeros(states),
            risk: zeros(states),
            risk_at_origin: zeros(states),
            share_at_origin: zeros(routes),
            share: zeros(routes),
            flow: zeros(routes),
            exports: zeros(states),
            transit: zeros(states),
            taken: zeros(states),
            used: zeros(states),
            passed: zeros(states),
            passed_at_origin: zeros(states),
            arrivals: zeros(powers),
            province: zeros(provinces),
            province_at_origin: zeros(provinces),
            elsewhere: [0.0; LANES],
            ways,
        }
    }

    fn start_states(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let (port, per_opium) = (&self.state, row(step, &self.world.heroin_per_opium, 0));
        for s in 0..memory.seized.len() {
            let (harvest, inventory) = (row(step, &port.usual_harvest, s), row(step, &port.inventory, s));
            let (seizure, capture) = (row(step, &port.seizure_start, s), row(step, &port.capture_start, s));
            memory.seized[s] = seizure.map(|q| q.clamp(0.0, MOST_SEIZED));
            memory.risk[s] = memory.seized[s].map(eq::risk);
            memory.risk_at_origin[s] = memory.risk[s];
            memory.logit_at_origin[s] = memory.seized[s].map(logit);
            // the stores of the origin are those at which the usual harvest leaves as it comes
            let stock: Row = std::array::from_fn(|l| harvest[l].max(0.0) * inventory[l].max(1.0 / eq::MONTHS));
            memory.exports[s] = std::array::from_fn(|l| eq::release(stock[l], inventory[l]) * per_opium[l].max(0.0));
            step.set_row(&port.stock, s, stock);
            step.set_row(&port.seizure_share, s, memory.seized[s]);
            step.set_row(&port.capture, s, capture.map(|c| c.clamp(0.0, 1.0)));
        }
    }

    fn start_shares(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for (_, members) in &memory.ways.sources {
            let mut total = [0.0; LANES];
            for &r in members {
                let share = row(step, &self.route.share_start, r).map(|x| x.max(0.0));
                memory.share_at_origin[r] = share;
                (0..LANES).for_each(|l| total[l] += share[l]);
            }
            for &r in members {
                (0..LANES).for_each(|l| memory.share_at_origin[r][l] /= total[l].max(1e-12));
                memory.share[r] = memory.share_at_origin[r];
            }
        }
    }

    /// Harvests fill the stores, exports empty them.
    fn stores(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let (port, per_opium) = (&self.state, row(step, &self.world.heroin_per_opium, 0));
        for s in 0..memory.exports.len() {
            let (stock, harvest, inventory) = (row(step, &port.stock, s), row(step, &port.harvest, s), row(step, &port.inventory, s));
            let release: Row = std::array::from_fn(|l| eq::release(stock[l], inventory[l]));
            memory.exports[s] = std::array::from_fn(|l| release[l] * per_opium[l].max(0.0));
            step.set_row(&port.stock, s, std::array::from_fn(|l| eq::stored(stock[l], harvest[l], release[l]).max(0.0)));
        }
    }

    /// Officials' share follows what the trade earned in the month before.
    fn capture(&self, step: &mut Step<'_>, memory: &Memory) {
        let port = &self.state;
        let (sensitivity, months) = (row(step, &self.world.capture_revenue, 0), row(step, &self.world.capture_months, 0));
        let price = row(step, &self.world.price_response, 0);
        for s in 0..memory.passed.len() {
            let (now, start, shift) = (row(step, &port.capture, s), row(step, &port.capture_start, s), row(step, &port.capture_target, s));
            let growth = ln_ratio(&memory.passed[s], &memory.passed_at_origin[s]);
            let next = |l: usize| relax(now[l], start[l] + sensitivity[l] * (1.0 - price[l]) * growth[l] + shift[l], months[l]);
            step.set_row(&port.capture, s, std::array::from_fn(next));
        }
    }

    /// Odds of seizure: officials in the trade lower them, guards trained with foreign help and a power's effort raise them.
    fn interdiction(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let (port, world) = (&self.state, &self.world);
        let (by_capture, by_training, by_effort) =
            (row(step, &world.capture_seizure, 0), row(step, &world.training_effect, 0), row(step, &world.effort_effect, 0));
        let years = row(step, &world.training_years, 0);
        let elapsed = (step.month() + 1) as f64 / eq::MONTHS;
        for s in 0..memory.seized.len() {
            let (capture, start, shift) = (row(step, &port.capture, s), row(step, &port.capture_start, s), row(step, &port.interdiction, s));
            let (officers, trained) = (row(step, &port.officers, s), row(step, &port.trained, s));
            let mut effort = [0.0; LANES];
            for (power, _) in memory.ways.passed.iter().filter(|(_, states)| states.contains(&s)) {
                let reach = row(step, &self.end.reach, *power);
                (0..LANES).for_each(|l| effort[l] += by_effort[l] * reach[l]);
            }
            for l in 0..LANES {
                let here = trained[l] * (elapsed / years[l].max(1.0 / eq::MONTHS)).min(1.0);
                let moved = shift[l] + effort[l] + eq::trained_shift(by_training[l], here, officers[l]) - by_capture[l] * (capture[l] - start[l]);
                memory.seized[s][l] = logistic(memory.logit_at_origin[s][l] + moved).clamp(0.0, MOST_SEIZED);
            }
            memory.risk[s] = memory.seized[s].map(eq::risk);
            step.set_row(&port.seizure_share, s, memory.seized[s]);
        }
    }

    /// Ways are chosen on cost and risk; habit delays the change.
    fn choose(&self, step: &Step<'_>, memory: &mut Memory) {
        let (elasticity, months) = (row(step, &self.world.elasticity, 0), row(step, &self.world.route_months, 0));
        for (r, way) in memory.ways.ways.iter().enumerate() {
            let mut cost = row(step, &self.route.cost, r);
            for &s in &way.states {
                (0..LANES).for_each(|l| cost[l] += memory.risk[s][l] - memory.risk_at_origin[s][l]);
            }
            memory.share[r] = row(step, &self.route.share, r);
            // `flow` holds the weights until the flows are known
            memory.flow[r] = std::array::from_fn(|l| eq::weight(memory.share_at_origin[r][l], elasticity[l], cost[l]));
        }
        for (_, members) in &memory.ways.sources {
            let mut total = [0.0; LANES];
            for &r in members {
                (0..LANES).for_each(|l| total[l] += memory.flow[r][l]);
            }
            for &r in members {
                for l in 0..LANES {
                    let target = memory.flow[r][l] / total[l].max(1e-300);
                    memory.share[r][l] += (target - memory.share[r][l]) / months[l].max(1.0);
                }
            }
        }
    }

    /// Sends the exports along their ways.
    fn carry(&self, step: &Step<'_>, memory: &mut Memory) {
        for buffer in [&mut memory.transit, &mut memory.taken, &mut memory.used, &mut memory.passed, &mut memory.arrivals, &mut memory.province] {
            buffer.fill([0.0; LANES]);
        }
        memory.elsewhere = [0.0; LANES];
        for (r, way) in memory.ways.ways.iter().enumerate() {
            let source = way.states.first().map_or([0.0; LANES], |&s| memory.exports[s]);
            let mut flow: Row = std::array::from_fn(|l| source[l] * memory.share[r][l]);
            memory.flow[r] = flow;
            for (at, &s) in way.states.iter().enumerate() {
                let local = row(step, &self.state.local_share, s);
                for l in 0..LANES {
                    let (taken, used, on) = eq::through(flow[l], memory.seized[s][l], local[l].clamp(0.0, 1.0));
                    // what sets out from the source does not enter it
                    memory.transit[s][l] += if at > 0 { flow[l] } else { 0.0 };
                    memory.taken[s][l] += taken;
                    memory.used[s][l] += used;
                    memory.passed[s][l] += on;
                    flow[l] = on;
                }
            }
            let end = match (way.power, way.province) {
                (Some(power), province) => {
                    if let Some(p) = province {
                        (0..LANES).for_each(|l| memory.province[p][l] += flow[l]);
                    }
                    &mut memory.arrivals[power]
                }
                _ => &mut memory.elsewhere,
            };
            (0..LANES).for_each(|l| end[l] += flow[l]);
        }
    }

    fn write_flows(&self, step: &mut Step<'_>, memory: &Memory) {
        for s in 0..memory.transit.len() {
            step.set_row(&self.state.exports, s, memory.exports[s]);
            step.set_row(&self.state.transit, s, memory.transit[s]);
            step.set_row(&self.state.seized, s, memory.taken[s]);
            step.set_row(&self.state.consumed, s, memory.used[s]);
        }
        for r in 0..memory.flow.len() {
            step.set_row(&self.route.share, r, memory.share[r].map(|x| x.clamp(0.0, 1.0)));
            step.set_row(&self.route.flow, r, memory.flow[r]);
        }
        for (p, arrivals) in memory.arrivals.iter().enumerate() {
            step.set_row(&self.end.arrivals, p, *arrivals);
        }
        for &(province, _) in &memory.ways.watched {
            step.set_row(&self.end.province_arrivals, province, memory.province[province]);
        }
        step.set_row(&self.end.elsewhere, 0, memory.elsewhere);
    }

    /// Net income by state: margin a tonne times what passes; the margin falls as more passes.
    fn earn(&self, step: &mut Step<'_>, memory: &Memory) {
        let price = row(step, &self.world.price_response, 0);
        for s in 0..memory.passed.len() {
            let (margin, growth) = (row(step, &self.state.margin, s), ln_ratio(&memory.passed[s], &memory.passed_at_origin[s]));
            let income = |l: usize| margin[l].max(0.0) * memory.passed[s][l] * exp(-price[l] * growth[l]);
            step.set_row(&self.state.revenue, s, std::array::from_fn(income));
        }
    }
}

/// Log of a flow against the origin; 0 where there was none.
#[inline(always)]
fn ln_ratio(now: &Row, origin: &Row) -> Row {
    std::array::from_fn(|l| if origin[l] < LEAST { 0.0 } else { ln(now[l].max(LEAST) / origin[l]) })
}
