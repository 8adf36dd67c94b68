//! Feedback measured on the running model: what a push on each modifier does to every source of a link, and the loops that links close.
//!
//! **Nodes** are the modifiers that links write, each with the entities its links reach (two links into the same cells share a node).
//! **A round** goes from a node through mechanisms to the source of a link, and through the link to the next node. The first half is
//! measured: in the same futures, all links off, the node is raised and lowered for a year by half of one typical deviation; half the
//! difference per half deviation, summed over the months to the end of the window and divided by the months of the pulse, is the long-run
//! response (the press perturbation of Bender, Case and Gilpin 1984, Ecology 65:1-13, taken over a finite window). The second half is the
//! link as drawn: its strength, delay, trend and slope at the reference (`3 / sqrt 8`, the largest it has).
//!
//! **Stability.** With `G[i][j]` the deviations at node i that one deviation at node j causes in one round, long run over long run, a draw is
//! *unstable* when the spectral radius of G is above 1: the round-by-round sum `1 + G + G^2 + ...` has no end, as a next-generation matrix
//! above 1 has none (Diekmann, Heesterbeek and Metz 1990, J. Math. Biol. 28:365-382). For gains of one sign this is exactly instability
//! of the linear response; for mixed signs it is the small-gain bound, and [`Stability::turning`] counts the draws that also grow without
//! turning round (`det(I - G) < 0`). Entities of a node move together: what differs between them is averaged.
//! Oracle: a linear model with two links whose loop gain and delay are known in closed form (tests).

mod dot;
mod graph;
mod measure;
mod report;
mod ways;

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::{LANES, Model};
use oxus_pack::region::Region;

use crate::belief::Beliefs;
use crate::case::Case;
use crate::ensemble::{Lost, Watch};
use crate::quantities::Quantities;
use crate::summary::MOST_LOST;

pub use dot::dot;
pub use measure::{Measured, measure};
pub use report::{Loop, Node, Report, Stability, Step};

/// Months before the pulse: the model leaves its starting values.
pub const WARM: usize = 12;
/// Months of the pulse.
pub const PULSE: usize = 12;
/// Months simulated in all; the response is summed from the start of the pulse to here.
pub const WINDOW: usize = 84;
/// Size of the pulse, in typical deviations of the modifier: large enough to move events, small enough that `sinh(1/2) / (1/2)`, what a
/// log scale makes of it, is 4 % above linear.
pub const SIZE: f64 = 0.5;
/// Share of unstable draws past which the model is not fit for use.
pub const MOST_UNSTABLE: f64 = 0.05;

/// What to measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Seed of all streams.
    pub seed: u64,
    /// Parameter vectors; each has eight replicates of chance, one block.
    pub draws: u32,
    /// Most links of a loop.
    pub longest: usize,
    /// Loops reported.
    pub most: usize,
    /// Worldview; `None` is the pooled default.
    pub view: Option<String>,
}

/// Measures the feedback of a region, baseline case.
///
/// # Errors
/// Problems of the plan, `E002` without draws or with a region of less than three years, `E007` when more than 0.1 % of the futures failed.
pub fn loops(region: &Region, settings: &Settings, watch: &dyn Watch) -> Result<Report, Diagnostics> {
    let mut short = region.clone();
    short.identity.last = short.identity.last.min(short.identity.origin.plus(WINDOW as i32));
    let model = crate::model(&short)?;
    let case = Case { view: settings.view.clone(), ..Case::default() };
    let quantities = Quantities::find(&short, &model, &case)?;
    let beliefs = Beliefs::of(&short, &model, case.view.as_deref());
    let load = |block: &mut oxus_kernel::Block<'_>, draw: u32| {
        let values = quantities.draw(settings.seed, draw);
        for lane in 0..LANES {
            quantities.place(&values, |parameter, entity, value| block.set_parameter(parameter, entity, lane, value));
        }
        beliefs.draw(settings.seed, draw)
    };
    let measured = measure(&model, settings, &load, watch)?;
    too_many_lost(&measured, &model)?;
    Ok(report::report(region, &model, settings, &measured))
}

fn too_many_lost(measured: &Measured, model: &Model) -> Result<(), Diagnostics> {
    let all = measured.futures();
    if measured.lost.len() as f64 <= MOST_LOST * all as f64 {
        return Ok(());
    }
    let text = format!("{} of {all} futures failed under the pulses", measured.lost.len());
    let mut problem = Diagnostic::error(codes::E007, text).expected("at most 0.1 %, so that what remains is no biased sample");
    for Lost { failure, .. } in measured.lost.iter().take(6) {
        let month = model.world().first().plus(failure.month as i32);
        problem = problem.note(format!("{} ({}): {} in {month}", failure.place, failure.code, failure.reason));
    }
    Err(one(problem))
}

pub(crate) fn one(problem: Diagnostic) -> Diagnostics {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    problems
}

/// The diagnostic of a model with too many unstable draws, if it has.
pub fn unstable(report: &Report) -> Option<Diagnostic> {
    let share = report.stability.unstable;
    (share > MOST_UNSTABLE).then(|| {
        Diagnostic::error(codes::A005, "the links feed back on themselves too strongly")
            .found(format!("{:.0} % of the draws with a spectral radius of the loop gain above 1", 100.0 * share))
            .expected(format!("at most {:.0} %", 100.0 * MOST_UNSTABLE))
            .help("look at the first loops of the list: the links on them, and the mechanisms they pass")
    })
}

#[cfg(test)]
mod tests;
