//! The mechanisms: one folder each, with ports, equations, parameters and tests. They meet in named variables and do not know one another.
#![allow(clippy::redundant_closure)] // a closure can be marked to be inlined into a column, the name of a function cannot: then it runs lane by lane
#![cfg_attr(test, allow(clippy::disallowed_methods))] // tests may take the standard library as their reference

#[macro_use]
mod per_entity;
#[macro_use]
mod rows;
#[macro_use]
mod scalars;

mod annual;
mod monthly;
mod ou;
mod seen;

pub mod communities;
pub mod contested_state;
pub mod doctrine;
pub mod drivers;
pub mod energy;
pub mod finance;
pub mod forces;
pub mod influence;
pub mod insurgency;
pub mod listings;
pub mod migration;
pub mod observation;
pub mod opiates;
pub mod organisations;
pub mod regimes;
pub mod trade;
pub mod unrest;

use oxus_kernel::Definition;

/// Every mechanism of the product; adding one is adding a folder and a line here.
pub static MECHANISMS: &[Definition] = &[
    communities::DEFINITION,
    contested_state::DEFINITION,
    doctrine::DEFINITION,
    drivers::DEFINITION,
    energy::DEFINITION,
    finance::DEFINITION,
    forces::DEFINITION,
    influence::DEFINITION,
    insurgency::DEFINITION,
    listings::DEFINITION,
    migration::DEFINITION,
    observation::DEFINITION,
    opiates::DEFINITION,
    organisations::DEFINITION,
    regimes::DEFINITION,
    trade::DEFINITION,
    unrest::DEFINITION,
];

#[cfg(test)]
mod harness;
