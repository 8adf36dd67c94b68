//! One common factor of several variables.

use super::EstimateError;

/// Largest loading: a variable that is nothing but the factor leaves no chance of its own (a Heywood case of short series).
const LARGEST: f64 = 0.95;
/// Rounds of coordinate descent; a hundred are usual.
const ROUNDS: usize = 20_000;

/// Loadings on one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Loading of each variable, in [-0.95, 0.95]; their sum is not negative.
    pub loadings: Vec<f64>,
    /// Their errors: each year left out once (jackknife).
    pub errors: Vec<f64>,
    /// Correlations, row-major.
    pub correlation: Vec<f64>,
}

/// Loadings that come nearest to the correlations of `values` (row-major, years x `variables`): minimum residuals (Harman and Jones,
/// Psychometrika 31, 1966). Oracle: `tests/reference/fit` (statsmodels `Factor`, principal axes, the same stationary points).
///
/// # Errors
/// Fewer than three variables or five years, values that are not finite or do not vary.
pub fn one_factor(values: &[f64], variables: usize) -> Result<Factor, EstimateError> {
    super::finite(values)?;
    let years = values.len() / variables.max(1);
    if variables < 3 || years < 5 {
        return Err(EstimateError::TooFew { rows: years, parameters: variables });
    }
    let correlation = correlate(values, variables, None)?;
    let loadings = load(&correlation, variables);
    let mut left_out = Vec::with_capacity(years);
    for year in 0..years {
        left_out.push(load(&correlate(values, variables, Some(year))?, variables));
    }
    let n = years as f64;
    let errors = (0..variables).map(|i| {
        let mean = left_out.iter().map(|l| l[i]).sum::<f64>() / n;
        let squares: f64 = left_out.iter().map(|l| (l[i] - mean) * (l[i] - mean)).sum();
        ((n - 1.0) / n * squares).sqrt()
    });
    Ok(Factor { errors: errors.collect(), loadings, correlation })
}

fn correlate(values: &[f64], k: usize, without: Option<usize>) -> Result<Vec<f64>, EstimateError> {
    let rows: Vec<&[f64]> = values.chunks_exact(k).enumerate().filter(|(year, _)| Some(*year) != without).map(|(_, row)| row).collect();
    let n = rows.len() as f64;
    let means: Vec<f64> = (0..k).map(|i| rows.iter().map(|row| row[i]).sum::<f64>() / n).collect();
    let product = |i: usize, j: usize| rows.iter().map(|row| (row[i] - means[i]) * (row[j] - means[j])).sum::<f64>();
    let spread: Vec<f64> = (0..k).map(|i| product(i, i).sqrt()).collect();
    if spread.contains(&0.0) {
        return Err(EstimateError::Constant);
    }
    Ok((0..k * k).map(|at| product(at / k, at % k) / (spread[at / k] * spread[at % k])).collect())
}

/// Coordinate descent on the squared residual correlations, from the signs of the row with the largest sum of moduli.
fn load(r: &[f64], k: usize) -> Vec<f64> {
    let weight = |i: usize| (0..k).map(|j| r[i * k + j].abs()).sum::<f64>();
    let lead = (0..k).max_by(|&a, &b| weight(a).total_cmp(&weight(b)).then(b.cmp(&a))).unwrap_or(0);
    let mut l: Vec<f64> = (0..k).map(|j| if r[lead * k + j] < 0.0 { -0.5 } else { 0.5 }).collect();
    for _ in 0..ROUNDS {
        let mut moved: f64 = 0.0;
        for i in 0..k {
            let others = (0..k).filter(|j| *j != i);
            let (mut pull, mut squares) = (0.0, 0.0);
            for j in others {
                pull += r[i * k + j] * l[j];
                squares += l[j] * l[j];
            }
            let next = if squares > 0.0 { (pull / squares).clamp(-LARGEST, LARGEST) } else { 0.0 };
            moved = moved.max((next - l[i]).abs());
            l[i] = next;
        }
        if moved < 1e-13 {
            break;
        }
    }
    if l.iter().sum::<f64>() < 0.0 {
        l.iter_mut().for_each(|x| *x = -*x);
    }
    l
}
