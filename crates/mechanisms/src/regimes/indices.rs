//! The slow indices of how a state is ruled: each moves towards its target.

use oxus_kernel::{LANES, Read, Step};
use oxus_math::dispatch;

use super::equations::ln_ratio;
use super::ports::{CAPTURE, CORRUPTION, CRIMINALISATION, INDICES, PATRONAGE, REPRESSION, SERVICE};
use super::{Memory, Regimes};
use crate::monthly::relax;
use crate::rows::{Row, add, cells, row};

dispatch! {
    /// Moves the indices of all states, for the widest vectors.
    pub(super) fn indices(regimes: &Regimes, step: &mut Step<'_>, memory: &mut Memory) {
        let (w, e) = (&regimes.wired, &regimes.wired.effects);
        let months = [
            (CORRUPTION, &e.corruption_months),
            (CRIMINALISATION, &e.criminalisation_months),
            (SERVICE, &e.service_months),
            (REPRESSION, &e.repression_months),
            (PATRONAGE, &e.patronage_months),
            (CAPTURE, &e.capture_months),
        ];
        for state in 0..regimes.neighbours.len() {
            let targets = regimes.index_targets(step, memory, state);
            for (i, months) in months {
                let (now, target, months) = (row(step, &w.indices[i], state), targets[i], row(step, months, 0));
                step.set_row(&w.indices[i], state, lanes!(|lane| relax(now[lane], target[lane], months[lane])));
            }
        }
    }
}

impl Regimes {
    /// Where the indices tend to: their origin, what the mechanism codes, and the shifts of links.
    #[inline(always)]
    fn index_targets(&self, step: &Step<'_>, memory: &Memory, state: usize) -> [Row; INDICES.len()] {
        let (w, reads, origin) = (&self.wired, &self.wired.reads, &memory.origin);
        let scalar = |port| row(step, port, 0);
        let moved = |now: &Read, before: &[f64]| {
            let (now, before) = (row(step, now, state), cells(before, state));
            lanes!(|lane| now[lane] - before[lane])
        };
        let (service, unrest, rents) =
            (moved(&reads.service, &origin.service), moved(&reads.level, &origin.level), moved(&reads.rents, &origin.rents));
        let spending = row(step, &reads.spending, state);
        let spending = lanes!(|lane| ln_ratio(spending[lane]));
        let (tenure, tenure_from, capture_from) =
            (row(step, &w.tenure, state), cells(&memory.tenure_from, state), cells(&memory.capture_from, state));
        let (e, ruled) = (&w.effects, |port| row(step, port, state));
        let (by_energy, by_spending, by_unrest) = (scalar(&e.service_energy), scalar(&e.service_spending), scalar(&e.repression_unrest));
        let (by_rents, by_tenure) = (scalar(&e.patronage_rents), scalar(&e.capture_growth));
        let (services, repression, patronage) = (ruled(&w.ruled.service_quality), ruled(&w.ruled.repression), ruled(&w.ruled.patronage));
        let mut targets = [[0.0; LANES]; INDICES.len()];
        targets[CORRUPTION] = ruled(&w.ruled.corruption);
        targets[CRIMINALISATION] = ruled(&w.ruled.criminalisation);
        targets[SERVICE] = lanes!(|lane| services[lane] + by_energy[lane] * service[lane] + by_spending[lane] * spending[lane]);
        targets[REPRESSION] = lanes!(|lane| repression[lane] + by_unrest[lane] * unrest[lane]);
        targets[PATRONAGE] = lanes!(|lane| patronage[lane] + by_rents[lane] * rents[lane]);
        targets[CAPTURE] = lanes!(|lane| capture_from[lane] + by_tenure[lane] * (tenure[lane] - tenure_from[lane]));
        for (target, port) in targets.iter_mut().zip(&w.targets) {
            add(target, &row(step, port, state));
        }
        targets
    }
}
