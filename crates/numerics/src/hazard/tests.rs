//! Agreement with `tests/reference/hazard`, closed forms, and refusals.
#![allow(clippy::disallowed_methods)] // the standard library is the reference here

use super::*;
use crate::reference_data::{array, field, json, near, number, rows};

const NAMES: [&str; 6] = ["const", "anocracy", "x", "unrest", "growth", "log_tenure"];

/// Constant, five regressors, and the event.
fn panel() -> (Vec<f64>, Vec<bool>) {
    let mut design = Vec::new();
    let mut events = Vec::new();
    for row in rows("hazard/panel.csv") {
        design.push(1.0);
        design.extend((0..5).map(|c| field::<f64>(&row, c)));
        events.push(&row[5] == "1");
    }
    (design, events)
}

#[test]
fn three_links_equal_statsmodels() {
    let (design, events) = panel();
    let reference = json("hazard/reference.json");
    for (name, link) in [("cloglog", Link::ComplementaryLogLog), ("logit", Link::Logit), ("probit", Link::Probit)] {
        let fit = Binary { design: &design, columns: 6, events: &events, link, ridge: &[] }.fit().unwrap();
        let expected = &reference[name];
        for (j, column) in NAMES.iter().enumerate() {
            near(fit.coefficients[j], number(&expected["coef"][column]), 1e-8);
            near(fit.standard_errors[j], number(&expected["se"][column]), 1e-6);
        }
        near(fit.log_likelihood / number(&expected["loglik"]), 1.0, 1e-9);
        for (p, q) in fit.fitted.iter().zip(array(&expected["first5_fitted"])) {
            near(*p, q, 1e-10);
        }
    }
}

#[test]
fn ordered_logit_equals_statsmodels() {
    let table = rows("hazard/ordered.csv");
    let design: Vec<f64> = table.iter().flat_map(|r| (0..3).map(|c| field::<f64>(r, c)).collect::<Vec<_>>()).collect();
    let categories: Vec<usize> = table.iter().map(|r| field(r, 3)).collect();
    let problem = Ordered { design: &design, columns: 3, categories: &categories, category_count: 5 };
    let fit = problem.fit().unwrap();
    let reference = json("hazard/reference.json");
    let expected = &reference["ordered_logit"];
    for (j, column) in ["salience", "exposure", "norm"].iter().enumerate() {
        near(fit.coefficients[j], number(&expected["coef"][column]), 1e-5);
    }
    for (cut, q) in fit.cuts.iter().zip(array(&expected["cuts"])) {
        near(*cut, q, 1e-5);
    }
    near(fit.log_likelihood, number(&expected["loglik"]), 1e-8);
    for (row, probabilities) in expected["first3_probs"].as_array().unwrap().iter().enumerate() {
        let eta: f64 = (0..3).map(|j| design[3 * row + j] * fit.coefficients[j]).sum();
        let mut total = 0.0;
        for (category, q) in array(probabilities).into_iter().enumerate() {
            let p = ordered_probability(eta, &fit.cuts, category);
            total += p;
            near(p, q, 1e-5);
        }
        near(total, 1.0, 1e-15);
    }
    assert!(fit.standard_errors.iter().all(|s| *s > 0.0 && *s < 0.1));
}

#[test]
fn two_categories_are_a_binary_logit() {
    let (design, events) = panel();
    let binary = Binary { design: &design, columns: 6, events: &events, link: Link::Logit, ridge: &[] }.fit().unwrap();
    let slopes: Vec<f64> = design.chunks(6).flat_map(|r| r[1..].to_vec()).collect();
    let categories: Vec<usize> = events.iter().map(|e| usize::from(*e)).collect();
    let ordered = Ordered { design: &slopes, columns: 5, categories: &categories, category_count: 2 }.fit().unwrap();
    // Two Newton iterations to rounding of the same concave function; for the logit, expected and observed information agree.
    near(-ordered.cuts[0], binary.coefficients[0], 1e-9);
    near(ordered.standard_errors[5], binary.standard_errors[0], 1e-9);
    for j in 0..5 {
        near(ordered.coefficients[j], binary.coefficients[j + 1], 1e-9);
        near(ordered.standard_errors[j], binary.standard_errors[j + 1], 1e-9);
    }
}

#[test]
fn cuts_alone_are_the_logits_of_the_shares() {
    let fit = Ordered { design: &[], columns: 0, categories: &[0, 1, 2, 0, 1, 2, 2, 2], category_count: 3 }.fit().unwrap();
    near(fit.cuts[0], (1.0_f64 / 3.0).ln(), 1e-12);
    near(fit.cuts[1], 0.0, 1e-12);
}

#[test]
fn intercept_only_gives_the_share_of_events() {
    let events: Vec<bool> = (0..40).map(|i| i % 8 == 0).collect();
    for link in [Link::ComplementaryLogLog, Link::Logit, Link::Probit] {
        let fit = Binary { design: &[1.0; 40], columns: 1, events: &events, link, ridge: &[] }.fit().unwrap();
        // The last step is below 1e-11 of the predictor and converges at least linearly.
        near(fit.fitted[0], 0.125, 1e-12);
    }
}

