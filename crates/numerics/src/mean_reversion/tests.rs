//! Closed-form moments, exactness of the step, and agreement with `tests/reference/mean_reversion`.
#![allow(clippy::disallowed_methods)] // the standard library is the reference here

use oxus_random::{Key, Stream};

use super::*;
use crate::linear::covariance_factor;
use crate::reference_data::{field, json, near, number, rows};

#[test]
fn moments_are_the_textbook_ones() {
    let (x, level, speed, volatility, dt) = (3.0_f64, 4.2_f64, 0.8_f64, 0.35_f64, 1.7_f64);
    let found = ou_moments(x, level, speed, volatility, dt);
    let decay = (-speed * dt).exp();
    near(found.mean, x * decay + level * (1.0 - decay), 1e-14);
    near(found.variance, volatility * volatility * (1.0 - decay * decay) / (2.0 * speed), 1e-15);
    // A price is log-normal.
    let price = log_ou_moments(x.exp(), level, speed, volatility, dt);
    near(price.mean, (found.mean + found.variance / 2.0).exp(), 1e-12);
    near(price.variance, price.mean.powi(2) * (found.variance.exp() - 1.0), 1e-11);
}

#[test]
fn two_steps_make_one_and_limits_hold() {
    let (speed, volatility) = (1.3, 0.4);
    let (part, whole) = (OuStep::new(speed, volatility, 0.2), OuStep::new(speed, volatility, 0.6));
    near(part.persistence.powi(3), whole.persistence, 1e-15);
    let kept = part.persistence * part.persistence;
    let variance = part.deviation * part.deviation * (1.0 + kept + kept * kept);
    near(variance, whole.deviation * whole.deviation, 1e-15);
    // No reversion: a random walk, also in the limit.
    near(OuStep::new(0.0, volatility, 2.0).deviation, volatility * 2_f64.sqrt(), 1e-15);
    near(OuStep::new(1e-14, volatility, 2.0).deviation, volatility * 2_f64.sqrt(), 1e-13);
    // Long after, the stationary law.
    let long = ou_moments(9.0, 1.0, speed, volatility, 100.0);
    near(long.mean, 1.0, 1e-12);
    near(long.variance, volatility * volatility / (2.0 * speed), 1e-15);
}

#[test]
fn simulated_moments_and_correlations() {
    let n = 40_000;
    let mut stream = Stream::new(Key::new(9, 0, 0), 1, 1, 0);
    let step = OuStep::new(0.5, 0.3, 1.0 / 12.0);
    let expected = ou_moments(1.0, 2.0, 0.5, 0.3, 0.25);
    let ends: Vec<f64> = (0..n).map(|_| (0..3).fold(1.0, |x, _| ou_step(x, 2.0, step, stream.normal()))).collect();
    let mean = ends.iter().sum::<f64>() / f64::from(n);
    let variance = ends.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
    // Four standard errors of a mean and of a variance of normals.
    near(mean, expected.mean, 4.0 * (expected.variance / f64::from(n)).sqrt());
    near(variance, expected.variance, 4.0 * expected.variance * (2.0 / f64::from(n)).sqrt());

    let factor = covariance_factor(&[0.2, 0.5], &[1.0, -0.6, -0.6, 1.0]).unwrap();
    let persistence = [0.7, 0.2];
    let (mut x, mut common) = ([0.0; 2], 0.0);
    for _ in 0..n {
        let z = [stream.normal(), stream.normal()];
        step_correlated_ar1(&mut x, &persistence, &factor, &z).unwrap();
        common += x[0] * x[1] / f64::from(n);
    }
    // Stationary covariance of two AR(1): shock covariance over 1 - product of persistences. Serial dependence widens the error by at most 2.
    let covariance = -0.6 * 0.2 * 0.5 / (1.0 - 0.14);
    near(common, covariance, 8.0 * 0.28 * 0.52 / f64::from(n).sqrt());
    assert!(step_correlated_ar1(&mut x, &[0.7], &factor, &[0.0; 2]).is_err());
}

#[test]
fn fit_equals_statsmodels() {
    let series: Vec<f64> = rows("mean_reversion/series.csv").iter().map(|r| field(r, 0)).collect();
    let r = json("mean_reversion/reference.json");
    let fit = fit_ou(&series, number(&r["dt"])).unwrap();
    near(fit.intercept, number(&r["autoreg"]["intercept"]), 1e-10);
    near(fit.slope, number(&r["autoreg"]["slope"]), 1e-10);
    near(fit.residual_variance, number(&r["autoreg"]["sigma2"]), 1e-10);
    near(fit.log_likelihood, number(&r["autoreg"]["loglik"]), 1e-8);
    near(fit.speed, number(&r["speed"]), 1e-10);
    near(fit.level, number(&r["level"]), 1e-10);
    near(fit.volatility, number(&r["volatility"]), 1e-10);
    near(fit.speed_error / number(&r["speed_se"]), 1.0, 1e-6);
    near(fit.level_error / number(&r["level_se"]), 1.0, 1e-6);
    near(fit.volatility_error / number(&r["volatility_se"]), 1.0, 1e-6);
}

#[test]
fn schwartz_level_and_refusals() {
    near(schwartz_log_level(4.5, 0.9, 0.3), 4.45, 1e-15);
    assert_eq!(fit_ou(&[1.0, 2.0, 1.0], 1.0), Err(MeanReversionError::TooShort(3)));
    assert_eq!(fit_ou(&[1.0; 9], 1.0), Err(MeanReversionError::Constant));
    assert_eq!(fit_ou(&[1.0, 2.0, f64::INFINITY, 1.0], 1.0), Err(MeanReversionError::NotFinite(2)));
    assert_eq!(fit_ou(&[1.0, 2.0, 3.0, 1.0], 0.0), Err(MeanReversionError::TimeStep(0.0)));
    assert!(matches!(
        fit_ou(&[1.0, 2.0, 4.0, 8.0, 16.0, 32.5], 1.0),
        Err(MeanReversionError::NotReverting(b)) if b > 1.0
    ));
    assert!(matches!(
        fit_ou(&[1.0, -1.0, 1.0, -1.0, 1.1], 1.0),
        Err(MeanReversionError::NotReverting(b)) if b < 0.0
    ));
}
