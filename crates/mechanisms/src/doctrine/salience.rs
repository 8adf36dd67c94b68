//! What a power notices: deaths above the usual, irregular exits, harm to its people and sites, gas lost to attacks, unrest at home; and what
//! it has at stake.

use oxus_kernel::{LANES, Step};
use oxus_math::{exp, ln_1p};

use super::{Doctrine, Memory, equations as eq};

impl Doctrine {
    /// Exposure and the power's part of each state's foreign-owned sites.
    pub(super) fn expose(&self, step: &Step<'_>, memory: &mut Memory) {
        let month = step.month().min(step.world().months().saturating_sub(1));
        let m = &mut *memory;
        for pair in 0..m.frame.pairs.len() {
            let (power, state) = m.frame.pairs[pair];
            let active = |s: &&(usize, usize, f64, Vec<f64>)| s.3.get(month).is_none_or(|v| *v > 0.0);
            let value: f64 = m.frame.sites.iter().filter(|s| s.1 == pair).filter(active).map(|s| s.2).sum();
            let all: f64 = m.frame.sites.iter().filter(|s| m.frame.pairs[s.1].1 == state).filter(active).map(|s| s.2).sum();
            for lane in 0..LANES {
                let loans = step.get(&self.lender, power, lane) * step.get(&self.loans, state, lane);
                let trade = step.get(&self.exports, pair, lane) + step.get(&self.imports, pair, lane);
                m.exposure[pair * LANES + lane] = eq::exposure(value, loans, trade);
                m.part[pair * LANES + lane] = if all > 0.0 { value / all } else { 0.0 };
            }
        }
    }

    /// Brings what is remembered up to date with the month before.
    pub(super) fn notice(&self, step: &Step<'_>, memory: &mut Memory) {
        let kept: [f64; LANES] = std::array::from_fn(|lane| exp(-1.0 / memory.scalars.memory[lane].max(1.0)));
        self.notice_states(step, memory, &kept);
        self.notice_own(step, memory, &kept);
        self.notice_gas(step, memory, &kept);
        self.notice_home(step, memory, &kept);
    }

    fn notice_states(&self, step: &Step<'_>, memory: &mut Memory, kept: &[f64; LANES]) {
        for state in 0..memory.frame.states {
            for lane in 0..LANES {
                let cell = state * LANES + lane;
                let floor = memory.scalars.deaths_floor[lane].max(0.1);
                let new = eq::salience_of_deaths(step.get(&self.deaths, state, lane), step.get(&self.deaths_usual, state, lane), floor);
                memory.deaths[cell] = eq::remembered(memory.deaths[cell], kept[lane], new);
                memory.exits[cell] = eq::remembered(memory.exits[cell], kept[lane], step.get(&self.exits, state, lane).min(1.0));
            }
        }
    }

    /// Persons harmed at own sites, and a part of the attacks on foreigners as large as the power's part of foreign-owned sites.
    fn notice_own(&self, step: &Step<'_>, memory: &mut Memory, kept: &[f64; LANES]) {
        let m = &mut *memory;
        m.harm.fill(0.0);
        m.attacks.fill(0.0);
        let harmed = step.slice(&self.staff_harmed);
        for (site, pair, _, _) in &m.frame.sites {
            let (to, from) = (&mut m.harm[pair * LANES..][..LANES], &harmed[site * LANES..][..LANES]);
            to.iter_mut().zip(from).for_each(|(h, s)| *h += s);
        }
        let attacks = step.slice(&self.foreign_attacks);
        for (province, state) in m.frame.province_state.iter().enumerate() {
            if let Some(state) = state {
                let (to, from) = (&mut m.attacks[state * LANES..][..LANES], &attacks[province * LANES..][..LANES]);
                to.iter_mut().zip(from).for_each(|(a, f)| *a += f);
            }
        }
        for (pair, &(_, state)) in m.frame.pairs.iter().enumerate() {
            for lane in 0..LANES {
                let cell = pair * LANES + lane;
                let hit = m.harm[cell] + m.scalars.attack_weight[lane] * m.part[cell] * m.attacks[state * LANES + lane];
                let new = if hit > 0.0 { ln_1p(hit) } else { 0.0 };
                m.own[cell] = eq::remembered(m.own[cell], kept[lane], new);
            }
        }
    }

    /// The part of what the power's contracts asked for that attacks kept back, the worst of the contracts with a state.
    fn notice_gas(&self, step: &Step<'_>, memory: &mut Memory, kept: &[f64; LANES]) {
        let m = &mut *memory;
        m.gas.chunks_exact_mut(LANES).for_each(|cell| cell.iter_mut().zip(kept).for_each(|(g, k)| *g *= k));
        let (lost, asked) = (step.slice(&self.lost_to_attacks), step.slice(&self.nominated));
        for &(contract, pair) in &m.frame.contracts {
            for lane in 0..LANES {
                let (lost, asked) = (lost[contract * LANES + lane], asked[contract * LANES + lane]);
                if lost > 0.0 && asked > 0.0 {
                    let cell = &mut m.gas[pair * LANES + lane];
                    *cell = cell.max((lost / asked).min(1.0));
                }
            }
        }
    }

    fn notice_home(&self, step: &Step<'_>, memory: &mut Memory, kept: &[f64; LANES]) {
        let m = &mut *memory;
        m.home.chunks_exact_mut(LANES).for_each(|cell| cell.iter_mut().zip(kept).for_each(|(h, k)| *h *= k));
        let deaths = step.slice(&self.province_deaths);
        for &(province, power) in &m.frame.home {
            for lane in 0..LANES {
                let floor = m.scalars.deaths_floor[lane].max(0.1);
                let new = eq::salience_of_deaths(deaths[province * LANES + lane], 0.0, floor);
                let cell = &mut m.home[power * LANES + lane];
                *cell = cell.max(new);
            }
        }
    }
}
