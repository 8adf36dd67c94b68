//! Distributions as data: what a pack writes for an uncertain number.

mod cumulative;
mod error;
mod moments;
#[cfg(test)]
mod tests;
mod validate;

pub use error::DistributionError;

use crate::stream::Stream;

/// A probability distribution on the real line, as plain data.
///
/// Check it with [`validate`](Self::validate) first; the other methods take an invalid distribution without panic, but their numbers mean nothing then.
/// Everything is drawn by inversion, one uniform per number: with common random numbers a changed parameter moves each draw monotonically.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// A known number.
    Fixed(f64),
    /// Normal distribution.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, positive.
        sd: f64,
    },
    /// Lognormal distribution: `ln x` is normal with mean `ln median` and standard deviation `sigma`.
    LogNormal {
        /// Median, positive.
        median: f64,
        /// Standard deviation of the logarithm, positive.
        sigma: f64,
    },
    /// Triangular distribution; the mode may be at either end.
    Triangular {
        /// Smallest value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Largest value.
        high: f64,
    },
    /// Uniform distribution.
    Uniform {
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// Beta distribution on (0, 1), density proportional to `x^(a-1) (1-x)^(b-1)`.
    Beta {
        /// First shape, from 0.01 to 1e6.
        a: f64,
        /// Second shape, from 0.01 to 1e6.
        b: f64,
    },
    /// Gamma distribution, density proportional to `x^(shape-1) e^(-x/scale)`.
    Gamma {
        /// Shape, from 0.01 to 1e6.
        shape: f64,
        /// Scale, positive; the mean is shape x scale.
        scale: f64,
    },
    /// Exponential distribution.
    Exponential {
        /// Mean, positive.
        mean: f64,
    },
    /// Poisson distribution.
    Poisson {
        /// Mean, from 0 to 1e6.
        mean: f64,
    },
    /// Finitely many values, as (value, weight) with values increasing; weights need not sum to one. See [`discrete`](Distribution::discrete).
    Discrete(Vec<(f64, f64)>),
    /// A mixture, as (weight, component); weights need not sum to one.
    Mixture(Vec<(f64, Distribution)>),
    /// Observed values in increasing order, interpolated: the quantile of Hyndman and Fan's type 7 (the default of R and NumPy).
    /// See [`empirical`](Distribution::empirical).
    Empirical(Vec<f64>),
    /// Another distribution, given that it falls between the bounds (which belong to it).
    Truncated {
        /// The distribution before truncation.
        inner: Box<Distribution>,
        /// Lower bound, if any.
        low: Option<f64>,
        /// Upper bound, if any.
        high: Option<f64>,
    },
}

impl Distribution {
    /// Finitely many values with weights, in any order.
    pub fn discrete(mut values_and_weights: Vec<(f64, f64)>) -> Self {
        values_and_weights.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self::Discrete(values_and_weights)
    }

    /// Observed values, in any order.
    pub fn empirical(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self::Empirical(values)
    }

    /// Draws one number by inversion of the stream's next uniform.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.quantile(stream.uniform())
    }

    /// Whether only one value is possible.
    pub fn is_fixed(&self) -> bool {
        let (low, high) = self.support();
        low == high
    }

    /// The smallest interval that holds all values.
    pub fn support(&self) -> (f64, f64) {
        const NOTHING: (f64, f64) = (f64::INFINITY, f64::NEG_INFINITY);
        let hull = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
        match self {
            Self::Fixed(value) => (*value, *value),
            Self::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Poisson { mean } if *mean == 0.0 => (0.0, 0.0),
            Self::LogNormal { .. } | Self::Gamma { .. } | Self::Exponential { .. } | Self::Poisson { .. } => (0.0, f64::INFINITY),
            Self::Triangular { low, high, .. } | Self::Uniform { low, high } => (*low, *high),
            Self::Beta { .. } => (0.0, 1.0),
            Self::Discrete(pairs) => pairs.iter().filter(|pair| pair.1 > 0.0).map(|&(value, _)| (value, value)).fold(NOTHING, hull),
            Self::Mixture(parts) => parts.iter().filter(|part| part.0 > 0.0).map(|(_, part)| part.support()).fold(NOTHING, hull),
            Self::Empirical(values) => values.iter().map(|&value| (value, value)).fold(NOTHING, hull),
            Self::Truncated { inner, low, high } => {
                let (inner_low, inner_high) = inner.support();
                (low.map_or(inner_low, |low| low.max(inner_low)), high.map_or(inner_high, |high| high.min(inner_high)))
            }
        }
    }
}
