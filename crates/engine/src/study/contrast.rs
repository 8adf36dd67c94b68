//! The same futures in several arms: for every member, a weighted sum over arms of what is measured in each.
//!
//! A difference is a contrast with weights 1 and -1; what a link adds to the effect of a push is one of four arms, `(push with link - link) -
//! (push - nothing)`. An arm is simulated once, whatever number of contrasts it serves.

use oxus_analysis::{Cluster, Paired, PairedSummary};
use oxus_kernel::{Block, Intervention, LANES, Model, PhiloxNoise, Recording, Run};
use oxus_random::Key;
use rayon::prelude::*;

use crate::belief::Beliefs;
use crate::ensemble::{Design, Watch};
use crate::quantities::Quantities;

/// Members that one thread simulates at a time.
const CHUNK: u32 = 64;

/// One way of running every member.
#[derive(Clone, Debug, Default)]
pub struct Arm {
    /// What is done.
    pub interventions: Vec<Intervention>,
    /// Which links act.
    pub links: Links,
}

/// Which links act in an arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Links {
    /// As drawn from what is believed.
    #[default]
    Drawn,
    /// These alone, with these strengths on the scales of their targets in every member; none for no link at all.
    Only(Vec<(usize, f64)>),
}

/// What is measured in an arm: a variable's mean over months, summed over entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Variable (model index).
    pub variable: usize,
    /// Entities.
    pub entities: Vec<u32>,
    /// First month.
    pub from: usize,
    /// Last month.
    pub to: usize,
}

/// A weighted sum over arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// Arms and their weights.
    pub arms: Vec<(usize, f64)>,
    /// The arm whose own level is reported beside the contrast.
    pub level: usize,
    /// What is measured in each.
    pub measure: Measure,
}

/// What was found: for each member the level and the contrast, NaN where an arm failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Level and contrast of every member, in order.
    pub members: Vec<(f64, f64)>,
}

impl Found {
    /// Members lost.
    pub fn lost(&self) -> usize {
        self.members.iter().filter(|m| m.1.is_nan()).count()
    }

    /// Mean contrast of each draw, over the members that came through.
    pub fn by_draw(&self, design: Design) -> Vec<f64> {
        let draws = self.members.chunks(design.replicates.max(1) as usize);
        let whole = draws.map(|draw| draw.iter().map(|m| m.1).filter(|x| !x.is_nan()).collect::<Vec<_>>());
        whole.filter(|draw| !draw.is_empty()).map(|draw| draw.iter().sum::<f64>() / draw.len() as f64).collect()
    }

    /// Mean level, mean contrast and its interval, clustered by draw; `None` when no member came through.
    pub fn summary(&self, design: Design) -> Option<PairedSummary> {
        let mut paired = Paired::default();
        for draw in self.members.chunks(design.replicates.max(1) as usize) {
            let whole = draw.iter().filter(|m| !m.1.is_nan());
            paired.add(&Cluster { members: whole.map(|&(level, d)| (level, level + d)).collect() });
        }
        paired.summary()
    }
}

/// What all arms share.
pub struct Setting<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its numbers.
    pub quantities: &'a Quantities,
    /// What is believed of its links.
    pub beliefs: &'a Beliefs,
    /// Members.
    pub design: Design,
}

impl Setting<'_> {
    /// Runs every arm on every member; results are in the order of `contrasts`. Stops early, with what is finished, when `watch` says so.
    pub fn run(&self, arms: &[Arm], contrasts: &[Contrast], watch: &dyn Watch) -> Vec<Found> {
        let recordings: Vec<Recording> = (0..arms.len()).map(|arm| recording(arm, contrasts)).collect();
        let members = self.design.members();
        let mut found = vec![Found::default(); contrasts.len()];
        let chunks: Vec<u32> = (0..members.div_ceil(CHUNK)).collect();
        let mut done = 0;
        for group in chunks.chunks(rayon::current_num_threads().max(1)) {
            let results: Vec<Vec<Vec<(f64, f64)>>> = group.par_iter().map(|&c| self.chunk(c, arms, &recordings, contrasts)).collect();
            for chunk in results {
                done += chunk.first().map_or(0, Vec::len) as u32;
                for (all, part) in found.iter_mut().zip(chunk) {
                    all.members.extend(part);
                }
            }
            if !watch.progress(done, members) {
                break;
            }
        }
        found
    }

    fn chunk(&self, index: u32, arms: &[Arm], recordings: &[Recording], contrasts: &[Contrast]) -> Vec<Vec<(f64, f64)>> {
        let first = index * CHUNK;
        let members = CHUNK.min(self.design.members() - first);
        let mut block = Block::new(self.model);
        let mut found = vec![Vec::with_capacity(members as usize); contrasts.len()];
        for start in (0..members).step_by(LANES) {
            let count = (members - start).min(LANES as u32);
            // lanes past the last member repeat it; they are simulated and thrown away
            let splits: [(u32, u32); LANES] = std::array::from_fn(|lane| self.design.split(first + start + (lane as u32).min(count - 1)));
            let drawn = self.load(&mut block, &splits);
            let mut sums = vec![[(0.0, 0.0); LANES]; contrasts.len()];
            for (a, (arm, recording)) in arms.iter().zip(recordings).enumerate() {
                set_links(&mut block, &arm.links, &drawn);
                let run = block.run(&arm.interventions, recording, &PhiloxNoise);
                for (contrast, sum) in contrasts.iter().zip(&mut sums) {
                    add(contrast, a, &run, recording, sum);
                }
            }
            for (found, sum) in found.iter_mut().zip(sums) {
                found.extend_from_slice(&sum[..count as usize]);
            }
        }
        found
    }

    /// Gives every lane its key and numbers; returns the drawn strengths of its links.
    fn load(&self, block: &mut Block<'_>, splits: &[(u32, u32); LANES]) -> Vec<Vec<f64>> {
        let seed = self.design.seed;
        block.set_keys(splits.map(|(draw, replicate)| Key::new(seed, draw, replicate)));
        let mut strengths: Vec<Vec<f64>> = Vec::with_capacity(LANES);
        let mut values = Vec::new();
        for (lane, &(draw, _)) in splits.iter().enumerate() {
            let same = lane > 0 && splits[lane - 1].0 == draw;
            if same {
                strengths.push(strengths[lane - 1].clone());
            } else {
                values = self.quantities.draw(seed, draw);
                strengths.push(self.beliefs.draw(seed, draw));
            }
            self.quantities.place(&values, |parameter, entity, value| block.set_parameter(parameter, entity, lane, value));
        }
        strengths
    }
}

