//! How far an answer rests on the wiring of links.
//!
//! The same cases on the same futures: as believed; without any link; without the links whose size nobody measured; with all strengths halved and
//! doubled; and in placebo packs, whose links keep their sources, signs and strengths but arrive elsewhere. What a scenario does through mechanisms
//! alone is the same in every placebo pack, so the placebo test is on the *part carried by links*: the difference as believed less the difference
//! without links. A part that is not larger than that of 90 % of the placebo packs is not distinguishable from arbitrary wiring.

mod placebo;

use oxus_analysis::PairedSummary;
use oxus_kernel::Model;
use oxus_pack::region::{Region, Status, Strength};

use crate::ensemble::{Design, Ensemble, Watch};
use crate::outcome::{Cell, Outcomes};
use crate::run::{Request, RunError};
use crate::summary::Summary;

pub use placebo::Placebo;

/// Below this share of the difference, what links carry does not matter for the answer.
const MINOR: f64 = 0.2;
/// Quantile of the placebo parts that a part has to exceed.
pub const BAR: f64 = 0.9;
/// Placebo packs.
pub const PACKS: u32 = 200;

/// How all links are changed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wiring {
    Believed,
    WithoutLinks,
    WithoutAssumed,
    Scaled(f64),
}

const WIRINGS: [Wiring; 5] = [Wiring::Believed, Wiring::WithoutLinks, Wiring::WithoutAssumed, Wiring::Scaled(0.5), Wiring::Scaled(2.0)];

/// How many futures each part of the study takes.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Members of the five arms.
    pub arms: Design,
    /// Members of each placebo pack.
    pub placebo: Design,
    /// Placebo packs; 0 leaves them out.
    pub packs: u32,
}

impl Effort {
    /// The usual effort on at most the members of a run.
    pub fn of(run: Design) -> Self {
        let least = |draws: u32, replicates: u32| {
            let replicates = replicates.min(run.replicates.max(1));
            Design { draws: draws.min(run.draws), replicates, ..run }
        };
        Self { arms: least(64, 4), placebo: least(24, 2), packs: PACKS }
    }

    /// Futures simulated in all, each in every case.
    pub fn futures(&self) -> u32 {
        WIRINGS.len() as u32 * self.arms.members() + self.packs * self.placebo.members()
    }
}

/// What the wiring makes of one outcome under one case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// Case, as in the request.
    pub case: usize,
    /// Outcome cell, as in [`Study::cells`].
    pub cell: usize,
    /// Difference from the baseline as believed.
    pub believed: PairedSummary,
    /// Without any link: what mechanisms do alone.
    pub without_links: PairedSummary,
    /// Without links whose size is not cited, derived, estimated or from the literature.
    pub without_assumed: PairedSummary,
    /// All strengths halved.
    pub halved: PairedSummary,
    /// All strengths doubled.
    pub doubled: PairedSummary,
    /// The part carried by links beside that of placebo packs; `None` where no placebo pack ran.
    pub placebo: Option<Placebo>,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The difference is within its Monte Carlo interval: there is nothing to explain.
    NoEffect,
    /// Links carry less than a fifth of it.
    Mechanisms,
    /// Links carry a fifth or more, and more than 90 % of placebo packs do.
    Links,
    /// Links carry a fifth or more, but arbitrary wiring carries as much.
    Arbitrary,
    /// Links carry a fifth or more; no placebo pack was run.
    Untested,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoEffect => "within chance",
            Self::Mechanisms => "mechanisms carry it",
            Self::Links => "its links matter",
            Self::Arbitrary => "not distinguishable from arbitrary wiring",
            Self::Untested => "links matter; no placebo test",
        }
    }
}

impl Weighed {
    /// The part of the difference that links carry.
    pub fn carried(&self) -> f64 {
        self.believed.difference - self.without_links.difference
    }

    /// What follows for the answer.
    pub fn verdict(&self) -> Verdict {
        let effect = self.believed.difference;
        if effect == 0.0 || effect.abs() <= self.believed.monte_carlo {
            return Verdict::NoEffect;
        }
        if self.carried().abs() < MINOR * effect.abs() {
            return Verdict::Mechanisms;
        }
        match &self.placebo {
            None => Verdict::Untested,
            Some(placebo) if placebo.part.abs() > placebo.bar => Verdict::Links,
            Some(_) => Verdict::Arbitrary,
        }
    }
}

