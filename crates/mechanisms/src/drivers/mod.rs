//! The outside world: oil and gas prices, growth of powers, the rouble, entry of migrants, foreign forces and money, the world interest rate,
//! opium.
//!
//! What is published is a latent process seen through interventions: a scenario changes what others read, never the process itself, so
//! that an `add` does not pile up from month to month and every case keeps the same shocks. Effects among drivers (oil on gas, on growth
//! and on the rouble) read the published values of the month before.

pub mod equations;
mod paths;
mod powers;
mod prices;

#[cfg(test)]
mod tests;

use oxus_kernel::{Definition, Kind, Mechanism, Ports, Step, Variable};

use crate::annual::MonthlyColumn;
use crate::seen::Seen;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition = Definition::of::<Drivers>(
    "drivers",
    "The outside world: oil and gas prices, growth of powers, the rouble, entry of migrants, foreign forces and money, interest, opium.",
);

/// The mechanism.
pub struct Drivers {
    prices: prices::Prices,
    powers: powers::Powers,
    paths: paths::Paths,
}

/// Monthly growth processes, derived from the annual parameters.
#[derive(Default)]
pub struct Memory {
    growth: MonthlyColumn,
    /// Parameters of the noise around planned paths, as they were.
    seen: Seen,
}

impl Mechanism for Drivers {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        let prices = prices::Prices::declare(ports);
        Self { prices, powers: powers::Powers::declare(ports), paths: paths::Paths::declare(ports) }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.seen.forget();
        self.prices.start(step);
        self.powers.start(step, memory);
        self.paths.start(step);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.prices.before(step);
        self.powers.step(step, memory, &self.prices);
        self.prices.step(step, &self.powers);
        self.paths.step(step, memory);
    }
}

/// A latent value of the world.
const fn latent(name: &'static str, axis: &'static str, about: &'static str) -> Variable {
    Variable::new(name, axis, "1", Kind::Index, about)
}

/// A value that cannot be negative.
const fn positive(name: &'static str, axis: &'static str, unit: &'static str, kind: Kind, about: &'static str) -> Variable {
    Variable::new(name, axis, unit, kind, about).within(0.0, f64::INFINITY)
}
