//! Troops in exercises of the organisations: a level of their own with slow swings.

use oxus_kernel::{Kind, Map, NoiseIn, Own, Param, Ports, Scale, Scratch, Step, Sum, Variable};
use oxus_math::{exp, ln};

use crate::monthly::MONTHS;

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

    /// A stationary first-order swing with the stated spread: `x' = p x + spread sqrt(1 - p^2) z`.
    pub fn step(&self, step: &mut Step<'_>) {
        step.draw(&self.noise);
        step.update3(&self.swing, &self.memory, &self.spread, &self.noise, |x, memory, spread, z| {
            let kept = exp(-1.0 / (MONTHS * memory));
            kept * x + spread * (1.0 - kept * kept).max(0.0).sqrt() * z
        });
        step.each3(&self.troops, &self.usual, &self.swing, &self.shift, |usual, x, shift| usual * exp(x + shift));
        step.sum_up(&self.total, &self.troops, &self.to_world);
        step.sum_up(&self.usual_total, &self.usual, &self.to_world);
        // half a soldier on both sides: nobody exercising at all is far below usual, not minus infinity
        step.each2(&self.level, &self.total, &self.usual_total, |now, usual| ln((now + 0.5) / (usual + 0.5)));
    }
}
