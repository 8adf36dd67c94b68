//! Runs the model at given uniforms.

use std::collections::{BTreeMap, BTreeSet};

use oxus_kernel::{Block, Failure, LANES, Model, PhiloxNoise, Run};
use oxus_random::Key;
use rayon::prelude::*;

use super::inputs::Inputs;
use crate::ensemble::{Prepared, Watch};
use crate::outcome::Outcomes;
use crate::quantities::Quantity;

/// Rows that one thread runs at a time.
const CHUNK: usize = 64;

/// The model with its cases (the baseline first), outcomes and inputs.
pub struct Runner<'a> {
    /// The model.
    pub model: &'a Model,
    /// Cases.
    pub cases: &'a [Prepared],
    /// What is measured.
    pub outcomes: &'a Outcomes,
    /// What varies.
    pub inputs: &'a Inputs,
}

/// Where to run: uniforms of the parts, and the name of the noise, by row.
pub trait Points: Sync {
    /// Number of rows.
    fn rows(&self) -> usize;
    /// Uniform of every part.
    fn uniforms(&self, row: usize) -> Vec<f64>;
    /// Key of all streams of chance.
    fn noise(&self, row: usize) -> Key;
}

/// What a run of points leaves.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// `[row][outcome cell]`: the last case less the baseline, or the only case; NaN where a case failed.
    pub values: Vec<f64>,
    /// Where and why rows were lost, at most a handful.
    pub failures: Vec<Failure>,
}

impl Runner<'_> {
    /// Outcomes at all points; fewer rows when `watch` stops it.
    pub fn run(&self, points: &dyn Points, watch: &dyn Fn(usize) -> bool) -> Rows {
        let chunks: Vec<usize> = (0..points.rows().div_ceil(CHUNK)).collect();
        let mut rows = Rows::default();
        // a few chunks a thread between two looks at the watch
        for wave in chunks.chunks(4 * rayon::current_num_threads().max(1)) {
            let found: Vec<Rows> = wave.par_iter().map(|&c| self.chunk(points, c * CHUNK)).collect();
            for part in found {
                rows.values.extend(part.values);
                rows.failures.extend(part.failures);
                rows.failures.truncate(6);
            }
            if !watch(rows.values.len() / self.outcomes.cells.len().max(1)) {
                break;
            }
        }
        rows
    }

    fn chunk(&self, points: &dyn Points, first: usize) -> Rows {
        let count = CHUNK.min(points.rows() - first);
        let mut block = Block::new(self.model);
        let mut rows = Rows::default();
        let mut drawn: Vec<Drawn<'_>> = self.cases.iter().map(|case| Drawn::new(case, self.inputs)).collect();
        for start in (first..first + count).step_by(LANES) {
            let lanes = (first + count - start).min(LANES);
            // lanes past the last row repeat it; they are simulated and thrown away
            let row = |lane: usize| start + lane.min(lanes - 1);
            let uniforms: Vec<Vec<f64>> = (0..LANES).map(|lane| points.uniforms(row(lane))).collect();
            block.set_keys(std::array::from_fn(|lane| points.noise(row(lane))));
            let mut values: Vec<Vec<f64>> = vec![Vec::new(); lanes];
            for (c, drawn) in drawn.iter_mut().enumerate() {
                uniforms.iter().enumerate().for_each(|(lane, uniforms)| drawn.load(&mut block, lane, uniforms));
                let run = block.run(drawn.case.interventions(), &self.outcomes.recording, &PhiloxNoise);
                for (lane, values) in values.iter_mut().enumerate() {
                    let found = self.measured(&run, lane, &mut rows.failures);
                    if c == 0 {
                        *values = found;
                    } else {
                        values.iter_mut().zip(found).for_each(|(v, x)| *v = x - *v);
                    }
                }
            }
            rows.values.extend(values.into_iter().flatten());
        }
        rows
    }

    fn measured(&self, run: &Run, lane: usize, failures: &mut Vec<Failure>) -> Vec<f64> {
        let mut found = Vec::with_capacity(self.outcomes.cells.len());
        match &run.failures[lane] {
            None => self.outcomes.evaluate(&run.record, lane, &mut found),
            Some(failure) => {
                failures.push(failure.clone());
                found.resize(self.outcomes.cells.len(), f64::NAN);
            }
        }
        found
    }
}

/// Numbers and strengths of a case at the uniforms of the row before: rows of a design differ in few, and only those are drawn anew.
struct Drawn<'a> {
    case: &'a Prepared,
    /// Part of each number; `None` where it does not vary.
    parts: Vec<Option<usize>>,
    /// Parts that strengths are drawn by.
    beliefs: BTreeMap<u64, usize>,
    uniforms: Vec<f64>,
    values: Vec<f64>,
    strengths: Vec<f64>,
}

impl<'a> Drawn<'a> {
    fn new(case: &'a Prepared, inputs: &Inputs) -> Self {
        let part = |q: &Quantity| if q.varies() { inputs.part(q.key()) } else { None };
        let numbers: Vec<Option<usize>> = case.quantities().list().iter().map(part).collect();
        let used: BTreeSet<usize> = numbers.iter().flatten().copied().collect();
        let beliefs = inputs.parts.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(at, (key, _))| (*key, at)).collect();
        Self { case, parts: numbers, beliefs, uniforms: Vec::new(), values: Vec::new(), strengths: Vec::new() }
    }

    /// Sets numbers and strengths of a lane.
    fn load(&mut self, block: &mut Block<'_>, lane: usize, uniforms: &[f64]) {
        let fresh = self.uniforms.is_empty();
        let moved = |part: usize| fresh || self.uniforms[part] != uniforms[part];
        if fresh {
            self.values = self.case.quantities().at(|i, _| self.parts[i].map_or(0.5, |part| uniforms[part]));
        } else {
            for (i, part) in self.parts.iter().enumerate() {
                if let Some(part) = part.filter(|part| moved(*part)) {
                    self.values[i] = self.case.quantities().list()[i].at(uniforms[part]);
                }
            }
        }
        if self.beliefs.values().any(|&part| moved(part)) {
            self.strengths = self.case.beliefs().at(|part| self.beliefs.get(&part.key()).map_or(0.5, |&at| uniforms[at]));
        }
        self.uniforms.clear();
        self.uniforms.extend_from_slice(uniforms);
        self.case.quantities().place(&self.values, |parameter, entity, value| block.set_parameter(parameter, entity, lane, value));
        for (link, strength) in self.strengths.iter().enumerate() {
            block.set_strength(link, lane, *strength);
        }
    }
}

/// Progress of several runs, told as one.
pub struct Work<'w> {
    /// Rows before this run, and of all.
    pub before: usize,
    /// Rows of all runs.
    pub of: usize,
    /// Who hears it.
    pub watch: &'w dyn Watch,
}

impl Work<'_> {
    /// Tells; false to stop.
    pub fn tell(&self, done: usize) -> bool {
        self.watch.progress((self.before + done) as u32, self.of as u32)
    }
}
