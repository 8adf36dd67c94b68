//! `oxus method debt`: the debt identity on given shocks; the fan and its decomposition.

use std::path::Path;

use oxus_numerics::debt::{Conditions, FanModel, quantile};
use oxus_numerics::linear::covariance_factor;
use serde::Deserialize;

use super::{Csv, print_table};
use crate::args::Common;
use crate::output::failure::Failure;

#[derive(Deserialize)]
struct Parameters {
    base: Base,
    sd: Vec<f64>,
    corr: Vec<Vec<f64>>,
    ar: Vec<f64>,
}

#[derive(Deserialize)]
struct Base {
    d0: f64,
    alpha: f64,
    i_d: f64,
    i_f: f64,
    e: f64,
    g: f64,
    pi: f64,
    pb: f64,
    of: f64,
}

const PROBABILITIES: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/// Runs every path and prints the fan by year.
pub fn run(parameters: &Path, shocks: &Path, reaction: f64, common: &Common) -> Result<(), Failure> {
    let text = std::fs::read_to_string(parameters).map_err(|e| Failure::file(parameters, e))?;
    let p: Parameters = serde_json::from_str(&text).map_err(|e| Failure::file(parameters, e))?;
    let factor = covariance_factor(&p.sd, &p.corr.concat()).map_err(|e| Failure::file(parameters, e))?;
    let four = |list: &[f64], what: &str| -> Result<[f64; 4], Failure> {
        list.try_into().map_err(|_| Failure::file(parameters, format!("`{what}` needs four numbers, for g, pi, e, pb")))
    };
    let base = Conditions {
        domestic_rate: p.base.i_d,
        foreign_rate: p.base.i_f,
        depreciation: p.base.e,
        growth: p.base.g,
        inflation: p.base.pi,
        primary_balance: p.base.pb,
        other_flows: p.base.of,
        foreign_share: p.base.alpha,
    };
    let factor = factor.try_into().map_err(|_| Failure::file(parameters, "`corr` needs four rows of four numbers"))?;
    let model = FanModel { start: p.base.d0, base, persistence: four(&p.ar, "ar")?, factor, reaction };
    let file = Csv::read(shocks)?;
    let path: Vec<u64> = file.numbers("path")?;
    let normals: Vec<Vec<f64>> = ["g", "pi", "e", "pb"].iter().map(|c| file.finite(c)).collect::<Result<_, _>>()?;
    let years = path.iter().take_while(|x| **x == path[0]).count();
    if years == 0 || !path.len().is_multiple_of(years) {
        return Err(Failure::file(shocks, "every path needs the same number of years, in order"));
    }
    let mut by_year = vec![Vec::new(); years + 1];
    for start in (0..path.len()).step_by(years) {
        let z: Vec<f64> = (start..start + years).flat_map(|row| normals.iter().map(move |c| c[row])).collect();
        let mut debt = vec![0.0; years + 1];
        model.path(&z, &mut debt).map_err(|e| Failure::file(shocks, e))?;
        debt.iter().zip(&mut by_year).for_each(|(d, list)| list.push(*d));
    }
    let mut rows = Vec::new();
    for (year, values) in by_year.iter_mut().enumerate() {
        let mut row = vec![year.to_string()];
        for probability in PROBABILITIES {
            row.push(quantile(values, probability).map_err(|e| Failure::file(shocks, e))?.to_string());
        }
        rows.push(row);
    }
    let header: Vec<String> = std::iter::once("year".to_owned()).chain(PROBABILITIES.map(|p| format!("q{p}"))).collect();
    print_table(&header.iter().map(String::as_str).collect::<Vec<_>>(), &rows, common);
    Ok(())
}
