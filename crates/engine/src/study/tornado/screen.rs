//! Group screening: which of a thousand uncertain numbers can move an outcome at all.
//!
//! Numbers are moved together, all of a group to their 10 % and to their 90 % quantile in the same members. On common random numbers a group that has
//! nothing to do with the outcome changes no member, to the last bit, and is put aside whole; the group that changes most is halved and both halves are
//! tried (sequential bifurcation: Bettonvil and Kleijnen 1997, EJOR 96). What counts is the mean of the members' absolute changes, so that numbers of one
//! group that push in opposite directions do not hide each other.

use rayon::prelude::*;

use crate::ensemble::{Design, Ensemble, Prepared};

/// Draws, of one replicate, on which groups are tried.
pub const DRAWS: u32 = 64;
/// Groups tried at most.
pub const GROUPS: usize = 160;
/// Groups halved at a time: fixed, so that the result does not depend on threads.
const ROUND: usize = 8;
/// Draws over which the quantiles of a link's strength are taken.
const LINK_DRAWS: u32 = 1_024;

/// An uncertain number or link with its low and high end.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// `finance.growth_trend/KGZ` or `links.ID`.
    pub name: String,
    /// Where it is held.
    pub at: At,
    /// 10 % and 90 % quantile.
    pub values: (f64, f64),
}

/// Where an input is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Position among the numbers of a case.
    Number(usize),
    /// Position among the links of the model.
    Link(usize),
}

/// What was left, with the effort.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// Inputs that change members alone, largest mean absolute change first.
    pub inputs: Vec<Input>,
    /// Groups tried.
    pub groups: usize,
    /// Inputs in groups that change something and were not taken apart when the effort ended.
    pub left: usize,
}

/// Every number and link of a case whose ends differ, by name.
pub fn inputs(ensemble: &Ensemble<'_>, base: &Prepared) -> Vec<Input> {
    let mut found: Vec<Input> = Vec::new();
    let mut ends = [base.clone(), base.clone()];
    for (i, name) in base.quantities().varying() {
        let [low, high] = &mut ends;
        low.hold_number(i, 0.1);
        high.hold_number(i, 0.9);
        let value = |p: &Prepared| p.quantities().fixed(i).unwrap_or(f64::NAN);
        found.push(Input { name: name.to_owned(), at: At::Number(i), values: (value(low), value(high)) });
    }
    let draws: Vec<Vec<f64>> = (0..LINK_DRAWS).map(|draw| base.beliefs().draw(ensemble.design.seed, draw)).collect();
    for (i, link) in ensemble.model.links().iter().enumerate() {
        let mut strengths: Vec<f64> = draws.iter().map(|d| d[i]).collect();
        strengths.sort_by(f64::total_cmp);
        let at = |p: f64| strengths[(p * (strengths.len() - 1) as f64).round() as usize];
        found.push(Input { name: format!("links.{}", link.id), at: At::Link(i), values: (at(0.1), at(0.9)) });
    }
    found.retain(|input| input.values.0 != input.values.1);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// A case with these inputs at their low or their high ends.
pub fn held(base: &Prepared, inputs: &[Input], high: bool) -> Prepared {
    let mut case = base.clone();
    for input in inputs {
        match input.at {
            At::Number(i) => case.hold_number(i, if high { 0.9 } else { 0.1 }),
            At::Link(i) => case.hold_link(i, if high { input.values.1 } else { input.values.0 }),
        }
    }
    case
}

/// A run of inputs, neighbours by name, and the mean absolute change that it makes.
struct Group {
    from: usize,
    to: usize,
    change: f64,
}

/// Takes groups apart until `wanted` single inputs change more than any group that is left, or the effort ends.
pub fn screen(ensemble: &Ensemble<'_>, base: &Prepared, cell: usize, all: &[Input], wanted: usize) -> Screened {
    let design = Design { draws: ensemble.design.draws.min(DRAWS), replicates: 1, ..ensemble.design };
    // neighbours by name and of one mechanism first
    let family = |i: &Input| i.name.split('.').next().unwrap_or_default().to_owned();
    let mut at = 0;
    let first = all.chunk_by(|a, b| family(a) == family(b)).map(|run| {
        at += run.len();
        (at - run.len(), at)
    });
    let tried = |ranges: Vec<(usize, usize)>| -> Vec<Group> {
        ranges.into_par_iter().map(|(from, to)| Group { from, to, change: change(ensemble, design, base, cell, &all[from..to]) }).collect()
    };
    let mut groups = tried(first.collect());
    let mut count = groups.len();
    loop {
        groups.retain(|g| g.change > 0.0);
        groups.sort_by(|a, b| b.change.total_cmp(&a.change).then(a.from.cmp(&b.from)));
        let singles = groups.iter().filter(|g| g.to - g.from == 1);
        let enough = singles.map(|g| g.change).nth(wanted.saturating_sub(1)).unwrap_or(0.0);
        let open: Vec<usize> = (0..groups.len()).filter(|&g| groups[g].to - groups[g].from > 1 && groups[g].change > enough).take(ROUND).collect();
        if open.is_empty() || count >= GROUPS {
            let left = open_inputs(&groups, enough);
            let inputs = groups.iter().filter(|g| g.to - g.from == 1).take(wanted).map(|g| all[g.from].clone()).collect();
            return Screened { inputs, groups: count, left };
        }
        let halves = open.iter().flat_map(|&g| {
            let Group { from, to, .. } = groups[g];
            let middle = (from + to) / 2;
            [(from, middle), (middle, to)]
        });
        let halves = tried(halves.collect());
        count += halves.len();
        for &g in open.iter().rev() {
            groups.remove(g);
        }
        groups.extend(halves);
    }
}

fn open_inputs(groups: &[Group], enough: f64) -> usize {
    groups.iter().filter(|g| g.to - g.from > 1 && g.change > enough).map(|g| g.to - g.from).sum()
}

/// Mean absolute change of a cell between the two ends of a group, over the members that came through.
fn change(ensemble: &Ensemble<'_>, design: Design, base: &Prepared, cell: usize, group: &[Input]) -> f64 {
    let cases = vec![held(base, group, false), held(base, group, true)];
    let pair = Ensemble { model: ensemble.model, cases, design, outcomes: ensemble.outcomes.clone(), thin: 0, timed: false };
    let chunk = pair.chunk(0);
    let cells = pair.outcomes.cells.len();
    let rows = chunk.values.chunks_exact(2 * cells).enumerate().filter(|(i, _)| !chunk.is_lost(chunk.first + *i as u32));
    let changes: Vec<f64> = rows.map(|(_, row)| (row[cells + cell] - row[cell]).abs()).collect();
    changes.iter().sum::<f64>() / changes.len().max(1) as f64
}
