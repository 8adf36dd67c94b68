//! `oxus method trade`: trade in general equilibrium after a change of costs.

use std::collections::BTreeMap;
use std::path::Path;

use oxus_numerics::trade::{Deficits, HatAlgebra, shares_fixed};

use super::{Csv, print_table};
use crate::args::{Common, TradeClosure, TradeDeficits};
use crate::output::failure::Failure;

/// What is asked for.
pub struct Asked<'a> {
    /// Pairs: `exporter,importer,X0,K0,K1`, for `shares-fixed` also a file of economies.
    pub flows: &'a Path,
    /// Economies: `country,Y,E`.
    pub economies: Option<&'a Path>,
    /// Elasticity of substitution.
    pub sigma: f64,
    /// Which closure.
    pub closure: TradeClosure,
    /// What stays of deficits.
    pub deficits: TradeDeficits,
    /// Reference importer of `shares-fixed`.
    pub reference: Option<&'a str>,
    /// Print pairs instead of economies.
    pub bilateral: bool,
}

/// Pairs of the file in the layout of the solver.
struct Pairs {
    names: Vec<String>,
    before: Vec<f64>,
    after: Vec<f64>,
}

/// Solves and prints economies, or pairs.
pub fn run(asked: &Asked<'_>, common: &Common) -> Result<(), Failure> {
    if !(asked.sigma > 1.0 && asked.sigma.is_finite()) {
        return Err(Failure::file(asked.flows, format!("--sigma {}: the elasticity of substitution must be a number above 1", asked.sigma)));
    }
    let file = Csv::read(asked.flows)?;
    let pairs = pairs(&file)?;
    match asked.closure {
        TradeClosure::HatAlgebra => hat_algebra(asked, &file, &pairs, common),
        TradeClosure::SharesFixed => fixed(asked, &pairs, common),
    }
}

/// Each ordered pair once; `K` columns are `t^(1 - sigma)` before and after.
fn pairs(file: &Csv<'_>) -> Result<Pairs, Failure> {
    let (from, to) = (file.texts("exporter")?, file.texts("importer")?);
    let mut names: Vec<String> = from.iter().chain(&to).cloned().collect();
    names.sort();
    names.dedup();
    let (before, after) = (matrix(file, &names, "K0")?, matrix(file, &names, "K1")?);
    Ok(Pairs { names, before, after })
}

/// A column as a matrix `[from][to]`; a pair that is missing or stands twice is an error.
fn matrix(file: &Csv<'_>, names: &[String], column: &str) -> Result<Vec<f64>, Failure> {
    let index: BTreeMap<&str, usize> = names.iter().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
    let n = names.len();
    let mut cells: Vec<Option<f64>> = vec![None; n * n];
    let (from, to, values) = (file.texts("exporter")?, file.texts("importer")?, file.finite(column)?);
    for (line, ((from, to), value)) in from.iter().zip(&to).zip(values).enumerate() {
        let cell = &mut cells[index[from.as_str()] * n + index[to.as_str()]];
        if cell.is_some() {
            return Err(Failure::file(file.path, format!("line {}: the pair {from}, {to} stands twice", line + 2)));
        }
        if value < 0.0 {
            return Err(Failure::file(file.path, format!("line {}, column `{column}`: {value} is below 0", line + 2)));
        }
        *cell = Some(value);
    }
    let missing = |k: usize| Failure::file(file.path, format!("no row for the pair {}, {}", names[k / n], names[k % n]));
    cells.into_iter().enumerate().map(|(k, cell)| cell.ok_or_else(|| missing(k))).collect()
}

