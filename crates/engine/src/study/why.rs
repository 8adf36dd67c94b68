//! Why an outcome differs between a case and its baseline: parts between the shock and the outcome, each cut in the same futures.
//!
//! **Cut** means *held to the baseline*: in a future of the case, a link, a variable or an event kind passes on month by month what it passes on in
//! the baseline of the same future, and all else runs as the case has it (the nested counterfactual of the natural direct effect, Pearl
//! 2001). What goes of the effect when a part is cut is what passes through it. A link that does not respond to the shock is held to what it
//! does anyway: nothing goes, however strong it is. (Switching it off instead would also count how it makes others more or less sensitive.) A
//! part of the shock itself is cut by leaving it out of the case.
//!
//! **Necessity** is the share of the mean effect that goes, a ratio of totals with a 95 % interval clustered by draw. For an outcome that happens or
//! not, the *probability of necessity* (Pearl 2009, Causality, chapter 9) is the share of the futures in which it happens in the case and
//! does not happen with the part cut; the bounds of Tian and Pearl (2000) beside it hold for any way the futures could be coupled.
//!
//! **Words.** A step *carries the effect in this model* when its necessity is positive and counts at a false-discovery rate of 5 % over all steps
//! tested (Benjamini and Hochberg 1995), *works against the effect in this model* when it is negative and counts, and is *not confirmed in
//! this model* otherwise.
//!
//! **Redundant causes.** Two steps that are unnecessary alone and necessary together are looked for among pairs: what goes with both cut, less what
//! goes with each. A *set* is what remains of all steps that are not necessary alone when the weakest are given back as long as nine tenths
//! of what goes with all of them cut still goes.
//!
//! Oracle: synthetic models whose chains are known (tests): the true chain, planted links that are silent, apart, reversed or weak, and two
//! links each sufficient for the same step.

mod arms;
mod candidates;
mod chains;
mod dot;
mod future;
mod genealogy;
mod joint;
mod paths;
mod report;
mod screen;
mod single;

use oxus_analysis::{Cluster, Paired, PairedSummary};
use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_kernel::{Followed, Model};
use oxus_pack::region::Region;
use oxus_units::Month;

use crate::case::Case;
use crate::ensemble::{Design, Ensemble, Prepared, Watch};
use crate::outcome::Outcomes;

pub use dot::dot;
pub use future::{EventLine, FutureLog, future};
pub use genealogy::{Genealogy, Pruned, genealogy};
pub use report::{Alone, Chain, ClaimLine, Effect, Joint, Necessity, Probability, Report, RuledOut, Sort, Step, Strength, Verdict};

use arms::{BASE, CASE, Futures, Values};

/// Fewest draws over which an interval is formed.
pub const FEWEST_DRAWS: u32 = 16;
/// Steps tested unless asked otherwise.
pub const BUDGET: usize = 40;
/// False-discovery rate up to which a step counts.
pub const RATE: f64 = 0.05;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What the case is compared with.
    pub baseline: Case,
    /// The case.
    pub case: Case,
    /// Outcome.
    pub outcome: String,
    /// Entity; `None`: the outcome's only one, or the one where the difference is clearest.
    pub entity: Option<String>,
    /// End of the period.
    pub horizon: Month,
    /// Members.
    pub design: Design,
    /// Most steps that are tested.
    pub budget: usize,
}

/// A question made ready.
struct Question<'a> {
    region: &'a Region,
    model: &'a Model,
    asked: &'a Asked,
    outcomes: Outcomes,
    base: Prepared,
    case: Prepared,
}

impl<'a> Question<'a> {
    fn of(region: &'a Region, model: &'a Model, asked: &'a Asked) -> Result<Self, Diagnostics> {
        if asked.case == asked.baseline || asked.case.parts.is_empty() {
            return Err(refuse(
                Diagnostic::error(codes::A031, "the case does nothing that the baseline does not do")
                    .found(format!("`{}` against `{}`", asked.case, asked.baseline))
                    .expected("a case with a scenario or a lever, such as `S001`")
                    .help("`oxus explain scenarios` lists them"),
            ));
        }
        let outcomes = Outcomes::resolve(region, model, std::slice::from_ref(&asked.outcome), &[asked.horizon])?;
        let mut prepared = Ensemble::prepare(region, model, &[asked.baseline.clone(), asked.case.clone()])?;
        let (Some(case), Some(base)) = (prepared.pop(), prepared.pop()) else { return Err(Diagnostics::new()) };
        let question = Self { region, model, asked, outcomes, base, case };
        question.entity()?;
        Ok(question)
    }

