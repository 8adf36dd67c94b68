//! The tree of events pruned as it stands: no rerun, feedback frozen.
//!
//! Events that would not have happened but for a link (their margin over the rate is smaller than what the link adds to it) are taken away with
//! their offspring, and the outcome is folded again over what is left. It answers for outcomes whose variable is the number of events of one
//! kind, which is checked on the futures themselves.

use std::collections::{BTreeMap, BTreeSet};

use oxus_analysis::{Cluster, Paired};
use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::{Event, KindId, LANES, Model, PhiloxNoise, Run};
use oxus_pack::region::Region;
use serde::Serialize;

use super::report::Effect;
use super::{Asked, Question, refuse};
use crate::ensemble::{Design, Prepared, Watch};

/// What goes with one link.
#[derive(Clone, Debug, Serialize)]
pub struct Pruned {
    /// Link.
    pub id: String,
    /// Mean that goes of the outcome in the case.
    pub case: f64,
    /// Mean that goes in the baseline.
    pub baseline: f64,
    /// Half-width of the 95 % Monte Carlo interval of their difference, clustered by draw.
    pub half_width: f64,
    /// Their difference over the whole effect.
    pub share: f64,
}

/// The answer of `oxus why --mode genealogy`.
#[derive(Clone, Debug, Serialize)]
pub struct Genealogy {
    /// Case.
    pub case: String,
    /// Outcome.
    pub outcome: String,
    /// Entity.
    pub entity: String,
    /// End of the period.
    pub horizon: String,
    /// Event kind that it counts.
    pub kind: String,
    /// Members compared.
    pub members: u64,
    /// Draws they belong to.
    pub draws: u64,
    /// What is explained.
    pub effect: Effect,
    /// Links, largest part of the effect first.
    pub links: Vec<Pruned>,
    /// Share of the case's events where the outcome counts them that other events triggered.
    pub triggered: f64,
    /// Share of the case's other events that would have happened without any single link.
    pub by_themselves: f64,
}

/// One member on one side: what goes of the outcome with each link; events in all, triggered, and roots that no single link could take away.
#[derive(Clone, Debug, Default)]
struct Side {
    gone: BTreeMap<u32, f64>,
    events: [u64; 3],
}

/// Prunes.
///
/// # Errors
/// `A034` an outcome that does not count events; those of [`super::why`].
pub fn genealogy(region: &Region, model: &Model, asked: &Asked, watch: &dyn Watch) -> Result<Genealogy, Diagnostics> {
    let question = Question::of(region, model, asked)?;
    let values = question.futures().run(&oxus_kernel::Followed::default(), &[], false, &crate::ensemble::Unwatched);
    let Some((cell, summary)) = question.cell(&values)? else { return Err(no_kind(asked)) };
    let report = super::report::start(&question, cell, &summary, &values);
    let kind = counted(&question).ok_or_else(|| no_kind(asked))?;
    let mut sides: [Vec<Option<Side>>; 2] = Default::default();
    question.futures().each_block(
        watch,
        |block, first, count| {
            block.trace(std::array::from_fn(|lane| lane < count as usize));
            [&question.base, &question.case].map(|side| {
                let run = run(&question, block, side, first, count);
                (0..count as usize).map(|lane| run.failures[lane].is_none().then(|| prune(&question, &run, lane, kind, cell))).collect::<Vec<_>>()
            })
        },
        |[base, case]| {
            sides[0].extend(base);
            sides[1].extend(case);
        },
    );
    let whole = summary.difference;
    let mut links = pruned(model, asked.design, &sides, whole);
    links.sort_by(|a, b| b.share.abs().total_cmp(&a.share.abs()).then(a.id.cmp(&b.id)));
    let events = sides[1].iter().flatten().fold([0_u64; 3], |sum, side| std::array::from_fn(|i| sum[i] + side.events[i]));
    let share = |a: u64, b: u64| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    Ok(Genealogy {
        case: report.case,
        outcome: report.outcome_title,
        entity: report.entity,
        horizon: report.horizon,
        kind: model.kind_names().nth(kind.index()).unwrap_or_default().to_owned(),
        members: report.effect.members,
        draws: report.effect.draws,
        effect: report.effect,
        links,
        triggered: share(events[1], events[0]),
        by_themselves: share(events[2], events[0] - events[1]),
    })
}

fn no_kind(asked: &Asked) -> Diagnostics {
    refuse(
        Diagnostic::error(codes::A034, format!("the outcome `{}` counts no events", asked.outcome))
            .expected("an outcome whose variable is the number of events of one kind, month by month")
            .help("leave `--mode` out: the model is then run again with each step cut"),
    )
}

