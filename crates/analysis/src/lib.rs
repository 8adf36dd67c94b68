//! Estimators on tables: quantile sketches, paired differences, likelihood words. Knows neither the kernel nor files.

pub mod disagreement;
pub mod discovery;
pub mod estimate;
pub mod likelihood;
pub mod loops;
pub mod paired;
pub mod sketch;

pub use likelihood::{Likelihood, reported_probability};
pub use paired::{Cluster, Paired, PairedSummary};
pub use sketch::Sketch;

#[cfg(test)]
mod tests;
