//! `oxus method hawkes`: maximum likelihood of a multivariate Hawkes process.

use std::path::Path;

use oxus_numerics::hawkes::{Events, exponential_ks_statistic, fit_fixed_decay, fit_free_decay, kolmogorov_p_value, time_rescaling_residuals};

use super::{Csv, print_table};
use crate::args::Common;
use crate::output::failure::Failure;

/// Fits the process and prints every parameter with its standard error.
pub fn run(events: &Path, horizon: f64, decay: Option<f64>, common: &Common) -> Result<(), Failure> {
    let file = Csv::read(events)?;
    let times = file.finite("time")?;
    let components: Vec<usize> = file.numbers("dim")?;
    let dimension = components.iter().max().map_or(0, |m| m + 1);
    let list = Events::new(&times, &components, dimension, horizon).map_err(|e| Failure::file(events, e))?;
    let fit = match decay {
        Some(decay) => fit_fixed_decay(&list, decay),
        None => fit_free_decay(&list, 0.01, 100.0),
    };
    let fit = fit.map_err(|e| Failure::file(events, e))?;
    let mut rows = Vec::new();
    let errors = &fit.standard_errors;
    let mut push = |name: String, value: f64, error: Option<f64>| {
        rows.push(vec![name, value.to_string(), error.map_or_else(String::new, |e| e.to_string())]);
    };
    for (i, value) in fit.model.background().iter().enumerate() {
        push(format!("mu[{i}]"), *value, errors.background.get(i).copied().flatten());
    }
    for (k, value) in fit.model.branching().iter().enumerate() {
        push(format!("A[{};{}]", k / dimension, k % dimension), *value, errors.branching.get(k).copied().flatten());
    }
    push("beta".into(), fit.model.decay(), errors.decay);
    print_table(&["parameter", "value", "standard_error"], &rows, common);
    eprintln!("log-likelihood {}  relative KKT residual {:.1e}", fit.log_likelihood, fit.kkt_residual);
    if let Ok(residuals) = time_rescaling_residuals(&list, &fit.model) {
        for (i, list) in residuals.iter().enumerate().filter(|(_, l)| !l.is_empty()) {
            let ks = exponential_ks_statistic(list);
            eprintln!("component {i}: {} intervals, Kolmogorov-Smirnov {ks:.4} (p {:.2})", list.len(), kolmogorov_p_value(ks, list.len()));
        }
    }
    Ok(())
}
