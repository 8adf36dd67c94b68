//! Eigenvalue bounds of a real matrix of any signs.

/// Most squarings: the estimate after `k` of them errs by a factor `c^(1/2^k)`, which is 1 to the last bit long before.
const SQUARINGS: u32 = 64;
/// Squarings before the estimate may be taken as settled: a rotating pair of eigenvalues can stand still for a few.
const LEAST: u32 = 12;

/// Largest modulus of the eigenvalues of a square row-major matrix, by Gelfand's formula `lim |A^k|^(1/k)` with `k` doubling each time.
///
/// Unlike the power method it needs no start vector and no gap: pairs of complex or opposite eigenvalues of one modulus are fine, and a
/// nilpotent matrix gives exactly 0. NaN where an entry is not finite. Panics in debug builds if `a` is not `order` x `order`.
/// Oracle: closed forms in the tests (triangular, rotation, companion and defective matrices).
pub fn spectral_radius(a: &[f64], order: usize) -> f64 {
    debug_assert_eq!(a.len(), order * order, "internal: a square matrix");
    let mut power = a.to_vec();
    let (mut log, mut scale, mut last) = (0.0, 1.0, f64::NAN);
    for k in 0..=SQUARINGS {
        let norm = power.iter().map(|x| x * x).sum::<f64>().sqrt();
        if norm == 0.0 {
            return 0.0;
        }
        if !norm.is_finite() {
            return f64::NAN;
        }
        power.iter_mut().for_each(|x| *x /= norm);
        // log holds ln |A^(2^k)| / 2^k
        log += oxus_math::ln(norm) * scale;
        let radius = oxus_math::exp(log);
        if k >= LEAST && (radius - last).abs() <= 1e-14 * radius {
            return radius;
        }
        last = radius;
        scale *= 0.5;
        power = square(&power, order);
    }
    last
}

fn square(a: &[f64], order: usize) -> Vec<f64> {
    let mut out = vec![0.0; order * order];
    for (row, out) in out.chunks_exact_mut(order).enumerate() {
        for k in 0..order {
            let factor = a[row * order + k];
            if factor != 0.0 {
                for (o, x) in out.iter_mut().zip(&a[k * order..][..order]) {
                    *o += factor * x;
                }
            }
        }
    }
    out
}

/// Whether `det(I - A) < 0`: then an odd number of real eigenvalues lies above 1, and a deviation along one of them grows in one direction
/// without turning round. Sufficient, not necessary (two such eigenvalues give a positive determinant).
pub fn grows_without_turning(a: &[f64], order: usize) -> bool {
    let mut m: Vec<f64> = a.iter().enumerate().map(|(i, x)| f64::from(u8::from(i / order == i % order)) - x).collect();
    let mut negative = false;
    for column in 0..order {
        let size = |row: usize| m[row * order + column].abs();
        let Some(pivot) = (column..order).max_by(|&p, &q| size(p).total_cmp(&size(q))) else { return false };
        if m[pivot * order + column] == 0.0 {
            return false;
        }
        if pivot != column {
            negative = !negative;
            (0..order).for_each(|k| m.swap(pivot * order + k, column * order + k));
        }
        let diagonal = m[column * order + column];
        negative ^= diagonal < 0.0;
        for row in column + 1..order {
            let factor = m[row * order + column] / diagonal;
            if factor != 0.0 {
                for k in column..order {
                    m[row * order + k] -= factor * m[column * order + k];
                }
            }
        }
    }
    negative
}
