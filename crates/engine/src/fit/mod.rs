//! Parameters estimated from the pack's own data, as `fits/*.toml` asks: estimates beside what is shipped, and writing them into the pack.
//!
//! Only data observable by the cut-off are read. The estimators are in `oxus-analysis` and `oxus-numerics`; here they meet series, panels and
//! parameters. Nothing is drawn at random: the same pack and cut-off give the same bytes.

mod compare;
mod data;
mod hazard;
mod methods;
mod processes;
mod rounded;
mod write;

#[cfg(test)]
mod tests;

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_pack::region::{Fit, Region};
use oxus_units::Month;
use serde::Serialize;

pub use write::{Change, Written, write};

/// What to fit, and on what was known when.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Last month whose knowledge counts; `None`: that of the pack's as-of day.
    pub cut_off: Option<Month>,
    /// Fits wanted, by id; all where empty.
    pub only: Vec<String>,
}

/// All fits of a pack.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The pack.
    pub pack: String,
    /// Last month whose knowledge counts.
    pub cut_off: String,
    /// The fits, by id.
    pub fits: Vec<Fitted>,
}

/// One fit.
#[derive(Clone, Debug, Serialize)]
pub struct Fitted {
    /// Id.
    pub id: String,
    /// What is estimated, in words.
    pub says: String,
    /// Method.
    pub method: String,
    /// Series or panel read.
    pub data: Vec<String>,
    /// Observations used.
    pub observations: usize,
    /// First and last year used.
    pub years: (i32, i32),
    /// Parameters with what is estimated for them.
    pub rows: Vec<Row>,
    /// What is left unexplained.
    pub residuals: Option<Left>,
    /// How well the estimates can be told apart.
    pub identified: Option<Identified>,
    /// What else the method has to say.
    pub notes: Vec<String>,
}

/// One parameter, or one entity of it, beside what is estimated.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Parameter.
    pub parameter: String,
    /// Entity; empty for the value for all.
    pub entity: String,
    /// Unit of the parameter.
    pub unit: String,
    /// Name of the estimate.
    pub estimate: String,
    /// Centre of what is shipped (median of a log-normal, mean of others without their truncation) and its deviation.
    pub shipped: (f64, f64),
    /// Status of what is shipped.
    pub status: String,
    /// The estimate and its standard error, in the parameter's unit.
    pub fitted: (f64, f64),
    /// What of it is written or would be: the text of the value.
    pub value: String,
    /// Shipped less fitted, in standard errors; `None` where there is no error.
    pub off: Option<f64>,
    /// Whether they differ by more than two standard errors.
    pub differs: bool,
    /// Observations behind this estimate, and their first and last year.
    pub observations: usize,
    /// First and last year behind this estimate.
    pub years: (i32, i32),
    /// Whether the parameter takes the estimate on `--write`.
    pub writes: bool,
    /// Why the estimate is changed or only compared.
    pub because: Option<String>,
    /// Where the shipped value does not come from such data: mean and deviation after seeing them (normal priors).
    pub posterior: Option<(f64, f64)>,
    /// Whether the data do not tell: the error is larger than the deviation of a value that does not come from them, or, of a number without one
    /// that is only compared, larger than the estimate.
    pub silent: bool,
    /// What the pack's file would hold.
    #[serde(skip)]
    pub(crate) target: write::Target,
}

/// What residuals tell.
#[derive(Clone, Debug, Serialize)]
pub struct Left {
    /// Correlation with the residual of the year before; `None` with fewer than three pairs.
    pub autocorrelation: Option<f64>,
    /// Largest, in deviations.
    pub largest: f64,
    /// Entity of the largest.
    pub entity: String,
    /// Year of the largest.
    pub year: i32,
}

/// How well estimates can be told apart.
#[derive(Clone, Debug, Serialize)]
pub struct Identified {
    /// Condition number of the scaled columns, where there are any; above 30 is trouble.
    pub condition: Option<f64>,
    /// Largest correlation between two estimates, in modulus.
    pub correlation: f64,
    /// Which two.
    pub between: (String, String),
}

/// Fits what is asked for.
///
/// # Errors
/// A pack without fits, an unknown id, a cut-off later than the pack's day, and every fit that cannot be made.
pub fn fit(region: &Region, settings: &Settings) -> Result<Report, Diagnostics> {
    let mut problems = Diagnostics::new();
    let as_of = region.identity.as_of.month();
    let cut_off = settings.cut_off.unwrap_or(as_of);
    let chosen = chosen(region, settings, &mut problems);
    let mut report = Report { pack: region.identity.id.clone(), cut_off: cut_off.to_string(), fits: Vec::new() };
    for fit in chosen {
        match one(region, fit, cut_off) {
            Ok(fitted) => report.fits.push(fitted),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(report) }
}

fn one(region: &Region, fit: &Fit, cut_off: Month) -> Result<Fitted, Box<Diagnostic>> {
    let estimated = methods::run(region, fit, cut_off)?;
    let rows = compare::rows(region, fit, &estimated)?;
    let data = match &fit.method {
        oxus_pack::region::Method::Hazard { panel, .. } => vec![panel.id.clone()],
        method => series_of(method),
    };
    Ok(Fitted {
        id: fit.id.clone(),
        says: fit.says.clone(),
        method: fit.method.word().to_owned(),
        data,
        observations: estimated.observations,
        years: estimated.years,
        rows,
        residuals: estimated.residuals,
        identified: estimated.identified,
        notes: estimated.notes,
    })
}

/// Series a method reads, each once, in order.
fn series_of(method: &oxus_pack::region::Method) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in method.measured().iter().flat_map(|variable| &variable.series) {
        if !names.contains(&name.id) {
            names.push(name.id.clone());
        }
    }
    names
}

fn chosen<'r>(region: &'r Region, settings: &Settings, problems: &mut Diagnostics) -> Vec<&'r Fit> {
    if region.fits.is_empty() {
        problems.push(
            Diagnostic::error(codes::A060, "the pack says nothing of what is to be fitted")
                .expected("at least one table in `fits/*.toml`")
                .help("`oxus explain A060` shows one"),
        );
    }
    if settings.only.is_empty() {
        return region.fits.values().collect();
    }
    let mut found = Vec::new();
    for id in &settings.only {
        match region.fits.get(id) {
            Some(fit) => found.push(fit),
            None if region.fits.is_empty() => {}
            None => problems.push(
                Diagnostic::error(codes::A060, format!("the pack has no fit `{id}`"))
                    .expected(format!("one of {}", region.fits.keys().cloned().collect::<Vec<_>>().join(", ")))
                    .help_maybe(did_you_mean(id, region.fits.keys().map(String::as_str))),
            ),
        }
    }
    found
}
