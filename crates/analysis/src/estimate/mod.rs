//! Estimators of parameters from short yearly series: regressions, means drawn together, autoregressions, one common factor, counts with a
//! yearly effect. Plain slices in, estimates with standard errors out.

mod autoregression;
mod factor;
mod least_squares;
mod residuals;
mod shrink;
mod yearly_counts;

#[cfg(test)]
mod tests;

pub use autoregression::{Autoregression, autoregression};
pub use factor::{Factor, one_factor};
pub use least_squares::{LeastSquares, least_squares};
pub use residuals::{Residuals, residuals};
pub use shrink::{Moments, Shrunk, moments, shrink};
pub use yearly_counts::{CountsFit, yearly_counts};

/// Why something could not be estimated.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum EstimateError {
    /// Too little data.
    #[error("{rows} observations cannot identify {parameters} coefficients and what they leave")]
    TooFew {
        /// Observations given.
        rows: usize,
        /// Coefficients wanted.
        parameters: usize,
    },
    /// Slices whose lengths do not fit.
    #[error("{expected} numbers are expected, {given} were given")]
    Length {
        /// Length expected.
        expected: usize,
        /// Length given.
        given: usize,
    },
    /// A value that is not finite.
    #[error("observation {0} is not a finite number")]
    NotFinite(usize),
    /// Regressors of which one follows from others, or does not vary.
    #[error("regressor {0} is a linear combination of those before it, or does not vary")]
    Collinear(usize),
    /// Values that do not vary.
    #[error("the values do not vary, so nothing can be estimated from them")]
    Constant,
    /// A count that is negative or no whole number.
    #[error("observation {0} is no count")]
    NotCount(usize),
}

/// Position of the first value that is not finite.
fn finite(values: &[f64]) -> Result<(), EstimateError> {
    values.iter().position(|x| !x.is_finite()).map_or(Ok(()), |at| Err(EstimateError::NotFinite(at)))
}
