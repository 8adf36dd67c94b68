//! A tornado: each uncertain number alone at its 10 % and at its 90 % quantile, all else equal in the same members.
//!
//! Which numbers are moved alone is decided by group screening ([`screen`]); what a bar shows is a paired difference from the case, on all members. A
//! link's quantiles are those of its strength over draws, absence counted as zero; a lever is off and on.

pub mod screen;

use oxus_analysis::{Cluster, Paired, PairedSummary};
use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_pack::region::Region;
use oxus_units::Month;

use crate::case::Case;
use crate::draws::{Draw, Gather};
use crate::ensemble::{Design, Ensemble, Watch};
use crate::outcome::Outcomes;
use crate::run::RunError;
use screen::At;

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
    /// Numbers to show; half as many more are moved, because screening orders them by few members.
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
    /// Entity, empty where the outcome has one number.
    pub entity: String,
    /// Mean in the case.
    pub level: f64,
    /// Bars.
    pub bars: Vec<Bar>,
    /// Numbers and links that vary.
    pub varying: usize,
    /// Numbers and links that were moved alone on all members.
    pub moved: usize,
    /// Groups that the screening tried.
    pub groups: usize,
    /// Numbers in groups that change something and were not taken apart.
    pub left: usize,
    /// Members of every bar.
    pub members: u64,
    /// Draws they belong to.
    pub draws: u64,
    /// Whether it was stopped before the end; bars are whole for the members done.
    pub stopped: bool,
}

/// Screens all numbers, moves those that are left one at a time, and sorts the bars.
///
/// # Errors
/// Those of [`Outcomes::resolve`] and [`Ensemble::prepare`]; `E003` an outcome of several numbers; `A047` nothing to move.
pub fn tornado(region: &Region, asked: &Asked<'_>, watch: &dyn Watch) -> Result<Tornado, RunError> {
    let months = u32::try_from(asked.horizon.since(region.identity.origin)).unwrap_or(1);
    let model = super::shortened(region, months)?;
    let outcomes = Outcomes::resolve(region, &model, &[asked.outcome.to_owned()], &[asked.horizon])?;
    let at = outcomes.cell(asked.outcome, asked.entity, asked.horizon).map_err(|problem| refuse(*problem))?;
    let switched = asked.levers.iter().map(|lever| joined(&asked.case, lever));
    let cases: Vec<Case> = std::iter::once(asked.case.clone()).chain(switched).collect();
    let mut prepared = Ensemble::prepare(region, &model, &cases)?.into_iter();
    let Some(base) = prepared.next().filter(|_| asked.design.members() > 0) else {
        let problem = Diagnostic::error(codes::E002, "a run of no members shows nothing");
        return Err(refuse(problem.expected("at least one draw and one replicate")));
    };
    let mut ensemble = Ensemble { model: &model, cases: vec![base.clone()], design: asked.design, outcomes, thin: 0, timed: false };
    let all = screen::inputs(&ensemble, &base);
    let screened = screen::screen(&ensemble, &base, at, &all, asked.top + asked.top.div_ceil(2));
    if screened.inputs.is_empty() && asked.levers.is_empty() {
        return Err(refuse(nothing(asked.outcome)));
    }
    let mut bars: Vec<(String, Sort, (f64, f64))> = Vec::new();
    for input in &screened.inputs {
        let one = std::slice::from_ref(input);
        ensemble.cases.extend([screen::held(&base, one, false), screen::held(&base, one, true)]);
        bars.push((input.name.clone(), if matches!(input.at, At::Link(_)) { Sort::Link } else { Sort::Number }, input.values));
    }
    for (lever, case) in asked.levers.iter().zip(prepared) {
        // switched off is the case itself
        ensemble.cases.extend([base.clone(), case]);
        bars.push((lever.to_string(), Sort::Lever, (0.0, 1.0)));
    }
    let mut found = measure(&ensemble, at, bars, watch)?;
    let mut numbers = 0;
    found.bars.retain(|bar| {
        numbers += usize::from(bar.sort != Sort::Lever);
        bar.sort == Sort::Lever || numbers <= asked.top
    });
    let entity = ensemble.outcomes.cells[at].entity.clone();
    let (varying, moved) = (all.len(), screened.inputs.len());
    Ok(Tornado { entity, varying, moved, groups: screened.groups, left: screened.left, ..found })
}

fn refuse(problem: Diagnostic) -> RunError {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    RunError::Problems(problems)
}

fn nothing(outcome: &str) -> Diagnostic {
    Diagnostic::error(codes::A047, format!("no uncertain number moves `{outcome}` in these futures"))
        .expected("a number or link that changes the outcome between its 10 % and 90 % quantile, or a lever")
        .help("name levers with `--levers`, or choose a later `--horizon` or another outcome")
}

/// The case with a lever's parts beside its own.
fn joined(case: &Case, lever: &Case) -> Case {
    let own = case.parts.iter().filter(|(id, _)| !lever.parts.iter().any(|(l, _)| l == id));
    Case { view: case.view.clone(), parts: own.chain(&lever.parts).cloned().collect() }
}

/// Runs the case and both ends of every bar on the same members; longest bar first.
fn measure(ensemble: &Ensemble<'_>, at: usize, bars: Vec<(String, Sort, (f64, f64))>, watch: &dyn Watch) -> Result<Tornado, RunError> {
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
    let found = bars.into_iter().zip(&sums).filter_map(|((name, sort, values), [low, high, swing])| {
        Some(Bar { name, sort, values, low: low.summary()?, high: high.summary()?, swing: swing.summary()? })
    });
    let mut bars: Vec<Bar> = found.collect();
    let Some(first) = bars.first().map(|b| b.low) else {
        return Err(refuse(Diagnostic::error(codes::E007, "every member failed in some arm of the tornado").expected("at most 0.1 %")));
    };
    bars.sort_by(|a, b| b.swing.difference.abs().total_cmp(&a.swing.difference.abs()));
    let stopped = done < ensemble.design.members();
    let (level, members, draws) = (first.baseline, first.members, first.draws);
    Ok(Tornado { entity: String::new(), level, bars, varying: 0, moved: 0, groups: 0, left: 0, members, draws, stopped })
}
