//! Small dense linear algebra on row-major slices: Cholesky, LU, and the spectral radius of a non-negative matrix.
//!
//! Written out in a fixed order of operations (only +, -, *, / and the square root), so that results are the same bits everywhere; the systems
//! solved here have at most a few dozen unknowns, where blocked or SIMD kernels gain nothing.

mod eigen;

#[cfg(test)]
mod tests;

pub use eigen::symmetric_eigenvalues;

/// Why a matrix could not be used.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum LinearError {
    /// The slice does not hold a matrix of the stated order.
    #[error("a matrix of order {order} needs {} numbers, {given} were given", order * order)]
    Shape {
        /// Rows and columns expected.
        order: usize,
        /// Numbers given.
        given: usize,
    },
    /// A Cholesky pivot that is not safely positive.
    #[error("the matrix is not positive definite: pivot {index} is {pivot:e} of a diagonal {diagonal:e}")]
    NotPositiveDefinite {
        /// Row of the pivot.
        index: usize,
        /// What is left of the diagonal entry.
        pivot: f64,
        /// The diagonal entry.
        diagonal: f64,
    },
    /// No usable pivot in a column.
    #[error("the matrix is singular: no usable pivot in column {column}")]
    Singular {
        /// The column.
        column: usize,
    },
    /// An entry that is not a finite number.
    #[error("entry ({row}, {column}) is not a finite number")]
    NotFinite {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
    },
    /// An entry that should not be negative or is not a finite number.
    #[error("entry ({row}, {column}) is {value}; a finite number of at least 0 is expected")]
    NotNonNegative {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// Value.
        value: f64,
    },
}

/// A pivot below this share of its diagonal entry has lost all its digits to cancellation.
const PIVOT_FLOOR: f64 = 1e-14;

/// The sum of products of two slices of one length, in four interleaved partial sums: a fixed order that vector units can follow.
#[inline(always)]
pub fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut part = [0.0; 4];
    let (x4, y4) = (x.chunks_exact(4), y.chunks_exact(4));
    let mut rest = 0.0;
    for (x, y) in x4.remainder().iter().zip(y4.remainder()) {
        rest += x * y;
    }
    for (x, y) in x4.zip(y4) {
        for k in 0..4 {
            part[k] += x[k] * y[k];
        }
    }
    (part[0] + part[1]) + (part[2] + part[3]) + rest
}

/// The sum of a slice in the order of [`dot`].
#[inline(always)]
pub fn sum(x: &[f64]) -> f64 {
    let mut part = [0.0; 4];
    let x4 = x.chunks_exact(4);
    let rest: f64 = x4.remainder().iter().sum();
    for x in x4 {
        for k in 0..4 {
            part[k] += x[k];
        }
    }
    (part[0] + part[1]) + (part[2] + part[3]) + rest
}

fn check_shape(a: &[f64], order: usize) -> Result<(), LinearError> {
    if a.len() == order * order { Ok(()) } else { Err(LinearError::Shape { order, given: a.len() }) }
}

/// Replaces the lower triangle of symmetric `a` (row-major, `order` x `order`) by L with L Lᵀ = a, and clears the upper triangle.
///
/// Only the lower triangle of `a` is read.
///
/// # Errors
/// A wrong length, or a matrix that is not numerically positive definite.
pub fn cholesky(a: &mut [f64], order: usize) -> Result<(), LinearError> {
    check_shape(a, order)?;
    for column in 0..order {
        let diagonal = a[column * order + column];
        let mut pivot = diagonal;
        for k in 0..column {
            pivot -= a[column * order + k] * a[column * order + k];
        }
        // Written so that NaN fails too.
        if !(pivot > PIVOT_FLOOR * diagonal && pivot.is_finite()) {
            return Err(LinearError::NotPositiveDefinite { index: column, pivot, diagonal });
        }
        let root = pivot.sqrt();
        a[column * order + column] = root;
        for row in column + 1..order {
            let mut sum = a[row * order + column];
            for k in 0..column {
                sum -= a[row * order + k] * a[column * order + k];
            }
            a[row * order + column] = sum / root;
        }
        a[column * order + column + 1..(column + 1) * order].fill(0.0);
    }
    Ok(())
}

/// The lower Cholesky factor, row-major, of the covariance `corr[i][j] sd[i] sd[j]`: it turns independent normals into correlated shocks.
///
/// # Errors
/// As [`cholesky`]: among others a standard deviation of 0, or perfect correlation.
pub fn covariance_factor(sd: &[f64], corr: &[f64]) -> Result<Vec<f64>, LinearError> {
    let order = sd.len();
    check_shape(corr, order)?;
    let mut factor: Vec<f64> = (0..order * order).map(|at| corr[at] * (sd[at / order] * sd[at % order])).collect();
    cholesky(&mut factor, order)?;
    Ok(factor)
}

/// Solves L Lᵀ x = b in place, with `l` from [`cholesky`] of order `b.len()`.
pub fn cholesky_solve(l: &[f64], b: &mut [f64]) {
    let order = b.len();
    for row in 0..order {
        let mut sum = b[row];
        for k in 0..row {
            sum -= l[row * order + k] * b[k];
        }
        b[row] = sum / l[row * order + row];
    }
    for row in (0..order).rev() {
        let mut sum = b[row];
        for k in row + 1..order {
            sum -= l[k * order + row] * b[k];
        }
        b[row] = sum / l[row * order + row];
    }
}

