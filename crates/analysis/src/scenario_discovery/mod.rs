//! Scenario discovery: simple regions of the inputs in which an outcome of interest is common (Bryant and Lempert 2010, Technol. Forecast. Soc.
//! Change 77:34-49).
//!
//! - [`prim`]: the patient rule induction method (Friedman and Fisher 1999, Stat. Comput. 9:123-143): one box at a time, peeled and pasted.
//! - [`support`]: which restrictions of a box the data bear out: quasi-p values, simplification, reproduction on resamples.
//! - [`cart`]: classification trees (Breiman, Friedman, Olshen and Stone 1984).
//!
//! The outcome of a row is 0 or 1, or the share of a row's repetitions that are of interest. Oracle: EMA Workbench 2.5.3 and scikit-learn 1.9.1
//! (`tests/reference/sensitivity_discovery`).

pub mod cart;
mod data;
pub mod prim;
pub mod support;

pub use data::{Column, Inputs, Limit, Limits};

/// Why nothing can be discovered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DiscoveryError {
    /// Columns and outcomes do not fit together.
    #[error("{0}")]
    Shape(String),
    /// Every row is of interest, or none.
    #[error("{0}")]
    OneSided(String),
}

#[cfg(test)]
mod tests;
