//! Estimators on tables: quantile sketches, paired differences, likelihood words, regret, stop rules, tripwires. Knows neither the kernel nor files.

pub mod disagreement;
pub mod discovery;
pub mod likelihood;
pub mod loops;
pub mod paired;
pub mod regret;
pub mod sequential;
pub mod sketch;
pub mod tripwire;

pub use likelihood::{Likelihood, reported_probability};
pub use paired::{Cluster, Paired, PairedSummary};
pub use sketch::Sketch;

#[cfg(test)]
mod tests;
