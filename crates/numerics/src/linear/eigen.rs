//! Eigenvalues of symmetric matrices by Jacobi rotations.

use super::LinearError;

/// Sweeps after which rounding has long been reached: convergence is quadratic, and six sweeps are usual for order 10.
const SWEEPS: usize = 60;

/// The eigenvalues of symmetric `a` (row-major, `order` x `order`), ascending.
///
/// Only the lower triangle is read. Source: Golub and Van Loan, *Matrix Computations* (2013), section 8.5 (cyclic Jacobi). Oracle: closed forms.
///
/// # Errors
/// A wrong length, or an entry that is not finite.
pub fn symmetric_eigenvalues(a: &[f64], order: usize) -> Result<Vec<f64>, LinearError> {
    if a.len() != order * order {
        return Err(LinearError::Shape { order, given: a.len() });
    }
    let mut m = vec![0.0; order * order];
    for i in 0..order {
        for j in 0..=i {
            let entry = a[i * order + j];
            if !entry.is_finite() {
                return Err(LinearError::NotFinite { row: i, column: j });
            }
            (m[i * order + j], m[j * order + i]) = (entry, entry);
        }
    }
    let size: f64 = m.iter().map(|x| x * x).sum();
    for _ in 0..SWEEPS {
        let off: f64 = (0..order).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| m[i * order + j] * m[i * order + j]).sum();
        if off <= 1e-30 * size {
            break;
        }
        for p in 0..order {
            for q in p + 1..order {
                rotate(&mut m, order, p, q);
            }
        }
    }
    let mut values: Vec<f64> = (0..order).map(|i| m[i * order + i]).collect();
    values.sort_by(f64::total_cmp);
    Ok(values)
}

/// Turns the plane of `p` and `q` so that their common entry vanishes.
fn rotate(m: &mut [f64], order: usize, p: usize, q: usize) {
    let common = m[p * order + q];
    if common == 0.0 {
        return;
    }
    let ratio = (m[q * order + q] - m[p * order + p]) / (2.0 * common);
    // the smaller of the two angles, which keeps the other entries small
    let tangent = if ratio >= 0.0 { 1.0 } else { -1.0 } / (ratio.abs() + (ratio * ratio + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    for k in 0..order {
        let (x, y) = (m[k * order + p], m[k * order + q]);
        (m[k * order + p], m[k * order + q]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
    for k in 0..order {
        let (x, y) = (m[p * order + k], m[q * order + k]);
        (m[p * order + k], m[q * order + k]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
}
