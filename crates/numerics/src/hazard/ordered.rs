//! Ordered logit by Newton's method.

use oxus_math::{ln, logistic};

use super::{HazardError, check_design, column_scales, scaled_solve, standard_errors};

/// An ordered logit problem: `P(category <= k) = logistic(cut_k - x'b)` over categories `0..categories`.
///
/// Regressors are row-major and hold no intercept (the cuts are the intercepts).
/// Source: McCullagh, "Regression models for ordinal data", JRSS B 42 (1980).
#[derive(Clone, Copy, Debug)]
pub struct Ordered<'a> {
    /// Regressors, row by row.
    pub design: &'a [f64],
    /// Number of regressors.
    pub columns: usize,
    /// Category of each row.
    pub categories: &'a [usize],
    /// Number of categories, at least 2.
    pub category_count: usize,
}

/// A fitted ordered logit.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderedFit {
    /// One coefficient per column.
    pub coefficients: Vec<f64>,
    /// Increasing cuts, one fewer than categories.
    pub cuts: Vec<f64>,
    /// Standard errors of coefficients, then cuts, from the observed information.
    pub standard_errors: Vec<f64>,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Iterations made.
    pub iterations: usize,
}

/// Probability of `category` at linear predictor `eta` with increasing `cuts`; categories run from 0 to `cuts.len()`.
#[inline(always)]
pub fn ordered_probability(eta: f64, cuts: &[f64], category: usize) -> f64 {
    let (lower, upper) = limits(eta, cuts, category);
    between(lower, upper)
}

fn limits(eta: f64, cuts: &[f64], category: usize) -> (f64, f64) {
    let lower = match category.checked_sub(1) {
        None => f64::NEG_INFINITY,
        Some(k) => cuts[k] - eta,
    };
    let upper = cuts.get(category).map_or(f64::INFINITY, |c| c - eta);
    (lower, upper)
}

/// Logistic probability of an interval, taken in the tail where it keeps its digits.
fn between(lower: f64, upper: f64) -> f64 {
    if lower > 0.0 { distribution(-lower) - distribution(-upper) } else { distribution(upper) - distribution(lower) }
}

fn distribution(x: f64) -> f64 {
    if x == f64::INFINITY {
        1.0
    } else if x == f64::NEG_INFINITY {
        0.0
    } else {
        logistic(x)
    }
}

struct State {
    log_likelihood: f64,
    score: Vec<f64>,
    information: Vec<f64>,
}

const MAX_ITERATIONS: usize = 100;
/// As for binary regression: two digits more than any use needs.
const STEP_TOLERANCE: f64 = 1e-11;

