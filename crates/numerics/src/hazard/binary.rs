//! Regression of a yes-or-no outcome by iteratively reweighted least squares (Fisher scoring).

use oxus_math::{exp, exp_m1, ln, ln_1p, logistic, normal_cdf, normal_density};

use super::{HazardError, check_design, cloglog_inverse, column_scales, scaled_solve, standard_errors};

/// How the linear predictor becomes a probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `1 - exp(-exp(eta))`: proportional hazards in grouped time.
    ComplementaryLogLog,
    /// `1 / (1 + exp(-eta))`.
    Logit,
    /// The standard normal distribution function.
    Probit,
}

/// What one row adds to the likelihood at a linear predictor.
pub(super) struct RowTerms {
    log_likelihood: f64,
    /// Derivative of the log-likelihood with respect to the linear predictor.
    pub(super) score: f64,
    /// Expected information on the linear predictor.
    weight: f64,
}

impl Link {
    /// The probability at linear predictor `eta`.
    #[inline(always)]
    pub fn inverse(self, eta: f64) -> f64 {
        match self {
            Link::ComplementaryLogLog => cloglog_inverse(eta),
            Link::Logit => logistic(eta),
            Link::Probit => normal_cdf(eta),
        }
    }

    /// Each term is written so that small probabilities keep their digits.
    pub(super) fn terms(self, eta: f64, event: bool) -> RowTerms {
        match self {
            Link::ComplementaryLogLog => {
                let hazard = exp(eta);
                let p = -exp_m1(-hazard);
                // d eta / d p over p, for an event.
                let pull = hazard * exp(-hazard) / p.max(f64::MIN_POSITIVE);
                RowTerms {
                    log_likelihood: if event { ln(p.max(f64::MIN_POSITIVE)) } else { -hazard },
                    score: if event { pull } else { -hazard },
                    weight: pull * hazard,
                }
            }
            Link::Logit => {
                let p = logistic(eta);
                let other = logistic(-eta);
                // ln(1 + exp(-|x|)) never overflows.
                let towards = if event { eta } else { -eta };
                RowTerms { log_likelihood: towards.min(0.0) - ln_1p(exp(-towards.abs())), score: if event { other } else { -p }, weight: p * other }
            }
            Link::Probit => {
                let p = normal_cdf(eta).max(f64::MIN_POSITIVE);
                let other = normal_cdf(-eta).max(f64::MIN_POSITIVE);
                let density = normal_density(eta);
                RowTerms {
                    log_likelihood: ln(if event { p } else { other }),
                    score: if event { density / p } else { -density / other },
                    weight: density / p * (density / other),
                }
            }
        }
    }
}

/// A binary regression problem: rows of `columns` regressors (row-major; put in a column of ones for an intercept) and their outcomes.
#[derive(Clone, Copy, Debug)]
pub struct Binary<'a> {
    /// Regressors, row by row.
    pub design: &'a [f64],
    /// Number of regressors.
    pub columns: usize,
    /// Whether the event happened, one per row.
    pub events: &'a [bool],
    /// How the linear predictor becomes a probability.
    pub link: Link,
    /// Ridge penalty of each column: `ridge / 2 * coefficient^2` is taken from the log-likelihood. Empty for none.
    pub ridge: &'a [f64],
}

/// A fitted binary regression.
#[derive(Clone, Debug, PartialEq)]
pub struct BinaryFit {
    /// One coefficient per column.
    pub coefficients: Vec<f64>,
    /// Standard errors from the expected information (with the penalty, if any).
    pub standard_errors: Vec<f64>,
    /// Log-likelihood, without the penalty.
    pub log_likelihood: f64,
    /// Fitted probability of each row.
    pub fitted: Vec<f64>,
    /// Iterations made.
    pub iterations: usize,
}

/// Log-likelihood, score and expected information at one coefficient vector, penalty included.
struct State {
    penalised: f64,
    log_likelihood: f64,
    score: Vec<f64>,
    information: Vec<f64>,
}

const MAX_ITERATIONS: usize = 100;

/// A step smaller than this, relative to 1 or to the coefficient on the column's scale, ends the iteration: two digits more than any use needs.
const STEP_TOLERANCE: f64 = 1e-11;