fn set_links(block: &mut Block<'_>, links: &Links, drawn: &[Vec<f64>]) {
    for (lane, strengths) in drawn.iter().enumerate() {
        for (link, strength) in strengths.iter().enumerate() {
            let value = match links {
                Links::Drawn => *strength,
                Links::Only(list) => list.iter().filter(|l| l.0 == link).map(|l| l.1).sum(),
            };
            block.set_strength(link, lane, value);
        }
    }
}

/// The cells that an arm is asked for, sorted.
fn recording(arm: usize, contrasts: &[Contrast]) -> Recording {
    let asked = contrasts.iter().filter(|c| c.level == arm || c.arms.iter().any(|a| a.0 == arm));
    let mut cells: Vec<(usize, u32)> = asked.flat_map(|c| c.measure.entities.iter().map(|&e| (c.measure.variable, e))).collect();
    cells.sort_unstable();
    cells.dedup();
    Recording { cells }
}

/// Adds an arm's part to a contrast, lane by lane.
fn add(contrast: &Contrast, arm: usize, run: &Run, recording: &Recording, sum: &mut [(f64, f64); LANES]) {
    let weight: f64 = contrast.arms.iter().filter(|a| a.0 == arm).map(|a| a.1).sum();
    if weight == 0.0 && contrast.level != arm {
        return;
    }
    let measured = measured(&contrast.measure, run, recording);
    for (lane, ((level, total), value)) in sum.iter_mut().zip(measured).enumerate() {
        let value = if run.failures[lane].is_some() { f64::NAN } else { value };
        *total += weight * value;
        if contrast.level == arm {
            *level += value;
            // a member lost where its level is read is lost to the contrast
            *total += 0.0 * value;
        }
    }
}

fn measured(measure: &Measure, run: &Run, recording: &Recording) -> [f64; LANES] {
    let width = recording.cells.len() * LANES;
    let places: Vec<usize> = measure.entities.iter().filter_map(|&e| recording.cells.binary_search(&(measure.variable, e)).ok()).collect();
    let mut sum = [0.0; LANES];
    for month in measure.from..=measure.to {
        let row = &run.record[month * width..][..width];
        for &place in &places {
            for (s, x) in sum.iter_mut().zip(&row[place * LANES..][..LANES]) {
                *s += x;
            }
        }
    }
    sum.map(|s| s / (measure.to - measure.from + 1) as f64)
}

impl Setting<'_> {
    /// The record of one arm, `[month][cell]`, for every member; `None` for a member that failed.
    pub fn records(&self, arm: &Arm, recording: &Recording) -> Vec<Option<Vec<f64>>> {
        let members = self.design.members();
        let mut block = Block::new(self.model);
        let mut records = Vec::with_capacity(members as usize);
        for start in (0..members).step_by(LANES) {
            let count = (members - start).min(LANES as u32);
            let splits: [(u32, u32); LANES] = std::array::from_fn(|lane| self.design.split(start + (lane as u32).min(count - 1)));
            let drawn = self.load(&mut block, &splits);
            set_links(&mut block, &arm.links, &drawn);
            let run = block.run(&arm.interventions, recording, &PhiloxNoise);
            for lane in 0..count as usize {
                let whole = run.failures[lane].is_none();
                records.push(whole.then(|| run.record.chunks_exact(LANES).map(|cell| cell[lane]).collect()));
            }
        }
        records
    }
}
