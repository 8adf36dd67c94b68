//! A tornado: each uncertain number alone at its 10 % and at its 90 % quantile, all else equal in the same members.
//!
//! Which numbers get a bar is decided by rank correlation over the draws of the case itself; what a bar shows is not that correlation but a paired
//! difference from the case, so that a number screened in by chance gets a short bar. A link's quantiles are those of its strength over draws, absence
//! counted as zero; a lever is off and on.

use oxus_analysis::rank::spearman;
use oxus_analysis::{Cluster, Paired, PairedSummary};
use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_pack::region::Region;
use oxus_units::Month;

use crate::case::Case;
use crate::draws::{Draw, Gather};
use crate::ensemble::{CHUNK, Design, Ensemble, Prepared, Watch};
use crate::outcome::{Cell, Outcomes};
use crate::run::RunError;

/// Draws over which numbers are screened at most, and over which a link's quantiles are taken at least.
const SCREENED: u32 = 2_000;
const LINK_DRAWS: u32 = 1_024;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The case in which numbers vary.
    pub case: Case,
    /// Outcome id.
    pub outcome: &'a str,
    /// Entity, empty where the outcome has one number.
    pub entity: &'a str,
    /// End of the period.
    pub horizon: Month,
    /// Members.
    pub design: Design,
    /// Most numbers to move.
    pub top: usize,
    /// Levers to switch on, each a bar.
    pub levers: Vec<Case>,
}

/// What is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A number of the pack.
    Number,
    /// The strength of a link.
    Link,
    /// A lever.
    Lever,
}

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Parameter, `links.ID`, or lever.
    pub name: String,
    /// What it is.
    pub sort: Sort,
    /// Its 10 % and 90 % quantile; of a lever 0 and 1.
    pub values: (f64, f64),
    /// Rank correlation with the outcome over draws, which put it on the list; `None` for a lever.
    pub correlation: Option<f64>,
    /// The outcome at the lower value against the case.
    pub low: PairedSummary,
    /// The outcome at the higher value against the case.
    pub high: PairedSummary,
    /// At the higher value against the lower.
    pub swing: PairedSummary,
}

/// The bars of one outcome, longest first.
#[derive(Clone, Debug)]
pub struct Tornado {
    /// The outcome's number.
    pub cell: Cell,
    /// Mean in the case.
    pub level: f64,
    /// Bars.
    pub bars: Vec<Bar>,
    /// Numbers and links that vary.
    pub varying: usize,
    /// Rank correlation that chance alone exceeds in one of twenty numbers.
    pub chance_correlation: f64,
    /// Members of every bar.
    pub members: u64,
    /// Draws they belong to.
    pub draws: u64,
    /// Whether it was stopped before the end; bars are whole for the members done.
    pub stopped: bool,
}

/// A number on the list.
struct Input {
    name: String,
    at: At,
    correlation: f64,
}

#[derive(Clone, Copy)]
enum At {
    Number(usize),
    Link(usize),
}