impl Binary<'_> {
    /// Fits by maximum (penalised) likelihood.
    ///
    /// # Errors
    /// Lengths that do not fit, values that are not finite, fewer rows than columns, collinear columns, or an outcome that is separated so that no
    /// finite maximum exists.
    pub fn fit(&self) -> Result<BinaryFit, HazardError> {
        self.check()?;
        let scales = column_scales(self.design, self.columns);
        let mut coefficients = vec![0.0; self.columns];
        let mut state = self.evaluate(&coefficients);
        for iteration in 0..MAX_ITERATIONS {
            let step = scaled_solve(&state.information, &state.score).map_err(|column| {
                // At the start all rows weigh the same, so only the columns themselves can be at fault.
                if iteration == 0 { HazardError::Collinear { column } } else { HazardError::Separated { column } }
            })?;
            let size = |j: usize| (step[j] * scales[j]).abs() / (1.0 + (coefficients[j] * scales[j]).abs());
            let largest = (0..self.columns).map(size).fold(0.0, f64::max);
            if largest <= STEP_TOLERANCE {
                return self.finish(coefficients, &state, iteration);
            }
            let Some((next, at)) = self.line_search(&coefficients, &step, &state) else {
                // No step raises the likelihood any more: rounding has been reached, or the model is ill-conditioned beyond use.
                if largest <= STEP_TOLERANCE.sqrt() {
                    return self.finish(coefficients, &state, iteration);
                }
                return Err(HazardError::NotConverged { iterations: iteration });
            };
            (coefficients, state) = (next, at);
        }
        Err(HazardError::Separated { column: largest_entry(&coefficients, &scales) })
    }

    fn check(&self) -> Result<(), HazardError> {
        let rows = self.events.len();
        check_design(self.design, self.columns, rows)?;
        if rows < self.columns || self.columns == 0 {
            return Err(HazardError::TooFewRows { rows, parameters: self.columns });
        }
        if !self.ridge.is_empty() && self.ridge.len() != self.columns {
            return Err(HazardError::Length { what: "the ridge penalties", expected: self.columns, given: self.ridge.len() });
        }
        match self.ridge.iter().position(|r| !(*r >= 0.0 && r.is_finite())) {
            Some(column) => Err(HazardError::Penalty { column }),
            None => Ok(()),
        }
    }

    pub(super) fn predictor(row: &[f64], coefficients: &[f64]) -> f64 {
        row.iter().zip(coefficients).map(|(x, b)| x * b).sum()
    }

    /// Expected information of the coefficients at `coefficients`, row-major, penalty included.
    ///
    /// # Errors
    /// As [`Binary::fit`] for what is given, and a length that does not fit.
    pub fn information(&self, coefficients: &[f64]) -> Result<Vec<f64>, HazardError> {
        self.check()?;
        if coefficients.len() != self.columns {
            return Err(HazardError::Length { what: "the coefficients", expected: self.columns, given: coefficients.len() });
        }
        let k = self.columns;
        let mut information = self.evaluate(coefficients).information;
        for i in 0..k {
            for j in 0..i {
                information[j * k + i] = information[i * k + j];
            }
        }
        Ok(information)
    }

    fn evaluate(&self, coefficients: &[f64]) -> State {
        let k = self.columns;
        let mut state = State { penalised: 0.0, log_likelihood: 0.0, score: vec![0.0; k], information: vec![0.0; k * k] };
        for (row, &event) in self.design.chunks_exact(k).zip(self.events) {
            let terms = self.link.terms(Self::predictor(row, coefficients), event);
            state.log_likelihood += terms.log_likelihood;
            for i in 0..k {
                state.score[i] += terms.score * row[i];
                let weighted = terms.weight * row[i];
                for j in 0..=i {
                    state.information[i * k + j] += weighted * row[j];
                }
            }
        }
        state.penalised = state.log_likelihood;
        for (j, &ridge) in self.ridge.iter().enumerate() {
            state.penalised -= 0.5 * ridge * coefficients[j] * coefficients[j];
            state.score[j] -= ridge * coefficients[j];
            state.information[j * k + j] += ridge;
        }
        for i in 0..k {
            for j in i + 1..k {
                state.information[i * k + j] = state.information[j * k + i];
            }
        }
        state
    }

    /// Halves the step until the likelihood does not fall by more than its rounding.
    fn line_search(&self, coefficients: &[f64], step: &[f64], state: &State) -> Option<(Vec<f64>, State)> {
        let floor = state.penalised - 1e-13 * state.penalised.abs();
        let mut length = 1.0;
        for _ in 0..40 {
            let next: Vec<f64> = coefficients.iter().zip(step).map(|(b, s)| b + length * s).collect();
            let at = self.evaluate(&next);
            if at.penalised >= floor {
                return Some((next, at));
            }
            length *= 0.5;
        }
        None
    }

    fn finish(&self, coefficients: Vec<f64>, state: &State, iterations: usize) -> Result<BinaryFit, HazardError> {
        let standard_errors = standard_errors(&state.information, self.columns).map_err(|column| HazardError::Separated { column })?;
        let fitted = self.design.chunks_exact(self.columns).map(|row| self.link.inverse(Self::predictor(row, &coefficients))).collect();
        Ok(BinaryFit { coefficients, standard_errors, log_likelihood: state.log_likelihood, fitted, iterations })
    }
}

fn largest_entry(coefficients: &[f64], scales: &[f64]) -> usize {
    let size = |j: usize| (coefficients[j] * scales[j]).abs();
    (0..coefficients.len()).max_by(|&a, &b| size(a).total_cmp(&size(b))).unwrap_or(0)
}