    /// The cell asked for, if one is named.
    fn entity(&self) -> Result<Option<usize>, Diagnostics> {
        let Some(name) = &self.asked.entity else { return Ok(None) };
        let cells = &self.outcomes.cells;
        if let Some(at) = cells.iter().position(|c| c.entity == *name) {
            return Ok(Some(at));
        }
        let only = self.region.outcomes.get(&self.asked.outcome).is_some_and(|o| matches!(o.entities.as_slice(), [one] if one.id == *name));
        if only && cells.len() == 1 {
            return Ok(Some(0));
        }
        let known: Vec<&str> = cells.iter().map(|c| c.entity.as_str()).filter(|e| !e.is_empty()).collect();
        let expected = if known.is_empty() { "no entity: the outcome has one number".to_owned() } else { format!("one of {}", some(&known)) };
        Err(refuse(
            Diagnostic::error(codes::A032, format!("the outcome `{}` is not measured for `{name}`", self.asked.outcome))
                .found(format!("`{name}`"))
                .expected(expected)
                .help_maybe(did_you_mean(name, known.into_iter())),
        ))
    }

    fn futures(&self) -> Futures<'_> {
        Futures { model: self.model, base: &self.base, case: &self.case, design: self.asked.design, outcomes: &self.outcomes }
    }
}

fn some(names: &[&str]) -> String {
    let shown = names.iter().take(8).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 8 { format!("{shown} and {} more", names.len() - 8) } else { shown }
}

fn refuse(problem: Diagnostic) -> Diagnostics {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    problems
}

/// Explains a difference. `model` ends at the horizon or later; what is after the horizon is simulated and not looked at.
///
/// # Errors
/// `A030` fewer than [`FEWEST_DRAWS`] draws, `A031` a case that does nothing, `A032` an entity
/// that the outcome does not have, `E003` an unknown outcome, problems of the cases.
pub fn why(region: &Region, model: &Model, asked: &Asked, watch: &dyn Watch) -> Result<Report, Diagnostics> {
    if asked.design.draws < FEWEST_DRAWS || asked.design.replicates == 0 {
        let missing = FEWEST_DRAWS.saturating_sub(asked.design.draws) * asked.design.replicates.max(1);
        return Err(refuse(
            Diagnostic::error(codes::A030, "too few futures for an interval")
                .found(format!("{} draws of {}", asked.design.draws, asked.design.replicates))
                .expected(format!("at least {FEWEST_DRAWS} draws: {missing} futures more")),
        ));
    }
    let question = Question::of(region, model, asked)?;
    let stage = |from: f64, to: f64| Stage { watch, from, to, of: f64::from(planned(asked)) };
    let values = question.futures().run(&Followed::default(), &[], false, &stage(0.0, 0.05));
    let Some((cell, summary)) = question.cell(&values)? else {
        return Err(refuse(Diagnostic::error(codes::E007, "no future came through in both cases").help("`oxus run` says where they fail")));
    };
    let mut report = report::start(&question, cell, &summary, &values);
    if !report.effect.is_clear() {
        return Ok(report);
    }
    let candidates = candidates::choose(&question, &stage(0.05, 0.08))?;
    let tests = single::test(&question, cell, &candidates, &stage(0.08, 0.65))?;
    let pairs = joint::test(&question, cell, &candidates, &tests, &stage(0.65, 0.9))?;
    let routes = chains::test(&question, cell, &candidates, &tests, &pairs, &stage(0.9, 1.0))?;
    report::fill(&mut report, &question, &candidates, &tests, &pairs, &routes);
    Ok(report)
}

/// Futures simulated for an answer, baseline and cut ones included, at most.
pub fn planned(asked: &Asked) -> u32 {
    let runs = asked.budget + joint::MOST_PAIRS + chains::MOST + 8;
    asked.design.members().saturating_mul(u32::try_from(runs).unwrap_or(u32::MAX))
}

/// Progress of one stage of several.
struct Stage<'w> {
    watch: &'w dyn Watch,
    from: f64,
    to: f64,
    of: f64,
}

impl Watch for Stage<'_> {
    fn progress(&self, done: u32, of: u32) -> bool {
        let part = self.from + (self.to - self.from) * f64::from(done) / f64::from(of.max(1));
        self.watch.progress((part * self.of) as u32, self.of as u32)
    }
}

impl Question<'_> {
    /// The cell asked for, or the one where the difference is clearest; with its paired difference.
    fn cell(&self, values: &Values) -> Result<Option<(usize, PairedSummary)>, Diagnostics> {
        let summary = |cell: usize| {
            let mut paired = Paired::default();
            let members: Vec<usize> = (0..values.members()).collect();
            for draw in members.chunks(self.asked.design.replicates.max(1) as usize) {
                let pairs = draw.iter().map(|&m| (values.value(m, BASE, cell), values.value(m, CASE, cell)));
                paired.add(&Cluster { members: pairs.filter(|p| !(p.0.is_nan() || p.1.is_nan())).collect() });
            }
            paired.summary()
        };
        let asked = self.entity()?;
        let cells = (0..self.outcomes.cells.len()).filter(|c| asked.is_none_or(|a| a == *c));
        let clear = |p: &PairedSummary| if p.difference == 0.0 { 0.0 } else { p.difference.abs() / p.monte_carlo };
        let found: Vec<(usize, PairedSummary)> = cells.filter_map(|cell| summary(cell).map(|p| (cell, p))).collect();
        Ok(found.into_iter().reduce(|best, next| if clear(&next.1) > clear(&best.1) { next } else { best }))
    }
}
