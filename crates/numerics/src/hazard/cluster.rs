//! Standard errors of a binary regression whose rows come in groups.

use super::{Binary, HazardError};
use crate::linear::{cholesky, cholesky_solve};

impl Binary<'_> {
    /// Standard errors that allow rows of one group to depend on each other: the sandwich of the expected information and of the scores summed
    /// by group, times `g / (g - 1) * (n - 1) / (n - k)` for `g` groups, `n` rows and `k` columns.
    ///
    /// `groups` numbers the group of each row from 0. Source: Liang and Zeger, Biometrika 73 (1986); the factor is that of Stata and statsmodels.
    /// Oracle: `tests/reference/fit`.
    ///
    /// # Errors
    /// Lengths that do not fit, fewer than two groups, or a singular information.
    pub fn cluster_errors(&self, coefficients: &[f64], groups: &[usize]) -> Result<Vec<f64>, HazardError> {
        let (k, rows) = (self.columns, self.events.len());
        if groups.len() != rows {
            return Err(HazardError::Length { what: "the groups", expected: rows, given: groups.len() });
        }
        let mut bread = self.information(coefficients)?;
        let count = groups.iter().max().map_or(0, |last| last + 1);
        let mut scores = vec![0.0; count * k];
        for ((row, &event), &group) in self.design.chunks_exact(k).zip(self.events).zip(groups) {
            let score = self.link.terms(Self::predictor(row, coefficients), event).score;
            for (sum, x) in scores[group * k..(group + 1) * k].iter_mut().zip(row) {
                *sum += score * x;
            }
        }
        let used = scores.chunks_exact(k).filter(|s| s.iter().any(|x| *x != 0.0)).count();
        if used < 2 || rows <= k {
            return Err(HazardError::TooFewRows { rows: used, parameters: k });
        }
        cholesky(&mut bread, k).map_err(|_| HazardError::Collinear { column: 0 })?;
        let mut variances = vec![0.0; k];
        for score in scores.chunks_exact_mut(k) {
            // information^-1 times the group's score: its share of the estimate
            cholesky_solve(&bread, score);
            for (variance, share) in variances.iter_mut().zip(score.iter()) {
                *variance += share * share;
            }
        }
        let (g, n) = (used as f64, rows as f64);
        let factor = g / (g - 1.0) * (n - 1.0) / (n - k as f64);
        Ok(variances.iter().map(|v| (factor * v).sqrt()).collect())
    }
}