/// Solves a x = b for symmetric positive definite `a`, overwriting `a` by its Cholesky factor and `b` by x.
///
/// # Errors
/// As [`cholesky`].
pub fn solve_symmetric(a: &mut [f64], b: &mut [f64]) -> Result<(), LinearError> {
    cholesky(a, b.len())?;
    cholesky_solve(a, b);
    Ok(())
}

/// The inverse of symmetric positive definite `a`, as a full matrix.
///
/// # Errors
/// As [`cholesky`].
pub fn invert_symmetric(a: &[f64], order: usize) -> Result<Vec<f64>, LinearError> {
    let mut l = a.to_vec();
    cholesky(&mut l, order)?;
    let mut inverse = vec![0.0; order * order];
    for row in 0..order {
        let unit = &mut inverse[row * order..(row + 1) * order];
        unit[row] = 1.0;
        cholesky_solve(&l, unit);
    }
    Ok(inverse)
}

/// Solves a x = b by LU with partial pivoting, overwriting both; `b` becomes x.
///
/// # Errors
/// A wrong length, or a column whose largest pivot is below 1e-14 of the largest entry of `a`.
pub fn solve_general(a: &mut [f64], b: &mut [f64]) -> Result<(), LinearError> {
    let order = b.len();
    check_shape(a, order)?;
    let scale = a.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    for column in 0..order {
        let mut best = column;
        for row in column + 1..order {
            if a[row * order + column].abs() > a[best * order + column].abs() {
                best = row;
            }
        }
        let pivot = a[best * order + column];
        if !(pivot.abs() > PIVOT_FLOOR * scale && pivot.is_finite()) {
            return Err(LinearError::Singular { column });
        }
        if best != column {
            for k in 0..order {
                a.swap(best * order + k, column * order + k);
            }
            b.swap(best, column);
        }
        for row in column + 1..order {
            let factor = a[row * order + column] / pivot;
            for k in column..order {
                a[row * order + k] -= factor * a[column * order + k];
            }
            b[row] -= factor * b[column];
        }
    }
    for row in (0..order).rev() {
        let mut sum = b[row];
        for k in row + 1..order {
            sum -= a[row * order + k] * b[k];
        }
        b[row] = sum / a[row * order + row];
    }
    Ok(())
}

/// An enclosure of the spectral radius of a non-negative matrix: the true value lies in `[lower, upper]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpectralRadius {
    /// A value the spectral radius is not below.
    pub lower: f64,
    /// A value the spectral radius is not above.
    pub upper: f64,
}

/// Encloses the spectral radius of non-negative `a` (row-major, `order` x `order`) by power iteration with Collatz-Wielandt bounds.
///
/// Iterates on `a + s I`, which is aperiodic, and stops at a relative width of 1e-12, when a hundred steps have brought nothing, or after
/// 10 000 steps. Where `a` is reducible the lower bound may stay loose; the upper bound still converges, and both are valid.
/// Source: Horn and Johnson, *Matrix Analysis* (2013), theorem 8.1.26. Oracle: `numpy.linalg.eigvals` on `tests/reference/hawkes`.
///
/// # Errors
/// A wrong length, or an entry that is negative or not finite.
pub fn spectral_radius(a: &[f64], order: usize) -> Result<SpectralRadius, LinearError> {
    check_shape(a, order)?;
    if let Some(at) = a.iter().position(|&x| !(x >= 0.0 && x.is_finite())) {
        return Err(LinearError::NotNonNegative { row: at / order, column: at % order, value: a[at] });
    }
    let largest_row = (0..order).map(|i| a[i * order..(i + 1) * order].iter().sum::<f64>()).fold(0.0, f64::max);
    let mut found = SpectralRadius { lower: 0.0, upper: largest_row };
    if largest_row == 0.0 {
        return Ok(found);
    }
    let shift = 0.5 * largest_row;
    let (mut x, mut y) = (vec![1.0; order], vec![0.0; order]);
    let (mut idle, mut best) = (0, found);
    for _ in 0..10_000 {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for i in 0..order {
            let row = &a[i * order..(i + 1) * order];
            let image: f64 = row.iter().zip(&x).map(|(p, q)| p * q).sum();
            low = low.min(image / x[i]);
            high = high.max(image / x[i]);
            y[i] = image + shift * x[i];
        }
        found.lower = found.lower.max(low);
        found.upper = found.upper.min(high);
        let gained = (best.upper - found.upper) + (found.lower - best.lower);
        (idle, best) = if gained > 1e-14 * found.upper { (0, found) } else { (idle + 1, best) };
        if found.upper - found.lower <= 1e-12 * found.upper || idle == 100 {
            break;
        }
        let norm: f64 = y.iter().fold(0.0, |m, v| m.max(*v));
        // Entries of classes that die out stay positive, so that the bounds stay defined.
        for (to, from) in x.iter_mut().zip(&y) {
            *to = (from / norm).max(1e-280);
        }
    }
    Ok(found)
}