/// Screens all numbers, moves those of the largest rank correlation, one at a time, and sorts the bars.
///
/// # Errors
/// Those of [`Outcomes::resolve`] and [`Ensemble::prepare`]; `E003` an outcome of several numbers; `A047` nothing to move.
pub fn tornado(region: &Region, asked: &Asked<'_>, watch: &dyn Watch) -> Result<Tornado, RunError> {
    let months = u32::try_from(asked.horizon.since(region.identity.origin)).unwrap_or(1);
    let model = super::shortened(region, months)?;
    let outcomes = Outcomes::resolve(region, &model, &[asked.outcome.to_owned()], &[asked.horizon])?;
    let at = outcomes.cell(asked.outcome, asked.entity, asked.horizon).map_err(refuse)?;
    let switched = asked.levers.iter().map(|lever| joined(&asked.case, lever)).collect::<Vec<_>>();
    let cases: Vec<Case> = std::iter::once(asked.case.clone()).chain(switched).collect();
    let mut prepared = Ensemble::prepare(region, &model, &cases)?.into_iter();
    let base = prepared.next().ok_or_else(|| refuse(nothing(asked.outcome)))?;
    let mut ensemble = Ensemble { model: &model, cases: vec![base.clone()], design: asked.design, outcomes, thin: 0, timed: false };
    let screen = screen(&ensemble, at, watch);
    let (varying, chance_correlation) = (screen.varying, 2.0 * (1.6 / (screen.draws as f64).max(1.0)).sqrt());
    let mut inputs = screen.inputs;
    inputs.truncate(asked.top);
    if inputs.is_empty() && asked.levers.is_empty() {
        return Err(refuse(nothing(asked.outcome)));
    }
    let strengths = link_strengths(&base, &inputs, asked.design.seed);
    let mut bars: Vec<(String, Sort, (f64, f64), Option<f64>)> = Vec::new();
    for (input, strength) in inputs.iter().zip(&strengths) {
        let (low, high, sort) = match input.at {
            At::Number(i) => (base.with_number(i, 0.1), base.with_number(i, 0.9), Sort::Number),
            At::Link(i) => (base.with_link(i, strength.0), base.with_link(i, strength.1), Sort::Link),
        };
        let value = |p: &Prepared| match input.at {
            At::Number(i) => p.quantities().fixed(i).unwrap_or(f64::NAN),
            At::Link(_) => f64::NAN,
        };
        let values = if sort == Sort::Link { *strength } else { (value(&low), value(&high)) };
        bars.push((input.name.clone(), sort, values, Some(input.correlation)));
        ensemble.cases.extend([low, high]);
    }
    for (lever, case) in asked.levers.iter().zip(prepared) {
        bars.push((lever.to_string(), Sort::Lever, (0.0, 1.0), None));
        // switched off is the case itself
        ensemble.cases.extend([base.clone(), case]);
    }
    measure(&ensemble, at, bars, watch).map(|m| Tornado {
        cell: ensemble.outcomes.cells[at].clone(),
        level: m.level,
        bars: m.bars,
        varying,
        chance_correlation,
        members: m.members,
        draws: m.draws,
        stopped: m.stopped,
    })
}

fn refuse(problem: Diagnostic) -> RunError {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    RunError::Problems(problems)
}

fn nothing(outcome: &str) -> Diagnostic {
    Diagnostic::error(codes::A047, format!("no uncertain number has anything to do with `{outcome}` in these futures"))
        .expected("a number that varies over draws, or a lever")
        .help("name levers with `--levers`, or ask for more futures with `--members`")
}

/// The case with a lever's parts beside its own.
fn joined(case: &Case, lever: &Case) -> Case {
    let own = case.parts.iter().filter(|(id, _)| !lever.parts.iter().any(|(l, _)| l == id));
    Case { view: case.view.clone(), parts: own.chain(&lever.parts).cloned().collect() }
}

struct Screen {
    inputs: Vec<Input>,
    varying: usize,
    draws: usize,
}

/// Numbers and links by the size of their rank correlation with the outcome's mean over each draw, largest first.
fn screen(ensemble: &Ensemble<'_>, at: usize, watch: &dyn Watch) -> Screen {
    let mut means: Vec<(u32, f64)> = Vec::new();
    let mut gather = Gather::new(ensemble.design.replicates, 1);
    let mut receive = |draw: &Draw| {
        let values = &draw.values[0];
        means.push((draw.draw, values.iter().sum::<f64>() / values.len() as f64));
    };
    let chunks = Design { draws: ensemble.design.draws.min(SCREENED), ..ensemble.design }.members().div_ceil(CHUNK);
    ensemble.run_chunks(0..chunks, watch, |chunk| gather.chunk(&chunk, ensemble.outcomes.cells.len(), &[at], &mut receive));
    gather.close(&mut receive);
    let base = &ensemble.cases[0];
    let seed = ensemble.design.seed;
    let outcome: Vec<f64> = means.iter().map(|m| m.1).collect();
    let numbers: Vec<Vec<f64>> = means.iter().map(|m| base.quantities().draw(seed, m.0)).collect();
    let links: Vec<Vec<f64>> = means.iter().map(|m| base.beliefs().draw(seed, m.0)).collect();
    let mut inputs = Vec::new();
    let mut varying = 0;
    let mut look = |name: String, at: At, values: Vec<f64>| {
        varying += usize::from(values.iter().any(|x| *x != values[0]));
        if let Some(correlation) = spearman(&values, &outcome) {
            inputs.push(Input { name, at, correlation });
        }
    };
    for (i, name) in base.quantities().varying() {
        look(name.to_owned(), At::Number(i), numbers.iter().map(|v| v[i]).collect());
    }
    for (i, link) in ensemble.model.links().iter().enumerate() {
        look(format!("links.{}", link.id), At::Link(i), links.iter().map(|v| v[i]).collect());
    }
    inputs.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()));
    Screen { inputs, varying, draws: means.len() }
}

