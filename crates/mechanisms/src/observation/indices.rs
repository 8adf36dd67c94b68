//! Indices that others code: what they measure moves them, and their coders value anew now and then.
//!
//! Value = last observed + slope (what is measured now - at the origin) + error, written at the end of each quarter. The error is drawn once
//! a year: most years bring none, which is how the files look.

use oxus_kernel::{Kind, LANES, NoiseIn, Own, Param, Ports, Read, Step, Variable};
use oxus_math::dispatch;

use super::measured as eq;
use crate::rows::{Row, row};

/// What the indices measure.
const MEASURED: [&str; 3] = ["regimes.corruption", "regimes.patronage", "unrest.level"];

/// An index: its variable, the position of what it measures, whether it is coded in whole points.
struct Coded {
    id: &'static str,
    variable: Variable,
    measures: usize,
    whole: bool,
}

const fn coded(id: &'static str, name: &'static str, measures: usize, (low, high): (f64, f64), about: &'static str) -> Coded {
    Coded { id, variable: Variable::new(name, "state", "index", Kind::Index, about).within(low, high), measures, whole: high >= 10.0 }
}

/// The indices; bounds are those of their scales.
const INDICES: [Coded; 5] = [
    coded("political_corruption", "observation.political_corruption", 0, (0.0, 1.0), "Political corruption as V-Dem codes it."),
    coded("rule_of_law", "observation.rule_of_law", 1, (0.0, 1.0), "Rule of law as V-Dem codes it."),
    coded("polyarchy", "observation.polyarchy", 1, (0.0, 1.0), "Electoral democracy as V-Dem codes it."),
    coded("polity2", "observation.polity2", 1, (-10.0, 10.0), "Democracy less autocracy as Polity codes it, in whole points."),
    coded("political_stability", "observation.political_stability", 2, (-2.5, 2.5), "Political stability as the World Bank estimates it."),
];

/// Ports of one index.
struct Wired {
    index: Own,
    start: Param,
    slope: Param,
    chance: Param,
    sigma: Param,
    noise: NoiseIn,
}

/// Ports of the indices.
pub(super) struct Indices {
    wired: [Wired; INDICES.len()],
    measured: [Read; MEASURED.len()],
    persistence: Param,
    anew: NoiseIn,
}

/// What is measured, at the origin; errors by index and state.
#[derive(Default)]
pub(super) struct Memory {
    origin: [Vec<Row>; MEASURED.len()],
    errors: [Vec<Row>; INDICES.len()],
}

impl Indices {
    pub(super) fn declare(ports: &mut Ports<'_>) -> Self {
        let wired = INDICES.each_ref().map(|of| Wired {
            index: ports.own(&of.variable),
            start: ports.param(&format!("{}_start", of.id), "state", "index"),
            slope: ports.param(&format!("{}_slope", of.id), "world", "1"),
            chance: ports.param(&format!("{}_chance", of.id), "world", "1"),
            sigma: ports.param(&format!("{}_sigma", of.id), "world", "1"),
            noise: ports.normals(of.id, "state"),
        });
        Self {
            wired,
            measured: MEASURED.map(|name| ports.now(name, "state", "index")),
            persistence: ports.param("index_persistence", "world", "1"),
            anew: ports.uniforms("valued_anew", "state"),
        }
    }

    pub(super) fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let states = step.slice(&self.measured[0]).len() / LANES;
        for (at_origin, port) in memory.origin.iter_mut().zip(&self.measured) {
            *at_origin = (0..states).map(|s| row(step, port, s)).collect();
        }
        memory.errors = std::array::from_fn(|_| vec![[0.0; LANES]; states]);
        write(self, step, memory);
    }

    pub(super) fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        if step.season() == 0 {
            self.value_anew(step, memory);
        }
        if step.season() % QUARTER == QUARTER - 1 {
            write(self, step, memory);
        }
    }

    /// Errors of the year. A year in which one index is valued anew is likelier one for the others: they share its uniform.
    fn value_anew(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.draw(&self.anew);
        let persistence = row(step, &self.persistence, 0);
        for (wired, errors) in self.wired.iter().zip(&mut memory.errors) {
            step.draw(&wired.noise);
            let (chance, sigma) = (row(step, &wired.chance, 0), row(step, &wired.sigma, 0));
            for (s, error) in errors.iter_mut().enumerate() {
                let (u, z) = (row(step, &self.anew, s), row(step, &wired.noise, s));
                *error = lanes!(|l| eq::valued(error[l], persistence[l], u[l] < chance[l], sigma[l], z[l]));
            }
        }
    }
}

/// Months from one value to the next: what is measured moves slowly.
const QUARTER: usize = 3;

dispatch! {
    fn write(indices: &Indices, step: &mut Step<'_>, memory: &Memory) {
        for (i, (of, wired)) in INDICES.iter().zip(&indices.wired).enumerate() {
            let (slope, scale) = (row(step, &wired.slope, 0), (of.variable.low, of.variable.high));
            for (s, (origin, error)) in memory.origin[of.measures].iter().zip(&memory.errors[i]).enumerate() {
                let (start, now) = (row(step, &wired.start, s), row(step, &indices.measured[of.measures], s));
                let value = lanes!(|l| eq::coded(start[l], slope[l], now[l] - origin[l], error[l], scale));
                step.set_row(&wired.index, s, if of.whole { value.map(f64::round) } else { value });
            }
        }
    }
}
