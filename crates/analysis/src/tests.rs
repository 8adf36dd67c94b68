//! Estimators against closed forms and textbook values.

use crate::{Cluster, Likelihood, Paired, Sketch, reported_probability};

/// A small full-period generator: enough to make data, independent of the product's own streams.
fn numbers(n: usize) -> Vec<f64> {
    let mut state = 12345_u64;
    let next = |s: &mut u64| {
        *s = s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (*s >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..n).map(|_| next(&mut state)).collect()
}

#[test]
fn quantiles_are_within_the_stated_accuracy() {
    let mut values: Vec<f64> = numbers(20_001).iter().map(|u| (u - 0.3) * 1e4).collect();
    let mut sketch = Sketch::default();
    values.iter().for_each(|v| sketch.add(*v));
    values.sort_by(f64::total_cmp);
    for p in [0.0, 0.025, 0.1, 0.5, 0.9, 0.975, 1.0] {
        let exact = values[(p * 20_000.0) as usize];
        let found = sketch.quantile(p).expect("not empty");
        // the bucket's half-width, and one part in 1e9 for the edges
        assert!((found - exact).abs() <= 0.005 * exact.abs() * (1.0 + 1e-9), "{p}: {found} against {exact}");
    }
}

#[test]
fn sketches_of_parts_are_the_sketch_of_the_whole() {
    let values = numbers(1000);
    let (mut whole, mut parts) = (Sketch::default(), [Sketch::default(), Sketch::default(), Sketch::default()]);
    for (i, v) in values.iter().enumerate() {
        whole.add(*v);
        parts[i % 3].add(*v);
    }
    let mut merged = parts[2].clone();
    merged.merge(&parts[0]);
    merged.merge(&parts[1]);
    assert_eq!(whole, merged);
    assert_eq!(whole, Sketch::of(&values));
}

#[test]
fn what_is_not_finite_is_counted_apart() {
    let mut sketch = Sketch::default();
    [1.0, f64::NAN, f64::INFINITY].iter().for_each(|v| sketch.add(*v));
    assert_eq!((sketch.count(), sketch.not_finite()), (1, 2));
    assert_eq!(Sketch::default().quantile(0.5), None);
}

fn paired(clusters: &[&[(f64, f64)]]) -> Paired {
    let mut paired = Paired::default();
    clusters.iter().for_each(|c| paired.add(&Cluster { members: c.to_vec() }));
    paired
}

#[test]
fn singletons_give_the_ordinary_standard_error() {
    // differences 1, 2, 3, 4: mean 2.5, standard deviation sqrt(5/3), standard error sqrt(5/12)
    let summary = paired(&[&[(0.0, 1.0)], &[(0.0, 2.0)], &[(0.0, 3.0)], &[(0.0, 4.0)]]).summary().expect("members");
    assert_eq!(summary.difference, 2.5);
    assert!((summary.monte_carlo - 1.959_963_984_540_054 * (5.0_f64 / 12.0).sqrt()).abs() < 1e-14);
    assert_eq!(summary.sign_agreement, 1.0);
}

#[test]
fn members_of_one_draw_are_not_independent() {
    // two draws of two equal differences each: the error is that of two observations, not four
    let summary = paired(&[&[(0.0, 1.0), (0.0, 1.0)], &[(0.0, 3.0), (0.0, 3.0)]]).summary().expect("members");
    assert!((summary.monte_carlo - 1.959_963_984_540_054).abs() < 1e-14, "mean 2, cluster means 1 and 3: error 1");
    assert_eq!((summary.draws, summary.members), (2, 4));
}

#[test]
fn runs_saved_is_the_ratio_of_variances() {
    // case = baseline + 1 +- 0.1: Var(b) + Var(s) over Var(d)
    let base = [0.0, 1.0, 2.0, 3.0];
    let noise = [0.1, -0.1, -0.1, 0.1];
    let clusters: Vec<[(f64, f64); 1]> = base.iter().zip(noise).map(|(b, e)| [(*b, b + 1.0 + e)]).collect();
    let list: Vec<&[(f64, f64)]> = clusters.iter().map(|c| c.as_slice()).collect();
    let saved = paired(&list).summary().expect("members").runs_saved;
    // population variances: 1.25 of the baseline, 1.26 of the case (the noise is orthogonal to it), 0.01 of the difference
    assert!((saved - 251.0).abs() < 1e-6, "{saved}");
    let same = paired(&[&[(1.0, 1.0)], &[(2.0, 2.0)]]).summary().expect("members");
    assert!(same.runs_saved.is_infinite() && same.sign_agreement.is_nan());
    assert!(Paired::default().summary().is_none());
}

#[test]
fn ceiling_of_a_binary_outcome() {
    // p0 = 0.1, p1 = 0.2: (0.09 + 0.16) / (0.1 * 0.9)
    assert!((Paired::binary_ceiling(0.1, 0.2) - 0.25 / 0.09).abs() < 1e-12);
}

#[test]
fn words_follow_icd_203() {
    let bands = [
        (0.03, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "roughly even chance"),
        (0.8, "likely"),
        (0.95, "very likely"),
        (0.98, "almost certain"),
    ];
    for (p, words) in bands {
        assert_eq!(Likelihood::of(p).words(), words, "{p}");
    }
    assert_eq!((reported_probability(0.0, false), reported_probability(1.0, true)), (0.01, 0.99));
    assert_eq!(reported_probability(0.13, true), 0.15);
}