/// 10 and 90 % of the strengths of the links on the list over draws; nothing for numbers.
fn link_strengths(base: &Prepared, inputs: &[Input], seed: u64) -> Vec<(f64, f64)> {
    let draws: Vec<Vec<f64>> = if inputs.iter().any(|i| matches!(i.at, At::Link(_))) {
        (0..LINK_DRAWS).map(|draw| base.beliefs().draw(seed, draw)).collect()
    } else {
        Vec::new()
    };
    let of = |link: usize| {
        let mut strengths: Vec<f64> = draws.iter().map(|d| d[link]).collect();
        strengths.sort_by(f64::total_cmp);
        let at = |p: f64| strengths[(p * (strengths.len() - 1) as f64).round() as usize];
        (at(0.1), at(0.9))
    };
    inputs.iter().map(|i| if let At::Link(link) = i.at { of(link) } else { (f64::NAN, f64::NAN) }).collect()
}

struct Measured {
    level: f64,
    bars: Vec<Bar>,
    members: u64,
    draws: u64,
    stopped: bool,
}

/// Runs the case and both ends of every bar on the same members.
fn measure(
    ensemble: &Ensemble<'_>,
    at: usize,
    bars: Vec<(String, Sort, (f64, f64), Option<f64>)>,
    watch: &dyn Watch,
) -> Result<Measured, RunError> {
    let (cases, cells) = (ensemble.cases.len(), ensemble.outcomes.cells.len());
    let columns: Vec<usize> = (0..cases).map(|case| case * cells + at).collect();
    let mut gather = Gather::new(ensemble.design.replicates, cases);
    let mut sums = vec![[Paired::default(), Paired::default(), Paired::default()]; bars.len()];
    let mut receive = |draw: &Draw| {
        let pair = |a: usize, b: usize| Cluster { members: draw.values[a].iter().copied().zip(draw.values[b].iter().copied()).collect() };
        for (n, [low, high, swing]) in sums.iter_mut().enumerate() {
            let (l, h) = (2 * n + 1, 2 * n + 2);
            low.add(&pair(0, l));
            high.add(&pair(0, h));
            swing.add(&pair(l, h));
        }
    };
    let done = ensemble.run(watch, |chunk| gather.chunk(&chunk, cases * cells, &columns, &mut receive));
    gather.close(&mut receive);
    let found = bars.into_iter().zip(&sums).filter_map(|((name, sort, values, correlation), [low, high, swing])| {
        Some(Bar { name, sort, values, correlation, low: low.summary()?, high: high.summary()?, swing: swing.summary()? })
    });
    let mut bars: Vec<Bar> = found.collect();
    let Some(first) = bars.first().map(|b| b.low) else {
        return Err(refuse(Diagnostic::error(codes::E002, "a run of no members shows nothing").expected("at least one draw and one replicate")));
    };
    bars.sort_by(|a, b| b.swing.difference.abs().total_cmp(&a.swing.difference.abs()));
    let stopped = done < ensemble.design.members();
    Ok(Measured { level: first.baseline, bars, members: first.members, draws: first.draws, stopped })
}