impl Ordered<'_> {
    /// Fits by maximum likelihood; the log-likelihood is concave in coefficients and cuts together.
    ///
    /// # Errors
    /// As [`super::Binary::fit`], and a category without rows. In errors, columns from `columns` on stand for cuts.
    pub fn fit(&self) -> Result<OrderedFit, HazardError> {
        let counts = self.check()?;
        let (k, size) = (self.columns, self.columns + self.category_count - 1);
        let mut scales = column_scales(self.design, k);
        scales.resize(size, 1.0);
        let mut parameters = vec![0.0; size];
        let mut below = 0.0;
        for (cut, count) in parameters[k..].iter_mut().zip(&counts) {
            below += *count as f64;
            *cut = ln(below / (self.categories.len() as f64 - below));
        }
        let mut state = self.evaluate(&parameters);
        for iteration in 0..MAX_ITERATIONS {
            let step = scaled_solve(&state.information, &state.score)
                .map_err(|column| if iteration == 0 { HazardError::Collinear { column } } else { HazardError::Separated { column } })?;
            let relative = |j: usize| (step[j] * scales[j]).abs() / (1.0 + (parameters[j] * scales[j]).abs());
            let largest = (0..size).map(relative).fold(0.0, f64::max);
            let next = if largest <= STEP_TOLERANCE { None } else { self.line_search(&parameters, &step, state.log_likelihood) };
            match next {
                Some(next) => (parameters, state) = next,
                None if largest <= STEP_TOLERANCE.sqrt() => {
                    return self.finish(&parameters, &state, iteration);
                }
                None => {
                    return Err(HazardError::NotConverged { iterations: iteration });
                }
            }
        }
        let column = (0..size).max_by(|&a, &b| (parameters[a] * scales[a]).abs().total_cmp(&(parameters[b] * scales[b]).abs())).unwrap_or(0);
        Err(HazardError::Separated { column })
    }

    fn check(&self) -> Result<Vec<usize>, HazardError> {
        let rows = self.categories.len();
        check_design(self.design, self.columns, rows)?;
        let parameters = self.columns + self.category_count.saturating_sub(1);
        if self.category_count < 2 || rows < parameters {
            return Err(HazardError::TooFewRows { rows, parameters });
        }
        let mut counts = vec![0; self.category_count];
        for &category in self.categories {
            match counts.get_mut(category) {
                Some(count) => *count += 1,
                None => return Err(HazardError::EmptyCategory(category)),
            }
        }
        match counts.iter().position(|c| *c == 0) {
            Some(category) => Err(HazardError::EmptyCategory(category)),
            None => Ok(counts),
        }
    }

    fn row(&self, index: usize) -> &[f64] {
        &self.design[index * self.columns..(index + 1) * self.columns]
    }

    fn evaluate(&self, parameters: &[f64]) -> State {
        let (k, size) = (self.columns, parameters.len());
        let (coefficients, cuts) = parameters.split_at(k);
        let mut state = State { log_likelihood: 0.0, score: vec![0.0; size], information: vec![0.0; size * size] };
        // Derivatives of the two limits of a row with respect to all parameters.
        let (mut by_lower, mut by_upper) = (vec![0.0; size], vec![0.0; size]);
        for (index, &category) in self.categories.iter().enumerate() {
            let row = self.row(index);
            let eta: f64 = row.iter().zip(coefficients).map(|(x, b)| x * b).sum();
            let (lower, upper) = limits(eta, cuts, category);
            let p = between(lower, upper).max(f64::MIN_POSITIVE);
            state.log_likelihood += ln(p);

            let (first_lower, second_lower) = density(lower);
            let (first_upper, second_upper) = density(upper);
            let (s_lower, s_upper) = (-first_lower / p, first_upper / p);
            let i_lower = second_lower / p + s_lower * s_lower;
            let i_upper = -second_upper / p + s_upper * s_upper;
            let i_cross = s_lower * s_upper;
            for j in 0..k {
                (by_lower[j], by_upper[j]) = (-row[j], -row[j]);
            }
            by_lower[k..].fill(0.0);
            by_upper[k..].fill(0.0);
            if category > 0 {
                by_lower[k + category - 1] = 1.0;
            }
            if k + category < size {
                by_upper[k + category] = 1.0;
            }
            for a in 0..size {
                state.score[a] += s_lower * by_lower[a] + s_upper * by_upper[a];
                let lower_part = i_lower * by_lower[a] + i_cross * by_upper[a];
                let upper_part = i_cross * by_lower[a] + i_upper * by_upper[a];
                for b in 0..size {
                    state.information[a * size + b] += lower_part * by_lower[b] + upper_part * by_upper[b];
                }
            }
        }
        state
    }

    fn line_search(&self, parameters: &[f64], step: &[f64], log_likelihood: f64) -> Option<(Vec<f64>, State)> {
        let floor = log_likelihood - 1e-13 * log_likelihood.abs();
        let mut length = 1.0;
        for _ in 0..40 {
            let next: Vec<f64> = parameters.iter().zip(step).map(|(b, s)| b + length * s).collect();
            if next[self.columns..].windows(2).all(|c| c[0] < c[1]) {
                let at = self.evaluate(&next);
                if at.log_likelihood >= floor {
                    return Some((next, at));
                }
            }
            length *= 0.5;
        }
        None
    }

    fn finish(&self, parameters: &[f64], state: &State, iterations: usize) -> Result<OrderedFit, HazardError> {
        let standard_errors = standard_errors(&state.information, parameters.len()).map_err(|column| HazardError::Separated { column })?;
        let (coefficients, cuts) = parameters.split_at(self.columns);
        Ok(OrderedFit { coefficients: coefficients.to_vec(), cuts: cuts.to_vec(), standard_errors, log_likelihood: state.log_likelihood, iterations })
    }
}

/// The logistic density and its derivative; both 0 at infinity.
fn density(x: f64) -> (f64, f64) {
    if x.is_infinite() {
        return (0.0, 0.0);
    }
    let (p, other) = (logistic(x), logistic(-x));
    (p * other, p * other * (other - p))
}
