//! The futures of every target, member by member.

use oxus_kernel::Model;
use oxus_pack::region::Region;
use oxus_units::Month;

use super::target::Targets;
use crate::case::Case;
use crate::ensemble::{Design, Ensemble, Watch};
use crate::outcome::Outcomes;
use crate::run::RunError;
use crate::summary::MOST_LOST;

/// What a case has for every cell and year: all members that came through.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Target and entity positions.
    pub cells: Vec<(usize, usize)>,
    /// Years forecast.
    pub years: Vec<i32>,
    /// Members by cell and year, `[cell][year]`, in the order of members.
    values: Vec<Vec<f64>>,
}

impl Forecast {
    /// Members of a cell in a year.
    pub fn members(&self, cell: (usize, usize), year: i32) -> Option<&[f64]> {
        let (c, y) = (self.cells.iter().position(|x| *x == cell)?, self.years.iter().position(|x| *x == year)?);
        self.values.get(c * self.years.len() + y).map(Vec::as_slice)
    }
}

/// Runs the cases over the model's whole period; every future is kept, at a year's end, for the cells of the targets.
///
/// # Errors
/// Problems of the cases; `E007` more than 0.1 % of the members failed.
pub fn forecast(
    region: &Region,
    model: &Model,
    cases: &[Case],
    targets: &Targets,
    design: Design,
    watch: &dyn Watch,
) -> Result<Vec<Forecast>, RunError> {
    let cells = targets.cells();
    let mut outcomes = Outcomes::default();
    outcomes.recording.cells = cells.iter().map(|&(t, e)| (targets.list[t].variable, targets.list[t].entities[e].1)).collect();
    let world = model.world();
    let december = |year: i32| Month::new(year, 12).and_then(|m| usize::try_from(m.since(world.first())).ok()).filter(|t| *t < world.months());
    let first = world.first().year();
    let years: Vec<(i32, usize)> = (first..=first + (world.months() / 12) as i32).filter_map(|y| Some((y, december(y)?))).collect();
    let prepared = Ensemble::prepare(region, model, cases)?;
    let ensemble = Ensemble { model, cases: prepared, design, outcomes, thin: 1, timed: false };
    let blank = Forecast { cells: cells.clone(), years: years.iter().map(|y| y.0).collect(), values: vec![Vec::new(); cells.len() * years.len()] };
    let mut found = vec![blank; cases.len()];
    let (mut lost, mut all) = (0_u32, 0_u32);
    ensemble.run(watch, |chunk| {
        lost += (0..chunk.members).filter(|i| chunk.is_lost(chunk.first + i)).count() as u32;
        all += chunk.members;
        for kept in chunk.kept.iter().filter(|k| !chunk.is_lost(k.member)) {
            let values = &mut found[kept.case].values;
            for (c, _) in cells.iter().enumerate() {
                for (y, (_, t)) in years.iter().enumerate() {
                    values[c * years.len() + y].push(kept.path[t * cells.len() + c]);
                }
            }
        }
    });
    if f64::from(lost) > MOST_LOST * f64::from(all) {
        let problem = oxus_diag::Diagnostic::error(oxus_diag::codes::E007, format!("{lost} of {all} members failed"));
        let mut problems = oxus_diag::Diagnostics::new();
        problems.push(problem.expected("at most 0.1 %, so that what remains is no biased sample").help(
            "started earlier the region has other sizes: `oxus run` shows whether it holds at its own origin, `backtest.toml` how it is started earlier",
        ));
        return Err(problems.into());
    }
    Ok(found)
}
