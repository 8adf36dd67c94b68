//! What can be wrong with a distribution.

use thiserror::Error;

/// One fault of a distribution. `field` is the path to it, such as `sd` or `mixture[2].inner.high`.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// Infinite or not a number.
    #[error("`{field}` is {value}; expected a finite number")]
    NotFinite {
        /// Path to the number.
        field: String,
        /// What was found.
        value: f64,
    },
    /// Zero or negative where only positive numbers make sense.
    #[error("`{field}` is {value}; expected a positive number (a number without uncertainty is written as a plain value)")]
    NotPositive {
        /// Path to the number.
        field: String,
        /// What was found.
        value: f64,
    },
    /// Outside the range in which the methods are tested.
    #[error("`{field}` is {value}; expected a number from {low} to {high}")]
    OutOfRange {
        /// Path to the number.
        field: String,
        /// What was found.
        value: f64,
        /// Smallest allowed.
        low: f64,
        /// Largest allowed.
        high: f64,
    },
    /// Two numbers in the wrong order.
    #[error("`{lower_field}` is {lower} and `{field}` is {upper}; expected `{lower_field}` to be the smaller")]
    OutOfOrder {
        /// Path to the number that should be larger.
        field: String,
        /// What was found there.
        upper: f64,
        /// Path to the number that should be smaller.
        lower_field: String,
        /// What was found there.
        lower: f64,
    },
    /// A list without elements.
    #[error("`{field}` is empty; expected at least one entry")]
    Empty {
        /// Path to the list.
        field: String,
    },
    /// Weights that sum to zero.
    #[error("the weights of `{field}` sum to zero; expected at least one positive weight")]
    NoWeight {
        /// Path to the list.
        field: String,
    },
    /// Bounds that cut nearly everything away.
    #[error(
        "the bounds of `{field}` keep {mass:e} of the distribution; expected at least {least:e}, so state the part that matters as a distribution of its own"
    )]
    NothingLeft {
        /// Path to the truncated distribution.
        field: String,
        /// Probability between the bounds.
        mass: f64,
        /// Least probability accepted.
        least: f64,
    },
}

impl DistributionError {
    /// The path to the field at fault.
    pub fn field(&self) -> &str {
        match self {
            Self::NotFinite { field, .. }
            | Self::NotPositive { field, .. }
            | Self::OutOfRange { field, .. }
            | Self::OutOfOrder { field, .. }
            | Self::Empty { field }
            | Self::NoWeight { field }
            | Self::NothingLeft { field, .. } => field,
        }
    }
}
