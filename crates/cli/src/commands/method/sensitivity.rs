//! `oxus method sobol` and `morris`: designs of sensitivity analysis, and indices of their runs.

use std::path::Path;

use oxus_analysis::sensitivity::designs::{Saltelli, Trajectory};
use oxus_analysis::sensitivity::morris::{Screening, elementary_effects};
use oxus_analysis::sensitivity::sobol::Blocks;
use oxus_analysis::sensitivity::{Index, SensitivityError};
use oxus_diag::{Diagnostic, codes};

use super::{Csv, print_table};
use crate::args::{Common, Morris, Sobol};
use crate::output::failure::Failure;

/// Prints the points of a Saltelli design, or the indices of its runs.
pub fn sobol(args: &Sobol, common: &Common) -> Result<(), Failure> {
    if let Some(path) = &args.design {
        let inputs = Ranges::read(path)?;
        let names = inputs.names.iter().map(String::as_str);
        let points = Saltelli::new(names, args.seed, args.rows, args.second_order).points();
        inputs.print(&points, common);
        return Ok(());
    }
    let path = args.runs.as_deref().ok_or_else(|| no_table(Path::new("--runs")))?;
    let file = Csv::read(path)?;
    let runs = Runs::of(&file, args.outcome.as_deref())?;
    let blocks = Blocks::from_rows(&runs.y, runs.names.len(), args.second_order).map_err(|e| refused(path, e))?;
    runs.follow_saltelli(path, args.second_order)?;
    let found = blocks.indices(args.resamples, args.seed).map_err(|e| refused(path, e))?;
    let row =
        |of: &str, with: &str, index: &Index| vec![of.to_owned(), runs_names(&runs, with), index.value.to_string(), index.half_width.to_string()];
    let mut rows = Vec::new();
    for (j, (first, total)) in found.first.iter().zip(&found.total).enumerate() {
        rows.push(row("first", &j.to_string(), first));
        rows.push(row("total", &j.to_string(), total));
    }
    let pairs = (0..runs.names.len()).flat_map(|j| (j + 1..runs.names.len()).map(move |k| (j, k)));
    rows.extend(pairs.zip(&found.second).map(|((j, k), index)| row("second", &format!("{j} {k}"), index)));
    print_table(&["index", "of", "value", "half_width_95"], &rows, common);
    Ok(())
}

/// Names of the inputs at these positions.
fn runs_names(runs: &Runs, positions: &str) -> String {
    let names: Vec<&str> = positions.split(' ').filter_map(|p| p.parse::<usize>().ok()).map(|p| runs.names[p].as_str()).collect();
    names.join(" x ")
}

