//! Scores of quantiles and of central intervals.

use super::{ScoreError, finite, within};

/// Interval score of the central interval with `miss` left outside (0.1 for 90 %): its width, and `2 / miss` for each unit by which it is missed.
///
/// Source: Gneiting and Raftery (2007), equation 43.
///
/// # Errors
/// Numbers that are not finite, ends in the wrong order, `miss` outside 0 to 1.
pub fn interval_score(low: f64, high: f64, miss: f64, observed: f64) -> Result<f64, ScoreError> {
    finite("interval and observation", &[low, high, observed], 3)?;
    within("the share left outside", &[miss], "between 0 and 1", |a| a > 0.0 && a < 1.0)?;
    if low > high {
        return Err(ScoreError::Domain { what: "the interval", at: 1, expected: "an upper end of at least the lower end" });
    }
    let missed = (low - observed).max(0.0) + (observed - high).max(0.0);
    Ok((high - low) + 2.0 / miss * missed)
}

/// Quantile score (check loss, pinball loss) of a stated quantile: `(1{y < q} - level) (q - y)`.
///
/// # Errors
/// Numbers that are not finite, `level` outside 0 to 1.
pub fn quantile_score(quantile: f64, level: f64, observed: f64) -> Result<f64, ScoreError> {
    finite("quantile and observation", &[quantile, observed], 2)?;
    within("the level", &[level], "between 0 and 1", |a| a > 0.0 && a < 1.0)?;
    let below = if observed < quantile { 1.0 } else { 0.0 };
    Ok((below - level) * (quantile - observed))
}

/// Whether the interval holds the observation, ends included.
pub fn covers((low, high): (f64, f64), observed: f64) -> bool {
    low <= observed && observed <= high
}
