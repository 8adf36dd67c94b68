//! Estimators on tables: quantile sketches, paired differences, likelihood words, sensitivity indices, scenario discovery. Knows neither the
//! kernel nor files.

pub mod disagreement;
pub mod false_discovery;
pub mod likelihood;
pub mod loops;
pub mod paired;
pub mod scenario_discovery;
pub mod sensitivity;
pub mod sketch;

pub use likelihood::{Likelihood, reported_probability};
pub use paired::{Cluster, Paired, PairedSummary};
pub use sketch::Sketch;

#[cfg(test)]
mod tests;
