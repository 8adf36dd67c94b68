//! The slow indices of how a state is ruled: each moves towards its target.

use oxus_kernel::{LANES, Step};

use super::equations::ln_ratio;
use super::ports::{CAPTURE, CORRUPTION, CRIMINALISATION, INDICES, PATRONAGE, REPRESSION, SERVICE};
use super::{Memory, Regimes};
use crate::monthly::relax;

impl Regimes {
    pub(super) fn indices(&self, step: &mut Step<'_>, memory: &Memory) {
        for state in 0..self.neighbours.len() {
            for lane in 0..LANES {
                let targets = self.index_targets(step, memory, state, lane);
                let e = &memory.effects[lane];
                let mut months = [0.0; INDICES.len()];
                months[CORRUPTION] = e.corruption_months;
                months[CRIMINALISATION] = e.criminalisation_months;
                months[SERVICE] = e.service_months;
                months[REPRESSION] = e.repression_months;
                months[PATRONAGE] = e.patronage_months;
                months[CAPTURE] = e.capture_months;
                for (i, port) in self.wired.indices.iter().enumerate() {
                    let value = relax(step.get(port, state, lane), targets[i], months[i]);
                    step.set(port, state, lane, value);
                }
            }
        }
    }

    /// Where the indices tend to: their origin, what the mechanism codes, and the shifts of links.
    fn index_targets(&self, step: &Step<'_>, memory: &Memory, state: usize, lane: usize) -> [f64; INDICES.len()] {
        let (w, e, cell) = (&self.wired, &memory.effects[lane], state * LANES + lane);
        let ruled = w.ruled.at(step, state, lane);
        let (reads, origin) = (&w.reads, &memory.origin);
        let service = step.get(&reads.service, state, lane) - origin.service[cell];
        let spending = ln_ratio(step.get(&reads.spending, state, lane));
        let unrest = step.get(&reads.level, state, lane) - origin.level[cell];
        let rents = step.get(&reads.rents, state, lane) - origin.rents[cell];
        let capture = memory.capture_from[cell] + e.capture_growth * (step.get(&w.tenure, state, lane) - memory.tenure_from[cell]);
        let mut targets = [0.0; INDICES.len()];
        targets[CORRUPTION] = ruled.corruption;
        targets[CRIMINALISATION] = ruled.criminalisation;
        targets[SERVICE] = ruled.service_quality + e.service_energy * service + e.service_spending * spending;
        targets[REPRESSION] = ruled.repression + e.repression_unrest * unrest;
        targets[PATRONAGE] = ruled.patronage + e.patronage_rents * rents;
        targets[CAPTURE] = capture;
        for (target, port) in targets.iter_mut().zip(&w.targets) {
            *target += step.get(port, state, lane);
        }
        targets
    }
}
