//! Boxes and a tree on the training rows, checked on those held out.

use oxus_analysis::false_discovery::wilson;
use oxus_analysis::scenario_discovery::prim::{Search, Settings, Step};
use oxus_analysis::scenario_discovery::support::{choose, quasi_p, reproduced, simplify};
use oxus_analysis::scenario_discovery::{Column, DiscoveryError, Inputs, Limit as BoxLimit, cart};
use oxus_random::{hash64, mix64};
use serde::Serialize;

use super::table::Rows;
use super::{Asked, DiscoverError, Report};
use crate::store::RunRecord;

/// Quasi-p value above which a restriction is dropped.
const LEVEL: f64 = 0.05;
/// One draw in so many is held out.
const HELD_OUT: u64 = 3;
/// Most questions of the tree.
const DEPTH: usize = 3;

/// One restricted input.
#[derive(Clone, Debug, Serialize)]
pub struct Limit {
    /// Input.
    pub input: String,
    /// Lower limit, where there is one.
    pub from: Option<f64>,
    /// Upper limit, where there is one.
    pub to: Option<f64>,
    /// Smallest and largest value of all rows.
    pub all: (f64, f64),
    /// Quasi-p value; `None` in a tree.
    pub quasi_p: Option<f64>,
    /// Share of the resamples that restrict it at the same coverage, and at the same density.
    pub reproduced: Option<(f64, f64)>,
}

/// Rows in a box and what becomes of them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Part {
    /// Rows in the box.
    pub rows: usize,
    /// Share of the box that goes wrong.
    pub density: f64,
    /// Its 95 % interval (Wilson); NaN without rows.
    pub interval: (f64, f64),
    /// Share of all that goes wrong which the box holds.
    pub coverage: f64,
}

/// Whether the held-out rows bear a box out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// Its interval lies above the density of all held-out rows.
    Holds,
    /// It may be chance.
    NotBorneOut,
    /// Too few held-out rows fall into it.
    TooFew,
}

/// A box.
#[derive(Clone, Debug, Serialize)]
pub struct FoundBox {
    /// What it restricts.
    pub limits: Vec<Limit>,
    /// On the rows it was found on.
    pub found: Part,
    /// On the rows held out.
    pub held_out: Part,
    /// What these say.
    pub checked: Checked,
}

pub(super) fn search(asked: &Asked, record: &RunRecord, rows: Rows, case: String, horizon: String) -> Result<Report, DiscoverError> {
    // by draw, so that no future of a training draw is held out
    let held = |row: usize| mix64(mix64(asked.seed, hash64("discover.held-out")), u64::from(rows.draw[row])).is_multiple_of(HELD_OUT);
    let (test, train): (Vec<usize>, Vec<usize>) = (0..rows.draw.len()).partition(|&row| held(row));
    let y = |of: &[usize]| of.iter().map(|&row| rows.bad[row]).collect::<Vec<f64>>();
    let (train_y, test_y) = (y(&train), y(&test));
    one_sided(&train_y)?;
    let chosen = strongest(&rows, &train, &train_y, asked.most_inputs);
    let column = |of: &[usize]| {
        let named = |&j: &usize| (rows.names[j].clone(), Column::Numeric(of.iter().map(|&row| rows.values[j][row]).collect()));
        chosen.iter().map(named).collect::<Vec<_>>()
    };
    let (inputs, others) = (Inputs::new(column(&train))?, Inputs::new(column(&test))?);
    let check = Check { inputs: &inputs, y: &train_y, others: &others, other_y: &test_y };
    let mean = |y: &[f64]| y.iter().sum::<f64>() / y.len().max(1) as f64;
    Ok(Report {
        outcome: asked.outcome.clone(),
        entity: rows.entity.clone(),
        case,
        difference: asked.difference,
        horizon,
        threshold: rows.threshold.0,
        above: rows.threshold.1,
        pack_hash: record.pack_hash.clone(),
        futures: rows.futures,
        rows: (train.len(), test.len()),
        by_future: rows.by_future,
        inputs: (rows.names.len(), chosen.len()),
        base: (mean(&train_y), mean(&test_y)),
        boxes: check.boxes(asked)?,
        leaves: check.leaves()?,
    })
}

/// Refuses an outcome that goes wrong in every training row, or in none: no input goes along with it.
fn one_sided(y: &[f64]) -> Result<(), DiscoveryError> {
    let total: f64 = y.iter().sum();
    match y.len() {
        n if total == 0.0 => Err(DiscoveryError::OneSided(format!("none of {n} rows is of interest"))),
        n if total == n as f64 => Err(DiscoveryError::OneSided(format!("all of {n} rows are of interest"))),
        _ => Ok(()),
    }
}

/// Inputs with the strongest rank correlation with the outcome, in their own order.
fn strongest(rows: &Rows, train: &[usize], y: &[f64], most: usize) -> Vec<usize> {
    let of_y = ranks(y);
    let strength = |j: usize| {
        let x = ranks(&train.iter().map(|&row| rows.values[j][row]).collect::<Vec<f64>>());
        correlation(&x, &of_y).abs()
    };
    let mut order: Vec<(f64, usize)> = (0..rows.names.len()).map(|j| (strength(j), j)).filter(|(s, _)| *s > 0.0).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> = order.into_iter().take(most).map(|(_, j)| j).collect();
    chosen.sort_unstable();
    chosen
}

