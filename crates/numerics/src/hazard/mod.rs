//! Hazards in discrete and continuous time: binary regression, ordered logit, Gompertz survival, and conversion between windows.
//!
//! Sources: McCullagh and Nelder, *Generalized Linear Models* (1989), chapters 2, 4 and 5; Prentice and Gloeckler, Biometrics 34 (1978),
//! for the complementary log-log link as a grouped proportional hazard; Gompertz (1825). Oracle: `tests/reference/hazard` (statsmodels).

mod binary;
mod cluster;
mod ordered;

#[cfg(test)]
mod tests;

pub use binary::{Binary, BinaryFit, Link};
pub use ordered::{Ordered, OrderedFit, ordered_probability};

use oxus_math::{exp, exp_m1, ln_1p};

/// Why a model could not be fitted.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum HazardError {
    /// Slices whose lengths do not fit.
    #[error("{what}: expected {expected} numbers, {given} were given")]
    Length {
        /// Which slice.
        what: &'static str,
        /// Length expected.
        expected: usize,
        /// Length given.
        given: usize,
    },
    /// Too little data.
    #[error("{rows} rows cannot identify {parameters} parameters")]
    TooFewRows {
        /// Rows given.
        rows: usize,
        /// Parameters to estimate.
        parameters: usize,
    },
    /// A value that is not finite.
    #[error("row {row}, column {column} is not a finite number")]
    NotFinite {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
    },
    /// A ridge penalty that is negative or not finite.
    #[error("the ridge penalty of column {column} must be a finite number of at least 0")]
    Penalty {
        /// Column.
        column: usize,
    },
    /// An outcome category without a row, or beyond the last.
    #[error("category {0} does not occur among the outcomes, so its cut cannot be estimated")]
    EmptyCategory(usize),
    /// A column that is a linear combination of those before it.
    #[error("column {column} is a linear combination of the columns before it; leave one of them out")]
    Collinear {
        /// The column.
        column: usize,
    },
    /// No finite maximum.
    #[error(
        "the outcome is separated: the estimate of column {column} runs off to infinity; leave the column out, merge rare cases, or set a ridge penalty"
    )]
    Separated {
        /// The column whose coefficient still moves most.
        column: usize,
    },
    /// Iterations that did not settle although no coefficient runs away.
    #[error("the fit did not settle in {iterations} iterations; rescale the columns to similar sizes")]
    NotConverged {
        /// Iterations made.
        iterations: usize,
    },
}

/// Probability of an event in a period whose complementary log-log is `eta`: `1 - exp(-exp(eta))`.
#[inline(always)]
pub fn cloglog_inverse(eta: f64) -> f64 {
    -exp_m1(-exp(eta))
}

/// Cumulative Gompertz hazard from `age` to `age + span`: the integral of `level * exp(slope * x)`.
///
/// `level` is the hazard at age 0 per unit of time, `slope` its growth per unit of time; all in one unit of time.
#[inline(always)]
pub fn gompertz_cumulative_hazard(level: f64, slope: f64, age: f64, span: f64) -> f64 {
    let growth = slope * span;
    // exp_m1(g)/g tends to 1, so a slope of 0 is the constant hazard.
    let stretched = if growth == 0.0 { span } else { span * (exp_m1(growth) / growth) };
    level * exp(slope * age) * stretched
}

/// Probability of dying between `age` and `age + span` given alive at `age`, under a Gompertz hazard.
#[inline(always)]
pub fn gompertz_death_probability(level: f64, slope: f64, age: f64, span: f64) -> f64 {
    -exp_m1(-gompertz_cumulative_hazard(level, slope, age, span))
}

/// Probability of surviving from `age` to `age + span` under a Gompertz hazard.
#[inline(always)]
pub fn gompertz_survival(level: f64, slope: f64, age: f64, span: f64) -> f64 {
    exp(-gompertz_cumulative_hazard(level, slope, age, span))
}

/// The probability in one of `periods` equal periods that gives probability `p` in all of them: `1 - (1-p)^(1/periods)`.
///
/// Domain: `0 <= p <= 1`, `periods > 0`. With `periods < 1` it goes from a part to the whole.
#[inline(always)]
pub fn window_to_period(p: f64, periods: f64) -> f64 {
    -exp_m1(ln_1p(-p) / periods)
}

/// The probability in any of `periods` equal periods of probability `p` each: `1 - (1-p)^periods`.
#[inline(always)]
pub fn period_to_window(p: f64, periods: f64) -> f64 {
    -exp_m1(ln_1p(-p) * periods)
}

/// Checks a row-major design of `columns` columns and returns its number of rows.
fn check_design(design: &[f64], columns: usize, rows: usize) -> Result<(), HazardError> {
    if design.len() != rows * columns {
        return Err(HazardError::Length { what: "the design matrix", expected: rows * columns, given: design.len() });
    }
    match design.iter().position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(at) => Err(HazardError::NotFinite { row: at / columns, column: at % columns }),
    }
}

/// Root mean square of each column, 1 for a column of zeros: the scale on which a coefficient's step is judged.
fn column_scales(design: &[f64], columns: usize) -> Vec<f64> {
    let rows = (design.len() / columns.max(1)) as f64;
    let mut scales = vec![0.0; columns];
    for row in design.chunks_exact(columns.max(1)) {
        for (s, x) in scales.iter_mut().zip(row) {
            *s += x * x;
        }
    }
    for s in &mut scales {
        *s = if *s > 0.0 { (*s / rows).sqrt() } else { 1.0 };
    }
    scales
}

/// A diagonal entry of the scaled Cholesky factor below the root of this marks a column as collinear: 1 - R² < 1e-11 leaves five digits.
const COLLINEAR: f64 = 1e-11;

/// Solves `information * step = score` after scaling the diagonal to 1; returns the step, or the first collinear column.
fn scaled_solve(information: &[f64], score: &[f64]) -> Result<Vec<f64>, usize> {
    let (scale, l) = scaled_factor(information, score.len())?;
    let mut step: Vec<f64> = score.iter().zip(&scale).map(|(s, d)| s / d).collect();
    crate::linear::cholesky_solve(&l, &mut step);
    for (s, d) in step.iter_mut().zip(&scale) {
        *s /= d;
    }
    Ok(step)
}

/// Standard errors: roots of the diagonal of the inverse information.
fn standard_errors(information: &[f64], order: usize) -> Result<Vec<f64>, usize> {
    let (scale, l) = scaled_factor(information, order)?;
    let mut errors = Vec::with_capacity(order);
    for j in 0..order {
        let mut unit = vec![0.0; order];
        unit[j] = 1.0;
        crate::linear::cholesky_solve(&l, &mut unit);
        errors.push(unit[j].sqrt() / scale[j]);
    }
    Ok(errors)
}

fn scaled_factor(information: &[f64], order: usize) -> Result<(Vec<f64>, Vec<f64>), usize> {
    let scale: Vec<f64> = (0..order).map(|j| information[j * order + j].sqrt()).collect();
    if let Some(j) = scale.iter().position(|s| !(*s > 0.0 && s.is_finite())) {
        return Err(j);
    }
    let mut l = information.to_vec();
    for i in 0..order {
        for j in 0..order {
            l[i * order + j] /= scale[i] * scale[j];
        }
    }
    crate::linear::cholesky(&mut l, order).map_err(|e| match e {
        crate::linear::LinearError::NotPositiveDefinite { index, .. } => index,
        _ => 0,
    })?;
    match (0..order).find(|j| l[j * order + j] * l[j * order + j] < COLLINEAR) {
        Some(j) => Err(j),
        None => Ok((scale, l)),
    }
}
