//! `oxus score --observed`: a frozen forecast on values that became known.

use std::path::Path;

use oxus_diag::{Diagnostic, Sources, codes};
use oxus_engine::study::score::frozen::{Frozen, FrozenRow, ObservedValue, score};
use oxus_pack::Region;
use serde_json::json;

use super::RESAMPLES;
use crate::args::{Common, Score};
use crate::output::failure::Failure;
use crate::output::number::plain;

/// Reads both tables, scores and prints.
pub(super) fn run(table: &Path, args: &Score, region: &Region, common: &Common) -> Result<(), Failure> {
    let Some(path) = args.forecast.as_deref() else { return Ok(()) };
    let frozen = read(path)?;
    let observed = values(table)?;
    let seed = args.seed.unwrap_or(region.identity.defaults.seed);
    let rows = score(&frozen, &observed, RESAMPLES, seed).map_err(|problems| Failure::Problems(problems, Sources::new()))?;
    if common.json {
        println!("{:#}", json!({ "forecast": path, "observed": table, "rows": rows }));
    } else {
        print!("{}", text(&rows, &frozen));
    }
    Ok(())
}

/// Cells of a CSV file by column name, with their lines.
fn rows<const N: usize>(path: &Path, columns: [&str; N], wrong: impl Fn(String) -> Failure) -> Result<Vec<(usize, [String; N])>, Failure> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(|e| Failure::file(path, e))?;
    let header = reader.headers().map_err(|e| Failure::file(path, e))?.clone();
    let mut at = [0; N];
    for (place, column) in at.iter_mut().zip(columns) {
        let found = header.iter().position(|h| h == column);
        *place =
            found.ok_or_else(|| wrong(format!("{}: no column `{column}` among {}", path.display(), header.iter().collect::<Vec<_>>().join(", "))))?;
    }
    let mut rows = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let record = record.map_err(|e| Failure::file(path, e))?;
        rows.push((i + 2, at.map(|place| record.get(place).unwrap_or("").to_owned())));
    }
    Ok(rows)
}

fn read(path: &Path) -> Result<Frozen, Failure> {
    let wrong = |what: String| Failure::of(Diagnostic::error(codes::A054, what).expected("the columns series, entity, period, draw, value"));
    let rows = rows(path, ["series", "entity", "period", "draw", "value"], wrong)?;
    Frozen::read(rows.into_iter()).map_err(Failure::of)
}

fn values(path: &Path) -> Result<Vec<ObservedValue>, Failure> {
    let wrong = |what: String| Failure::of(Diagnostic::error(codes::A053, what).expected("the columns series, entity, period, value"));
    let mut list = Vec::new();
    for (line, [series, entity, period, value]) in rows(path, ["series", "entity", "period", "value"], wrong)? {
        let period = period.parse().map_err(|_| wrong(format!("{}, line {line}: the period `{period}` is no year", path.display())))?;
        let number: Option<f64> = value.parse().ok().filter(|x: &f64| x.is_finite());
        let value = number.ok_or_else(|| wrong(format!("{}, line {line}: `{value}` is no finite number", path.display())))?;
        list.push(ObservedValue { line, series, entity, period, value });
    }
    Ok(list)
}

fn text(rows: &[FrozenRow], frozen: &Frozen) -> String {
    let draws = frozen.cells.first().map_or(0, |c| c.values.len());
    let mut out = format!("A frozen forecast of {draws} draws against what became known\n");
    out += &format!("{:<30}{:>5}{:>8}{:>10}{:>10}{:>8}{:>6}\n", "", "n", "missing", "score", "interval", "in 80 %", "pit");
    for row in rows {
        let percent = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), |c| format!("{:.0} %", 100.0 * c));
        let dash = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), plain);
        out += &format!(
            "{:<30}{:>5}{:>8}{:>10}{:>10}{:>8}{:>6}\n",
            row.series,
            row.compared,
            row.missing,
            plain(row.score.mean),
            dash(row.interval_score),
            percent(row.coverage),
            row.pit.map_or_else(|| "-".to_owned(), |p| format!("{p:.2}"))
        );
    }
    out + "score: CRPS in the unit of the series, Brier for what happens or not; interval:\nscore of the 80 % interval; pit: 0.5 without bias. Nothing missing is filled.\n"
}
