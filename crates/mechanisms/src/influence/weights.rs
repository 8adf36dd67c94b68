//! Volumes of a quarter, windows, pulls and shares, alignment.

use oxus_kernel::{LANES, Step};
use oxus_math::exp;

use super::ports::row;
use super::{ARMS_QUARTERS, FINANCE_QUARTERS, GAS_QUARTERS, Influence, Memory, QUARTER, eq};
use crate::annual::monthly_share;
use crate::monthly::{MONTHS, relax};

/// Quarters of a year.
const QUARTERS: f64 = 4.0;

impl Influence {
    /// The windows as they stand at the origin.
    pub(super) fn fill_windows(&self, step: &Step<'_>, memory: &mut Memory) {
        let m = &mut *memory;
        for (contract, found) in m.frame.contracts.iter().enumerate() {
            if let Some((pair, nominated)) = *found {
                let price = row(step.slice(&self.gas_price), contract);
                m.gas_sales[pair * LANES..][..LANES].iter_mut().zip(price).for_each(|(s, p)| *s += nominated * p);
            }
        }
        m.lent.copy_from_slice(step.slice(&self.of_pair.finance_before));
        m.armed.copy_from_slice(step.slice(&self.transfers));
        m.gas.start(GAS_QUARTERS, &m.gas_sales);
        m.finance.start(FINANCE_QUARTERS, &m.lent);
        m.arms.start(ARMS_QUARTERS, &m.armed);
    }

    /// Adds this month to the quarter. A bcm at a dollar for 1000 m3 is a million dollars.
    pub(super) fn gather(&self, step: &Step<'_>, memory: &mut Memory) {
        let m = &mut *memory;
        m.loans_quarter.iter_mut().zip(step.slice(&self.loans)).for_each(|(q, l)| *q += l);
        m.purse.iter_mut().zip(step.slice(&self.growth)).for_each(|(p, g)| *p += g / MONTHS);
        let (delivered, price) = (step.slice(&self.gas_delivered), step.slice(&self.gas_price));
        for (contract, found) in m.frame.contracts.iter().enumerate() {
            if let Some((pair, _)) = *found {
                let (d, p) = (&delivered[contract * LANES..][..LANES], &price[contract * LANES..][..LANES]);
                let sold = &mut m.gas_quarter[pair * LANES..][..LANES];
                (0..LANES).for_each(|l| sold[l] += d[l] * p[l]);
            }
        }
    }

    /// Moves the quarter into the windows.
    pub(super) fn close_quarter(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let war: [f64; LANES] = std::array::from_fn(|lane| self.war(step, memory.frame.of_state.len(), lane));
        for pair in 0..memory.frame.pairs.len() {
            let (power, state) = memory.frame.pairs[pair];
            for lane in 0..LANES {
                memory.flows[pair * LANES + lane] = if step.get(&self.of_power.lender, power, lane) > 0.5 {
                    QUARTERS * memory.loans_quarter[state * LANES + lane]
                } else {
                    self.gift(step, memory, pair, lane, war[lane])
                };
                let left = eq::presence(step.get(&self.of_pair.base_war, pair, lane), war[lane]).min(1.0) * memory.kept[pair * LANES + lane];
                // a base is built or cleared within about half a year
                let base = eq::adjust(step.get(&self.base, pair, lane), left, 0.5);
                step.set(&self.base, pair, lane, base);
            }
            step.set_row(&self.money, pair, row(&memory.flows, pair));
        }
        let m = &mut *memory;
        m.finance.push(&m.flows, &mut m.lent);
        m.arms.push(step.slice(&self.transfers), &mut m.armed);
        m.flows.iter_mut().zip(&m.gas_quarter).for_each(|(f, g)| *f = QUARTERS * g);
        m.gas.push(&m.flows, &mut m.gas_sales);
        m.gas_quarter.fill(0.0);
        m.loans_quarter.fill(0.0);
    }

