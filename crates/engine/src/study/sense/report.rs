//! What a study found, outcome by outcome.

use oxus_analysis::sensitivity::Index;
use oxus_analysis::sensitivity::morris::Screening;
use oxus_analysis::sensitivity::sobol;
use oxus_diag::{Diagnostic, Diagnostics, codes};
use serde::Serialize;

use super::groups::{Group, Table};
use super::inputs::{Input, Inputs};
use super::runner::Rows;
use super::{Asked, column};
use crate::loops::one;
use crate::outcome::Outcomes;

/// A group's part of the variance.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// Table.
    pub table: Table,
    /// Name.
    pub name: String,
    /// Number of inputs in it.
    pub inputs: usize,
    /// First-order (closed) index: the part of the variance that goes, on average, once the group is known.
    pub first: Index,
    /// Total index: the part that is left when all but the group is known.
    pub total: Index,
    /// The first-order index as a part of what is not chance.
    pub of_knowable: Index,
}

/// An input's rank in the screening.
#[derive(Clone, Debug, Serialize)]
pub struct Leader {
    /// The input.
    #[serde(flatten)]
    pub input: Input,
    /// Mean size of its elementary effects, in the outcome's unit for the whole range of the input.
    pub mu_star: Index,
}

/// One outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where the outcome combines entities.
    pub entity: String,
    /// Whether it happens or not.
    pub binary: bool,
    /// Mean over the rows at A and B.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// Part of the variance that no knowledge of the inputs removes: the total index of chance.
    pub chance: Index,
    /// What is left: the first-order index of all inputs but chance.
    pub knowable: Index,
    /// All groups.
    pub shares: Vec<Share>,
    /// Inputs with an effect in the screening, largest first.
    pub leaders: Vec<Leader>,
    /// Base rows used.
    pub rows: usize,
    /// Base rows lost to failures.
    pub lost: usize,
}

/// What a study found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Outcomes that vary.
    pub outcomes: Vec<Found>,
    /// Outcomes that do not: the same in every row.
    pub constant: Vec<(String, String)>,
    /// Uncertain inputs, chance included.
    pub inputs: usize,
    /// Trajectories of the screening.
    pub trajectories: u32,
    /// Base rows asked for.
    pub rows: u32,
    /// Rows simulated in all, each with every case.
    pub simulated: usize,
    /// Seed.
    pub seed: u64,
    /// Case whose difference from the baseline is analysed; `None` for the baseline's own level.
    pub case: Option<String>,
    /// End of the period.
    pub horizon: String,
}

/// What the report is made of.
pub(super) struct Study<'a> {
    pub asked: &'a Asked,
    pub outcomes: &'a Outcomes,
    pub inputs: &'a Inputs,
    pub groups: &'a [Group],
    /// `[cell][input][trajectory]`.
    pub effects: &'a [Vec<Vec<f64>>],
}

pub(super) fn report(study: &Study<'_>, rows: &Rows, simulated: usize) -> Result<Report, Diagnostics> {
    let asked = study.asked;
    let cells = study.outcomes.cells.len();
    let (mut found, mut constant) = (Vec::new(), Vec::new());
    for (c, cell) in study.outcomes.cells.iter().enumerate() {
        match study.one(c, &column(rows, cells, c)) {
            Some(one) => found.push(one),
            None => constant.push((cell.outcome.clone(), cell.entity.clone())),
        }
    }
    if found.is_empty() {
        let names: Vec<&str> = constant.iter().map(|c| c.0.as_str()).collect();
        let what = if asked.cases.len() > 1 { "the difference from the baseline" } else { "the outcome" };
        let problem = Diagnostic::error(codes::A011, format!("{what} is the same in every row: there is no variance to explain"));
        let help = "another outcome, a later `--horizon`, or `--of level` for the baseline's own spread";
        return Err(one(problem.found(format!("no variance in {}", names.join(", "))).help(help)));
    }
    Ok(Report {
        outcomes: found,
        constant,
        inputs: study.inputs.list.len(),
        trajectories: asked.trajectories,
        rows: asked.rows,
        simulated,
        seed: asked.seed,
        case: asked.cases.get(1).map(ToString::to_string),
        horizon: asked.horizon.to_string(),
    })
}

impl Study<'_> {
    /// One outcome; `None` where it does not vary.
    fn one(&self, at: usize, y: &[f64]) -> Option<Found> {
        let whole = y.len() / (self.groups.len() + 2) * (self.groups.len() + 2);
        let mut blocks = sobol::Blocks::from_rows(&y[..whole], self.groups.len(), false).ok()?;
        let lost = blocks.drop_lost();
        let terms = blocks.terms().ok()?;
        let (found, drawn) = (terms.indices(), terms.resampled(self.asked.resamples, self.asked.seed));
        let index = |of: &dyn Fn(&sobol::Indices) -> f64| Index::of(of(&found), &drawn.iter().map(of).collect::<Vec<f64>>());
        let noise = self.groups.iter().position(|g| g.table == Table::Chance)?;
        let knowable = |i: &sobol::Indices| 1.0 - i.total[noise];
        let share = |(g, group): (usize, &Group)| Share {
            table: group.table,
            name: group.name.clone(),
            inputs: group.inputs.len(),
            first: index(&|i| i.first[g]),
            total: index(&|i| i.total[g]),
            of_knowable: index(&|i| i.first[g] / knowable(i)),
        };
        let (mean, variance) = blocks.moments();
        let cell = &self.outcomes.cells[at];
        Some(Found {
            outcome: cell.outcome.clone(),
            entity: cell.entity.clone(),
            binary: cell.binary,
            mean,
            deviation: variance.sqrt(),
            chance: index(&|i| i.total[noise]),
            knowable: index(&knowable),
            shares: self.groups.iter().enumerate().map(share).collect(),
            leaders: self.leaders(at),
            rows: blocks.rows(),
            lost,
        })
    }

    fn leaders(&self, at: usize) -> Vec<Leader> {
        let of = |(input, effects): (&Input, &Vec<f64>)| {
            let screening = Screening::of(effects, self.asked.resamples, self.asked.seed);
            Leader { input: input.clone(), mu_star: screening.mu_star }
        };
        let mut leaders: Vec<Leader> = self.inputs.list.iter().zip(&self.effects[at]).map(of).filter(|l| l.mu_star.value > 0.0).collect();
        leaders.sort_by(|a, b| b.mu_star.value.total_cmp(&a.mu_star.value).then(a.input.id.cmp(&b.input.id)));
        leaders
    }
}
