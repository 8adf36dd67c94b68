//! Ordinary least squares with standard errors that allow for unequal variances.

use oxus_numerics::linear::{cholesky, cholesky_solve, dot, symmetric_eigenvalues};

use super::{EstimateError, finite};

/// A fitted regression.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastSquares {
    /// One coefficient per column.
    pub coefficients: Vec<f64>,
    /// Standard errors for unequal variances (HC3 of MacKinnon and White, J. Econometrics 29, 1985).
    pub errors: Vec<f64>,
    /// Standard errors for equal variances.
    pub classical: Vec<f64>,
    /// What is left of each observation.
    pub residuals: Vec<f64>,
    /// Standard deviation of what is left: squares over observations less coefficients.
    pub deviation: f64,
    /// Share of the variation about the mean that is explained.
    pub explained: f64,
    /// Condition number of the columns, each scaled to length 1 (Belsley, Kuh and Welsch 1980): above 30 is trouble.
    pub condition: f64,
    /// Correlation of the estimates, row-major.
    pub correlation: Vec<f64>,
}

/// A diagonal entry of the scaled factor below the root of this marks a column as collinear: 1 - R² < 1e-11 leaves five digits.
const COLLINEAR: f64 = 1e-11;

/// Regresses `y` on a row-major `design` of `columns` columns (put in a column of ones for an intercept).
///
/// Oracle: `tests/reference/fit` (statsmodels).
///
/// # Errors
/// Lengths that do not fit, values that are not finite, no more rows than columns, or collinear columns.
pub fn least_squares(design: &[f64], columns: usize, y: &[f64]) -> Result<LeastSquares, EstimateError> {
    let rows = y.len();
    if columns == 0 || rows <= columns {
        return Err(EstimateError::TooFew { rows, parameters: columns });
    }
    if design.len() != rows * columns {
        return Err(EstimateError::Length { expected: rows * columns, given: design.len() });
    }
    finite(design)?;
    finite(y)?;
    let lengths = lengths(design, columns)?;
    let scaled: Vec<f64> = design.chunks_exact(columns).flat_map(|row| row.iter().zip(&lengths).map(|(x, l)| x / l)).collect();
    let gram = gram(&scaled, columns);
    let mut factor = gram.clone();
    cholesky(&mut factor, columns).map_err(|error| match error {
        oxus_numerics::linear::LinearError::NotPositiveDefinite { index, .. } => EstimateError::Collinear(index),
        _ => EstimateError::Constant,
    })?;
    if let Some(column) = (0..columns).find(|j| factor[j * columns + j] * factor[j * columns + j] < COLLINEAR) {
        return Err(EstimateError::Collinear(column));
    }
    let solve = |mut b: Vec<f64>| {
        cholesky_solve(&factor, &mut b);
        b
    };
    let mut by_column = vec![0.0; columns];
    for (row, y) in scaled.chunks_exact(columns).zip(y) {
        by_column.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * y);
    }
    let beta = solve(by_column);
    let residuals: Vec<f64> = scaled.chunks_exact(columns).zip(y).map(|(row, y)| y - dot(row, &beta)).collect();
    let squares = dot(&residuals, &residuals);
    let variance = squares / (rows - columns) as f64;

    // Each row's share in the estimates, and its leverage.
    let mut robust = vec![0.0; columns];
    for (row, e) in scaled.chunks_exact(columns).zip(&residuals) {
        let share = solve(row.to_vec());
        // a row that alone decides a coefficient leaves no residual: 0 over 0 is taken as 0
        let left = (1.0 - dot(&share, row)).max(1e-8);
        let weight = e / left;
        robust.iter_mut().zip(&share).for_each(|(sum, s)| *sum += s * s * weight * weight);
    }
    let inverse: Vec<f64> = (0..columns).flat_map(|j| solve((0..columns).map(|i| f64::from(u8::from(i == j))).collect())).collect();
    let spread = |j: usize| inverse[j * columns + j].sqrt();
    let mean = y.iter().sum::<f64>() / rows as f64;
    let total: f64 = y.iter().map(|y| (y - mean) * (y - mean)).sum();
    let eigenvalues = symmetric_eigenvalues(&gram, columns).map_err(|_| EstimateError::Constant)?;
    Ok(LeastSquares {
        coefficients: beta.iter().zip(&lengths).map(|(b, l)| b / l).collect(),
        errors: robust.iter().zip(&lengths).map(|(v, l)| v.sqrt() / l).collect(),
        classical: (0..columns).map(|j| variance.sqrt() * spread(j) / lengths[j]).collect(),
        deviation: variance.sqrt(),
        explained: if total > 0.0 { 1.0 - squares / total } else { 0.0 },
        condition: (eigenvalues[columns - 1] / eigenvalues[0].max(f64::MIN_POSITIVE)).sqrt(),
        correlation: (0..columns * columns).map(|at| inverse[at] / (spread(at / columns) * spread(at % columns))).collect(),
        residuals,
    })
}

/// Root of the sum of squares of each column.
fn lengths(design: &[f64], columns: usize) -> Result<Vec<f64>, EstimateError> {
    let mut lengths = vec![0.0; columns];
    for row in design.chunks_exact(columns) {
        lengths.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * x);
    }
    if let Some(column) = lengths.iter().position(|l| *l == 0.0) {
        return Err(EstimateError::Collinear(column));
    }
    lengths.iter_mut().for_each(|l| *l = l.sqrt());
    Ok(lengths)
}

fn gram(design: &[f64], columns: usize) -> Vec<f64> {
    let mut gram = vec![0.0; columns * columns];
    for row in design.chunks_exact(columns) {
        for i in 0..columns {
            for j in 0..columns {
                gram[i * columns + j] += row[i] * row[j];
            }
        }
    }
    gram
}