    /// Pulls of all powers on all states; shares go part of the way there, or all of it at the origin.
    pub(super) fn weigh(&self, step: &mut Step<'_>, memory: &mut Memory, partly: bool) {
        let states = memory.frame.of_state.len();
        for lane in 0..LANES {
            let n = self.scalars.at(step, lane);
            let war = self.war(step, states, lane);
            let w = n.dependence_weight;
            for pair in 0..memory.frame.pairs.len() {
                let ((power, state), cell) = (memory.frame.pairs[pair], pair * LANES + lane);
                let trade = step.get(&self.exports, pair, lane) + step.get(&self.imports, pair, lane);
                memory.trade[cell] = trade;
                let per_output = 1.0 / step.get(&self.gdp, state, lane).max(1.0);
                let weight = exp(step.get(&self.weight, pair, lane));
                let guns = memory.armed[cell] + step.get(&self.of_pair.base_value, pair, lane) * step.get(&self.base, pair, lane);
                let engaged = step.get(&self.engagement, pair, lane) - memory.engagement_at_origin[cell];
                let present = eq::presence(step.get(&self.of_power.war_share, power, lane), war);
                let contacts = step.get(&self.of_pair.contacts, pair, lane) * present * (1.0 + n.engagement_gain * engaged).max(0.0);
                let contacts = contacts * exp(step.get(&self.contact_rate, pair, lane));
                memory.pulls[0][cell] = weight * eq::pull((trade + n.energy_weight * memory.gas_sales[cell]) * per_output, n.half_trade, w);
                memory.pulls[1][cell] = weight * eq::pull(memory.lent[cell] * per_output, n.half_finance, w);
                memory.pulls[2][cell] = weight * eq::pull(guns * per_output, n.half_security, w);
                memory.pulls[3][cell] = weight * eq::diplomatic_pull(contacts, step.get(&self.alignment, pair, lane), w);
            }
            let part = if partly { monthly_share(n.adjustment / QUARTER as f64) } else { 1.0 };
            let weights = [n.weight_trade, n.weight_finance, n.weight_security, n.weight_diplomacy];
            let whole: f64 = weights.iter().sum();
            for state in 0..states {
                self.divide(step, memory, state, lane, part, weights.map(|w| w / whole));
            }
        }
        if !partly {
            memory.index_at_origin.copy_from_slice(step.slice(&self.index));
            for cell in 0..memory.economy_at_origin.len() {
                let (pair, lane) = (cell / LANES, cell % LANES);
                memory.economy_at_origin[cell] = self.economy(step, pair, lane);
            }
        }
    }

    /// The powers' shares in one state.
    fn divide(&self, step: &mut Step<'_>, memory: &Memory, state: usize, lane: usize, part: f64, weights: [f64; 4]) {
        let pairs = &memory.frame.of_state[state];
        let totals = [0, 1, 2, 3].map(|d: usize| pairs.iter().map(|p| memory.pulls[d][p * LANES + lane]).sum::<f64>());
        for &pair in pairs {
            let mut index = 0.0;
            for d in 0..4 {
                let target = eq::share(memory.pulls[d][pair * LANES + lane], totals[d]);
                let share = eq::adjust(step.get(&self.shares[d], pair, lane), target, part).clamp(0.0, 1.0);
                step.set(&self.shares[d], pair, lane, share);
                index += weights[d] * share;
            }
            step.set(&self.index, pair, lane, index.clamp(0.0, 1.0));
        }
    }

    /// Alignment follows the index, what coercion left and links, with its lag.
    pub(super) fn align(&self, step: &mut Step<'_>, memory: &Memory) {
        for pair in 0..memory.frame.pairs.len() {
            for lane in 0..LANES {
                let n = self.scalars.at(step, lane);
                let cell = pair * LANES + lane;
                let change = step.get(&self.index, pair, lane) - memory.index_at_origin[cell];
                let origin = step.get(&self.of_pair.alignment_at_origin, pair, lane);
                let shift = step.get(&self.alignment_target, pair, lane);
                let target = eq::alignment_target(origin, n.alignment_response, change, memory.pressed[cell], shift);
                let alignment = relax(step.get(&self.alignment, pair, lane), target, n.alignment_months / QUARTER as f64);
                step.set(&self.alignment, pair, lane, alignment);
            }
        }
    }

    /// The lender's index and alignment, state by state; 0 without a lender.
    pub(super) fn of_lender(&self, step: &mut Step<'_>, memory: &Memory) {
        for (state, pairs) in memory.frame.of_state.iter().enumerate() {
            for lane in 0..LANES {
                let lends = |pair: &&usize| step.get(&self.of_power.lender, memory.frame.pairs[**pair].0, lane) > 0.5;
                let of = pairs.iter().find(lends).map(|&pair| (step.get(&self.index, pair, lane), step.get(&self.alignment, pair, lane)));
                let (index, alignment) = of.unwrap_or((0.0, 0.0));
                step.set(&self.lender_index, state, lane, index);
                step.set(&self.lender_alignment, state, lane, alignment);
            }
        }
    }

    /// A power's economic share: mean of trade and finance.
    pub(super) fn economy(&self, step: &Step<'_>, pair: usize, lane: usize) -> f64 {
        0.5 * (step.get(&self.shares[0], pair, lane) + step.get(&self.shares[1], pair, lane))
    }
}
