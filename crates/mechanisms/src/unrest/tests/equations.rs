//! Equations against closed forms and numerical integration.

use proptest::prelude::*;

use super::super::equations::*;

proptest! {
    #[test]
    fn power_law_quantiles_invert_the_distribution_function(u in 0.0001..0.9999, exponent in 1.1..3.5, low in 0.5..5.0, times in 2.0..500.0) {
        let high = low * times;
        let x = power_law_quantile(u, exponent, low, high);
        let k: f64 = exponent - 1.0;
        let cdf = (1.0 - (low / x).powf(k)) / (1.0 - (low / high).powf(k));
        // the quantile is two powers of about one unit in the last place each; near u = 1 the tail divides by 1 - u
        prop_assert!((cdf - u).abs() < 1e-11, "{cdf} against {u}");
        prop_assert!(x >= low * (1.0 - 1e-12) && x <= high);
    }

    #[test]
    fn moments_agree_with_the_mean_of_quantiles(power in 0.05..1.0, exponent in 1.2..3.0, times in 5.0..300.0) {
        let n = 20_000;
        let mean: f64 = (0..n).map(|i| power_law_quantile((f64::from(i) + 0.5) / f64::from(n), exponent, 2.0, 2.0 * times).powf(power)).sum::<f64>() / f64::from(n);
        // midpoint rule: the last cell holds the steep end of the quantile function
        prop_assert!((power_law_moment(power, exponent, 2.0, 2.0 * times) / mean - 1.0).abs() < 0.01);
    }

    #[test]
    fn the_short_cut_to_no_offspring_is_exact(u in 0.0001..0.9999, mean in 0.0..3.0) {
        prop_assert_eq!(offspring(u, mean) as f64, oxus_math::poisson_quantile(u, mean));
    }

    #[test]
    fn grievance_stays_within_its_scale(base in 0.0..1.0, by in 0.0..1.0, rise in -1.0..1.0, deaths in 0.0..1e4, shift in -3.0..3.0, x in 0.0..1.0) {
        let target = grievance_target(base, by, rise, by, deaths, shift);
        let next = relax(x, target, speed(0.5 + deaths));
        prop_assert!((0.0..=1.0).contains(&target) && (0.0..=1.0).contains(&next));
    }
}

#[test]
fn weights_have_mean_one() {
    let n = 100_000;
    let mean: f64 =
        (0..n).map(|i| log_normal_mark(oxus_math::normal_quantile((f64::from(i) + 0.5) / f64::from(n)), 0.4, 1.5)).sum::<f64>() / f64::from(n);
    // midpoint rule over 1e5 cells of a function whose tail cell is about exp(0.6 * 4.4) / 1e5
    assert!((mean - 1.0).abs() < 1e-3, "{mean}");
}

#[test]
fn the_logarithmic_moment_is_the_limit_of_its_neighbours() {
    let (at, near) = (power_law_moment(0.6, 1.6, 1.0, 100.0), power_law_moment(0.6 + 1e-6, 1.6, 1.0, 100.0));
    assert!((at / near - 1.0).abs() < 1e-4, "continuous in the power");
}

#[test]
fn the_effect_of_a_year_is_stationary() {
    // variance rho^2 s^2 + (1 - rho^2) s^2 = s^2, written through two unit shocks
    let (a, b) = (year_effect(1.1, 0.4, 1.1, 0.0), year_effect(0.0, 0.4, 1.1, 1.0));
    assert!((a * a + b * b - 1.21).abs() < 1e-12);
    assert!((first_year_effect(33.0, 9.5) - (33.5_f64 / 10.0).ln()).abs() < 1e-12);
}

#[test]
fn lethal_answers_follow_repression_and_size() {
    let p = |rise, size, shift| lethal_probability(-3.0, 2.0, rise, 0.4, size, shift);
    assert!(p(0.1, 0.0, 0.0) > p(0.0, 0.0, 0.0) && p(0.0, 1.0, 0.0) > p(0.0, 0.0, 0.0) && p(0.0, 0.0, 0.5) > p(0.0, 0.0, 0.0));
    assert!((p(0.0, 0.0, 0.0) - 1.0 / (1.0 + 3.0_f64.exp())).abs() < 1e-15);
}
