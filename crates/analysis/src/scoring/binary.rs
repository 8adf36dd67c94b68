//! Scores of probabilities of what happens or not.

use oxus_math::ln;
use serde::Serialize;

use super::{ScoreError, finite, same_length, within};

fn probability(p: f64) -> Result<(), ScoreError> {
    within("the probability", &[p], "in 0 to 1", |p| (0.0..=1.0).contains(&p))
}

fn pairs(probabilities: &[f64], happened: &[bool]) -> Result<(), ScoreError> {
    finite("the probabilities", probabilities, 1)?;
    within("the probabilities", probabilities, "in 0 to 1", |p| (0.0..=1.0).contains(&p))?;
    same_length("what happened", happened.len(), probabilities.len())
}

/// Brier score: squared distance of the probability from what happened, 1 or 0 (Brier, Mon. Weather Rev. 78, 1950).
///
/// # Errors
/// A probability outside 0 to 1.
pub fn brier(p: f64, happened: bool) -> Result<f64, ScoreError> {
    probability(p)?;
    let outcome = f64::from(u8::from(happened));
    Ok((p - outcome) * (p - outcome))
}

/// Logarithmic score: minus the log of the probability given to what happened; infinite when that was 0.
///
/// # Errors
/// A probability outside 0 to 1.
pub fn log_score(p: f64, happened: bool) -> Result<f64, ScoreError> {
    probability(p)?;
    let given = if happened { p } else { 1.0 - p };
    Ok(if given > 0.0 { -ln(given) } else { f64::INFINITY })
}

/// One bin of a reliability diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Forecasts in the bin.
    pub forecasts: usize,
    /// Of these, how many happened.
    pub happened: usize,
    /// Their mean probability; 0 in an empty bin.
    pub mean_probability: f64,
}

impl Bin {
    /// Share that happened, `None` in an empty bin.
    pub fn share(self) -> Option<f64> {
        (self.forecasts > 0).then(|| self.happened as f64 / self.forecasts as f64)
    }
}

/// Bins of equal width over 0 to 1; the last holds 1.
///
/// # Errors
/// No forecasts, no bins, lengths that differ, a probability outside 0 to 1.
pub fn reliability_bins(probabilities: &[f64], happened: &[bool], bins: usize) -> Result<Vec<Bin>, ScoreError> {
    pairs(probabilities, happened)?;
    if bins == 0 {
        return Err(ScoreError::TooFew { what: "the reliability diagram", given: 0, least: 1 });
    }
    let mut list = vec![Bin::default(); bins];
    for (p, y) in probabilities.iter().zip(happened) {
        let bin = &mut list[((p * bins as f64) as usize).min(bins - 1)];
        bin.forecasts += 1;
        bin.happened += usize::from(*y);
        bin.mean_probability += p;
    }
    for bin in list.iter_mut().filter(|b| b.forecasts > 0) {
        bin.mean_probability /= bin.forecasts as f64;
    }
    Ok(list)
}

/// Decomposition of the mean Brier score over bins (Murphy, J. Appl. Meteorol. 12, 1973).
///
/// `reliability - resolution + uncertainty` is the Brier score of the bins' mean probabilities, not quite that of the probabilities themselves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Murphy {
    /// Mean squared distance of the bins' probabilities from their shares; 0 is best.
    pub reliability: f64,
    /// Mean squared distance of the bins' shares from the overall share; higher is better.
    pub resolution: f64,
    /// Variance of what happened; no forecast changes it.
    pub uncertainty: f64,
}

/// The decomposition over these bins.
///
/// # Errors
/// Bins without any forecast.
pub fn murphy(bins: &[Bin]) -> Result<Murphy, ScoreError> {
    let n: usize = bins.iter().map(|b| b.forecasts).sum();
    if n == 0 {
        return Err(ScoreError::TooFew { what: "the reliability diagram", given: 0, least: 1 });
    }
    let overall = bins.iter().map(|b| b.happened).sum::<usize>() as f64 / n as f64;
    let mean = |term: &dyn Fn(Bin, f64) -> f64| {
        let terms = bins.iter().filter_map(|b| b.share().map(|share| b.forecasts as f64 * term(*b, share)));
        terms.sum::<f64>() / n as f64
    };
    Ok(Murphy {
        reliability: mean(&|bin, share| (bin.mean_probability - share) * (bin.mean_probability - share)),
        resolution: mean(&|_, share| (share - overall) * (share - overall)),
        uncertainty: overall * (1.0 - overall),
    })
}

/// Expected calibration error over bins: mean distance of a bin's probability from its share, weighted by forecasts.
///
/// # Errors
/// Bins without any forecast.
pub fn calibration_error(bins: &[Bin]) -> Result<f64, ScoreError> {
    let n: usize = bins.iter().map(|b| b.forecasts).sum();
    if n == 0 {
        return Err(ScoreError::TooFew { what: "the reliability diagram", given: 0, least: 1 });
    }
    let terms = bins.iter().filter_map(|b| b.share().map(|share| b.forecasts as f64 / n as f64 * (b.mean_probability - share).abs()));
    Ok(terms.sum())
}

/// Area under the curve of hits against false alarms: the chance that what happened had the higher probability, ties counting half.
///
/// Source: Hanley and McNeil, Radiology 143 (1982). `None` where all happened or none did. It says nothing of calibration.
///
/// # Errors
/// No forecasts, lengths that differ, a probability outside 0 to 1.
pub fn area_under_curve(probabilities: &[f64], happened: &[bool]) -> Result<Option<f64>, ScoreError> {
    pairs(probabilities, happened)?;
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
    let (mut rank_sum, mut at) = (0.0, 0);
    while at < order.len() {
        let same = order[at..].iter().take_while(|i| probabilities[**i] == probabilities[order[at]]).count();
        // ranks start at 1; the tied share their mean
        let rank = at as f64 + 0.5 * (same + 1) as f64;
        rank_sum += rank * order[at..at + same].iter().filter(|i| happened[**i]).count() as f64;
        at += same;
    }
    let yes = happened.iter().filter(|y| **y).count() as f64;
    let no = happened.len() as f64 - yes;
    Ok((yes > 0.0 && no > 0.0).then(|| (rank_sum - 0.5 * yes * (yes + 1.0)) / (yes * no)))
}
