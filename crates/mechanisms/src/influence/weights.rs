//! Volumes of a quarter, windows, pulls and shares, alignment.

use oxus_kernel::{LANES, Step};
use oxus_math::exp;

use super::{ARMS_QUARTERS, FINANCE_QUARTERS, GAS_QUARTERS, Influence, Memory, QUARTER, eq};
use crate::annual::monthly_share;
use crate::monthly::{MONTHS, relax};
use crate::rows::{Row, add, cells, cells_mut, row};

/// Quarters of a year.
const QUARTERS: f64 = 4.0;

impl Influence {
    /// The windows as they stand at the origin.
    pub(super) fn fill_windows(&self, step: &Step<'_>, memory: &mut Memory) {
        let m = &mut *memory;
        for (contract, found) in m.frame.contracts.iter().enumerate() {
            if let Some((pair, nominated)) = *found {
                let price = row(step, &self.gas_price, contract);
                add(cells_mut(&mut m.gas_sales, pair), &lanes!(|l| nominated * price[l]));
            }
        }
        m.lent.copy_from_slice(step.slice(&self.of_pair.finance_before));
        m.armed.copy_from_slice(step.slice(&self.transfers));
        m.gas.start(GAS_QUARTERS, &m.gas_sales);
        m.finance.start(FINANCE_QUARTERS, &m.lent);
        m.arms.start(ARMS_QUARTERS, &m.armed);
    }

    /// Adds this month to the quarter. A bcm at a dollar for 1000 m3 is a million dollars.
    #[inline(always)]
    pub(super) fn gather(&self, step: &Step<'_>, memory: &mut Memory) {
        let m = &mut *memory;
        m.loans_quarter.iter_mut().zip(step.slice(&self.loans)).for_each(|(q, l)| *q += l);
        m.purse.iter_mut().zip(step.slice(&self.growth)).for_each(|(p, g)| *p += g / MONTHS);
        let (delivered, price) = (step.slice(&self.gas_delivered), step.slice(&self.gas_price));
        for (contract, found) in m.frame.contracts.iter().enumerate() {
            if let Some((pair, _)) = *found {
                let (delivered, price) = (cells(delivered, contract), cells(price, contract));
                add(cells_mut(&mut m.gas_quarter, pair), &lanes!(|l| delivered[l] * price[l]));
            }
        }
    }

