//! Numerical methods with an outside oracle, on plain slices: flows, event processes, hazards, debt, mean reversion, collective decisions.
//!
//! Every method is a pure function or a struct over plain numbers: no files, no threads, no clock. Elementary functions come from
//! `oxus-math`, so results are the same bits on every machine. Each module names its paper and the reference it is tested against.

#![allow(clippy::needless_range_loop, reason = "index notation follows the formulas")]

pub mod collective_decision;
pub mod debt;
pub mod hawkes;
pub mod hazard;
pub mod linear;
pub mod mean_reversion;
pub mod network_simplex;
pub mod trade;

#[cfg(test)]
mod reference_data;
