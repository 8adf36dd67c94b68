//! `oxus method score`: scores of forecasts in CSV files.

use std::path::Path;

use oxus_analysis::scoring::{
    Pit, ScoreError, Weighted, area_under_curve, brier, calibration_error, covers, crps, crps_fair, crps_normal, crps_threshold_weighted,
    dawid_sebastiani, interval_score, log_score, log_score_normal, murphy, quantile, reliability_bins,
};
use oxus_diag::{Diagnostic, codes};
use oxus_math::{normal_cdf, normal_quantile};

use super::{Csv, print_table};
use crate::args::{Common, MethodScore};
use crate::output::failure::Failure;

/// Scores the file that was given.
pub fn run(args: &MethodScore, common: &Common) -> Result<(), Failure> {
    if !(args.inside > 0.0 && args.inside < 1.0) {
        let problem = Diagnostic::error(codes::A050, format!("an interval cannot hold the share {}", args.inside));
        return Err(Failure::of(problem.expected("`--inside` between 0 and 1")));
    }
    match (&args.ensemble, &args.normal, &args.binary) {
        (Some(path), ..) => ensembles(path, args, common),
        (_, Some(path), _) => normals(path, args, common),
        (.., Some(path)) => probabilities(path, args, common),
        _ => Ok(()),
    }
}

/// A score that cannot be computed, with its line.
fn refuse(path: &Path, line: usize, error: &ScoreError) -> Failure {
    Failure::of(Diagnostic::error(codes::A050, format!("{}, line {}: {error}", path.display(), line + 2)))
}

/// Prints every row, or the mean of every column.
fn show(header: &[&str], rows: &[Vec<f64>], args: &MethodScore, common: &Common) {
    let cells = |row: &[f64]| row.iter().map(f64::to_string).collect::<Vec<_>>();
    if args.each {
        return print_table(header, &rows.iter().map(|r| cells(r)).collect::<Vec<_>>(), common);
    }
    let means: Vec<f64> = (0..header.len()).map(|c| rows.iter().map(|r| r[c]).sum::<f64>() / rows.len() as f64).collect();
    print_table(header, &[cells(&means)], common);
    eprintln!("means of {} forecasts", rows.len());
}

fn some(path: &Path, rows: usize) -> Result<(), Failure> {
    if rows > 0 { Ok(()) } else { Err(Failure::file(path, "no rows")) }
}

fn ensembles(path: &Path, args: &MethodScore, common: &Common) -> Result<(), Failure> {
    let file = Csv::read(path)?;
    let names: Vec<String> = file.header.iter().filter(|h| !matches!(h.as_str(), "obs" | "mu" | "sigma")).cloned().collect();
    let (observed, members) = (file.finite("obs")?, matrix(&file, &names)?);
    some(path, observed.len())?;
    let weights = args.weights.as_deref().map(|path| weights(path, observed.len(), names.len())).transpose()?;
    let mut header = vec!["crps", "crps_fair", "dawid_sebastiani", "interval", "covered", "pit"];
    header.extend(args.above.map(|_| "crps_above"));
    header.extend(weights.as_ref().map(|_| "crps_weighted"));
    let (low, high) = (0.5 * (1.0 - args.inside), 1.0 - 0.5 * (1.0 - args.inside));
    let score = |i: usize| -> Result<Vec<f64>, ScoreError> {
        let (e, y) = (members[i].as_slice(), observed[i]);
        let ends = (quantile(e, low)?, quantile(e, high)?);
        let interval = interval_score(ends.0, ends.1, 1.0 - args.inside, y)?;
        let mut row =
            vec![crps(e, y)?, crps_fair(e, y)?, dawid_sebastiani(e, y)?, interval, f64::from(u8::from(covers(ends, y))), Pit::of(e, y)?.middle()];
        row.extend(args.above.map(|above| crps_threshold_weighted(e, y, (above, f64::INFINITY))).transpose()?);
        row.extend(weights.as_ref().map(|w| Weighted { members: e, weights: &w[i] }.crps(y)).transpose()?);
        Ok(row)
    };
    let rows = (0..observed.len()).map(|i| score(i).map_err(|e| refuse(path, i, &e))).collect::<Result<Vec<_>, _>>()?;
    show(&header, &rows, args, common);
    Ok(())
}

