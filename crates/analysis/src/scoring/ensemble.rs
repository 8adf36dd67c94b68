//! Scores of an ensemble: members are draws from the forecast.

use oxus_math::ln;

use super::{ScoreError, finite, same_length, within};

/// Deviations of the members from the observation, ascending. Working on deviations keeps digits when values are large and close.
fn deviations(members: &[f64], observed: f64) -> Result<Vec<f64>, ScoreError> {
    finite("the ensemble", members, 1)?;
    finite("the observation", &[observed], 1)?;
    let mut list: Vec<f64> = members.iter().map(|x| x - observed).collect();
    list.sort_by(f64::total_cmp);
    Ok(list)
}

/// Mean distance from the observation, and the sum of distances of all unordered pairs, of sorted deviations.
fn distances(sorted: &[f64]) -> (f64, f64) {
    let n = sorted.len() as f64;
    let mean = sorted.iter().map(|d| d.abs()).sum::<f64>() / n;
    let pairs = sorted.iter().enumerate().map(|(i, d)| (2.0 * i as f64 - n + 1.0) * d).sum();
    (mean, pairs)
}

/// Continuous ranked probability score of the ensemble's own distribution, the energy form: `E|X - y| - E|X - X'| / 2`.
///
/// Unit of the observation. Domain: at least one finite member. Source: Gneiting and Raftery (2007), equation 21.
///
/// # Errors
/// An empty ensemble, or numbers that are not finite.
pub fn crps(members: &[f64], observed: f64) -> Result<f64, ScoreError> {
    let sorted = deviations(members, observed)?;
    let ((distance, pairs), n) = (distances(&sorted), sorted.len() as f64);
    Ok(distance - pairs / (n * n))
}

/// Fair continuous ranked probability score: unbiased for the distribution that the members were drawn from, whatever their number.
///
/// Source: Ferro, Q. J. R. Meteorol. Soc. 140 (2014). It may be negative.
///
/// # Errors
/// Fewer than two members, or numbers that are not finite.
pub fn crps_fair(members: &[f64], observed: f64) -> Result<f64, ScoreError> {
    finite("the ensemble", members, 2)?;
    let sorted = deviations(members, observed)?;
    let ((distance, pairs), n) = (distances(&sorted), sorted.len() as f64);
    Ok(distance - pairs / (n * (n - 1.0)))
}

/// Members with weights.
#[derive(Clone, Copy, Debug)]
pub struct Weighted<'a> {
    /// Members.
    pub members: &'a [f64],
    /// Weights, at least 0, not all 0; they need not sum to 1.
    pub weights: &'a [f64],
}

impl Weighted<'_> {
    /// Energy form of the continuous ranked probability score of the weighted ensemble.
    ///
    /// # Errors
    /// Lengths that differ, negative weights or none above 0, numbers that are not finite.
    pub fn crps(&self, observed: f64) -> Result<f64, ScoreError> {
        finite("the ensemble", self.members, 1)?;
        finite("the observation", &[observed], 1)?;
        same_length("the weights", self.weights.len(), self.members.len())?;
        within("the weights", self.weights, "a finite number of at least 0", |w| w.is_finite() && w >= 0.0)?;
        let total: f64 = self.weights.iter().sum();
        if total <= 0.0 {
            return Err(ScoreError::Domain { what: "the weights", at: 0, expected: "above 0 for any member" });
        }
        let mut list: Vec<(f64, f64)> = self.members.iter().zip(self.weights).map(|(x, w)| (x - observed, w / total)).collect();
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut distance, mut pairs, mut below, mut sum_below) = (0.0, 0.0, 0.0, 0.0);
        for (d, w) in list {
            distance += w * d.abs();
            pairs += w * (d * below - sum_below);
            below += w;
            sum_below += w * d;
        }
        Ok(distance - pairs)
    }
}

/// Continuous ranked probability score that counts thresholds from `low` to `high` alone (either may be infinite).
///
/// The score of ensemble and observation after both are moved to the nearest end of the interval. Source: Gneiting and Ranjan, J. Bus. Econ. Stat. 29
/// (2011); as kernel score: Allen, Ginsbourger and Ziegel, SIAM/ASA J. Uncertain. Quantif. 11 (2023).
///
/// # Errors
/// An empty interval, an empty ensemble, or numbers that are not finite.
pub fn crps_threshold_weighted(members: &[f64], observed: f64, (low, high): (f64, f64)) -> Result<f64, ScoreError> {
    finite("the ensemble", members, 1)?;
    finite("the observation", &[observed], 1)?;
    if low.is_nan() || high.is_nan() || low >= high {
        return Err(ScoreError::Domain { what: "the interval of thresholds", at: 0, expected: "a lower end below the upper end" });
    }
    let inside: Vec<f64> = members.iter().map(|x| x.clamp(low, high)).collect();
    crps(&inside, observed.clamp(low, high))
}

/// Score of Dawid and Sebastiani: `(y - m)^2 / v + ln v` with mean and sample variance of the ensemble (divided by one less than the members).
///
/// Proper for the first two moments alone. Source: Dawid and Sebastiani, Ann. Stat. 27 (1999).
///
/// # Errors
/// Fewer than two members, members that are all the same, or numbers that are not finite.
pub fn dawid_sebastiani(members: &[f64], observed: f64) -> Result<f64, ScoreError> {
    finite("the ensemble", members, 2)?;
    finite("the observation", &[observed], 1)?;
    let n = members.len() as f64;
    let mean = members.iter().sum::<f64>() / n;
    let variance = members.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    if variance <= 0.0 {
        return Err(ScoreError::Domain { what: "the ensemble", at: 0, expected: "different from another member: a variance of 0 has no score" });
    }
    Ok((observed - mean) * (observed - mean) / variance + ln(variance))
}

/// Quantile of an ensemble by linear interpolation between order statistics (type 7 of Hyndman and Fan), for `level` in 0 to 1.
///
/// # Errors
/// An empty ensemble, numbers that are not finite, a level outside 0 to 1.
pub fn quantile(members: &[f64], level: f64) -> Result<f64, ScoreError> {
    finite("the ensemble", members, 1)?;
    within("the level", &[level], "in 0 to 1", |p| (0.0..=1.0).contains(&p))?;
    let mut sorted = members.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = level * (sorted.len() - 1) as f64;
    let (below, part) = (place.floor() as usize, place - place.floor());
    let above = (below + 1).min(sorted.len() - 1);
    Ok(sorted[below] + part * (sorted[above] - sorted[below]))
}
