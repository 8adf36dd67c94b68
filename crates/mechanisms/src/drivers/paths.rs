//! Planned paths with noise: foreign forces, outside money for security; and the opium that could be made.

use oxus_kernel::{Kind, NoiseIn, Own, Param, Ports, Step, Variable};
use oxus_math::{exp, ln};

use super::equations::{KNOTS, on_path, place_on_path};
use super::{Memory, latent, positive};
use crate::ou::OuColumn;

/// Names of the parameters of a path, by its [`KNOTS`].
const KNOT_NAMES: [&str; KNOTS.len()] = ["start", "year_1", "year_2", "year_4", "year_7"];

/// One planned path by state.
struct Path {
    value: Own,
    noise: Own,
    knots: [Param; KNOTS.len()],
    speed: Param,
    volatility: Param,
    shock: NoiseIn,
    month: OuColumn,
}

/// Ports of the state axis.
pub(super) struct Paths {
    forces: Path,
    funding: Path,
    opium: Own,
    opium_noise: Own,
    opium_start: Param,
    opium_level: Param,
    opium_speed: Param,
    opium_volatility: Param,
    opium_shock: NoiseIn,
    opium_month: OuColumn,
}

impl Path {
    fn declare(ports: &mut Ports<'_>, name: &str, value: &Variable, noise: &Variable) -> Self {
        Self {
            value: ports.own(value),
            noise: ports.own(noise),
            knots: KNOT_NAMES.map(|knot| ports.param(&format!("{name}_{knot}"), "state", "1")),
            speed: ports.param(&format!("{name}_speed"), "state", "1/yr"),
            volatility: ports.param(&format!("{name}_volatility"), "state", "1"),
            shock: ports.normals(name, "state"),
            month: OuColumn::declare(ports, "state"),
        }
    }

    fn start(&self, step: &mut Step<'_>) {
        step.fill(&self.noise, 0.0);
        step.copy(&self.value, &self.knots[0]);
    }

    fn step(&self, step: &mut Step<'_>) {
        // the value of a month is that of its end
        let (at, weight) = place_on_path(step.month() as f64 + 1.0);
        step.draw(&self.shock);
        self.month.fade(step, &self.noise, &self.shock);
        step.each3(
            &self.value,
            &self.knots[at],
            &self.knots[at + 1],
            &self.noise,
            #[inline(always)]
            |before, after, noise| on_path(before, after, weight, noise),
        );
    }
}

impl Paths {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let index = |name, about| positive(name, "state", "1", Kind::Index, about);
        Self {
            forces: Path::declare(
                ports,
                "foreign_forces",
                &index("drivers.foreign_forces", "Foreign forces of the mission in a state; 1 is the level of the origin, 0 none."),
                &latent("drivers.foreign_forces_noise", "state", "Log deviation of foreign forces from their planned path."),
            ),
            funding: Path::declare(
                ports,
                "security_funding",
                &index("drivers.security_funding", "Outside money for a state's security forces; 1 is the level of the origin."),
                &latent("drivers.security_funding_noise", "state", "Log deviation of that money from its planned path."),
            ),
            opium: ports.own(&positive("drivers.opium_potential", "state", "t/yr", Kind::Flow, "Opium that the area under poppy yields in a year.")),
            opium_noise: ports.own(&latent("drivers.opium_noise", "state", "Log deviation of opium from its usual level.")),
            opium_start: ports.param("opium_start", "state", "t/yr"),
            opium_level: ports.param("opium_level", "state", "t/yr"),
            opium_speed: ports.param("opium_speed", "state", "1/yr"),
            opium_volatility: ports.param("opium_volatility", "state", "1"),
            opium_shock: ports.normals("opium", "state"),
            opium_month: OuColumn::declare(ports, "state"),
        }
    }

    pub fn start(&self, step: &mut Step<'_>) {
        self.forces.start(step);
        self.funding.start(step);
        step.copy(&self.opium, &self.opium_start);
        step.each2(
            &self.opium_noise,
            &self.opium_start,
            &self.opium_level,
            |start, level| {
                if start > 0.0 && level > 0.0 { ln(start / level) } else { 0.0 }
            },
        );
    }

    /// Makes what a month does to the noise anew if a parameter has changed.
    fn refresh(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let paths = [
            (&self.forces.month, &self.forces.speed, &self.forces.volatility),
            (&self.funding.month, &self.funding.speed, &self.funding.volatility),
            (&self.opium_month, &self.opium_speed, &self.opium_volatility),
        ];
        if memory.seen.changed(step, paths.iter().flat_map(|(_, speed, volatility)| [*speed, *volatility])) {
            for (month, speed, volatility) in paths {
                month.refresh(step, speed, volatility);
            }
        }
    }

    pub fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.refresh(step, memory);
        self.forces.step(step);
        self.funding.step(step);
        step.draw(&self.opium_shock);
        self.opium_month.fade(step, &self.opium_noise, &self.opium_shock);
        step.each2(
            &self.opium,
            &self.opium_level,
            &self.opium_noise,
            #[inline(always)]
            |level, noise| level * exp(noise),
        );
    }
}