/// The study of one request.
#[derive(Clone, Debug)]
pub struct Study {
    /// Measured outcomes.
    pub cells: Vec<Cell>,
    /// Rows of all cases but the baseline, in the order of cases and cells.
    pub rows: Vec<Weighed>,
    /// Members of the arms.
    pub members: u32,
    /// Members of each placebo pack.
    pub placebo_members: u32,
    /// Links, and how many of them rest on assumed sizes.
    pub links: (usize, usize),
}

/// Whether the size of a link was measured by anybody: it is cited, derived, estimated or from the literature.
fn measured(region: &Region, link: &str) -> bool {
    match region.links.get(link).map(|l| &l.strength) {
        Some(Strength::Set(number)) => number.status != Status::Assumed,
        _ => false,
    }
}

/// Runs the study of a request, whose folder and design are put aside.
///
/// # Errors
/// Problems of the request.
pub fn study(region: &Region, model: &Model, request: &Request, effort: Effort, watch: &dyn Watch) -> Result<Study, RunError> {
    let all = effort.futures();
    let mut summaries = Vec::new();
    let mut cells = Vec::new();
    for (at, wiring) in WIRINGS.into_iter().enumerate() {
        let factor = |link: &str| match wiring {
            Wiring::Believed => 1.0,
            Wiring::WithoutLinks => 0.0,
            Wiring::WithoutAssumed => f64::from(measured(region, link)),
            Wiring::Scaled(factor) => factor,
        };
        let part = Part { before: at as u32 * effort.arms.members(), all, watch };
        let (outcomes, summary) = simulate(region, model, request, effort.arms, &factor, &part)?;
        summaries.push(summary);
        cells = outcomes;
    }
    let before = WIRINGS.len() as u32 * effort.arms.members();
    let placebos = placebo::placebos(region, model, request, effort, &Part { before, all, watch })?;
    let mut rows = Vec::new();
    for case in 1..request.cases.len() {
        for cell in 0..cells.len() {
            let found: Option<Vec<PairedSummary>> = summaries.iter().map(|s| s.row(case, cell).map(|row| row.paired)).collect();
            let Some(&[believed, without_links, without_assumed, halved, doubled]) = found.as_deref() else { continue };
            let placebo = placebos.of(case, cell);
            rows.push(Weighed { case, cell, believed, without_links, without_assumed, halved, doubled, placebo });
        }
    }
    let links = model.links().len();
    let assumed = model.links().iter().filter(|l| !measured(region, &l.id)).count();
    let (members, placebo_members) = (effort.arms.members(), effort.placebo.members());
    Ok(Study { cells, rows, members, placebo_members, links: (links, assumed) })
}

/// Simulates the cases of a request with every link's strength multiplied by a factor.
fn simulate(
    region: &Region,
    model: &Model,
    request: &Request,
    design: Design,
    factor: &dyn Fn(&str) -> f64,
    watch: &dyn Watch,
) -> Result<(Vec<Cell>, Summary), RunError> {
    let outcomes = Outcomes::resolve(region, model, &request.outcomes, &request.horizons)?;
    let mut cases = Ensemble::prepare(region, model, &request.cases)?;
    for case in &mut cases {
        case.scale_links(model, factor);
    }
    let ensemble = Ensemble { model, cases, design, outcomes, thin: 0, timed: false };
    let (recorded, months) = (ensemble.outcomes.recording.cells.len(), model.world().months());
    let mut summary = Summary::new(&ensemble.outcomes.cells, ensemble.cases.len(), months, recorded, design);
    ensemble.run(watch, |chunk| summary.add(&chunk));
    summary.finish();
    Ok((ensemble.outcomes.cells, summary))
}

/// Progress of one part of a study.
struct Part<'w> {
    before: u32,
    all: u32,
    watch: &'w dyn Watch,
}

impl Watch for Part<'_> {
    fn progress(&self, done: u32, _: u32) -> bool {
        self.watch.progress(self.before + done, self.all)
    }
}

#[cfg(test)]
mod tests;
