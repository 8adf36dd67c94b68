//! The hazard of irregular exit of each state, from the values of the previous month.

use oxus_kernel::{LANES, Param, Step};
use oxus_math::{dispatch, ln};
use oxus_numerics::hazard::cloglog_inverse;

use super::equations::{Coefficients, Covariates, beyond_the_panel, predictor};
use super::params::base_rents_in;
use super::ports::{CAPTURE, PATRONAGE};
use super::{Memory, Regimes};
use crate::monthly::MONTHS;
use crate::rows::{Row, add, cells, row};

/// Months for which a year of conflict counts as recent.
const RECENT: f64 = 60.0;

dispatch! {
    /// Writes the hazards of all states, for the widest vectors.
    pub(super) fn hazards(regimes: &Regimes, step: &mut Step<'_>, memory: &mut Memory) {
        for state in 0..regimes.neighbours.len() {
            regimes.count_deaths(step, memory, state);
            let eta = regimes.ln_hazard(step, memory, state);
            memory.ln_rate[state * LANES..][..LANES].copy_from_slice(&eta);
            step.set_row(&regimes.wired.hazard, state, lanes!(|lane| cloglog_inverse(eta[lane])));
        }
    }
}

impl Regimes {
    /// Adds last month's deaths to the twelve-month sum; a sum at the threshold starts the memory of a conflict anew.
    #[inline(always)]
    fn count_deaths(&self, step: &Step<'_>, memory: &mut Memory, state: usize) {
        let (cell, width) = (state * LANES, memory.ln_rate.len());
        memory.deaths[step.month() % 12 * width + cell..][..LANES].copy_from_slice(&row(step, &self.wired.reads.deaths, state));
        let mut year = [0.0; LANES];
        for month in memory.deaths.chunks_exact(width) {
            add(&mut year, &cells(month, state));
        }
        let (threshold, since) = (row(step, &self.wired.effects.conflict_deaths, 0), cells(&memory.months_since_conflict, state));
        let since = lanes!(|lane| if year[lane] >= threshold[lane] { 0.0 } else { since[lane] + 1.0 });
        memory.months_since_conflict[cell..][..LANES].copy_from_slice(&since);
    }

    /// Log of the monthly rate: the fitted predictor, what the panel does not hold, the neighbours' shock and the shift of links.
    #[inline(always)]
    fn ln_hazard(&self, step: &mut Step<'_>, memory: &Memory, state: usize) -> Row {
        let (w, reads, origin) = (&self.wired, &self.wired.reads, &memory.origin);
        let covariates = self.covariates(step, memory, state);
        let moved = |now: Row, before: Row| lanes!(|lane| now[lane] - before[lane]);
        let (rents, bases) = (moved(row(step, &reads.rents, state), cells(&origin.rents, state)), self.bases(step, state));
        let shock = row(step, &w.shock, state);
        let deviations = [
            lanes!(|lane| rents[lane] + bases[lane]),
            moved(row(step, &w.indices[PATRONAGE], state), row(step, &w.ruled.patronage, state)),
            moved(row(step, &w.indices[CAPTURE], state), row(step, &w.origin_capture, state)),
            moved(row(step, &reads.distress, state), cells(&origin.distress, state)),
            lanes!(|lane| shock[lane] * memory.shock_left[lane]),
        ];
        step.set_row(&w.shock, state, deviations[4]);
        let e = &w.effects;
        let [constant, inverted_u, faction, income, conflict, unrest, growth] =
            [&e.constant, &e.inverted_u_effect, &e.faction_effect, &e.income_effect, &e.conflict_effect, &e.unrest_effect, &e.growth_effect]
                .map(|port| row(step, port, 0));
        let effects = [&e.rents_effect, &e.patronage_effect, &e.capture_effect, &e.distress_effect, &e.shock_effect].map(|port| row(step, port, 0));
        let shift = row(step, &w.exit_shift, state);
        lanes!(|lane| {
            let of_lane = |rows: &[Row; 5]| [rows[0][lane], rows[1][lane], rows[2][lane], rows[3][lane], rows[4][lane]];
            let coefficients = Coefficients {
                constant: constant[lane],
                inverted_u: inverted_u[lane],
                faction: faction[lane],
                income: income[lane],
                conflict: conflict[lane],
                unrest: unrest[lane],
                growth: growth[lane],
            };
            predictor(&coefficients, &covariates[lane]) + beyond_the_panel(of_lane(&effects), of_lane(&deviations)) + shift[lane]
        })
    }

    /// Covariates of a state, by lane.
    #[inline(always)]
    fn covariates(&self, step: &Step<'_>, memory: &Memory, state: usize) -> [Covariates; LANES] {
        let (p, reads) = (&self.wired.regime, &self.wired.reads);
        let years = (step.month() as f64) / MONTHS;
        let at = |port: &Param| row(step, port, state);
        let (polity, faction, protests, population_growth) = (at(&p.polity), at(&p.faction), at(&p.protests), at(&p.population_growth));
        let (output, level, growth) = (row(step, &reads.output, state), row(step, &reads.level, state), row(step, &reads.growth, state));
        let (level_before, since) = (cells(&memory.origin.level, state), cells(&memory.months_since_conflict, state));
        let ln_output = lanes!(|lane| ln(output[lane].max(0.01)));
        std::array::from_fn(|lane| Covariates {
            polity: polity[lane],
            faction: faction[lane],
            ln_income: self.ln_income[state] + ln_output[lane] - population_growth[lane] * years,
            conflict: f64::from(since[lane] < RECENT),
            unrest: protests[lane] + level[lane] - level_before[lane],
            growth: growth[lane],
        })
    }

    /// Rents from bases less those of the origin.
    #[inline(always)]
    fn bases(&self, step: &Step<'_>, state: usize) -> Row {
        let (now, first) = (self.calendar(step), step.world().first().index());
        let (rents, until) = (row(step, &self.wired.regime.base_rents, state), row(step, &self.wired.regime.base_rents_until, state));
        lanes!(|lane| base_rents_in(rents[lane], until[lane], now) - base_rents_in(rents[lane], until[lane], first))
    }
}
