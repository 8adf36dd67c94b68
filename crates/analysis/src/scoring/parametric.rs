//! Scores of a normal distribution.

use oxus_math::{ln, normal_cdf, normal_density};

use super::{ScoreError, finite, within};

const FRAC_1_SQRT_PI: f64 = 0.564_189_583_547_756_3;
const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

fn standardised(mean: f64, sd: f64, observed: f64) -> Result<f64, ScoreError> {
    finite("mean and observation", &[mean, observed], 2)?;
    within("the standard deviation", &[sd], "a finite number above 0", |s| s.is_finite() && s > 0.0)?;
    Ok((observed - mean) / sd)
}

/// Continuous ranked probability score of a normal distribution. Unit of the observation.
///
/// Source: Gneiting, Raftery, Westveld and Goldman, Mon. Weather Rev. 133 (2005), equation 5.
///
/// # Errors
/// A standard deviation that is not positive, or numbers that are not finite.
pub fn crps_normal(mean: f64, sd: f64, observed: f64) -> Result<f64, ScoreError> {
    let z = standardised(mean, sd, observed)?;
    // 2 Phi(z) - 1 loses no digits near 0 as Phi(z) - Phi(-z)
    Ok(sd * (z * (normal_cdf(z) - normal_cdf(-z)) + 2.0 * normal_density(z) - FRAC_1_SQRT_PI))
}

/// Logarithmic score of a normal distribution: minus the log density at the observation.
///
/// # Errors
/// A standard deviation that is not positive, or numbers that are not finite.
pub fn log_score_normal(mean: f64, sd: f64, observed: f64) -> Result<f64, ScoreError> {
    let z = standardised(mean, sd, observed)?;
    Ok(0.5 * z * z + ln(sd) + LN_SQRT_2PI)
}
