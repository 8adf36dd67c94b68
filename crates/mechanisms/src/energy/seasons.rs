//! Winters and rivers: how cold the winter is, how much water the reservoirs hold, and who goes first when there is not enough.

use oxus_kernel::{LANES, Step};

use super::Energy;
use super::equations::{fifth, next_stored, release, water_factor};

/// What the weather of the present months is, by lane.
#[derive(Default)]
pub(super) struct Seasons {
    winter: Option<i32>,
    year: Option<i32>,
    /// Severity of the winter, in standard deviations.
    pub severity: [f64; LANES],
    inflow: [f64; LANES],
    /// By state and lane: whether home goes before exports this winter.
    pub home_first: Vec<bool>,
    /// By state and lane: supply of power plants relative to a normal year.
    pub water: Vec<f64>,
}

impl Seasons {
    pub fn start(&mut self, states: usize) {
        *self = Self { home_first: vec![false; states * LANES], water: vec![1.0; states * LANES], ..Self::default() };
    }

    /// Draws winter and water year where a new one begins, and lets the reservoirs run a month.
    pub fn month(&mut self, e: &Energy, step: &mut Step<'_>) {
        let month = step.world().first().plus(step.month() as i32).index();
        let (winter, year) = ((month + 6).div_euclid(12), (month + 3).div_euclid(12));
        if self.winter != Some(winter) {
            self.winter = Some(winter);
            for lane in 0..LANES {
                self.severity[lane] = fifth(step.draws(lane, e.domains.winter, 0, winter as u64).uniform());
            }
            self.allocate(e, step, winter);
        }
        if self.year != Some(year) {
            self.year = Some(year);
            for lane in 0..LANES {
                self.inflow[lane] = fifth(step.draws(lane, e.domains.water, 0, year as u64).uniform());
            }
        }
        self.rivers(e, step);
        for lane in 0..LANES {
            step.set(&e.winter, 0, lane, self.severity[lane]);
        }
    }

    fn allocate(&mut self, e: &Energy, step: &Step<'_>, winter: i32) {
        for (s, key) in e.state_keys.iter().enumerate() {
            for lane in 0..LANES {
                let chance = step.get(&e.home_first, s, lane);
                let draw = step.draws(lane, e.domains.allocation, *key, winter as u64).uniform();
                self.home_first[s * LANES + lane] = draw < chance;
            }
        }
    }

    fn rivers(&mut self, e: &Energy, step: &mut Step<'_>) {
        for s in 0..e.state_keys.len() {
            for lane in 0..LANES {
                let stored = step.get(&e.reservoir, s, lane);
                let released = release(stored, step.get(&e.reservoir_months, s, lane));
                let inflow = (step.get(&e.inflow_sd, 0, lane) * self.inflow[lane]).max(-1.0);
                self.water[s * LANES + lane] = water_factor(step.get(&e.hydro_share, s, lane), released);
                step.set(&e.reservoir, s, lane, next_stored(stored, inflow, released));
            }
        }
    }
}