/// Ranks from 0; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let middle = start as f64 + (tied.len() - 1) as f64 / 2.0;
        tied.iter().for_each(|&row| ranks[row] = middle);
        start += tied.len();
    }
    ranks
}

/// Pearson's correlation; 0 where one does not vary.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(a, b)| f(a - mx, b - my)).sum::<f64>();
    let spread = (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt();
    if spread > 0.0 { sum(&|a, b| a * b) / spread } else { 0.0 }
}

struct Check<'a> {
    inputs: &'a Inputs,
    y: &'a [f64],
    others: &'a Inputs,
    other_y: &'a [f64],
}

impl Check<'_> {
    fn boxes(&self, asked: &Asked) -> Result<Vec<FoundBox>, DiscoverError> {
        let settings = Settings { pass_over_small: true, ..Settings::default() };
        let mut search = Search::new(self.inputs, self.y, settings)?;
        let mut boxes = Vec::new();
        for _ in 0..asked.boxes {
            let trajectory = search.trajectory();
            let Some(chosen) = choose(&search, &trajectory, asked.density) else { break };
            let step = simplify(&search, chosen, LEVEL);
            if step.restricted(search.all()).is_empty() {
                break;
            }
            let like = (search.coverage(chosen), chosen.density());
            let again = reproduced(self.inputs, self.y, settings, like, asked.resamples, asked.seed)?;
            let limits = self.limits(&search, &step, &again);
            boxes.push(self.checked(limits, &step.limits));
            search.exclude(&step);
            if search.remaining.len() * 20 < self.y.len() {
                break;
            }
        }
        Ok(boxes)
    }

    fn limits(&self, search: &Search<'_>, step: &Step, again: &[(f64, f64)]) -> Vec<Limit> {
        let restrictions = quasi_p(search, step);
        let mut limits: Vec<Limit> = restrictions
            .iter()
            .filter_map(|r| {
                let limit = self.limit(r.column, &step.limits[r.column], &search.all()[r.column])?;
                Some(Limit { quasi_p: Some(r.best()), reproduced: Some(again[r.column]), ..limit })
            })
            .collect();
        limits.sort_by(|a, b| a.quasi_p.unwrap_or(1.0).total_cmp(&b.quasi_p.unwrap_or(1.0)));
        limits
    }

    fn limit(&self, column: usize, limit: &BoxLimit, all: &BoxLimit) -> Option<Limit> {
        let (&BoxLimit::Range(from, to), &BoxLimit::Range(low, high)) = (limit, all) else { return None };
        let input = self.inputs.names[column].clone();
        let (from, to) = ((from > low).then_some(from), (to < high).then_some(to));
        (from.is_some() || to.is_some()).then_some(Limit { input, from, to, all: (low, high), quasi_p: None, reproduced: None })
    }

    /// Leaves denser than the whole.
    fn leaves(&self) -> Result<Vec<FoundBox>, DiscoverError> {
        let leaf = (self.inputs.rows() / 20).max(5);
        let tree = cart::grow(self.inputs, self.y, cart::Settings { leaf, depth: DEPTH })?;
        let all = self.inputs.all();
        let base = tree.nodes[0].density();
        let mut leaves = tree.leaves(self.inputs);
        leaves.retain(|leaf| leaf.node > 0 && tree.nodes[leaf.node].density() > base);
        leaves.sort_by(|a, b| tree.nodes[b.node].density().total_cmp(&tree.nodes[a.node].density()));
        let found = leaves.iter().map(|leaf| {
            let limits = (0..all.len()).filter_map(|j| self.limit(j, &leaf.limits[j], &all[j])).collect();
            self.checked(limits, &leaf.limits)
        });
        Ok(found.collect())
    }

    fn checked(&self, limits: Vec<Limit>, of: &[BoxLimit]) -> FoundBox {
        // the ends of the training rows are no limits for the others
        let all = self.inputs.all();
        let open = |(limit, all): (&BoxLimit, &BoxLimit)| match (limit, all) {
            (&BoxLimit::Range(from, to), &BoxLimit::Range(low, high)) => {
                BoxLimit::Range(if from > low { from } else { f64::NEG_INFINITY }, if to < high { to } else { f64::INFINITY })
            }
            (limit, _) => limit.clone(),
        };
        let of: Vec<BoxLimit> = of.iter().zip(&all).map(open).collect();
        let (found, held_out) = (part(self.inputs, self.y, &of), part(self.others, self.other_y, &of));
        let base = self.other_y.iter().sum::<f64>() / self.other_y.len().max(1) as f64;
        let checked = match held_out {
            p if p.rows < 10 => Checked::TooFew,
            p if p.interval.0 > base => Checked::Holds,
            _ => Checked::NotBorneOut,
        };
        FoundBox { limits, found, held_out, checked }
    }
}

fn part(inputs: &Inputs, y: &[f64], limits: &[BoxLimit]) -> Part {
    let inside: Vec<f64> = (0..inputs.rows()).filter(|&row| inputs.within(row, limits)).map(|row| y[row]).collect();
    let k: f64 = inside.iter().sum();
    let n = inside.len();
    let total: f64 = y.iter().sum();
    Part {
        rows: n,
        density: if n == 0 { f64::NAN } else { k / n as f64 },
        interval: wilson(k, n),
        coverage: if total == 0.0 { f64::NAN } else { k / total },
    }
}
