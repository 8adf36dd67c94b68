//! The weight of outside powers in each state by trade, finance, security and diplomacy; alignment, votes, coercion.
//!
//! Weights are reported by dimension; the single index is secondary. They move by quarters, votes and leads by years, coercion by months.

mod coercion;
pub mod equations;
mod ports;
#[cfg(test)]
mod tests;
mod votes;
mod weights;

use equations as eq;
use oxus_kernel::{Definition, Embedding, Immigrant, LANES, Mechanism, Ports, Step};
use oxus_math::{dispatch, exp};
use ports::Frame;

pub use ports::Influence;

use crate::monthly::MONTHS;
use crate::rows::{Row, add, cells, row};

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition = Definition::of::<Influence>(
    "influence",
    "Weight of outside powers in each state by dimension, alignment, votes at the United Nations, coercion.",
);

/// Months of a quarter.
const QUARTER: usize = 3;
/// Quarters over which gas sales, official finance and arms are added up.
const GAS_QUARTERS: usize = 4;
const FINANCE_QUARTERS: usize = 12;
const ARMS_QUARTERS: usize = 20;

/// Annual flows of the last quarters, `[quarter][entity and lane]`.
#[derive(Default)]
struct Window {
    flows: Vec<f64>,
    quarters: usize,
    next: usize,
}

impl Window {
    fn start(&mut self, quarters: usize, flows: &[f64]) {
        self.flows.clear();
        (0..quarters).for_each(|_| self.flows.extend_from_slice(flows));
        (self.quarters, self.next) = (quarters, 0);
    }

    /// Puts this quarter's flows in place of the oldest and writes the mean over the window; the sum is taken anew, so that no error builds up.
    fn push(&mut self, flows: &[f64], mean: &mut [f64]) {
        let n = flows.len();
        self.flows[self.next * n..][..n].copy_from_slice(flows);
        self.next = (self.next + 1) % self.quarters;
        means(mean, &self.flows);
    }
}

dispatch! {
    /// Means over rows as long as `out`, one after the other.
    fn means(out: &mut [f64], rows: &[f64]) {
        out.fill(0.0);
        for row in rows.chunks_exact(out.len()) {
            out.iter_mut().zip(row).for_each(|(m, f)| *m += f);
        }
        let inverse = 1.0 / (rows.len() / out.len()) as f64;
        out.iter_mut().for_each(|m| *m *= inverse);
    }
}

/// What influence keeps between steps; columns are `[entity][lane]`.
#[derive(Default)]
pub struct Memory {
    frame: Frame,
    gas: Window,
    finance: Window,
    arms: Window,
    /// Sums of the quarter so far: gas sales to powers by pair (million USD), loans by state (million USD).
    gas_quarter: Vec<f64>,
    loans_quarter: Vec<f64>,
    /// Flows of the quarter as they enter a window.
    flows: Vec<f64>,
    /// Annual volumes: trade, official finance, arms, gas sales.
    trade: Vec<f64>,
    lent: Vec<f64>,
    armed: Vec<f64>,
    gas_sales: Vec<f64>,
    pulls: [Vec<f64>; 4],
    /// Log of each power's economy against the origin.
    purse: Vec<f64>,
    index_at_origin: Vec<f64>,
    economy_at_origin: Vec<f64>,
    engagement_at_origin: Vec<f64>,
    /// What coercion has left in rulers' minds, and of bases.
    pressed: Vec<f64>,
    kept: Vec<f64>,
    usual: Vec<f64>,
    agenda: Vec<f64>,
    own: Vec<f64>,
    /// Whether the power was first in three dimensions in the last full year.
    ahead: Vec<bool>,
    embedding: Embedding,
    accepted: [Vec<Immigrant>; LANES],
    rates: Vec<f64>,
    ln_base: Vec<f64>,
    ln_rate: Vec<f64>,
}

