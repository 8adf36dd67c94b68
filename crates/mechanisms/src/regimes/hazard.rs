//! The hazard of irregular exit of each state, from the values of the previous month.

use oxus_kernel::{LANES, Step};
use oxus_math::ln;
use oxus_numerics::hazard::cloglog_inverse;

use super::equations::{Covariates, beyond_the_panel, predictor};
use super::ports::{CAPTURE, PATRONAGE};
use super::{Memory, Regimes};
use crate::monthly::MONTHS;

/// Months for which a year of conflict counts as recent.
const RECENT: f64 = 60.0;

impl Regimes {
    pub(super) fn hazards(&self, step: &mut Step<'_>, memory: &mut Memory) {
        for state in 0..self.neighbours.len() {
            for lane in 0..LANES {
                self.count_deaths(step, memory, state, lane);
                let eta = self.ln_hazard(step, memory, state, lane);
                memory.ln_rate[state * LANES + lane] = eta;
                step.set(&self.wired.hazard, state, lane, cloglog_inverse(eta));
            }
        }
    }

    /// Adds last month's deaths to the twelve-month sum; a sum at the threshold starts the memory of a conflict anew.
    fn count_deaths(&self, step: &Step<'_>, memory: &mut Memory, state: usize, lane: usize) {
        let (cell, cells) = (state * LANES + lane, memory.ln_rate.len());
        memory.deaths[step.month() % 12 * cells + cell] = step.get(&self.wired.reads.deaths, state, lane);
        let year: f64 = (0..12).map(|m| memory.deaths[m * cells + cell]).sum();
        let since = &mut memory.months_since_conflict[cell];
        *since = if year >= memory.effects[lane].conflict_deaths { 0.0 } else { *since + 1.0 };
    }

    /// Log of the monthly rate: the fitted predictor, what the panel does not hold, the neighbours' shock and the shift of links.
    fn ln_hazard(&self, step: &mut Step<'_>, memory: &Memory, state: usize, lane: usize) -> f64 {
        let (w, e, cell) = (&self.wired, &memory.effects[lane], state * LANES + lane);
        let regime = w.regime.at(step, state, lane);
        let reads = &w.reads;
        let years = (step.month() as f64) / MONTHS;
        let covariates = Covariates {
            polity: regime.polity,
            faction: regime.faction,
            ln_income: self.ln_income[state] + ln(step.get(&reads.output, state, lane).max(0.01)) - regime.population_growth * years,
            conflict: f64::from(memory.months_since_conflict[cell] < RECENT),
            unrest: regime.protests + step.get(&reads.level, state, lane) - memory.origin.level[cell],
            growth: step.get(&reads.growth, state, lane),
        };
        let bases = regime.base_rents_in(self.calendar(step)) - regime.base_rents_in(step.world().first().index());
        let deviations = [
            step.get(&reads.rents, state, lane) - memory.origin.rents[cell] + bases,
            step.get(&w.indices[PATRONAGE], state, lane) - step.get(&w.ruled.patronage, state, lane),
            step.get(&w.indices[CAPTURE], state, lane) - step.get(&w.origin_capture, state, lane),
            step.get(&reads.distress, state, lane) - memory.origin.distress[cell],
            step.get(&w.shock, state, lane) * memory.shock_left[lane],
        ];
        step.set(&w.shock, state, lane, deviations[4]);
        let effects = [e.rents_effect, e.patronage_effect, e.capture_effect, e.distress_effect, e.shock_effect];
        predictor(&e.coefficients(), &covariates) + beyond_the_panel(effects, deviations) + step.get(&w.exit_shift, state, lane)
    }
}
