//! `oxus method hazard`: binary regression with a complementary log-log, logit or probit link.

use std::path::Path;

use oxus_diag::{Diagnostic, codes};
use oxus_numerics::hazard::{Binary, Link};

use super::{Csv, print_table};
use crate::args::Common;
use crate::output::failure::Failure;

/// Fits the regression and prints coefficients with standard errors.
pub fn run(panel: &Path, event: &str, columns: &[String], link: &str, common: &Common) -> Result<(), Failure> {
    let link = match link {
        "cloglog" => Link::ComplementaryLogLog,
        "logit" => Link::Logit,
        "probit" => Link::Probit,
        other => {
            let problem = Diagnostic::error(codes::E006, "unknown link").found(format!("`{other}`")).expected("cloglog, logit or probit");
            return Err(Failure::of(problem));
        }
    };
    let file = Csv::read(panel)?;
    let events: Vec<bool> = file.finite(event)?.iter().map(|y| *y != 0.0).collect();
    let covariates = columns.iter().map(|c| file.finite(c)).collect::<Result<Vec<_>, _>>()?;
    let mut design = Vec::with_capacity(events.len() * (columns.len() + 1));
    for row in 0..events.len() {
        design.push(1.0);
        design.extend(covariates.iter().map(|c| c[row]));
    }
    let fit = Binary { design: &design, columns: columns.len() + 1, events: &events, link, ridge: &[] }.fit().map_err(|e| Failure::file(panel, e))?;
    let names = std::iter::once("const").chain(columns.iter().map(String::as_str));
    let rows: Vec<Vec<String>> = names
        .zip(fit.coefficients.iter().zip(&fit.standard_errors))
        .map(|(name, (b, se))| vec![name.to_owned(), b.to_string(), se.to_string()])
        .collect();
    print_table(&["term", "coefficient", "standard_error"], &rows, common);
    eprintln!("log-likelihood {}  rows {}  events {}", fit.log_likelihood, events.len(), events.iter().filter(|e| **e).count());
    Ok(())
}
