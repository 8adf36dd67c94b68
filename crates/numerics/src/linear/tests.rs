//! Residuals and known closed forms.

use super::*;

/// A reproducible matrix with entries in [0, 1): the fractional parts of multiples of the golden ratio.
fn entries(count: usize) -> Vec<f64> {
    (1..=count).map(|k| (k as f64 * 0.618_033_988_749_894_9).fract()).collect()
}

fn times(a: &[f64], x: &[f64]) -> Vec<f64> {
    a.chunks(x.len()).map(|row| row.iter().zip(x).map(|(p, q)| p * q).sum()).collect()
}

#[test]
fn cholesky_multiplies_back_and_solves() {
    let order = 9;
    let b = entries(order * order);
    // B Bᵀ + I is positive definite.
    let mut a = vec![0.0; order * order];
    for i in 0..order {
        for j in 0..order {
            a[i * order + j] = f64::from(u8::from(i == j)) + (0..order).map(|k| b[i * order + k] * b[j * order + k]).sum::<f64>();
        }
    }
    let mut l = a.clone();
    cholesky(&mut l, order).unwrap();
    for i in 0..order {
        for j in 0..order {
            let product: f64 = (0..order).map(|k| l[i * order + k] * l[j * order + k]).sum();
            // A dozen roundings of numbers up to 10.
            assert!((product - a[i * order + j]).abs() < 1e-13);
        }
    }
    let mut x = entries(order);
    let right = x.clone();
    solve_symmetric(&mut a.clone(), &mut x).unwrap();
    let inverse = invert_symmetric(&a, order).unwrap();
    for ((p, q), r) in times(&a, &x).iter().zip(&right).zip(times(&inverse, &right).iter().zip(&x)) {
        // The condition number is below 100.
        assert!((p - q).abs() < 1e-12 && (r.0 - r.1).abs() < 1e-12);
    }
}

#[test]
fn lu_solves_with_zero_on_the_diagonal() {
    let a = [0.0, 2.0, 1.0, 1.0, 0.0, 3.0, 4.0, 5.0, 0.0];
    let mut x = [5.0, 10.0, 14.0];
    let right = x;
    solve_general(&mut a.clone(), &mut x).unwrap();
    for (p, q) in times(&a, &x).iter().zip(&right) {
        assert!((p - q).abs() < 1e-13);
    }
}

#[test]
fn unusable_matrices_are_errors() {
    assert!(matches!(cholesky(&mut [1.0, 1.0, 1.0, 1.0], 2), Err(LinearError::NotPositiveDefinite { index: 1, .. })));
    assert!(cholesky(&mut [f64::NAN], 1).is_err());
    assert!(cholesky(&mut [1.0], 2).is_err());
    assert_eq!(solve_general(&mut [1.0, 2.0, 2.0, 4.0], &mut [1.0, 1.0]), Err(LinearError::Singular { column: 1 }));
    assert!(covariance_factor(&[1.0, 2.0], &[1.0, 1.0, 1.0, 1.0]).is_err());
    assert!(covariance_factor(&[1.0, 2.0], &[1.0]).is_err());
    assert!(spectral_radius(&[0.1, -0.1, 0.0, 0.2], 2).is_err());
}

#[test]
fn spectral_radius_of_known_matrices() {
    let near = |a: &[f64], order, value: f64| {
        let found = spectral_radius(a, order).unwrap();
        assert!(found.lower <= value + 1e-12 && value - 1e-12 <= found.upper, "{found:?}");
        found.upper - found.lower
    };
    // A cycle of period 3: plain power iteration does not converge, the shifted one does.
    let cycle = [0.0, 2.0, 0.0, 0.0, 0.0, 4.0, 1.0, 0.0, 0.0];
    assert!(near(&cycle, 3, 2.0) < 1e-11);
    assert!(near(&[0.5, 0.25, 0.25, 0.5], 2, 0.75) < 1e-11);
    // Triangular, so reducible: the radius is the largest diagonal entry; the enclosure holds but is not tight.
    near(&[0.5, 1.0, 0.0, 0.25], 2, 0.5);
    assert_eq!(near(&[0.0; 4], 2, 0.0), 0.0);
}

#[test]
fn eigenvalues_of_known_matrices() {
    let near = |a: &[f64], order, expected: &[f64]| {
        let found = symmetric_eigenvalues(a, order).unwrap();
        let worst = found.iter().zip(expected).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
        // a few roundings of entries of size 4 at most
        assert!(found.len() == expected.len() && worst < 1e-14 * 8.0, "{found:?} {expected:?}");
    };
    near(&[2.0, 1.0, 1.0, 2.0], 2, &[1.0, 3.0]);
    // second differences: 2 - 2 cos(k pi / (n + 1))
    let (n, mut a) = (6_usize, vec![0.0; 36]);
    for i in 0..n {
        a[i * n + i] = 2.0;
        if i > 0 {
            (a[i * n + i - 1], a[(i - 1) * n + i]) = (-1.0, -1.0);
        }
    }
    let expected: Vec<f64> = (1..=n).map(|k| 2.0 - 2.0 * oxus_math::cos_turns(k as f64 / 14.0)).collect();
    near(&a, n, &expected);
    near(&[0.0; 4], 2, &[0.0, 0.0]);
    assert!(symmetric_eigenvalues(&[1.0], 2).is_err() && symmetric_eigenvalues(&[f64::NAN], 1).is_err());
}