fn run(question: &Question<'_>, block: &mut oxus_kernel::Block<'_>, side: &Prepared, first: u32, count: u32) -> Run {
    question.futures().load(side, block, first, count);
    block.run(side.interventions(), &question.outcomes.recording, &PhiloxNoise)
}

/// The kind whose events by month and entity are what the outcome's variable says, in the first futures of both sides.
fn counted(question: &Question<'_>) -> Option<KindId> {
    let model = question.model;
    let mut block = oxus_kernel::Block::new(model);
    let count = question.asked.design.members().min(LANES as u32);
    block.trace(std::array::from_fn(|lane| lane < count as usize));
    let runs = [&question.base, &question.case].map(|side| run(question, &mut block, side, 0, count));
    let fits = |kind: KindId| {
        let mut seen = false;
        for run in &runs {
            for lane in (0..count as usize).filter(|&l| run.failures[l].is_none()) {
                let mut counts = vec![0.0; run.record.len() / LANES];
                let cells = &question.outcomes.recording.cells;
                for event in run.events[lane].iter().filter(|e| e.kind == kind) {
                    if let Some(at) = place(question, event) {
                        counts[at] += 1.0;
                        seen = true;
                    }
                }
                let recorded = run.record.chunks_exact(LANES).map(|cell| cell[lane]);
                if cells.is_empty() || recorded.zip(&counts).any(|(x, n)| x != *n) {
                    return false;
                }
            }
        }
        seen
    };
    (0..model.kind_names().count()).filter_map(|k| super::paths::kind(model, k)).find(|&kind| same_axis(question, kind) && fits(kind))
}

fn same_axis(question: &Question<'_>, kind: KindId) -> bool {
    let variable = question.outcomes.recording.cells.first().map(|c| c.0);
    variable.is_some_and(|v| question.model.kind_axis(kind).is_some_and(|axis| axis.name == question.model.axis_of(v).name))
}

/// Position of an event's month and entity in a record of one lane; `None` where it is not recorded.
fn place(question: &Question<'_>, event: &Event) -> Option<usize> {
    let cells = &question.outcomes.recording.cells;
    let cell = cells.iter().position(|c| c.1 == event.entity)?;
    let month = event.time as usize;
    (month < question.model.world().months()).then_some(month * cells.len() + cell)
}

fn prune(question: &Question<'_>, run: &Run, lane: usize, kind: KindId, cell: usize) -> Side {
    let events = &run.events[lane];
    let mut roots: BTreeMap<u32, BTreeSet<u64>> = BTreeMap::new();
    let mut counts = [0; 3];
    for event in events {
        let links = run.but_for(event);
        links.iter().for_each(|&link| {
            roots.entry(link).or_default().insert(event.id);
        });
        if event.kind == kind && place(question, event).is_some() {
            counts[0] += 1;
            counts[1] += u64::from(event.parent.is_some());
            counts[2] += u64::from(event.parent.is_none() && links.is_empty());
        }
    }
    let fold = |record: &[f64]| {
        let mut row = Vec::new();
        question.outcomes.evaluate(record, lane, &mut row);
        row[cell]
    };
    let value = fold(&run.record);
    let mut gone = BTreeMap::new();
    for (link, mut out) in roots {
        // parents come before their offspring in time
        for event in events {
            if event.parent.is_some_and(|p| out.contains(&p)) {
                out.insert(event.id);
            }
        }
        let mut record = run.record.clone();
        for event in events.iter().filter(|e| e.kind == kind && out.contains(&e.id)) {
            if let Some(at) = place(question, event) {
                record[at * LANES + lane] -= 1.0;
            }
        }
        gone.insert(link, value - fold(&record));
    }
    Side { gone, events: counts }
}

fn pruned(model: &Model, design: Design, sides: &[Vec<Option<Side>>; 2], whole: f64) -> Vec<Pruned> {
    let named: BTreeSet<u32> = sides.iter().flatten().flatten().flat_map(|s| s.gone.keys().copied()).collect();
    let of = |side: &Side, link: u32| side.gone.get(&link).copied().unwrap_or(0.0);
    let row = |link: u32| {
        let mut paired = Paired::default();
        let replicates = design.replicates.max(1) as usize;
        for (base, case) in sides[0].chunks(replicates).zip(sides[1].chunks(replicates)) {
            let whole = base.iter().zip(case).filter_map(|(b, c)| Some((of(b.as_ref()?, link), of(c.as_ref()?, link))));
            paired.add(&Cluster { members: whole.collect() });
        }
        let p = paired.summary()?;
        let id = model.links()[link as usize].id.clone();
        Some(Pruned { id, case: p.scenario, baseline: p.baseline, half_width: p.monte_carlo, share: p.difference / whole })
    };
    named.into_iter().filter_map(row).filter(|p| p.case != 0.0 || p.baseline != 0.0).collect()
}
