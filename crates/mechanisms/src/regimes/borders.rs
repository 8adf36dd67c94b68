//! Disputes between states that touch, and closures of their borders.

use oxus_kernel::{LANES, Step};
use oxus_math::exp;
use oxus_random::mix64;

use super::equations::happens;
use super::{Memory, Regimes};
use crate::monthly::{MONTHS, relax};

/// Dispute at which a border closes at the stated rate.
const MIDDLE: f64 = 0.5;

impl Regimes {
    pub(super) fn borders(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for border in 0..self.sides.len() {
            for lane in 0..LANES {
                self.dispute(step, memory, border, lane);
                self.close(step, memory, border, lane);
            }
        }
    }

    /// The dispute moves to its base, raised by a shortage of heat and light on either side (the quarrel of water for power) and by links.
    fn dispute(&self, step: &mut Step<'_>, memory: &Memory, border: usize, lane: usize) {
        let (w, e) = (&self.wired, &memory.effects[lane]);
        let shortage = |state: usize| memory.origin.service[state * LANES + lane] - step.get(&w.reads.service, state, lane);
        let worst = self.sides[border].iter().fold(0.0_f64, |worst, &state| worst.max(shortage(state)));
        let target = step.get(&w.dispute_base, border, lane) + e.dispute_service * worst + step.get(&w.dispute_target, border, lane);
        let value = relax(step.get(&w.dispute, border, lane), target, e.dispute_months);
        step.set(&w.dispute, border, lane, value);
    }

    /// An open border may close this month, at a rate that rises with the dispute; a closed one stays so for its time.
    fn close(&self, step: &mut Step<'_>, memory: &mut Memory, border: usize, lane: usize) {
        let (w, e) = (&self.wired, memory.effects[lane]);
        let rate = e.closure_rate * exp(e.closure_dispute * (step.get(&w.dispute, border, lane) - MIDDLE));
        let left = memory.closed_left[border * LANES + lane];
        let length = if left == 0.0 && happens(step.get(&w.closure_noise, border, lane), rate / MONTHS) {
            self.closure_length(step, memory, border, lane, self.calendar(step) as u64)
        } else {
            left
        };
        step.set(&w.closed, border, lane, length.min(1.0));
        memory.closed_left[border * LANES + lane] = (length - 1.0).max(0.0);
    }

    fn closure_length(&self, step: &Step<'_>, memory: &Memory, border: usize, lane: usize, name: u64) -> f64 {
        let e = &memory.effects[lane];
        step.draws(lane, self.wired.names[3], border_key(&self.sides[border], step, self), name).log_normal(e.closure_months, e.closure_sigma)
    }

    /// Neighbours may close their side after an overthrow or in a crisis.
    pub(super) fn close_borders(&self, step: &mut Step<'_>, memory: &mut Memory, exit: u64, state: usize, lane: usize) {
        let p = memory.effects[lane].closure_crisis;
        for border in (0..self.sides.len()).filter(|b| self.sides[*b].contains(&state)) {
            let key = border_key(&self.sides[border], step, self);
            if step.draws(lane, self.wired.names[3], mix64(exit, key), 0).uniform() < p {
                let length = self.closure_length(step, memory, border, lane, exit);
                let left = &mut memory.closed_left[border * LANES + lane];
                *left = left.max(length);
            }
        }
    }
}

/// Stable key of a border: of the names of its sides.
fn border_key(sides: &[usize], step: &Step<'_>, regimes: &Regimes) -> u64 {
    let keys = &step.world().axis(regimes.wired.states).keys;
    sides.iter().fold(0, |key, &state| mix64(key, keys[state]))
}