/// Columns as rows of members.
fn matrix(file: &Csv<'_>, names: &[String]) -> Result<Vec<Vec<f64>>, Failure> {
    let columns = names.iter().map(|name| file.finite(name)).collect::<Result<Vec<_>, _>>()?;
    Ok((0..file.rows.len()).map(|i| columns.iter().map(|c| c[i]).collect()).collect())
}

fn weights(path: &Path, rows: usize, members: usize) -> Result<Vec<Vec<f64>>, Failure> {
    let file = Csv::read(path)?;
    if file.rows.len() != rows || file.header.len() != members {
        let (given, columns) = (file.rows.len(), file.header.len());
        return Err(Failure::file(path, format!("{given} rows of {columns} weights; {rows} rows of {members} are needed, one for each member")));
    }
    let names = file.header.clone();
    matrix(&file, &names)
}

fn normals(path: &Path, args: &MethodScore, common: &Common) -> Result<(), Failure> {
    let file = Csv::read(path)?;
    let (observed, mean, sd) = (file.finite("obs")?, file.finite("mu")?, file.finite("sigma")?);
    some(path, observed.len())?;
    let z = normal_quantile(0.5 + 0.5 * args.inside);
    let score = |i: usize| -> Result<Vec<f64>, ScoreError> {
        let (y, m, s) = (observed[i], mean[i], sd[i]);
        let ends = (m - s * z, m + s * z);
        let (crps, log) = (crps_normal(m, s, y)?, log_score_normal(m, s, y)?);
        Ok(vec![crps, log, interval_score(ends.0, ends.1, 1.0 - args.inside, y)?, f64::from(u8::from(covers(ends, y))), normal_cdf((y - m) / s)])
    };
    let rows = (0..observed.len()).map(|i| score(i).map_err(|e| refuse(path, i, &e))).collect::<Result<Vec<_>, _>>()?;
    show(&["crps", "log_score", "interval", "covered", "pit"], &rows, args, common);
    Ok(())
}

fn probabilities(path: &Path, args: &MethodScore, common: &Common) -> Result<(), Failure> {
    let file = Csv::read(path)?;
    let (p, outcomes) = (file.finite("p")?, file.finite("outcome")?);
    some(path, p.len())?;
    if let Some(line) = outcomes.iter().position(|y| *y != 0.0 && *y != 1.0) {
        return Err(Failure::file(path, format!("line {}, column `outcome`: {} is neither 0 nor 1", line + 2, outcomes[line])));
    }
    let happened: Vec<bool> = outcomes.iter().map(|y| *y == 1.0).collect();
    let score = |i: usize| -> Result<Vec<f64>, ScoreError> { Ok(vec![brier(p[i], happened[i])?, log_score(p[i], happened[i])?]) };
    let rows = (0..p.len()).map(|i| score(i).map_err(|e| refuse(path, i, &e))).collect::<Result<Vec<_>, _>>()?;
    if args.each {
        show(&["brier", "log_score"], &rows, args, common);
        return Ok(());
    }
    let all = |e: ScoreError| Failure::of(Diagnostic::error(codes::A050, format!("{}: {e}", path.display())));
    let bins = reliability_bins(&p, &happened, args.bins as usize).map_err(all)?;
    let parts = murphy(&bins).map_err(all)?;
    let mean = |c: usize| rows.iter().map(|r| r[c]).sum::<f64>() / rows.len() as f64;
    let area = area_under_curve(&p, &happened).map_err(all)?.unwrap_or(f64::NAN);
    let calibration = calibration_error(&bins).map_err(all)?;
    let header = ["brier", "log_score", "area_under_curve", "reliability", "resolution", "uncertainty", "calibration_error"];
    let row = [mean(0), mean(1), area, parts.reliability, parts.resolution, parts.uncertainty, calibration];
    print_table(&header, &[row.iter().map(f64::to_string).collect()], common);
    eprintln!("means of {} forecasts, {} of which happened; {} bins", p.len(), happened.iter().filter(|y| **y).count(), bins.len());
    Ok(())
}