impl Mechanism for Influence {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::wire(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.frame = Frame::new(step.world());
        let cells = memory.frame.pairs.len() * LANES;
        memory.clear(cells, memory.frame.powers * LANES, memory.frame.of_state.len() * LANES);
        for (pair, _) in memory.frame.pairs.iter().enumerate() {
            step.set_row(&self.alignment, pair, row(step, &self.of_pair.alignment_at_origin, pair).map(|a| a.clamp(0.0, 1.0)));
            step.set_row(&self.base, pair, [1.0; LANES]);
            step.set_row(&self.money, pair, row(step, &self.of_pair.finance_before, pair));
        }
        step.fill(&self.coercions, 0.0);
        step.fill(&self.successes, 0.0);
        memory.engagement_at_origin.copy_from_slice(step.slice(&self.engagement));
        self.fill_windows(step, memory);
        self.weigh(step, memory, false);
        self.of_lender(step, memory);
        self.start_coercion(step, memory);
        self.start_votes(step, memory);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        month(self, step, memory);
    }
}

// What a month or a quarter calls is inlined into it, but for what is rare.
dispatch! {
    fn month(influence: &Influence, step: &mut Step<'_>, memory: &mut Memory) {
        influence.gather(step, memory);
        influence.coerce(step, memory);
        if step.month() % QUARTER == QUARTER - 1 {
            influence.close_quarter(step, memory);
            influence.weigh(step, memory, true);
            influence.align(step, memory);
            influence.of_lender(step, memory);
        }
        if step.season() == MONTHS as usize - 1 {
            influence.vote(step, memory);
            influence.rank(step, memory);
        }
    }
}

impl Memory {
    fn clear(&mut self, pairs: usize, powers: usize, states: usize) {
        let zeroed = |column: &mut Vec<f64>, n: usize| {
            column.clear();
            column.resize(n, 0.0);
        };
        for column in [&mut self.gas_quarter, &mut self.flows, &mut self.trade, &mut self.lent, &mut self.armed, &mut self.gas_sales] {
            zeroed(column, pairs);
        }
        for column in [&mut self.index_at_origin, &mut self.economy_at_origin, &mut self.engagement_at_origin, &mut self.pressed, &mut self.kept] {
            zeroed(column, pairs);
        }
        for column in [&mut self.usual, &mut self.own, &mut self.rates, &mut self.ln_base, &mut self.ln_rate] {
            zeroed(column, pairs);
        }
        self.pulls.iter_mut().for_each(|column| zeroed(column, pairs));
        zeroed(&mut self.loans_quarter, states);
        zeroed(&mut self.purse, powers);
        zeroed(&mut self.agenda, powers);
        self.kept.fill(1.0);
        self.ahead.clear();
        self.ahead.resize(pairs, false);
    }
}

impl Influence {
    /// Level of foreign forces where there is a war, 1 at the origin; 1 where there is none.
    #[inline(always)]
    fn war(&self, step: &Step<'_>, states: usize) -> Row {
        let (mut level, mut weight) = ([0.0; LANES], [0.0; LANES]);
        for state in 0..states {
            let (here, forces) = (row(step, &self.war_here, state), row(step, &self.forces, state));
            add(&mut level, &lanes!(|l| here[l] * forces[l]));
            add(&mut weight, &here);
        }
        lanes!(|l| if weight[l] > 0.0 { level[l] / weight[l] } else { 1.0 })
    }

    /// Official finance of the quarter from a power that is not the lender, million USD a year.
    #[inline(always)]
    fn gift(&self, step: &Step<'_>, memory: &Memory, pair: usize, war: &Row) -> Row {
        let (power, _) = memory.frame.pairs[pair];
        let (exposure, rouble) = (row(step, &self.of_power.rouble_exposure, power), row(step, &self.rouble, 0));
        let (purse, rate) = (cells(&memory.purse, power), row(step, &self.money_rate, pair));
        let (before, war_share) = (row(step, &self.of_pair.finance_before, pair), row(step, &self.of_power.war_share, power));
        let growth = lanes!(|l| purse[l] + exposure[l] * rouble[l] + rate[l]);
        lanes!(|l| before[l] * eq::presence(war_share[l], war[l]) * exp(growth[l]))
    }
}
