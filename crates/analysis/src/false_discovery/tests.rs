use super::{benjamini_hochberg, p_of_zero_mean, wilson};

/// R 4.x: `p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.5), "BH")` gives 0.05 0.05 0.05 0.05 0.50; the second from the example of Benjamini and
/// Hochberg 1995, section 4.1: fifteen p-values of which the procedure at 0.05 rejects four.
#[test]
fn adjusted_as_in_the_paper() {
    let found = benjamini_hochberg(&[0.5, 0.01, 0.03, 0.02, 0.04]);
    for (a, b) in found.iter().zip([0.5, 0.05, 0.05, 0.05, 0.05]) {
        assert!((a - b).abs() < 1e-15, "{found:?}");
    }
    let paper = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
    let adjusted = benjamini_hochberg(&paper);
    assert_eq!(adjusted.iter().filter(|q| **q <= 0.05).count(), 4);
    assert!((adjusted[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-15);
    assert!(adjusted.windows(2).all(|w| w[0] <= w[1]), "order is kept");
}

#[test]
fn what_is_no_number_is_no_test() {
    let found = benjamini_hochberg(&[0.02, f64::NAN, 0.04]);
    assert!((found[0] - 0.04).abs() < 1e-15 && found[1].is_nan() && (found[2] - 0.04).abs() < 1e-15);
    assert!(benjamini_hochberg(&[]).is_empty());
}

/// scipy.stats.ttest_1samp of the sleep data's differences (Student 1908): t = 4.0621, p = 0.00283289 with nine degrees of freedom.
#[test]
fn students_own_example() {
    let sleep = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
    let p = p_of_zero_mean(&sleep).expect("ten numbers");
    assert!((p - 0.002_832_89).abs() < 1e-8, "{p}");
    assert_eq!((p_of_zero_mean(&[0.0, 0.0]), p_of_zero_mean(&[1.0, 1.0]), p_of_zero_mean(&[1.0])), (Some(1.0), Some(0.0), None));
}

/// Newcombe (1998, Stat. Med. 17:857-872), table I, method 3: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
#[test]
fn intervals_of_shares() {
    let (low, high) = wilson(81.0, 263);
    assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
    let (low, high) = wilson(0.0, 20);
    assert!(low.abs() < 1e-15 && (high - 0.1611).abs() < 5e-5, "{low} {high}");
    assert!(wilson(0.0, 0).0.is_nan());
}
