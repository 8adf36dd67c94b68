//! Scores of probabilities of ordered categories.

use super::{ScoreError, finite, within};

/// Ranked probability score: squared distances of the cumulative probabilities from the step of what happened, summed over categories.
///
/// Not divided by the number of categories less one. Source: Epstein, J. Appl. Meteorol. 8 (1969).
///
/// # Errors
/// No categories, probabilities outside 0 to 1 or that do not sum to 1, a category that is not among them.
pub fn ranked_probability(probabilities: &[f64], category: usize) -> Result<f64, ScoreError> {
    finite("the probabilities", probabilities, 1)?;
    within("the probabilities", probabilities, "in 0 to 1", |p| (0.0..=1.0).contains(&p))?;
    // sums of a dozen shares that were rounded to six digits
    let total: f64 = probabilities.iter().sum();
    if (total - 1.0).abs() > 1e-5 {
        return Err(ScoreError::Domain { what: "the probabilities", at: probabilities.len() - 1, expected: "what makes them sum to 1" });
    }
    if category >= probabilities.len() {
        return Err(ScoreError::Domain { what: "the category", at: 0, expected: "one of those that have a probability" });
    }
    let mut cumulative = 0.0;
    let term = |(k, p): (usize, &f64)| {
        cumulative += p;
        let distance = cumulative - f64::from(u8::from(category <= k));
        distance * distance
    };
    Ok(probabilities.iter().enumerate().map(term).sum())
}
