//! Military spending, arms and aid, what they leave in capability, borders and the ability to act abroad.

pub mod equations;
mod exercises;
mod powers;
mod states;
#[cfg(test)]
mod tests;
mod transfers;

use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};
use oxus_math::dispatch;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Forces>("forces", "Military spending, arms and aid, and what they leave in capability, borders and reach.");

/// The mechanism.
pub struct Forces {
    exercises: exercises::Exercises,
    powers: powers::Powers,
    transfers: transfers::Transfers,
    states: states::States,
}

/// The power that spent most at the origin, by lane.
#[derive(Default)]
pub struct Memory {
    leader: [usize; LANES],
}

impl Mechanism for Forces {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self {
            exercises: exercises::Exercises::declare(ports),
            powers: powers::Powers::declare(ports),
            transfers: transfers::Transfers::declare(ports),
            states: states::States::declare(ports),
        }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.exercises.start(step);
        self.powers.start(step, memory);
        self.states.start(step, &self.transfers);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        month(self, step, memory);
    }
}

// Everything that a month calls is inlined into it.
dispatch! {
    fn month(forces: &Forces, step: &mut Step<'_>, memory: &mut Memory) {
        forces.exercises.step(step);
        forces.powers.step(step, memory, &forces.exercises);
        forces.states.spend(step);
        forces.transfers.step(step, &forces.powers, &forces.states.purchases);
        forces.states.step(step, &forces.transfers, &forces.exercises);
    }
}