fn hat_algebra(asked: &Asked<'_>, file: &Csv<'_>, pairs: &Pairs, common: &Common) -> Result<(), Failure> {
    let n = pairs.names.len();
    let refuse = |e| Failure::file(asked.flows, named(&pairs.names, e));
    let flows = matrix(file, &pairs.names, "X0")?;
    let deficits = match asked.deficits {
        TradeDeficits::Additive => Deficits::Additive,
        TradeDeficits::Multiplicative => Deficits::Multiplicative,
    };
    let mut solver = HatAlgebra::<f64>::new(n, &[asked.sigma - 1.0], &flows, deficits).map_err(refuse)?;
    for (k, factor) in solver.cost_factors_mut().iter_mut().enumerate() {
        // a pair without access before has no trade, whatever its access after
        *factor = if pairs.before[k] > 0.0 { pairs.after[k] / pairs.before[k] } else { 1.0 };
    }
    let steps = solver.solve().map_err(refuse)?;
    if asked.bilateral {
        return print_pairs(&pairs.names, &flows, &|k| solver.flow(0, k / n, k % n), common);
    }
    let rows: Vec<Vec<String>> = (0..n)
        .map(|j| {
            let (price, factor) = (oxus_math::exp(solver.log_price_index(j)), solver.factor_prices()[j]);
            let welfare = oxus_math::exp(solver.log_real_spending(j));
            row(&pairs.names[j], &[factor, price, factor / price, welfare])
        })
        .collect();
    print_table(&["country", "factor_price", "price_index", "real_factor_price", "welfare"], &rows, common);
    eprintln!("{steps} Newton steps");
    Ok(())
}

fn fixed(asked: &Asked<'_>, pairs: &Pairs, common: &Common) -> Result<(), Failure> {
    let Some(path) = asked.economies else {
        return Err(Failure::file(asked.flows, "the closure shares-fixed needs --economies with the columns country, Y and E"));
    };
    let file = Csv::read(path)?;
    let (names, output, expenditure) = (file.texts("country")?, file.finite("Y")?, file.finite("E")?);
    let at = |name: &String| {
        let found = names.iter().position(|n| n == name);
        found.ok_or_else(|| Failure::file(path, format!("no row for `{name}`, which {} names", asked.flows.display())))
    };
    let order = pairs.names.iter().map(at).collect::<Result<Vec<_>, _>>()?;
    let sorted = |values: &[f64]| order.iter().map(|i| values[*i]).collect::<Vec<_>>();
    let reference = match asked.reference {
        None => 0,
        Some(name) => pairs.names.iter().position(|n| n == name).ok_or_else(|| {
            let near = oxus_diag::did_you_mean(name, pairs.names.iter().map(String::as_str)).unwrap_or_default();
            Failure::file(asked.flows, format!("--reference `{name}` is no economy of the file {near}"))
        })?,
    };
    let found = shares_fixed(&pairs.before, &pairs.after, &sorted(&output), &sorted(&expenditure), reference, asked.sigma)
        .map_err(|e| Failure::file(asked.flows, named(&pairs.names, e)))?;
    if asked.bilateral {
        return print_pairs(&pairs.names, &found.trade[0], &|k| found.trade[1][k], common);
    }
    let economy = |i: usize| {
        let (inward, outward) = (&found.inward, &found.outward);
        row(&pairs.names[i], &[found.price[i], inward[0][i], inward[1][i], outward[0][i], outward[1][i], found.real_output(i)])
    };
    let rows: Vec<Vec<String>> = (0..pairs.names.len()).map(economy).collect();
    let header = ["country", "price", "inward_before", "inward_after", "outward_before", "outward_after", "real_output"];
    print_table(&header, &rows, common);
    Ok(())
}

fn row(name: &str, values: &[f64]) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(values.iter().map(f64::to_string)).collect()
}

fn print_pairs(names: &[String], before: &[f64], after: &dyn Fn(usize) -> f64, common: &Common) -> Result<(), Failure> {
    let n = names.len();
    let pair = |k: usize| vec![names[k / n].clone(), names[k % n].clone(), before[k].to_string(), after(k).to_string()];
    print_table(&["exporter", "importer", "before", "after"], &(0..n * n).map(pair).collect::<Vec<_>>(), common);
    Ok(())
}

/// The problem, with the name of the economy it is about.
fn named(names: &[String], error: oxus_numerics::trade::TradeError) -> String {
    match &error {
        oxus_numerics::trade::TradeError::Empty { economy, what, .. } => format!("`{}` {what} nothing", names[*economy]),
        _ => error.to_string(),
    }
}
