//! `oxus method`: one numerical method alone, on CSV files; results as CSV, or JSON under `--json`.

mod debt;
mod decide;
mod discovery;
mod flow;
mod hawkes;
mod hazard;
mod sensitivity;
mod trade;

use std::path::Path;

use crate::args::{Common, Method, MethodName};
use crate::output::failure::Failure;

/// Runs the method named.
pub fn run(args: &Method, common: &Common) -> Result<(), Failure> {
    match &args.method {
        MethodName::Flow { nodes, arcs, outages } => flow::run(nodes, arcs, *outages, common),
        MethodName::Hawkes { events, horizon, decay } => hawkes::run(events, *horizon, *decay, common),
        MethodName::Hazard { panel, event, columns, link } => hazard::run(panel, event, columns, link, common),
        MethodName::Trade { flows, economies, sigma, closure, deficits, reference, bilateral } => {
            let (closure, deficits, bilateral) = (*closure, *deficits, *bilateral);
            let (economies, reference) = (economies.as_deref(), reference.as_deref());
            trade::run(&trade::Asked { flows, economies, sigma: *sigma, closure, deficits, reference, bilateral }, common)
        }
        MethodName::Debt { parameters, shocks, reaction } => debt::run(parameters, shocks, *reaction, common),
        MethodName::Decide(args) => decide::run(args, common),
        MethodName::Sobol(args) => sensitivity::sobol(args, common),
        MethodName::Morris(args) => sensitivity::morris(args, common),
        MethodName::Prim(args) => discovery::prim(args, common),
        MethodName::Cart(args) => discovery::cart(args, common),
    }
}

/// A CSV file with a header; cells by column name.
struct Csv<'p> {
    path: &'p Path,
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl<'p> Csv<'p> {
    fn read(path: &'p Path) -> Result<Self, Failure> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(|e| Failure::file(path, e))?;
        let header = reader.headers().map_err(|e| Failure::file(path, e))?.iter().map(str::to_owned).collect();
        let rows = reader.records().collect::<Result<_, _>>().map_err(|e| Failure::file(path, e))?;
        Ok(Self { path, header, rows })
    }

    fn at(&self, column: &str) -> Result<usize, Failure> {
        self.header.iter().position(|h| h == column).ok_or_else(|| {
            let near = oxus_diag::did_you_mean(column, self.header.iter().map(String::as_str)).unwrap_or_default();
            Failure::file(self.path, format!("no column `{column}` among {} {near}", self.header.join(", ")))
        })
    }

    fn numbers<T: std::str::FromStr>(&self, column: &str) -> Result<Vec<T>, Failure> {
        let at = self.at(column)?;
        let cell = |(i, row): (usize, &csv::StringRecord)| {
            let text = row.get(at).unwrap_or("");
            text.parse()
                .map_err(|_| Failure::file(self.path, format!("line {}, column `{column}`: `{text}` is not a number of the kind needed", i + 2)))
        };
        self.rows.iter().enumerate().map(cell).collect()
    }

    fn finite(&self, column: &str) -> Result<Vec<f64>, Failure> {
        let values: Vec<f64> = self.numbers(column)?;
        match values.iter().position(|v| !v.is_finite()) {
            Some(i) => Err(Failure::file(self.path, format!("line {}, column `{column}`: not a finite number", i + 2))),
            None => Ok(values),
        }
    }

    fn texts(&self, column: &str) -> Result<Vec<String>, Failure> {
        let at = self.at(column)?;
        Ok(self.rows.iter().map(|r| r.get(at).unwrap_or("").to_owned()).collect())
    }
}

/// Prints a table as CSV, or as a list of JSON objects.
fn print_table(header: &[&str], rows: &[Vec<String>], common: &Common) {
    if common.json {
        let objects = rows.iter().map(|row| {
            let cells = header.iter().zip(row).map(|(h, c)| ((*h).to_owned(), json_cell(c)));
            serde_json::Value::Object(cells.collect())
        });
        println!("{:#}", serde_json::Value::Array(objects.collect()));
        return;
    }
    println!("{}", header.join(","));
    for row in rows {
        println!("{}", row.join(","));
    }
}

fn json_cell(text: &str) -> serde_json::Value {
    text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map_or_else(|| text.into(), serde_json::Value::Number)
}
