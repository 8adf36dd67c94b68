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
use oxus_math::{dispatch, exp, ln, logistic, logit};
pub use ports::Opiates;

use crate::monthly::relax;
use crate::rows::{Row, add, row};

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
    /// What passes each state and is sold on; the same at the origin; log of the ratio.
    passed: Vec<Row>,
    passed_at_origin: Vec<Row>,
    growth: Vec<Row>,
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
        month(self, step, memory);
    }
}

// Nearly all of the month is logarithms and exponentials of rows; everything that it calls is inlined into it.
dispatch! {
    fn month(opiates: &Opiates, step: &mut Step<'_>, memory: &mut Memory) {
        opiates.stores(step, memory);
        opiates.capture(step, memory);
        opiates.interdiction(step, memory);
        opiates.choose(step, memory);
        opiates.carry(step, memory);
        // provinces and powers answer to what arrived in the month before
        opiates.ends(step, memory);
        opiates.write_flows(step, memory);
        opiates.earn(step, memory);
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
            growth: zeros(states),
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
            memory.seized[s] = lanes!(|l| seizure[l].clamp(0.0, MOST_SEIZED));
            memory.risk[s] = lanes!(|l| eq::risk(memory.seized[s][l]));
            memory.risk_at_origin[s] = memory.risk[s];
            memory.logit_at_origin[s] = lanes!(|l| logit(memory.seized[s][l]));
            // the stores of the origin are those at which the usual harvest leaves as it comes
            let stock = lanes!(|l| harvest[l].max(0.0) * inventory[l].max(1.0 / eq::MONTHS));
            memory.exports[s] = lanes!(|l| eq::release(stock[l], inventory[l]) * per_opium[l].max(0.0));
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
    #[inline(always)]
    fn stores(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let (port, per_opium) = (&self.state, row(step, &self.world.heroin_per_opium, 0));
        for s in 0..memory.exports.len() {
            let (stock, harvest, inventory) = (row(step, &port.stock, s), row(step, &port.harvest, s), row(step, &port.inventory, s));
            let release = lanes!(|l| eq::release(stock[l], inventory[l]));
            memory.exports[s] = lanes!(|l| release[l] * per_opium[l].max(0.0));
            step.set_row(&port.stock, s, lanes!(|l| eq::stored(stock[l], harvest[l], release[l]).max(0.0)));
        }
    }

    /// Officials' share follows what the trade earned in the month before.
    #[inline(always)]
    fn capture(&self, step: &mut Step<'_>, memory: &Memory) {
        let port = &self.state;
        let (sensitivity, months) = (row(step, &self.world.capture_revenue, 0), row(step, &self.world.capture_months, 0));
        let price = row(step, &self.world.price_response, 0);
        for s in 0..memory.passed.len() {
            let (now, start, shift) = (row(step, &port.capture, s), row(step, &port.capture_start, s), row(step, &port.capture_target, s));
            let growth = &memory.growth[s];
            let next = lanes!(|l| relax(now[l], start[l] + sensitivity[l] * (1.0 - price[l]) * growth[l] + shift[l], months[l]));
            step.set_row(&port.capture, s, next);
        }
    }

    /// Odds of seizure: officials in the trade lower them, guards trained with foreign help and a power's effort raise them.
    #[inline(always)]
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
                add(&mut effort, &lanes!(|l| by_effort[l] * reach[l]));
            }
            let here = lanes!(|l| trained[l] * (elapsed / years[l].max(1.0 / eq::MONTHS)).min(1.0));
            let training = lanes!(|l| eq::trained_shift(by_training[l], here[l], officers[l]));
            let moved = lanes!(|l| shift[l] + effort[l] + training[l] - by_capture[l] * (capture[l] - start[l]));
            let at_origin = &memory.logit_at_origin[s];
            let seized = lanes!(|l| logistic(at_origin[l] + moved[l]).clamp(0.0, MOST_SEIZED));
            memory.risk[s] = lanes!(|l| eq::risk(seized[l]));
            memory.seized[s] = seized;
            step.set_row(&port.seizure_share, s, seized);
        }
    }

    /// Ways are chosen on cost and risk; habit delays the change.
    #[inline(always)]
    fn choose(&self, step: &Step<'_>, memory: &mut Memory) {
        let (elasticity, months) = (row(step, &self.world.elasticity, 0), row(step, &self.world.route_months, 0));
        for (r, way) in memory.ways.ways.iter().enumerate() {
            let mut cost = row(step, &self.route.cost, r);
            for &s in &way.states {
                add(&mut cost, &lanes!(|l| memory.risk[s][l] - memory.risk_at_origin[s][l]));
            }
            memory.share[r] = row(step, &self.route.share, r);
            // `flow` holds the weights until the flows are known
            memory.flow[r] = lanes!(|l| eq::weight(memory.share_at_origin[r][l], elasticity[l], cost[l]));
        }
        for (_, members) in &memory.ways.sources {
            let mut total = [0.0; LANES];
            for &r in members {
                add(&mut total, &memory.flow[r]);
            }
            for &r in members {
                let (weight, share) = (&memory.flow[r], &mut memory.share[r]);
                let target = lanes!(|l| weight[l] / total[l].max(1e-300));
                *share = lanes!(|l| share[l] + (target[l] - share[l]) / months[l].max(1.0));
            }
        }
    }

    /// Sends the exports along their ways.
    #[inline(always)]
    fn carry(&self, step: &Step<'_>, memory: &mut Memory) {
        for buffer in [&mut memory.transit, &mut memory.taken, &mut memory.used, &mut memory.passed, &mut memory.arrivals, &mut memory.province] {
            buffer.fill([0.0; LANES]);
        }
        memory.elsewhere = [0.0; LANES];
        for (r, way) in memory.ways.ways.iter().enumerate() {
            let source = way.states.first().map_or([0.0; LANES], |&s| memory.exports[s]);
            let mut flow = lanes!(|l| source[l] * memory.share[r][l]);
            memory.flow[r] = flow;
            for (at, &s) in way.states.iter().enumerate() {
                let local = row(step, &self.state.local_share, s);
                // what sets out from the source does not enter it
                if at > 0 {
                    add(&mut memory.transit[s], &flow);
                }
                let seized = &memory.seized[s];
                let (mut taken, mut used) = ([0.0; LANES], [0.0; LANES]);
                for l in 0..LANES {
                    (taken[l], used[l], flow[l]) = eq::through(flow[l], seized[l], local[l].clamp(0.0, 1.0));
                }
                add(&mut memory.taken[s], &taken);
                add(&mut memory.used[s], &used);
                add(&mut memory.passed[s], &flow);
            }
            let end = match (way.power, way.province) {
                (Some(power), province) => {
                    if let Some(p) = province {
                        add(&mut memory.province[p], &flow);
                    }
                    &mut memory.arrivals[power]
                }
                _ => &mut memory.elsewhere,
            };
            add(end, &flow);
        }
    }

    #[inline(always)]
    fn write_flows(&self, step: &mut Step<'_>, memory: &Memory) {
        for s in 0..memory.transit.len() {
            step.set_row(&self.state.exports, s, memory.exports[s]);
            step.set_row(&self.state.transit, s, memory.transit[s]);
            step.set_row(&self.state.seized, s, memory.taken[s]);
            step.set_row(&self.state.consumed, s, memory.used[s]);
        }
        for r in 0..memory.flow.len() {
            step.set_row(&self.route.share, r, lanes!(|l| memory.share[r][l].clamp(0.0, 1.0)));
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
    #[inline(always)]
    fn earn(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let price = row(step, &self.world.price_response, 0);
        for s in 0..memory.passed.len() {
            let (margin, passed) = (row(step, &self.state.margin, s), &memory.passed[s]);
            let growth = ln_ratio(passed, &memory.passed_at_origin[s]);
            step.set_row(&self.state.revenue, s, lanes!(|l| margin[l].max(0.0) * passed[l] * exp(-price[l] * growth[l])));
            memory.growth[s] = growth;
        }
    }
}

/// Log of a flow against the origin; 0 where there was none.
#[inline(always)]
fn ln_ratio(now: &Row, origin: &Row) -> Row {
    // the logarithm stands before the choice, so that there is no branch around it
    let growth = lanes!(|l| ln(now[l].max(LEAST) / origin[l]));
    lanes!(|l| if origin[l] < LEAST { 0.0 } else { growth[l] })
}
