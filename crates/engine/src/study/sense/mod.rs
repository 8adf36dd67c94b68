//! Global sensitivity of the model's outcomes: which numbers, links, claims and kinds of evidence their variance rests on, and how much is chance.
//!
//! First every uncertain input is screened by elementary effects (Morris 1991), a link moving as one. Then groups of inputs (by evidence, by mechanism,
//! by claim, and the leading inputs alone) get first-order and total indices by pick and freeze: every input has its own keyed uniform, so that a
//! group takes its uniforms from draw A or from draw B while all others stay (Saltelli and others 2010). Chance is one more input: the streams of
//! events and shocks take their key from draw A or B. Baseline and scenario of a row share uniforms and chance, as cases of a run do, so that what is
//! analysed is the paired difference. Oracle: the estimators agree with SALib, chance as an input with a closed form (`oxus_analysis::sensitivity`); the rows
//! at A and B are members of an ordinary run, bit for bit (tests).

mod groups;
mod inputs;
mod points;
mod report;
mod runner;

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::Model;
use oxus_pack::region::Region;
use oxus_units::Month;

use crate::case::Case;
use crate::ensemble::{Ensemble, Watch};
use crate::loops::one;
use crate::outcome::Outcomes;
use crate::summary::MOST_LOST;

pub use groups::Table;
pub use inputs::{CHANCE, Input, Kind};
pub use report::{Found, Leader, Report, Share};

use groups::Group;
use inputs::Inputs;
use points::{Blocks, Trajectories};
use runner::{Points, Rows, Runner, Work};

/// Fewest base rows of which a bootstrap interval says anything: below, a resample often leaves out what the estimate hangs on.
pub const FEWEST_ROWS: u32 = 64;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The baseline, and the case whose difference from it is analysed; the baseline alone for its level.
    pub cases: Vec<Case>,
    /// Outcome ids.
    pub outcomes: Vec<String>,
    /// End of the period.
    pub horizon: Month,
    /// Seed of all streams.
    pub seed: u64,
    /// Trajectories of the screening.
    pub trajectories: u32,
    /// Base rows of the indices; best a power of two.
    pub rows: u32,
    /// Leading inputs of each outcome that get indices of their own.
    pub leaders: usize,
    /// Leading claims of each outcome.
    pub claims: usize,
    /// Resamples of the intervals.
    pub resamples: u32,
}

/// Screens all inputs and estimates the indices of their groups.
///
/// # Errors
/// Problems of the plan, the cases and the outcomes; `E002` without rows, `E007` when more than 0.1 % of the rows failed, `A011` when no outcome varies.
pub fn sense(region: &Region, asked: &Asked, watch: &dyn Watch) -> Result<Report, Diagnostics> {
    if asked.rows < 2 || asked.trajectories == 0 {
        return Err(one(Diagnostic::error(codes::E002, "a study of no rows shows nothing").expected("a trajectory and two base rows, or more")));
    }
    let months = asked.horizon.since(region.identity.origin).max(1) as u32;
    let model = super::shortened(region, months)?;
    let cases = Ensemble::prepare(region, &model, &asked.cases)?;
    let outcomes = Outcomes::resolve(region, &model, &asked.outcomes, &[asked.horizon])?;
    let inputs = Inputs::of(region, &model, &cases);
    let runner = Runner { model: &model, cases: &cases, outcomes: &outcomes, inputs: &inputs };
    let trajectories = Trajectories::new(&inputs, asked.seed, asked.trajectories);
    let fixed = Group::fixed(&inputs);
    // the leaders of several outcomes overlap: what is told until they are known is a guess
    let guess = asked.rows as usize * (fixed.len() + 2 + (asked.leaders + asked.claims).min(40));
    let screening = Work { before: 0, of: trajectories.rows() + guess, watch };
    let screened = runner.run(&trajectories, &|done| screening.tell(done));
    lost(&screened, &outcomes, &model)?;
    let cells = outcomes.cells.len();
    let effects: Vec<Vec<Vec<f64>>> = (0..cells).map(|c| trajectories.effects(&column(&screened, cells, c))).collect();
    let sizes = effects.iter().map(|e| e.iter().map(|e| e.iter().sum::<f64>() / e.len().max(1) as f64).collect()).collect::<Vec<Vec<f64>>>();
    let groups: Vec<Group> = fixed.into_iter().chain(Group::leading(&inputs, &sizes, asked.leaders, asked.claims)).collect();
    let blocks = Blocks::new(&inputs, &groups, asked.seed, asked.rows);
    let indices = Work { before: trajectories.rows(), of: trajectories.rows() + blocks.rows(), watch };
    let rows = runner.run(&blocks, &|done| indices.tell(done));
    lost(&rows, &outcomes, &model)?;
    let simulated = screened.values.len() / cells.max(1) + rows.values.len() / cells.max(1);
    let study = report::Study { asked, outcomes: &outcomes, inputs: &inputs, groups: &groups, effects: &effects };
    report::report(&study, &rows, simulated)
}

/// One outcome cell of all rows.
fn column(rows: &Rows, cells: usize, cell: usize) -> Vec<f64> {
    rows.values.iter().skip(cell).step_by(cells).copied().collect()
}

fn lost(rows: &Rows, outcomes: &Outcomes, model: &Model) -> Result<(), Diagnostics> {
    let all = rows.values.len() / outcomes.cells.len().max(1);
    let lost = rows.values.chunks_exact(outcomes.cells.len().max(1)).filter(|row| row.iter().any(|v| v.is_nan())).count();
    if lost as f64 <= MOST_LOST * all as f64 {
        return Ok(());
    }
    let mut problem =
        Diagnostic::error(codes::E007, format!("{lost} of {all} rows failed")).expected("at most 0.1 %, so that what remains is no biased sample");
    for failure in &rows.failures {
        let month = model.world().first().plus(failure.month as i32);
        problem = problem.note(format!("{} ({}): {} in {month}", failure.place, failure.code, failure.reason));
    }
    Err(one(problem))
}
