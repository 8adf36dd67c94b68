//! Placebo packs: every link keeps its source, sign, strength, delay and condition, and arrives where another link of its kind arrives.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use oxus_kernel::{Link, Model};
use oxus_pack::region::Region;
use oxus_random::{Key, Stream, hash64};
use rayon::prelude::*;

use super::{BAR, Effort, simulate};
use crate::ensemble::{Unwatched, Watch};
use crate::run::{Request, RunError};
use crate::summary::Summary;

/// The part of a difference that links carry, beside the same part under arbitrary wiring on the same futures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placebo {
    /// The part with links where the pack has them.
    pub part: f64,
    /// 90 % of the placebo packs carry no more than this, either way.
    pub bar: f64,
    /// Share of placebo packs that carry less, either way.
    pub smaller: f64,
    /// Packs that ran.
    pub packs: usize,
}

/// Differences of all packs on the same futures.
pub(super) struct Placebos {
    /// As believed and without links; `None` when no pack was asked for.
    true_wiring: Option<(Summary, Summary)>,
    packs: Vec<Summary>,
}

impl Placebos {
    /// The test of one cell under one case.
    pub(super) fn of(&self, case: usize, cell: usize) -> Option<Placebo> {
        let (believed, without) = self.true_wiring.as_ref()?;
        let difference = |summary: &Summary| summary.row(case, cell).map(|row| row.paired.difference);
        let alone = difference(without)?;
        let part = difference(believed)? - alone;
        let mut parts: Vec<f64> = self.packs.iter().filter_map(difference).map(|d| (d - alone).abs()).collect();
        if parts.is_empty() {
            return None;
        }
        parts.sort_by(f64::total_cmp);
        let smaller = parts.iter().filter(|p| **p < part.abs()).count() as f64 / parts.len() as f64;
        // the smallest value that at least the stated share of packs does not exceed
        let at = (BAR * parts.len() as f64).ceil() as usize;
        Some(Placebo { part, bar: parts[at.clamp(1, parts.len()) - 1], smaller, packs: parts.len() })
    }
}

/// Simulates the request in every placebo pack.
pub(super) fn placebos(region: &Region, model: &Model, request: &Request, effort: Effort, watch: &dyn Watch) -> Result<Placebos, RunError> {
    if effort.packs == 0 {
        return Ok(Placebos { true_wiring: None, packs: Vec::new() });
    }
    let each = effort.placebo.members();
    let arm = |model: &Model, factor: f64| simulate(region, model, request, effort.placebo, &|_| factor, &Unwatched).map(|found| found.1);
    let true_wiring = Some((arm(model, 1.0)?, arm(model, 0.0)?));
    let done = AtomicU32::new(0);
    let one = |pack: u32| -> Result<Option<Summary>, RunError> {
        let links = rewired(model, effort.placebo.seed, pack);
        let other = oxus_kernel::plan(crate::frame::frame(region), oxus_mechanisms::MECHANISMS)?.with_links(links)?;
        let summary = arm(&other, 1.0)?;
        let now = done.fetch_add(each, Ordering::Relaxed) + each;
        Ok(watch.progress(now, effort.packs * each).then_some(summary))
    };
    let packs: Result<Vec<Option<Summary>>, RunError> = (0..effort.packs).into_par_iter().map(one).collect();
    Ok(Placebos { true_wiring, packs: packs?.into_iter().flatten().collect() })
}

/// The links of a placebo pack: targets exchanged among links whose targets lie on the same axis and scale, so that every rule of axes still holds.
pub(super) fn rewired(model: &Model, seed: u64, pack: u32) -> Vec<Link> {
    let mut links = model.links().to_vec();
    let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, link) in links.iter().enumerate() {
        let kind = format!("{} {:?}", model.axis_of(link.to).name, model.spec(link.to).kind);
        kinds.entry(kind).or_default().push(at);
    }
    for (kind, members) in kinds {
        let mut stream = Stream::new(Key::new(seed, pack, 0), hash64("study.placebo"), hash64(&kind), 0);
        let mut targets: Vec<usize> = members.iter().map(|&at| links[at].to).collect();
        for last in (1..targets.len()).rev() {
            let other = (stream.uniform() * (last + 1) as f64) as usize;
            targets.swap(last, other.min(last));
        }
        members.into_iter().zip(targets).for_each(|(at, to)| links[at].to = to);
    }
    links
}
