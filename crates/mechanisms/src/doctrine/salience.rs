//! What a power notices: deaths above the usual, irregular exits, harm to its people and sites, gas lost to attacks, unrest at home; and what
//! it has at stake.

use oxus_kernel::{LANES, Step};
use oxus_math::{exp, ln_1p};

use super::{Doctrine, Memory, equations as eq};
use crate::rows::{Row, add, cells, cells_mut, row};

impl Doctrine {
    /// Exposure and the power's part of each state's foreign-owned sites.
    #[inline(always)]
    pub(super) fn expose(&self, step: &Step<'_>, memory: &mut Memory) {
        let month = step.month().min(step.world().months().saturating_sub(1));
        let m = &mut *memory;
        m.site_values.fill(0.0);
        m.all_values.fill(0.0);
        for (_, pair, value, valid) in &m.frame.sites {
            if valid.get(month).is_none_or(|v| *v > 0.0) {
                m.site_values[*pair] += value;
                m.all_values[m.frame.pairs[*pair].1] += value;
            }
        }
        for pair in 0..m.frame.pairs.len() {
            let (power, state) = m.frame.pairs[pair];
            let (value, all) = (m.site_values[pair], m.all_values[state]);
            let (lends, loans) = (row(step, &self.lender, power), row(step, &self.loans, state));
            let (exports, imports) = (row(step, &self.exports, pair), row(step, &self.imports, pair));
            *cells_mut(&mut m.exposure, pair) = lanes!(|l| eq::exposure(value, lends[l] * loans[l], exports[l] + imports[l]));
            *cells_mut(&mut m.part, pair) = [if all > 0.0 { value / all } else { 0.0 }; LANES];
        }
    }

    /// Brings what is remembered up to date with the month before.
    #[inline(always)]
    pub(super) fn notice(&self, step: &Step<'_>, memory: &mut Memory) {
        let kept = lanes!(|l| exp(-1.0 / memory.scalars.memory[l].max(1.0)));
        self.notice_states(step, memory, &kept);
        self.notice_own(step, memory, &kept);
        self.notice_gas(step, memory, &kept);
        self.notice_home(step, memory, &kept);
    }

    #[inline(always)]
    fn notice_states(&self, step: &Step<'_>, memory: &mut Memory, kept: &Row) {
        let floor = lanes!(|l| memory.scalars.deaths_floor[l].max(0.1));
        for state in 0..memory.frame.states {
            let (died, usual, left) = (row(step, &self.deaths, state), row(step, &self.deaths_usual, state), row(step, &self.exits, state));
            let (deaths, exits) = (cells_mut(&mut memory.deaths, state), cells_mut(&mut memory.exits, state));
            let new = lanes!(|l| eq::salience_of_deaths(died[l], usual[l], floor[l]));
            *deaths = lanes!(|l| eq::remembered(deaths[l], kept[l], new[l]));
            *exits = lanes!(|l| eq::remembered(exits[l], kept[l], left[l].min(1.0)));
        }
    }

    /// Persons harmed at own sites, and a part of the attacks on foreigners as large as the power's part of foreign-owned sites.
    #[inline(always)]
    fn notice_own(&self, step: &Step<'_>, memory: &mut Memory, kept: &Row) {
        let m = &mut *memory;
        m.harm.fill(0.0);
        m.attacks.fill(0.0);
        let harmed = step.slice(&self.staff_harmed);
        for (site, pair, _, _) in &m.frame.sites {
            add(cells_mut(&mut m.harm, *pair), &cells(harmed, *site));
        }
        let attacks = step.slice(&self.foreign_attacks);
        for (province, state) in m.frame.province_state.iter().enumerate() {
            if let Some(state) = state {
                add(cells_mut(&mut m.attacks, *state), &cells(attacks, province));
            }
        }
        for (pair, &(_, state)) in m.frame.pairs.iter().enumerate() {
            let (harm, part, attacks) = (cells(&m.harm, pair), cells(&m.part, pair), cells(&m.attacks, state));
            let hit = lanes!(|l| harm[l] + m.scalars.attack_weight[l] * part[l] * attacks[l]);
            let new = lanes!(|l| ln_1p(hit[l]));
            let own = cells_mut(&mut m.own, pair);
            *own = lanes!(|l| eq::remembered(own[l], kept[l], if hit[l] > 0.0 { new[l] } else { 0.0 }));
        }
    }

    /// The part of what the power's contracts asked for that attacks kept back, the worst of the contracts with a state.
    #[inline(always)]
    fn notice_gas(&self, step: &Step<'_>, memory: &mut Memory, kept: &Row) {
        let m = &mut *memory;
        fade(&mut m.gas, kept);
        let (lost, asked) = (step.slice(&self.lost_to_attacks), step.slice(&self.nominated));
        for &(contract, pair) in &m.frame.contracts {
            let (lost, asked) = (cells(lost, contract), cells(asked, contract));
            let gas = cells_mut(&mut m.gas, pair);
            let part = lanes!(|l| (lost[l] / asked[l]).min(1.0));
            *gas = lanes!(|l| if lost[l] > 0.0 && asked[l] > 0.0 { gas[l].max(part[l]) } else { gas[l] });
        }
    }

    #[inline(always)]
    fn notice_home(&self, step: &Step<'_>, memory: &mut Memory, kept: &Row) {
        let m = &mut *memory;
        fade(&mut m.home, kept);
        let (deaths, floor) = (step.slice(&self.province_deaths), lanes!(|l| m.scalars.deaths_floor[l].max(0.1)));
        for &(province, power) in &m.frame.home {
            let (died, home) = (cells(deaths, province), cells_mut(&mut m.home, power));
            let new = lanes!(|l| eq::salience_of_deaths(died[l], 0.0, floor[l]));
            *home = lanes!(|l| home[l].max(new[l]));
        }
    }
}

/// Takes from every remembered peak what a month takes.
#[inline(always)]
fn fade(column: &mut [f64], kept: &Row) {
    for cell in column.chunks_exact_mut(LANES) {
        cell.iter_mut().zip(kept).for_each(|(c, k)| *c *= k);
    }
}