/// Prints the points of trajectories, or what the elementary effects of their runs say.
pub fn morris(args: &Morris, common: &Common) -> Result<(), Failure> {
    if !args.levels.is_multiple_of(2) {
        let problem = Diagnostic::error(codes::A010, "the grid of a Morris design needs an even number of levels");
        return Err(Failure::of(problem.found(format!("{} levels", args.levels)).expected("2, 4, 6, …: a step is half of them")));
    }
    if let Some(path) = &args.design {
        let inputs = Ranges::read(path)?;
        let trajectory = |t: u32| Trajectory::new(args.seed, t, inputs.names.len(), args.levels).points();
        inputs.print(&(0..args.trajectories).flat_map(trajectory).collect::<Vec<f64>>(), common);
        return Ok(());
    }
    let path = args.runs.as_deref().ok_or_else(|| no_table(Path::new("--runs")))?;
    let file = Csv::read(path)?;
    let runs = Runs::of(&file, args.outcome.as_deref())?;
    let ranges = match &args.inputs {
        Some(inputs) => Ranges::read(inputs)?.widths(inputs, &runs.names)?,
        None => runs.widths(),
    };
    let effects = elementary_effects(&runs.x, &runs.y, &ranges, args.levels).map_err(|e| refused(path, e))?;
    let row = |(name, effects): (&String, &Vec<f64>)| {
        let found = Screening::of(effects, args.resamples, args.seed);
        let numbers = [found.mu_star.value, found.mu_star.half_width, found.mu, found.sigma];
        std::iter::once(name.clone()).chain(numbers.iter().map(f64::to_string)).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = runs.names.iter().zip(&effects).map(row).collect();
    print_table(&["input", "mu_star", "half_width_95", "mu", "sigma"], &rows, common);
    Ok(())
}

fn no_table(what: &Path) -> Failure {
    Failure::file(what, "give `--runs`, or `--design` for the points at which to run")
}

/// The refusal of an estimator, about a file.
fn refused(path: &Path, error: SensitivityError) -> Failure {
    let (code, help) = match error {
        SensitivityError::Layout(_) => (codes::A010, "`--design INPUTS` prints the rows in the order that is read; add the outcome as a column"),
        SensitivityError::NoVariance(_) => (codes::A011, "nothing that was varied moves this outcome; look at another one, or at wider inputs"),
        SensitivityError::NotFinite(_) => (codes::A010, "every row of the design needs an outcome; run again what failed"),
    };
    Failure::of(Diagnostic::error(code, format!("{}: {error}", path.display())).help(help))
}

/// Runs: inputs `[row][input]` and the outcome.
struct Runs {
    names: Vec<String>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Runs {
    fn of(file: &Csv<'_>, outcome: Option<&str>) -> Result<Self, Failure> {
        let last = file.header.last().map_or("", String::as_str);
        let outcome = outcome.unwrap_or(last);
        let y = file.finite(outcome)?;
        let names: Vec<String> = file.header.iter().filter(|h| *h != outcome).cloned().collect();
        let columns = names.iter().map(|n| file.finite(n)).collect::<Result<Vec<_>, _>>()?;
        let x = (0..y.len()).flat_map(|row| columns.iter().map(move |c| c[row])).collect();
        Ok(Self { names, x, y })
    }

    fn widths(&self) -> Vec<f64> {
        let inputs = self.names.len();
        let width = |j: usize| {
            let column = self.x.iter().skip(j).step_by(inputs);
            let (low, high) = column.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
            high - low
        };
        (0..inputs).map(width).collect()
    }

    /// Whether the inputs are those of Saltelli blocks: AB_j is A with input j of B, BA_j the other way round.
    fn follow_saltelli(&self, path: &Path, second: bool) -> Result<(), Failure> {
        let inputs = self.names.len();
        let step = inputs * if second { 2 } else { 1 } + 2;
        for (block, rows) in self.x.chunks_exact(step * inputs).enumerate() {
            let row = |at: usize| &rows[at * inputs..][..inputs];
            let (a, b) = (row(0), row(step - 1));
            for at in 1..step - 1 {
                let (from, other, j) = if at <= inputs { (a, b, at - 1) } else { (b, a, at - 1 - inputs) };
                let expected = |i: usize| if i == j { other[i] } else { from[i] };
                if let Some(i) = (0..inputs).find(|&i| row(at)[i] != expected(i)) {
                    let line = block * step + at + 2;
                    let text = format!(
                        "line {line}, column `{}`: {} where the design of {} has {}",
                        self.names[i],
                        row(at)[i],
                        if second { "second order" } else { "first and total order" },
                        expected(i)
                    );
                    return Err(refused(path, SensitivityError::Layout(text)));
                }
            }
        }
        Ok(())
    }
}

/// Inputs with their ranges.
struct Ranges {
    names: Vec<String>,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Ranges {
    fn read(path: &Path) -> Result<Self, Failure> {
        let file = Csv::read(path)?;
        let found = Self { names: file.texts("name")?, low: file.finite("low")?, high: file.finite("high")? };
        match (0..found.names.len()).find(|&i| found.low[i] >= found.high[i]) {
            Some(i) => Err(Failure::file(path, format!("line {}: `low` is not below `high`", i + 2))),
            None if found.names.is_empty() => Err(Failure::file(path, "no inputs")),
            None => Ok(found),
        }
    }

    fn widths(&self, path: &Path, names: &[String]) -> Result<Vec<f64>, Failure> {
        let of = |name: &String| {
            let at = self.names.iter().position(|n| n == name);
            at.map(|i| self.high[i] - self.low[i]).ok_or_else(|| Failure::file(path, format!("no row for the input `{name}` of the runs")))
        };
        names.iter().map(of).collect()
    }

    fn print(&self, points: &[f64], common: &Common) {
        let value = |(j, u): (usize, &f64)| (self.low[j] + u * (self.high[j] - self.low[j])).to_string();
        let rows: Vec<Vec<String>> = points.chunks_exact(self.names.len()).map(|row| row.iter().enumerate().map(value).collect()).collect();
        print_table(&self.names.iter().map(String::as_str).collect::<Vec<_>>(), &rows, common);
    }
}
