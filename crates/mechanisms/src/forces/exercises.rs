//! Troops in exercises of the organisations: a level of their own with slow swings.

use oxus_kernel::{Kind, Map, NoiseIn, Own, Param, Ports, Scale, Scratch, Step, Sum, Variable};
use oxus_math::{exp, ln};

use crate::monthly::MONTHS;
use crate::rows::row;

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
    total: Scratch,
    usual_total: Scratch,
    /// Log of all troops against their usual number, on the world axis.
    pub level: Scratch,
    to_world: Map,
}

impl Exercises {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let (organisation, world) = (ports.axis(AXIS), ports.axis("world"));
        let to_world = ports.world().map(organisation, world).unwrap_or_default();
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
            total: ports.scratch("world"),
            usual_total: ports.scratch("world"),
            level: ports.scratch("world"),
            to_world,
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
        for organisation in 0..self.to_world.to.len() {
            let usual = row(step, &self.usual, organisation);
            if usual.iter().all(|u| *u == 0.0) {
                continue; // most organisations hold none
            }
            let (memory, spread) = (row(step, &self.memory, organisation), row(step, &self.spread, organisation));
            let (before, z, shift) =
                (row(step, &self.swing, organisation), row(step, &self.noise, organisation), row(step, &self.shift, organisation));
            let swing = lanes!(|i| swung(before[i], memory[i], spread[i], z[i]));
            step.set_row(&self.swing, organisation, swing);
            step.set_row(&self.troops, organisation, lanes!(|i| usual[i] * exp(swing[i] + shift[i])));
        }
        step.sum_up(&self.total, &self.troops, &self.to_world);
        step.sum_up(&self.usual_total, &self.usual, &self.to_world);
        // half a soldier on both sides: nobody exercising at all is far below usual, not minus infinity
        step.each2(
            &self.level,
            &self.total,
            &self.usual_total,
            #[inline(always)]
            |now, usual| ln((now + 0.5) / (usual + 0.5)),
        );
    }
}

/// A stationary first-order swing with the stated spread: `x' = p x + spread sqrt(1 - p^2) z`, `p = exp(-1 / (12 memory))`.
#[inline(always)]
fn swung(x: f64, memory: f64, spread: f64, z: f64) -> f64 {
    let kept = exp(-1.0 / (MONTHS * memory));
    kept * x + spread * (1.0 - kept * kept).max(0.0).sqrt() * z
}
