//! Each December: votes at the United Nations as a measurement, who was first in what, who led.

use oxus_kernel::{LANES, Param, Step};

use super::{Influence, Memory, eq};
use crate::rows::{cells_mut, row};

/// Dimensions in which a power must be first to lead, of four.
const ENOUGH: usize = 3;

impl Influence {
    pub(super) fn start_votes(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for power in 0..memory.frame.powers {
            *cells_mut(&mut memory.agenda, power) = row(step, &self.of_power.agenda_origin, power);
        }
        for pair in 0..memory.frame.pairs.len() {
            let power = memory.frame.pairs[pair].0;
            for lane in 0..LANES {
                let cell = pair * LANES + lane;
                let origin = step.get(&self.of_pair.un_origin, pair, lane);
                memory.usual[cell] = eq::log_odds(step.get(&self.of_pair.un_mean, pair, lane));
                memory.own[cell] = eq::log_odds(origin) - memory.usual[cell] - memory.agenda[power * LANES + lane];
                step.set(&self.agreement, pair, lane, origin.clamp(0.0, 1.0));
            }
        }
        // who was ahead in the last year before the run is held to have been so the year before that
        self.rank(step, memory);
        self.rank(step, memory);
    }

    /// The year's agreement.
    pub(super) fn vote(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.draw(&self.agenda_noise);
        step.draw(&self.own_noise);
        let m = &mut *memory;
        for lane in 0..LANES {
            let n = |port: &Param| step.get(port, 0, lane);
            let (by_agenda, by_own, slope) = (n(&self.scalars.agenda_persistence), n(&self.scalars.own_persistence), n(&self.scalars.un_slope));
            for power in 0..m.frame.powers {
                let (x, sd) = (&mut m.agenda[power * LANES + lane], step.get(&self.of_power.agenda_sd, power, lane));
                *x = eq::next_year(*x, by_agenda, sd, step.get(&self.agenda_noise, power, lane));
            }
            for (pair, &(power, _)) in m.frame.pairs.iter().enumerate() {
                let cell = pair * LANES + lane;
                let sd = step.get(&self.of_power.own_sd, power, lane);
                m.own[cell] = eq::next_year(m.own[cell], by_own, sd, step.get(&self.own_noise, pair, lane));
                let change = step.get(&self.alignment, pair, lane) - step.get(&self.of_pair.alignment_at_origin, pair, lane);
                let agreed = eq::agreement(m.usual[cell], slope, change, m.agenda[power * LANES + lane], m.own[cell]);
                step.set(&self.agreement, pair, lane, agreed);
            }
        }
    }

    /// First by the year's trade, three years' finance, five years' arms, the year's votes; leader after two such years.
    pub(super) fn rank(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for state in 0..memory.frame.of_state.len() {
            for at in 0..memory.frame.of_state[state].len() {
                let pair = memory.frame.of_state[state][at];
                for lane in 0..LANES {
                    let won = self.won(step, memory, state, pair, lane);
                    for (port, first) in self.firsts.iter().zip(won) {
                        step.set(port, pair, lane, f64::from(u8::from(first)));
                    }
                    let ahead = won.iter().filter(|w| **w).count() >= ENOUGH;
                    let before = std::mem::replace(&mut memory.ahead[pair * LANES + lane], ahead);
                    step.set(&self.lead, pair, lane, f64::from(u8::from(ahead && before)));
                }
            }
        }
    }

    fn won(&self, step: &Step<'_>, memory: &Memory, state: usize, pair: usize, lane: usize) -> [bool; 4] {
        let pairs = &memory.frame.of_state[state];
        let first = |column: &[f64]| eq::is_first(column[pair * LANES + lane], pairs.iter().map(|p| column[p * LANES + lane]));
        [first(&memory.trade), first(&memory.lent), first(&memory.armed), first(step.slice(&self.agreement))]
    }
}
