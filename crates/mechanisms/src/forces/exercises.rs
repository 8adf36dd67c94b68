//! Troops in exercises of the organisations: a level of their own with slow swings.

use oxus_kernel::{Kind, LANES, NoiseIn, Own, Param, Ports, Scale, Scratch, Step, Sum, Variable};
use oxus_math::{exp, ln};

use crate::monthly::MONTHS;
use crate::rows::{add, row};

/// Axis of the organisations that hold exercises.
pub(super) const AXIS: &str = "organisation";

/// Ports of the organisations.
pub(super) struct Exercises {
    troops: Own,
    swing: Own,
    shift: Sum,
    usual: Param,
    spread: Param,
    memory: Param,
    noise: NoiseIn,
    /// Log of all troops against their usual number, on the world axis.
    pub level: Scratch,
    count: usize,
}

impl Exercises {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let organisation = ports.axis(AXIS);
        Self {
            troops: ports.own(
                &Variable::new("forces.exercise_troops", AXIS, "persons/yr", Kind::Flow, "Troops in an organisation's exercises.")
                    .within(0.0, f64::INFINITY),
            ),
            swing: ports.own(&Variable::new("forces.exercise_swing", AXIS, "1", Kind::Index, "Log of exercise troops against the usual, by chance.")),
            shift: ports.sum(&Variable::modifier("forces.exercises.log", AXIS, Scale::Log, "Shifts the log number of exercise troops.")),
            usual: ports.param("exercise_troops", AXIS, "persons/yr"),
            spread: ports.param("exercise_spread", AXIS, "1"),
            memory: ports.param("exercise_memory", AXIS, "yr"),
            noise: ports.normals("exercises", AXIS),
            level: ports.scratch("world"),
            count: ports.world().axis(organisation).len(),
        }
    }

    pub fn start(&self, step: &mut Step<'_>) {
        step.fill(&self.swing, 0.0);
        step.copy(&self.troops, &self.usual);
        step.fill(&self.level, 0.0);
    }

    #[inline(always)]
    pub fn step(&self, step: &mut Step<'_>) {
        step.draw(&self.noise);
        let (mut total, mut usual_total) = ([0.0; LANES], [0.0; LANES]);
        for organisation in 0..self.count {
            let usual = row(step, &self.usual, organisation);
            // most organisations hold none
            if usual.iter().any(|u| *u != 0.0) {
                self.swing(step, organisation);
            }
            add(&mut total, &row(step, &self.troops, organisation));
            add(&mut usual_total, &usual);
        }
        // half a soldier on both sides: nobody exercising at all is far below usual, not minus infinity
        step.set_scratch_row(&self.level, 0, lanes!(|l| ln((total[l] + 0.5) / (usual_total[l] + 0.5))));
    }

    /// The month's swing and troops of an organisation.
    #[inline(always)]
    fn swing(&self, step: &mut Step<'_>, organisation: usize) {
        let (memory, spread) = (row(step, &self.memory, organisation), row(step, &self.spread, organisation));
        let (before, z) = (row(step, &self.swing, organisation), row(step, &self.noise, organisation));
        let (usual, shift) = (row(step, &self.usual, organisation), row(step, &self.shift, organisation));
        let swing = lanes!(|l| swung(before[l], memory[l], spread[l], z[l]));
        step.set_row(&self.swing, organisation, swing);
        step.set_row(&self.troops, organisation, lanes!(|l| usual[l] * exp(swing[l] + shift[l])));
    }
}

/// A stationary first-order swing with the stated spread: `x' = p x + spread sqrt(1 - p^2) z`, `p = exp(-1 / (12 memory))`.
#[inline(always)]
fn swung(x: f64, memory: f64, spread: f64, z: f64) -> f64 {
    let kept = exp(-1.0 / (MONTHS * memory));
    kept * x + spread * (1.0 - kept * kept).max(0.0).sqrt() * z
}