#[test]
fn ridge_shrinks_and_makes_a_separated_problem_solvable() {
    let design: Vec<f64> = (0..20).flat_map(|i| [1.0, f64::from(i) - 9.5]).collect();
    let events: Vec<bool> = (0..20).map(|i| i >= 10).collect();
    let fit = |ridge: f64| Binary { design: &design, columns: 2, events: &events, link: Link::Logit, ridge: &[0.0, ridge] }.fit();
    assert!(matches!(fit(0.0), Err(HazardError::Separated { column: 1 })), "{:?}", fit(0.0));
    let (weak, strong) = (fit(0.1).unwrap(), fit(1.0).unwrap());
    assert!(weak.coefficients[1] > strong.coefficients[1] && strong.coefficients[1] > 0.0);
    // At the optimum the score of the likelihood equals the pull of the penalty.
    let score: f64 = (0..20).map(|i| design[2 * i + 1] * (f64::from(u8::from(events[i])) - strong.fitted[i])).sum();
    near(score, strong.coefficients[1], 1e-10);
}

#[test]
fn unusable_problems_are_errors() {
    let events = [true, false, true, false, false, true];
    let fit = |design: &[f64], columns, events: &[bool], link| Binary { design, columns, events, link, ridge: &[] }.fit();
    let twice: Vec<f64> = (0..6).flat_map(|i| [1.0, f64::from(i) * 0.7, f64::from(i) * 1.4 + 3.0]).collect();
    assert_eq!(fit(&twice, 3, &events, Link::Logit), Err(HazardError::Collinear { column: 2 }));
    for link in [Link::ComplementaryLogLog, Link::Logit, Link::Probit] {
        for always in [true, false] {
            let all = fit(&[1.0; 6], 1, &[always; 6], link);
            assert!(matches!(all, Err(HazardError::Separated { .. })), "{link:?} {all:?}");
        }
        // Quasi-separation: a dummy that is 1 only for events.
        let dummy: Vec<f64> = events.iter().enumerate().flat_map(|(i, e)| [1.0, f64::from(u8::from(*e && i > 0))]).collect();
        let quasi = fit(&dummy, 2, &events, link);
        assert!(matches!(quasi, Err(HazardError::Separated { column: 1 })), "{link:?} {quasi:?}");
    }
    assert!(matches!(fit(&[1.0, f64::NAN], 1, &[true, false], Link::Logit), Err(HazardError::NotFinite { row: 1, column: 0 })));
    assert!(matches!(fit(&[1.0], 1, &[true, false], Link::Logit), Err(HazardError::Length { .. })));
    assert!(matches!(fit(&[], 0, &[], Link::Logit), Err(HazardError::TooFewRows { .. })));
    let gap = Ordered { design: &[0.0; 4], columns: 1, categories: &[0, 2, 0, 2], category_count: 3 };
    assert_eq!(gap.fit(), Err(HazardError::EmptyCategory(1)));
}

#[test]
fn gompertz_closed_forms() {
    let (level, slope) = (5e-5, 0.09);
    // Survival from birth, textbook form.
    let direct = (-level / slope * ((slope * 70.0_f64).exp() - 1.0)).exp();
    near(gompertz_survival(level, slope, 0.0, 70.0), direct, 1e-14);
    // Survival chains over ages, and a slope of 0 is exponential.
    let chained = gompertz_survival(level, slope, 0.0, 30.0) * gompertz_survival(level, slope, 30.0, 40.0);
    near(gompertz_survival(level, slope, 0.0, 70.0), chained, 1e-14);
    near(gompertz_survival(0.02, 0.0, 50.0, 10.0), (-0.2_f64).exp(), 1e-15);
    near(gompertz_cumulative_hazard(0.02, 1e-15, 0.0, 10.0), 0.2, 1e-14);
    near(gompertz_survival(level, slope, 74.0, 1.0 / 12.0) + gompertz_death_probability(level, slope, 74.0, 1.0 / 12.0), 1.0, 1e-15);
}

#[test]
fn windows_and_periods() {
    near(window_to_period(0.3, 12.0), 1.0 - 0.7_f64.powf(1.0 / 12.0), 1e-15);
    near(period_to_window(window_to_period(0.3, 36.0), 36.0), 0.3, 1e-15);
    assert_eq!(window_to_period(0.0, 12.0), 0.0);
    assert_eq!(window_to_period(1.0, 12.0), 1.0);
    // A rare event keeps its digits.
    near(window_to_period(1e-12, 12.0) / (1e-12 / 12.0), 1.0, 1e-11);
    near(cloglog_inverse(-40.0) / (-40.0_f64).exp(), 1.0, 1e-15);
}
