//! Means, deviations, and means drawn towards that of their group.

use super::{EstimateError, finite};

/// Mean and deviation of a sample with their standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Deviation over the root of the number.
    pub mean_error: f64,
    /// Standard deviation (squares over one less than the number).
    pub deviation: f64,
    /// Its error where values are normal: deviation over the root of twice one less than the number.
    pub deviation_error: f64,
}

/// Moments of at least two values; `taken` coefficients were estimated before, the mean included.
///
/// # Errors
/// Too few values, or one that is not finite.
pub fn moments(values: &[f64], taken: usize) -> Result<Moments, EstimateError> {
    finite(values)?;
    if values.len() <= taken.max(1) {
        return Err(EstimateError::TooFew { rows: values.len(), parameters: taken.max(1) });
    }
    let (n, left) = (values.len() as f64, (values.len() - taken.max(1)) as f64);
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let deviation = (squares / left).sqrt();
    Ok(Moments { mean, mean_error: deviation / n.sqrt(), deviation, deviation_error: deviation / (2.0 * left).sqrt() })
}

/// Means of a group drawn towards one another.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    /// Mean of the group, each weighted by the inverse of its variance in all.
    pub centre: f64,
    /// Its standard error.
    pub centre_error: f64,
    /// Variance between true means.
    pub between: f64,
    /// The means, drawn towards the centre.
    pub means: Vec<f64>,
    /// Their standard errors, that of the centre included.
    pub errors: Vec<f64>,
    /// How far each was drawn: 0 not at all, 1 to the centre.
    pub shares: Vec<f64>,
}

/// Empirical Bayes for means with known errors: `x_i ~ N(theta_i, error_i^2)`, `theta_i ~ N(centre, between)`.
///
/// The variance between is the moment estimate of DerSimonian and Laird (Controlled Clinical Trials 7, 1986), 0 at least; means and errors as in
/// Morris (JASA 78, 1983) without his terms for the estimated variance. Oracle: `tests/reference/fit` (statsmodels `combine_effects`).
///
/// # Errors
/// Fewer than three means, lengths that do not fit, or errors that are not positive.
pub fn shrink(means: &[f64], errors: &[f64]) -> Result<Shrunk, EstimateError> {
    let k = means.len();
    if errors.len() != k {
        return Err(EstimateError::Length { expected: k, given: errors.len() });
    }
    if k < 3 {
        return Err(EstimateError::TooFew { rows: k, parameters: 2 });
    }
    finite(means)?;
    if let Some(at) = errors.iter().position(|e| !(*e > 0.0 && e.is_finite())) {
        return Err(EstimateError::NotFinite(at));
    }
    let weigh = |between: f64| {
        let weights: Vec<f64> = errors.iter().map(|e| 1.0 / (e * e + between)).collect();
        let sum: f64 = weights.iter().sum();
        let centre = weights.iter().zip(means).map(|(w, x)| w * x).sum::<f64>() / sum;
        (weights, sum, centre)
    };
    let (weights, sum, fixed) = weigh(0.0);
    let heterogeneity: f64 = weights.iter().zip(means).map(|(w, x)| w * (x - fixed) * (x - fixed)).sum();
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    let between = ((heterogeneity - (k - 1) as f64) / (sum - squares / sum)).max(0.0);
    let (_, sum, centre) = weigh(between);
    let centre_error = 1.0 / sum.sqrt();
    let shares: Vec<f64> = errors.iter().map(|e| e * e / (e * e + between)).collect();
    Ok(Shrunk {
        centre,
        centre_error,
        between,
        means: means.iter().zip(&shares).map(|(x, b)| x + b * (centre - x)).collect(),
        errors: errors.iter().zip(&shares).map(|(e, b)| ((1.0 - b) * e * e + b * b * centre_error * centre_error).sqrt()).collect(),
        shares,
    })
}
