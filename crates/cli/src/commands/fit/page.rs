//! The page of fits: 80 columns, one table a fit.

use oxus_engine::fit::{Fitted, Report, Row, Written};

use crate::output::rows::wrap;

const WIDTH: usize = 78;
/// Width of the column of parameters.
const NAME: usize = 32;

/// The page.
pub fn text(report: &Report, written: Option<&Written>) -> String {
    let rows = || report.fits.iter().flat_map(|fit| &fit.rows);
    let far = rows().filter(|row| row.differs).count();
    let silent = rows().filter(|row| row.silent).count();
    let mut out = paragraph(
        &format!(
            "{} fits of {}, {} numbers, on what was observable by {}; {far} differ from what is shipped by more than two standard errors, and of \
             {silent} the data do not tell.",
            report.fits.len(),
            report.pack,
            rows().count(),
            report.cut_off
        ),
        0,
    );
    for fit in &report.fits {
        out += "\n";
        out += &one(fit);
    }
    out += LEGEND;
    if let Some(written) = written {
        out += "\n";
        out += &changed(written);
    }
    out
}

const LEGEND: &str = "
shipped, fitted: centre and deviation, estimate and standard error, in the
parameter's unit; off: shipped less fitted in standard errors, ! beyond two;
n: observations. = compared only, not written. ? the data do not tell: their
error is larger than the deviation of a number that does not come from them,
or, where it has none, larger than the estimate.
";

fn one(fit: &Fitted) -> String {
    let (first, last) = fit.years;
    let mut out = paragraph(&format!("{}: {}", fit.id, fit.says), 0);
    out += &paragraph(&format!("{} on {}, {first}-{last}, {} observations", fit.method, fit.data.join(", "), fit.observations), 2);
    out += &format!("  {:<w$}{:>17}{:>17}{:>7}{:>6}\n", "", "shipped", "fitted", "off", "n", w = NAME - 3);
    for row in &fit.rows {
        out += &line(row);
    }
    for because in reasons(fit) {
        out += &paragraph(&because, 2);
    }
    for row in fit.rows.iter().filter(|row| row.silent || row.posterior.is_some()) {
        out += &paragraph(&against_prior(row), 2);
    }
    for note in &fit.notes {
        out += &paragraph(note, 2);
    }
    if let Some(left) = &fit.residuals {
        let before =
            left.autocorrelation.map_or_else(|| "too few pairs for their autocorrelation".to_owned(), |r| format!("lag-1 autocorrelation {r:+.2}"));
        out += &paragraph(&format!("residuals: {before}, largest {:.1} deviations ({} {})", left.largest, left.entity, left.year), 2);
    }
    if let Some(apart) = &fit.identified {
        let condition = apart.condition.map_or_else(String::new, |c| format!("condition number {c:.1}; "));
        let (a, b) = &apart.between;
        out += &paragraph(&format!("{condition}largest correlation of estimates {:+.2} ({a}, {b})", apart.correlation), 2);
    }
    out
}

fn name(row: &Row) -> String {
    if row.entity.is_empty() { row.parameter.clone() } else { format!("{} {}", row.parameter, row.entity) }
}

fn line(row: &Row) -> String {
    let name = name(row);
    let (shipped, fitted) = (pair(row.shipped, row.fitted.1), pair(row.fitted, row.fitted.1));
    let off = row.off.map_or_else(|| "-".to_owned(), |off| format!("{off:+.1}"));
    let mark = if row.differs { "!" } else { " " };
    let how = match (row.writes, row.silent) {
        (_, true) => "?",
        (false, false) => "=",
        (true, false) => " ",
    };
    let numbers = format!("{shipped:>17}{fitted:>17}{off:>6}{mark}{:>6}", row.observations);
    if name.chars().count() + 3 < NAME {
        format!("{how:<2}{name:<w$}{numbers}\n", w = NAME - 3)
    } else {
        format!("{how:<2}{name}\n  {:<w$}{numbers}\n", "", w = NAME - 3)
    }
}

/// A centre and its deviation, with as many decimals as `error` (or else the deviation) bears.
fn pair((value, spread): (f64, f64), error: f64) -> String {
    let size = [error, spread, value].into_iter().map(f64::abs).find(|x| *x > 0.0 && x.is_finite()).unwrap_or(1.0);
    let mut decimals = 0;
    let mut scaled = size;
    while scaled < 9.95 && decimals < 6 {
        scaled *= 10.0;
        decimals += 1;
    }
    if spread == 0.0 {
        return format!("{value:.decimals$}");
    }
    if !spread.is_finite() {
        return format!("{value:.decimals$} ± ?");
    }
    format!("{value:.decimals$} ± {spread:.decimals$}")
}

/// Why estimates are changed or only compared, each reason once with the parameters it is of.
fn reasons(fit: &Fitted) -> Vec<String> {
    let mut found: Vec<(String, &str)> = Vec::new();
    for row in &fit.rows {
        let Some(because) = row.because.as_deref() else { continue };
        if !found.iter().any(|(parameter, reason)| *parameter == row.parameter && *reason == because) {
            found.push((row.parameter.clone(), because));
        }
    }
    found.into_iter().map(|(parameter, because)| format!("{parameter}: {because}")).collect()
}

fn against_prior(row: &Row) -> String {
    let mut out = name(row);
    if row.silent {
        out += ": the data do not tell";
    }
    if let Some(posterior) = row.posterior {
        out += &format!(
            "{} prior {} and data give {}",
            if row.silent { ";" } else { ":" },
            pair(row.shipped, row.shipped.1),
            pair(posterior, posterior.1)
        );
    }
    out
}

fn changed(written: &Written) -> String {
    if written.changes.is_empty() {
        return "Nothing to write: the pack holds these estimates already.\n".to_owned();
    }
    let values = written.changes.iter().filter(|change| change.value).count();
    let evidence = written.changes.len() - values;
    paragraph(&format!("Wrote {values} values and the evidence alone of {evidence} to {}.", written.files.join(", ")), 0)
}

/// Indented lines of at most the page's width.
fn paragraph(text: &str, indent: usize) -> String {
    wrap(text, WIDTH - indent).iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect()
}
