//! Estimators on tables: quantile sketches, paired differences, likelihood words, regret, stop rules, tripwires, sensitivity indices, scenario
//! discovery, scores. Knows neither the kernel nor files.

pub mod disagreement;
pub mod estimate;
pub mod false_discovery;
pub mod likelihood;
pub mod loops;
pub mod necessity;
pub mod paired;
pub mod pareto;
pub mod regret;
pub mod scenario_discovery;
pub mod scoring;
pub mod sensitivity;
pub mod sequential;
pub mod sketch;
pub mod tripwire;

pub use likelihood::{Likelihood, reported_probability};
pub use paired::{Cluster, Paired, PairedSummary};
pub use sketch::Sketch;

#[cfg(test)]
mod tests;
