//! Disputes between states that touch, and closures of their borders.

use oxus_kernel::{LANES, Step};
use oxus_math::{dispatch, exp};
use oxus_random::mix64;

use super::equations::happens;
use super::{Memory, Regimes};
use crate::monthly::{MONTHS, relax};
use crate::rows::{cells, row};

/// Dispute at which a border closes at the stated rate.
const MIDDLE: f64 = 0.5;

dispatch! {
    /// Moves the disputes and the hazards of closure of all borders, for the widest vectors.
    ///
    /// A dispute moves to its base, raised by a shortage of heat and light on either side (the quarrel of water for power) and by links.
    fn disputes(regimes: &Regimes, step: &mut Step<'_>, memory: &mut Memory) {
        let (w, e) = (&regimes.wired, &regimes.wired.effects);
        let [by_service, months, closure_rate, by_dispute] =
            [&e.dispute_service, &e.dispute_months, &e.closure_rate, &e.closure_dispute].map(|port| row(step, port, 0));
        for (border, sides) in regimes.sides.iter().enumerate() {
            let mut worst = [0.0_f64; LANES];
            for &state in sides {
                let (origin, service) = (cells(&memory.origin.service, state), row(step, &w.reads.service, state));
                worst = lanes!(|lane| worst[lane].max(origin[lane] - service[lane]));
            }
            let (base, shift, now) = (row(step, &w.dispute_base, border), row(step, &w.dispute_target, border), row(step, &w.dispute, border));
            let next = lanes!(|lane| relax(now[lane], base[lane] + by_service[lane] * worst[lane] + shift[lane], months[lane]));
            step.set_row(&w.dispute, border, next);
            memory.closing[border] = lanes!(|lane| closure_rate[lane] * exp(by_dispute[lane] * (next[lane] - MIDDLE)) / MONTHS);
        }
    }
}

impl Regimes {
    pub(super) fn borders(&self, step: &mut Step<'_>, memory: &mut Memory) {
        disputes(self, step, memory);
        for border in 0..self.sides.len() {
            self.close(step, memory, border);
        }
    }

    /// An open border may close this month, at a rate that rises with the dispute; a closed one stays so for its time.
    fn close(&self, step: &mut Step<'_>, memory: &mut Memory, border: usize) {
        let (u, closing) = (row(step, &self.wired.closure_noise, border), memory.closing[border]);
        let mut length = cells(&memory.closed_left, border);
        for lane in 0..LANES {
            if length[lane] == 0.0 && happens(u[lane], closing[lane]) {
                length[lane] = self.closure_length(step, border, lane, self.calendar(step) as u64);
            }
        }
        step.set_row(&self.wired.closed, border, length.map(|months| months.min(1.0)));
        memory.closed_left[border * LANES..][..LANES].copy_from_slice(&length.map(|months| (months - 1.0).max(0.0)));
    }

    fn closure_length(&self, step: &Step<'_>, border: usize, lane: usize, name: u64) -> f64 {
        let (e, scalar) = (&self.wired.effects, |port| step.get(port, 0, lane));
        step.draws(lane, self.wired.names[3], border_key(&self.sides[border], step, self), name)
            .log_normal(scalar(&e.closure_months), scalar(&e.closure_sigma))
    }

    /// Neighbours may close their side after an overthrow or in a crisis.
    pub(super) fn close_borders(&self, step: &mut Step<'_>, memory: &mut Memory, exit: u64, state: usize, lane: usize) {
        let p = step.get(&self.wired.effects.closure_crisis, 0, lane);
        for border in (0..self.sides.len()).filter(|b| self.sides[*b].contains(&state)) {
            let key = border_key(&self.sides[border], step, self);
            if step.draws(lane, self.wired.names[3], mix64(exit, key), 0).uniform() < p {
                let length = self.closure_length(step, border, lane, exit);
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