    /// Moves the quarter into the windows.
    #[inline(always)]
    pub(super) fn close_quarter(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let war = self.war(step, memory.frame.of_state.len());
        for pair in 0..memory.frame.pairs.len() {
            let (power, state) = memory.frame.pairs[pair];
            let (lends, loans) = (row(step, &self.of_power.lender, power), cells(&memory.loans_quarter, state));
            let gift = self.gift(step, memory, pair, &war);
            let money = lanes!(|l| if lends[l] > 0.5 { QUARTERS * loans[l] } else { gift[l] });
            *cells_mut(&mut memory.flows, pair) = money;
            step.set_row(&self.money, pair, money);
            let (hangs, kept, base) = (row(step, &self.of_pair.base_war, pair), cells(&memory.kept, pair), row(step, &self.base, pair));
            let left = lanes!(|l| eq::presence(hangs[l], war[l]).min(1.0) * kept[l]);
            // a base is built or cleared within about half a year
            step.set_row(&self.base, pair, lanes!(|l| eq::adjust(base[l], left[l], 0.5)));
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
    #[inline(always)]
    pub(super) fn weigh(&self, step: &mut Step<'_>, memory: &mut Memory, partly: bool) {
        let states = memory.frame.of_state.len();
        let (war, n) = (self.war(step, states), &self.scalars);
        for pair in 0..memory.frame.pairs.len() {
            self.pull(step, memory, pair, &war);
        }
        let adjustment = row(step, &n.adjustment, 0);
        let part = if partly { lanes!(|l| monthly_share(adjustment[l] / QUARTER as f64)) } else { [1.0; LANES] };
        let of = [&n.weight_trade, &n.weight_finance, &n.weight_security, &n.weight_diplomacy].map(|port| row(step, port, 0));
        let whole = lanes!(|l| of[0][l] + of[1][l] + of[2][l] + of[3][l]);
        let weights = of.map(|weight| lanes!(|l| weight[l] / whole[l]));
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
    #[inline(always)]
    fn pull(&self, step: &Step<'_>, memory: &mut Memory, pair: usize, war: &Row) {
        let ((power, state), n) = (memory.frame.pairs[pair], &self.scalars);
        let scalar = |port| row(step, port, 0);
        let (gdp, weight, w) = (row(step, &self.gdp, state), factor(row(step, &self.weight, pair)), scalar(&n.dependence_weight));
        let per_output = lanes!(|l| 1.0 / gdp[l].max(1.0));
        let (exports, imports) = (row(step, &self.exports, pair), row(step, &self.imports, pair));
        let (gas, by_gas, half) = (cells(&memory.gas_sales, pair), scalar(&n.energy_weight), scalar(&n.half_trade));
        let trade = lanes!(|l| exports[l] + imports[l]);
        *cells_mut(&mut memory.trade, pair) = trade;
        let pull = lanes!(|l| weight[l] * eq::pull((trade[l] + by_gas[l] * gas[l]) * per_output[l], half[l], w[l]));
        *cells_mut(&mut memory.pulls[0], pair) = pull;
        let (lent, half) = (cells(&memory.lent, pair), scalar(&n.half_finance));
        *cells_mut(&mut memory.pulls[1], pair) = lanes!(|l| weight[l] * eq::pull(lent[l] * per_output[l], half[l], w[l]));
        let (armed, half) = (cells(&memory.armed, pair), scalar(&n.half_security));
        let (base_value, base) = (row(step, &self.of_pair.base_value, pair), row(step, &self.base, pair));
        let guns = lanes!(|l| armed[l] + base_value[l] * base[l]);
        *cells_mut(&mut memory.pulls[2], pair) = lanes!(|l| weight[l] * eq::pull(guns[l] * per_output[l], half[l], w[l]));
        let contacts = self.contacts(step, memory, (pair, power), war);
        let alignment = row(step, &self.alignment, pair);
        *cells_mut(&mut memory.pulls[3], pair) = lanes!(|l| weight[l] * eq::diplomatic_pull(contacts[l], alignment[l], w[l]));
    }

    /// Contacts of a power with a state: fewer as its war ends, more as it engages.
    #[inline(always)]
    fn contacts(&self, step: &Step<'_>, memory: &Memory, (pair, power): (usize, usize), war: &Row) -> Row {
        let (usual, war_share) = (row(step, &self.of_pair.contacts, pair), row(step, &self.of_power.war_share, power));
        let (engaged, before) = (row(step, &self.engagement, pair), cells(&memory.engagement_at_origin, pair));
        let (gain, more) = (row(step, &self.scalars.engagement_gain, 0), factor(row(step, &self.contact_rate, pair)));
        let depth = lanes!(|l| (1.0 + gain[l] * (engaged[l] - before[l])).max(0.0));
        lanes!(|l| usual[l] * eq::presence(war_share[l], war[l]) * depth[l] * more[l])
    }

    /// The powers' shares in one state.
    #[inline(always)]
    fn divide(&self, step: &mut Step<'_>, memory: &Memory, state: usize, part: &Row, weights: &[Row; 4]) {
        let pairs = &memory.frame.of_state[state];
        let mut totals = [[0.0; LANES]; 4];
        for (total, pulls) in totals.iter_mut().zip(&memory.pulls) {
            pairs.iter().for_each(|pair| add(total, &cells(pulls, *pair)));
        }
        for &pair in pairs {
            let mut index = [0.0; LANES];
            for d in 0..4 {
                let (now, pull, total, weight) = (row(step, &self.shares[d], pair), cells(&memory.pulls[d], pair), &totals[d], &weights[d]);
                let share = lanes!(|l| eq::adjust(now[l], eq::share(pull[l], total[l]), part[l]).clamp(0.0, 1.0));
                step.set_row(&self.shares[d], pair, share);
                add(&mut index, &lanes!(|l| weight[l] * share[l]));
            }
            step.set_row(&self.index, pair, lanes!(|l| index[l].clamp(0.0, 1.0)));
        }
    }

    /// Alignment follows the index, what coercion left and links, with its lag.
    #[inline(always)]
    pub(super) fn align(&self, step: &mut Step<'_>, memory: &Memory) {
        let (response, months) = (row(step, &self.scalars.alignment_response, 0), row(step, &self.scalars.alignment_months, 0));
        for pair in 0..memory.frame.pairs.len() {
            let (now, index) = (row(step, &self.alignment, pair), row(step, &self.index, pair));
            let (origin, shift) = (row(step, &self.of_pair.alignment_at_origin, pair), row(step, &self.alignment_target, pair));
            let (before, pressed) = (cells(&memory.index_at_origin, pair), cells(&memory.pressed, pair));
            let target = lanes!(|l| eq::alignment_target(origin[l], response[l], index[l] - before[l], pressed[l], shift[l]));
            step.set_row(&self.alignment, pair, lanes!(|l| relax(now[l], target[l], months[l] / QUARTER as f64)));
        }
    }

    /// The lender's index and alignment, state by state; 0 without a lender.
    #[inline(always)]
    pub(super) fn of_lender(&self, step: &mut Step<'_>, memory: &Memory) {
        for (state, pairs) in memory.frame.of_state.iter().enumerate() {
            let (mut index, mut alignment) = ([0.0; LANES], [0.0; LANES]);
            // from the last, so that the first that lends stays
            for &pair in pairs.iter().rev() {
                let lends = row(step, &self.of_power.lender, memory.frame.pairs[pair].0);
                let (of_pair, aligned) = (row(step, &self.index, pair), row(step, &self.alignment, pair));
                index = lanes!(|l| if lends[l] > 0.5 { of_pair[l] } else { index[l] });
                alignment = lanes!(|l| if lends[l] > 0.5 { aligned[l] } else { alignment[l] });
            }
            step.set_row(&self.lender_index, state, index);
            step.set_row(&self.lender_alignment, state, alignment);
        }
    }

    /// A power's economic share: mean of trade and finance.
    pub(super) fn economy(&self, step: &Step<'_>, pair: usize, lane: usize) -> f64 {
        0.5 * (step.get(&self.shares[0], pair, lane) + step.get(&self.shares[1], pair, lane))
    }
}

/// Exponentials of a row.
#[inline(always)]
fn factor(shift: Row) -> Row {
    lanes!(|l| exp(shift[l]))
}
