//! How each outside power responds to what happens in each state: a ladder from words to troops, private worry behind a public line.

pub mod equations;
mod ladder;
mod minds;
mod ports;
mod salience;
#[cfg(test)]
mod tests;

use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};
use oxus_math::dispatch;
use ports::{Frame, Scalars};

pub use ports::Doctrine;

use crate::rows::row;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Doctrine>("doctrine", "Responses of outside powers on a ladder from none to deployment, and the worries behind them.");

/// What doctrine keeps between steps; columns are `[entity][lane]`.
#[derive(Default)]
pub struct Memory {
    frame: Frame,
    scalars: Scalars,
    /// Remembered peaks: deaths and exits by state; harm to own people and sites, gas lost to attacks, rungs by pair; own provinces by power.
    deaths: Vec<f64>,
    exits: Vec<f64>,
    own: Vec<f64>,
    gas: Vec<f64>,
    rungs: Vec<f64>,
    home: Vec<f64>,
    /// Harm of this month by pair, foreign attacks by state.
    harm: Vec<f64>,
    attacks: Vec<f64>,
    /// Part of the foreign-owned value of a state that is the power's.
    part: Vec<f64>,
    /// Value of foreign-owned sites: the power's by pair, all of them by state.
    site_values: Vec<f64>,
    all_values: Vec<f64>,
    exposure: Vec<f64>,
    exposure_at_origin: Vec<f64>,
    index_at_origin: Vec<f64>,
}

impl Mechanism for Doctrine {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self::wire(ports)
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.frame = Frame::new(step.world());
        memory.clear();
        let p = &self.of_power;
        for power in 0..memory.frame.powers {
            let of = [
                (&self.concern, &p.concern_at_origin),
                (&self.public, &p.public_at_origin),
                (&self.norm, &p.norm_at_origin),
                (&self.attention, &p.attention_at_origin),
                (&self.coherence, &p.coherence_at_origin),
            ];
            for (variable, origin) in of {
                step.set_row(variable, power, row(step, origin, power).map(|x| x.clamp(0.0, 1.0)));
            }
        }
        for pair in 0..memory.frame.pairs.len() {
            for (variable, origin) in [(&self.engagement, &self.of_pair.engagement_at_origin), (&self.pressure, &self.of_pair.pressure_at_origin)] {
                step.set_row(variable, pair, row(step, origin, pair).map(|x| x.clamp(0.0, 1.0)));
            }
        }
        step.fill(&self.level, 0.0);
        step.fill(&self.highest, 0.0);
        self.expose(step, memory);
        memory.exposure_at_origin.copy_from_slice(&memory.exposure);
        memory.index_at_origin.copy_from_slice(step.slice(&self.index));
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        month(self, step, memory);
    }
}

// Everything that a month calls is inlined into it, but for what is rare.
dispatch! {
    fn month(doctrine: &Doctrine, step: &mut Step<'_>, memory: &mut Memory) {
        doctrine.scalars.read(step, &mut memory.scalars);
        if step.month() % 3 == 2 {
            doctrine.expose(step, memory);
        }
        doctrine.notice(step, memory);
        doctrine.minds(step, memory);
        doctrine.respond(step, memory);
        doctrine.work(step, memory);
    }
}

impl Memory {
    fn clear(&mut self) {
        let f = &self.frame;
        let (pairs, powers, states) = (f.pairs.len() * LANES, f.powers * LANES, f.states * LANES);
        let zeroed = |column: &mut Vec<f64>, n: usize| {
            column.clear();
            column.resize(n, 0.0);
        };
        for column in [&mut self.deaths, &mut self.exits, &mut self.attacks] {
            zeroed(column, states);
        }
        for column in [&mut self.own, &mut self.gas, &mut self.rungs, &mut self.harm, &mut self.part] {
            zeroed(column, pairs);
        }
        for column in [&mut self.exposure, &mut self.exposure_at_origin, &mut self.index_at_origin] {
            zeroed(column, pairs);
        }
        zeroed(&mut self.home, powers);
        zeroed(&mut self.site_values, pairs / LANES);
        zeroed(&mut self.all_values, states / LANES);
    }
}
