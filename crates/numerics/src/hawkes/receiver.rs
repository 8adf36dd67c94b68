//! The maximum-likelihood problem of one receiver at a fixed decay.
//!
//! A few steps of expectation-maximisation, which keep everything positive, and then projected Newton steps (Bertsekas, SIAM J. Control
//! Optim. 20, 1982).

use super::design::Design;
use super::likelihood::sum_of_logarithms;
use crate::linear::{cholesky, cholesky_solve, dot};

/// Relative KKT residual at which a row is done: a hundredth of what is promised.
const KKT_TARGET: f64 = 1e-10;
/// Relative KKT residual above which a fit is refused.
pub(super) const KKT_LIMIT: f64 = 1e-8;
/// Newton steps after which a fit is given up; a handful is usual.
pub(super) const MAX_NEWTON: usize = 100;
const WARM_UP: usize = 4;

/// The concave problem of one receiver: maximise `sum ln(features x row) - totals x row` over rows of at least 0.
pub(super) struct RowProblem<'a> {
    features: &'a [f64],
    totals: &'a [f64],
    width: usize,
    intensity: Vec<f64>,
    score: Vec<f64>,
    information: Vec<f64>,
}

/// How a row ended.
pub(super) struct RowEnd {
    pub(super) value: f64,
    pub(super) kkt_residual: f64,
    pub(super) iterations: usize,
}

oxus_math::dispatch! {
    /// Intensities of all rows of features.
    fn intensities(out: &mut [f64], features: &[f64], row: &[f64]) {
        for (out, feature) in out.iter_mut().zip(features.chunks_exact(row.len())) {
            *out = dot(feature, row);
        }
    }
}

oxus_math::dispatch! {
    /// Adds the score `sum f / lambda` and the information `sum f f' / lambda^2` (lower triangle, whole rows).
    fn accumulate(score: &mut [f64], information: &mut [f64], features: &[f64], intensity: &[f64]) {
        let width = score.len();
        for (feature, &lambda) in features.chunks_exact(width).zip(intensity) {
            let inverse = 1.0 / lambda;
            for (s, f) in score.iter_mut().zip(feature) {
                *s += f * inverse;
            }
            for (a, row) in information.chunks_exact_mut(width).enumerate() {
                let share = feature[a] * inverse * inverse;
                for (i, f) in row.iter_mut().zip(feature) {
                    *i += share * f;
                }
            }
        }
    }
}

impl<'a> RowProblem<'a> {
    pub(super) fn new(design: &'a Design, receiver: usize) -> Self {
        let (features, width) = (design.features(receiver), design.width);
        RowProblem {
            features,
            totals: &design.totals,
            width,
            intensity: vec![0.0; features.len() / width],
            score: vec![0.0; width],
            information: vec![0.0; width * width],
        }
    }

    /// Half of the events from the background, the rest from all sources alike; then steps of expectation-maximisation.
    pub(super) fn start(&mut self, row: &mut [f64]) {
        let events = self.intensity.len() as f64;
        if events == 0.0 {
            row.fill(0.0);
            return;
        }
        let sources = (self.width - 1) as f64;
        row.fill(0.5 / sources);
        row[0] = 0.5 * events / self.totals[0];
        for _ in 0..WARM_UP {
            self.evaluate(row);
            for ((p, s), total) in row.iter_mut().zip(&self.score).zip(self.totals) {
                // A source without events has no effect to estimate.
                *p = if *total > 0.0 { *p * (s + total) / total } else { 0.0 };
            }
        }
    }

    /// The objective at a row; leaves the intensities behind.
    pub(super) fn value(&mut self, row: &[f64]) -> f64 {
        intensities(&mut self.intensity, self.features, row);
        let mut logarithms = self.intensity.clone();
        sum_of_logarithms(&mut logarithms) - dot(self.totals, row)
    }

    /// The objective, its gradient and its negative Hessian.
    fn evaluate(&mut self, row: &[f64]) -> f64 {
        let value = self.value(row);
        self.score.fill(0.0);
        self.information.fill(0.0);
        accumulate(&mut self.score, &mut self.information, self.features, &self.intensity);
        for (s, total) in self.score.iter_mut().zip(self.totals) {
            *s -= total;
        }
        value
    }

    fn kkt_residual(&self, row: &[f64]) -> f64 {
        let mut worst = 0.0_f64;
        for j in 0..self.width {
            if self.totals[j] > 0.0 {
                let violation = if row[j] > 0.0 { self.score[j].abs() } else { self.score[j].max(0.0) };
                worst = worst.max(violation / self.totals[j]);
            }
        }
        worst
    }

    pub(super) fn solve(&mut self, row: &mut [f64]) -> RowEnd {
        if self.intensity.is_empty() {
            row.fill(0.0);
            return RowEnd { value: 0.0, kkt_residual: 0.0, iterations: 0 };
        }
        let mut value = self.evaluate(row);
        let mut iterations = 0;
        while iterations < MAX_NEWTON && self.kkt_residual(row) > KKT_TARGET {
            let step = self.newton_step(row);
            let Some(next) = self.search(row, &step, value) else {
                break;
            };
            row.copy_from_slice(&next);
            value = self.evaluate(row);
            iterations += 1;
        }
        RowEnd { value, kkt_residual: self.kkt_residual(row), iterations }
    }

    /// The Newton step in the parameters that are neither at 0 with a gradient pointing outwards nor without data; 0 in the others.
    fn newton_step(&self, row: &[f64]) -> Vec<f64> {
        let width = self.width;
        let free: Vec<usize> = (0..width)
            .filter(|&j| self.totals[j] > 0.0 && (row[j] > 0.0 || self.score[j] > 0.0))
            .filter(|&j| self.information[j * width + j] > 0.0)
            .collect();
        let m = free.len();
        let mut damping = 0.0;
        let mut step = vec![0.0; width];
        // Parameters whose source leaves no mark on any event of the receiver (information 0): the likelihood falls straight to the bound.
        for j in 0..width {
            if self.information[j * width + j] == 0.0 {
                step[j] = -row[j];
            }
        }
        for _ in 0..12 {
            let mut matrix = vec![0.0; m * m];
            for (a, &p) in free.iter().enumerate() {
                for (b, &q) in free.iter().enumerate() {
                    matrix[a * m + b] = self.information[p * width + q];
                }
                matrix[a * m + a] *= 1.0 + damping;
            }
            // Sources whose events always coincide give a singular matrix; a little damping picks a direction.
            if cholesky(&mut matrix, m).is_ok() {
                let mut solution: Vec<f64> = free.iter().map(|&p| self.score[p]).collect();
                cholesky_solve(&matrix, &mut solution);
                for (&p, s) in free.iter().zip(solution) {
                    step[p] = s;
                }
                return step;
            }
            damping = if damping == 0.0 { 1e-10 } else { damping * 10.0 };
        }
        step
    }

    /// Walks back along the projected step until the objective rises enough (Armijo), or gives up at rounding.
    fn search(&mut self, row: &[f64], step: &[f64], value: f64) -> Option<Vec<f64>> {
        let slack = 1e-14 * value.abs();
        let mut length = 1.0;
        for _ in 0..60 {
            let next: Vec<f64> = row.iter().zip(step).map(|(p, s)| (p + length * s).max(0.0)).collect();
            let promised: f64 = (0..self.width).map(|j| self.score[j] * (next[j] - row[j])).sum();
            let lowest_ok = value + 1e-4 * promised.max(0.0) - slack;
            if self.value(&next) >= lowest_ok {
                return (next != row).then_some(next);
            }
            length *= 0.5;
        }
        None
    }
}
