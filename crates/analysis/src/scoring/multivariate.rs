//! Scores of several variables at once: they see whether the forecast gets the relations right.

use oxus_math::pow;

use super::{ScoreError, finite, same_length, within};

fn shape(members: &[f64], observed: &[f64]) -> Result<usize, ScoreError> {
    finite("the observation", observed, 1)?;
    finite("the ensemble", members, observed.len())?;
    same_length("the ensemble", members.len() % observed.len(), 0)?;
    Ok(members.len() / observed.len())
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
}

/// Energy score of members `[member][variable]`: `E||X - y|| - E||X - X'|| / 2` with the Euclidean norm; the CRPS of a vector.
///
/// Source: Gneiting and Raftery (2007), equation 22. It sees means well and relations badly.
///
/// # Errors
/// No member or variable, a length that is no whole number of members, numbers that are not finite.
pub fn energy_score(members: &[f64], observed: &[f64]) -> Result<f64, ScoreError> {
    let n = shape(members, observed)? as f64;
    let width = observed.len();
    let mean = members.chunks_exact(width).map(|x| distance(x, observed)).sum::<f64>() / n;
    let pairs: f64 =
        members.chunks_exact(width).enumerate().map(|(i, x)| members.chunks_exact(width).take(i).map(|z| distance(x, z)).sum::<f64>()).sum();
    Ok(mean - pairs / (n * n))
}

/// Variogram score of order `p` with equal weights: over all ordered pairs of variables, the squared difference between `|y_i - y_j|^p` and its mean
/// over the members.
///
/// Source: Scheuerer and Hamill, Mon. Weather Rev. 143 (2015). It sees relations well and a common shift not at all.
///
/// # Errors
/// As [`energy_score`]; an order that is not positive.
pub fn variogram_score(members: &[f64], observed: &[f64], p: f64) -> Result<f64, ScoreError> {
    let n = shape(members, observed)? as f64;
    within("the order", &[p], "a finite number above 0", |p| p.is_finite() && p > 0.0)?;
    let width = observed.len();
    let power = |x: f64| if x == 0.0 { 0.0 } else { pow(x.abs(), p) };
    let mut total = 0.0;
    for i in 0..width {
        for j in 0..i {
            let forecast = members.chunks_exact(width).map(|x| power(x[i] - x[j])).sum::<f64>() / n;
            let difference = power(observed[i] - observed[j]) - forecast;
            total += 2.0 * difference * difference;
        }
    }
    Ok(total)
}
