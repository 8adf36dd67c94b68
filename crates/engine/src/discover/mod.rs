//! Under which conditions a saved run goes wrong: boxes (PRIM) and a tree (CART) over what was drawn, found on two thirds of the draws and checked on
//! the rest. Reads the run folder alone.
//!
//! A row is a draw; its outcome is the share of its replicates that are of interest. With conditions that can be observed early, a row is a future, since
//! those differ by replicate too. Only inputs that stand out on the training draws are searched (rank correlation): with hundreds of inputs and
//! hundreds of draws some box is dense by chance, which is why the held-out draws are the figure to look at.

mod search;
mod table;

use std::path::PathBuf;

use oxus_analysis::scenario_discovery::DiscoveryError;
use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use serde::Serialize;

use crate::loops::one;
use crate::store::{StoreError, read_record};

pub use search::{Checked, FoundBox, Limit, Part};

/// What counts as going wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bad {
    /// Above this value.
    Above(f64),
    /// Below this value.
    Below(f64),
    /// Among this share of the futures with the highest values.
    Highest(f64),
    /// Among this share of the futures with the lowest values.
    Lowest(f64),
}

/// What is asked of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Run folder.
    pub folder: PathBuf,
    /// Outcome id.
    pub outcome: String,
    /// Entity, where the outcome has several.
    pub entity: Option<String>,
    /// Case; `None` the run's first that is not the baseline.
    pub case: Option<String>,
    /// Whether the difference from the baseline is looked at, and not the case's own level.
    pub difference: bool,
    /// End of the period; `None` the second of the run's, or its only one.
    pub horizon: Option<String>,
    /// What goes wrong.
    pub bad: Bad,
    /// Outcomes at this earlier end of a period count as conditions too.
    pub observed: Option<String>,
    /// Inputs searched: those with the strongest rank correlation.
    pub most_inputs: usize,
    /// Density at which a box is told.
    pub density: f64,
    /// Boxes sought.
    pub boxes: usize,
    /// Resamples that tell how often a restriction is found again.
    pub resamples: u32,
    /// Seed of the split and of the resamples.
    pub seed: u64,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Outcome.
    pub outcome: String,
    /// Entity.
    pub entity: String,
    /// Case.
    pub case: String,
    /// Whether of the difference.
    pub difference: bool,
    /// End of the period.
    pub horizon: String,
    /// Where going wrong begins.
    pub threshold: f64,
    /// Whether values above the threshold are bad.
    pub above: bool,
    /// Content hash of the pack that the run was made from.
    pub pack_hash: String,
    /// Futures read.
    pub futures: usize,
    /// Rows (draws, or futures where conditions are observed) on which boxes are sought, and those held out.
    pub rows: (usize, usize),
    /// Whether rows are single futures.
    pub by_future: bool,
    /// Inputs that vary, and those searched.
    pub inputs: (usize, usize),
    /// Share of the rows' futures that go wrong, on both parts.
    pub base: (f64, f64),
    /// Boxes.
    pub boxes: Vec<FoundBox>,
    /// Leaves of the tree that are denser than the whole, densest first.
    pub leaves: Vec<FoundBox>,
}

/// Why nothing could be found.
#[derive(Debug)]
pub enum DiscoverError {
    /// Problems of what was asked.
    Problems(Diagnostics),
    /// The folder cannot be read.
    Store(StoreError),
}

impl From<Diagnostics> for DiscoverError {
    fn from(problems: Diagnostics) -> Self {
        Self::Problems(problems)
    }
}

impl From<StoreError> for DiscoverError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<DiscoveryError> for DiscoverError {
    fn from(error: DiscoveryError) -> Self {
        let code = if matches!(error, DiscoveryError::OneSided(_)) { codes::A012 } else { codes::A014 };
        let help = "move the threshold (`--worse-than`, `--worst`), or make a run with more draws";
        Self::Problems(one(Diagnostic::error(code, error.to_string()).help(help)))
    }
}

/// Fewest draws of which two thirds are worth searching.
const FEWEST_DRAWS: u32 = 60;

/// Looks for boxes and grows a tree.
///
/// # Errors
/// A folder that cannot be read; `E001`, `E003`, `U004` an unknown case, outcome, entity or horizon; `A012` nothing or everything goes wrong;
/// `A014` too few draws.
pub fn discover(asked: &Asked) -> Result<Report, DiscoverError> {
    let record = read_record(&asked.folder)?;
    let case = known("case", codes::E001, asked.case.as_deref(), record.cases.get(1).or(record.cases.first()), &record.cases)?;
    if asked.difference && record.cases.first() == Some(&case) {
        let problem = Diagnostic::error(codes::E001, "the baseline does not differ from itself");
        return Err(one(problem.help("name another `--case`, or leave out `--difference`")).into());
    }
    let usual = record.horizons.get(1).or(record.horizons.first());
    let horizon = known("horizon", codes::U004, asked.horizon.as_deref(), usual, &record.horizons)?;
    let observed = match asked.observed.as_deref() {
        None => None,
        Some(month) => {
            let earlier: Vec<String> = record.horizons.iter().filter(|h| **h < horizon).cloned().collect();
            Some(known("earlier horizon", codes::U004, Some(month), None, &earlier)?)
        }
    };
    if record.draws < FEWEST_DRAWS {
        let problem = Diagnostic::error(codes::A014, format!("{} draws are too few to look for conditions", record.draws));
        let help = "`oxus run --draws 1000 --replicates 1` gives the most rows for the time";
        return Err(one(problem.expected(format!("at least {FEWEST_DRAWS} draws, better a thousand")).help(help)).into());
    }
    let rows = table::read(asked, &record, &case, &horizon, observed.as_deref())?;
    search::search(asked, &record, rows, case, horizon)
}

/// The item asked for, or the usual one.
fn known(what: &str, code: oxus_diag::Code, asked: Option<&str>, usual: Option<&String>, all: &[String]) -> Result<String, Diagnostics> {
    let name = asked.or(usual.map(String::as_str)).unwrap_or_default();
    if all.iter().any(|a| a == name) {
        return Ok(name.to_owned());
    }
    let problem = Diagnostic::error(code, format!("the run has no {what} `{name}`"));
    let list = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    Err(one(problem.expected(list).help_maybe(did_you_mean(name, all.iter().map(String::as_str)))))
}
