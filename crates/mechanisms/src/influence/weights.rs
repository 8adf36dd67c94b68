//! Volumes of a quarter, windows, pulls and shares, alignment.

use oxus_kernel::{LANES, Step};
use oxus_math::exp;

use super::ports::{Row, Scalars, row};
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
        let n: [Scalars; LANES] = std::array::from_fn(|lane| self.scalars.at(step, lane));
        let war: Row = std::array::from_fn(|lane| self.war(step, states, lane));
        for pair in 0..memory.frame.pairs.len() {
            self.pull(step, memory, pair, &n, &war);
        }
        let part: Row = n.map(|n| if partly { monthly_share(n.adjustment / QUARTER as f64) } else { 1.0 });
        let weights: [[f64; 4]; LANES] = n.map(|n| {
            let of = [n.weight_trade, n.weight_finance, n.weight_security, n.weight_diplomacy];
            let whole: f64 = of.iter().sum();
            of.map(|w| w / whole)
        });
        for state in 0..states {
            self.divide(step, memory, state, &part, &weights);
        }
        if !partly {
            memory.index_at_origin.copy_from_slice(step.slice(&self.index));
            for cell in 0..memory.economy_at_origin.len() {
                let (pair, lane) = (cell / LANES, cell % LANES);
                memory.economy_at_origin[cell] = self.economy(step, pair, lane);
            }
        }
    }

    /// The pulls of one power on one state.
    fn pull(&self, step: &Step<'_>, memory: &mut Memory, pair: usize, n: &[Scalars; LANES], war: &Row) {
        let (power, state) = memory.frame.pairs[pair];
        let of = |column: &[f64]| row(column, pair);
        let (exports, imports) = (of(step.slice(&self.exports)), of(step.slice(&self.imports)));
        let (gdp, war_share) = (row(step.slice(&self.gdp), state), row(step.slice(&self.of_power.war_share), power));
        let (base_value, base) = (of(step.slice(&self.of_pair.base_value)), of(step.slice(&self.base)));
        let (usual, engaged) = (of(step.slice(&self.of_pair.contacts)), of(step.slice(&self.engagement)));
        let (alignment, before) = (of(step.slice(&self.alignment)), of(&memory.engagement_at_origin));
        let weight = factor(of(step.slice(&self.weight)));
        let more_contacts = factor(of(step.slice(&self.contact_rate)));
        for l in 0..LANES {
            let (n, cell) = (&n[l], pair * LANES + l);
            let w = n.dependence_weight;
            let per_output = 1.0 / gdp[l].max(1.0);
            let trade = exports[l] + imports[l];
            let guns = memory.armed[cell] + base_value[l] * base[l];
            let depth = (1.0 + n.engagement_gain * (engaged[l] - before[l])).max(0.0);
            let contacts = usual[l] * eq::presence(war_share[l], war[l]) * depth * more_contacts[l];
            memory.trade[cell] = trade;
            memory.pulls[0][cell] = weight[l] * eq::pull((trade + n.energy_weight * memory.gas_sales[cell]) * per_output, n.half_trade, w);
            memory.pulls[1][cell] = weight[l] * eq::pull(memory.lent[cell] * per_output, n.half_finance, w);
            memory.pulls[2][cell] = weight[l] * eq::pull(guns * per_output, n.half_security, w);
            memory.pulls[3][cell] = weight[l] * eq::diplomatic_pull(contacts, alignment[l], w);
        }
    }

    /// The powers' shares in one state.
    fn divide(&self, step: &mut Step<'_>, memory: &Memory, state: usize, part: &Row, weights: &[[f64; 4]; LANES]) {
        let pairs = &memory.frame.of_state[state];
        let mut totals = [[0.0; LANES]; 4];
        for (total, pulls) in totals.iter_mut().zip(&memory.pulls) {
            for &pair in pairs {
                total.iter_mut().zip(&pulls[pair * LANES..][..LANES]).for_each(|(t, p)| *t += p);
            }
        }
        for &pair in pairs {
            let mut index = [0.0; LANES];
            for d in 0..4 {
                let (now, pulls) = (row(step.slice(&self.shares[d]), pair), row(&memory.pulls[d], pair));
                let share: Row = std::array::from_fn(|l| eq::adjust(now[l], eq::share(pulls[l], totals[d][l]), part[l]).clamp(0.0, 1.0));
                step.set_row(&self.shares[d], pair, share);
                (0..LANES).for_each(|l| index[l] += weights[l][d] * share[l]);
            }
            step.set_row(&self.index, pair, index.map(|x| x.clamp(0.0, 1.0)));
        }
    }

    /// Alignment follows the index, what coercion left and links, with its lag.
    pub(super) fn align(&self, step: &mut Step<'_>, memory: &Memory) {
        let n: [Scalars; LANES] = std::array::from_fn(|lane| self.scalars.at(step, lane));
        for pair in 0..memory.frame.pairs.len() {
            let (now, index) = (row(step.slice(&self.alignment), pair), row(step.slice(&self.index), pair));
            let (origin, shift) = (row(step.slice(&self.of_pair.alignment_at_origin), pair), row(step.slice(&self.alignment_target), pair));
            let (before, pressed) = (row(&memory.index_at_origin, pair), row(&memory.pressed, pair));
            let next = std::array::from_fn(|l| {
                let target = eq::alignment_target(origin[l], n[l].alignment_response, index[l] - before[l], pressed[l], shift[l]);
                relax(now[l], target, n[l].alignment_months / QUARTER as f64)
            });
            step.set_row(&self.alignment, pair, next);
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

/// Exponentials of a row of shifts, most of which are zero.
fn factor(shift: Row) -> Row {
    if shift == [0.0; LANES] { [1.0; LANES] } else { shift.map(exp) }
}
