//! Ensembles: the cases of a run over the same members, in chunks, on all cores.

use std::time::{Duration, Instant};

use oxus_analysis::Sketch;
use oxus_diag::Diagnostics;
use oxus_kernel::{Block, Event, Failure, Intervention, LANES, Model, PhiloxNoise};
use oxus_pack::region::Region;
use oxus_random::Key;
use rayon::prelude::*;

use crate::belief::Beliefs;
use crate::case::Case;
use crate::outcome::Outcomes;
use crate::quantities::Quantities;

/// Members of one chunk; results are folded chunk by chunk in index order, so that the number of threads does not show.
pub const CHUNK: u32 = 256;

/// How many futures: draws of the parameters times replicates of chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Design {
    /// Seed of all streams.
    pub seed: u64,
    /// Parameter vectors.
    pub draws: u32,
    /// Streams of chance for each parameter vector.
    pub replicates: u32,
}

impl Design {
    /// Number of members.
    pub fn members(&self) -> u32 {
        self.draws.saturating_mul(self.replicates)
    }

    /// Draw and replicate of a member.
    pub fn split(&self, member: u32) -> (u32, u32) {
        (member / self.replicates, member % self.replicates)
    }
}

/// A case made ready: interventions resolved, numbers found, beliefs formed.
pub struct Prepared {
    /// The case.
    pub case: Case,
    interventions: Vec<Intervention>,
    quantities: Quantities,
    beliefs: Beliefs,
}

/// Everything that a run needs; shared by all threads.
pub struct Ensemble<'a> {
    /// The model.
    pub model: &'a Model,
    /// Cases, the baseline first.
    pub cases: Vec<Prepared>,
    /// Members.
    pub design: Design,
    /// What is measured.
    pub outcomes: Outcomes,
    /// Every this many members keeps its path and events (0: none).
    pub thin: u32,
    /// Whether to time mechanisms.
    pub timed: bool,
}

/// What a draw makes of the numbers and links of a case.
pub(crate) struct Drawn {
    draw: u32,
    values: Vec<f64>,
    strengths: Vec<f64>,
}

/// Path and events of one kept member in one case.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Case index.
    pub case: usize,
    /// Member.
    pub member: u32,
    /// `[month][cell]`.
    pub path: Vec<f64>,
    /// Events with the links of their but-for sets.
    pub events: Vec<(Event, Vec<u32>)>,
}

/// A member that could not be simulated in some case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Case index.
    pub case: usize,
    /// Member.
    pub member: u32,
    /// Where and why.
    pub failure: Failure,
}

/// What one chunk leaves.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// First member and number of members.
    pub first: u32,
    /// Members of the chunk.
    pub members: u32,
    /// `[member][case][cell]`.
    pub values: Vec<f64>,
    /// Sketches of the recorded cells over the chunk's members, `[case][month][recorded cell]`.
    pub sketches: Vec<Sketch>,
    /// Members lost in some case.
    pub lost: Vec<Lost>,
    /// Members kept whole.
    pub kept: Vec<Kept>,
    /// Time spent in links, each mechanism, bookkeeping.
    pub timings: Vec<Duration>,
}

impl Chunk {
    /// Whether a member was lost in any case; then it leaves all of them.
    pub fn is_lost(&self, member: u32) -> bool {
        self.lost.iter().any(|l| l.member == member)
    }
}

/// Hears of progress, and may ask to stop.
pub trait Watch: Sync {
    /// Called after each wave of chunks with members done and in all; `false` stops the run, keeping what is finished.
    fn progress(&self, done: u32, of: u32) -> bool;
}

/// Watches nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _: u32, _: u32) -> bool {
        true
    }
}

impl<'a> Ensemble<'a> {
    /// Prepares the cases.
    ///
    /// # Errors
    /// Every problem of every case: unknown names, missing parameters, conflicting sets.
    pub fn prepare(region: &Region, model: &Model, cases: &[Case]) -> Result<Vec<Prepared>, Diagnostics> {
        let mut problems = Diagnostics::new();
        let mut prepared = Vec::new();
        for case in cases {
            let interventions = model.resolve(&case.patches(region, model.world()));
            let quantities = Quantities::find(region, model, case);
            match (interventions, quantities) {
                (Ok(interventions), Ok(quantities)) => {
                    let beliefs = Beliefs::of(region, model, case.view.as_deref());
                    prepared.push(Prepared { case: case.clone(), interventions, quantities, beliefs });
                }
                (interventions, quantities) => {
                    problems.extend(interventions.err().into_iter().flatten());
                    problems.extend(quantities.err().map(Diagnostics::into_sorted).into_iter().flatten());
                }
            }
        }
        if problems.has_errors() { Err(problems) } else { Ok(prepared) }
    }

    /// Runs all chunks; each is handed to `receive` in index order. Returns the number of members done (less than all if stopped).
    pub fn run(&self, watch: &dyn Watch, mut receive: impl FnMut(Chunk)) -> u32 {
        let members = self.design.members();
        let chunks: Vec<u32> = (0..members.div_ceil(CHUNK)).collect();
        let wave = rayon::current_num_threads().max(1);
        let mut done = 0;
        for group in chunks.chunks(wave) {
            let results: Vec<Chunk> = group.par_iter().map(|&c| self.chunk(c)).collect();
            for chunk in results {
                done += chunk.members;
                receive(chunk);
            }
            if !watch.progress(done, members) {
                break;
            }
        }
        done
    }

    /// Simulates the members of one chunk in every case. Pure: depends on the ensemble and the index alone.
    pub fn chunk(&self, index: u32) -> Chunk {
        let first = index * CHUNK;
        let members = CHUNK.min(self.design.members() - first);
        let mut chunk = Chunk { first, members, ..Chunk::default() };
        let mut block = Block::new(self.model);
        if self.timed {
            block.time_with(clock);
        }
        let mut last: Vec<Option<Drawn>> = self.cases.iter().map(|_| None).collect();
        let mut paths = Vec::with_capacity(members as usize * self.cases.len() * self.path_len());
        for start in (0..members).step_by(LANES) {
            self.block(&mut block, first + start, (members - start).min(LANES as u32), &mut last, &mut chunk, &mut paths);
        }
        chunk.sketches = self.sketch(&chunk, &paths);
        chunk.timings = block.timings().unwrap_or_default().to_vec();
        chunk
    }

    fn path_len(&self) -> usize {
        self.model.world().months() * self.outcomes.recording.cells.len()
    }

    /// Sketches of every recorded cell and month over the members that came through in all cases.
    fn sketch(&self, chunk: &Chunk, paths: &[f32]) -> Vec<Sketch> {
        let (cases, len) = (self.cases.len(), self.path_len());
        let whole: Vec<usize> = (0..chunk.members).filter(|i| !chunk.is_lost(chunk.first + i)).map(|i| i as usize).collect();
        let mut values = vec![0.0; whole.len()];
        let cells = (0..cases).flat_map(|case| (0..len).map(move |at| (case, at)));
        cells
            .map(|(case, at)| {
                for (value, member) in values.iter_mut().zip(&whole) {
                    *value = f64::from(paths[(member * cases + case) * len + at]);
                }
                Sketch::of(&values)
            })
            .collect()
    }

    #[allow(clippy::too_many_arguments)]
    fn block(&self, block: &mut Block<'_>, first: u32, count: u32, last: &mut [Option<Drawn>], chunk: &mut Chunk, paths: &mut Vec<f32>) {
        // lanes past the last member repeat it; they are simulated and thrown away
        let member = |lane: usize| first + (lane as u32).min(count - 1);
        block.set_keys(std::array::from_fn(|lane| {
            let (draw, replicate) = self.design.split(member(lane));
            Key::new(self.design.seed, draw, replicate)
        }));
        let keep = |lane: usize| self.thin > 0 && (lane as u32) < count && member(lane).is_multiple_of(self.thin);
        block.trace(std::array::from_fn(keep));
        let (cells, len) = (self.outcomes.cells.len(), self.path_len());
        let base = chunk.values.len();
        chunk.values.resize(base + count as usize * self.cases.len() * cells, f64::NAN);
        let path_base = paths.len();
        paths.resize(path_base + count as usize * self.cases.len() * len, f32::NAN);
        for (c, case) in self.cases.iter().enumerate() {
            case.load(self.design, block, &mut last[c], member);
            let run = block.run(&case.interventions, &self.outcomes.recording, &PhiloxNoise);
            let mut values = Vec::with_capacity(cells);
            for lane in 0..count as usize {
                if let Some(failure) = &run.failures[lane] {
                    chunk.lost.push(Lost { case: c, member: member(lane), failure: failure.clone() });
                    continue;
                }
                values.clear();
                self.outcomes.evaluate(&run.record, lane, &mut values);
                chunk.values[base + (lane * self.cases.len() + c) * cells..][..cells].copy_from_slice(&values);
                let out = &mut paths[path_base + (lane * self.cases.len() + c) * len..][..len];
                for (o, cell) in out.iter_mut().zip(run.record.chunks_exact(LANES)) {
                    *o = cell[lane] as f32;
                }
                if keep(lane) {
                    let path = run.record.chunks_exact(LANES).map(|cell| cell[lane]).collect();
                    let events = run.events[lane].iter().map(|e| (*e, run.but_for(e).to_vec())).collect();
                    chunk.kept.push(Kept { case: c, member: member(lane), path, events });
                }
            }
        }
    }
}

impl Prepared {
    /// Sets parameters and strengths of every lane; lanes of one draw share the work.
    pub(crate) fn load(&self, design: Design, block: &mut Block<'_>, last: &mut Option<Drawn>, member: impl Fn(usize) -> u32) {
        for lane in 0..LANES {
            let (draw, _) = design.split(member(lane));
            if last.as_ref().is_none_or(|l| l.draw != draw) {
                *last = Some(Drawn { draw, values: self.quantities.draw(design.seed, draw), strengths: self.beliefs.draw(design.seed, draw) });
            }
            if let Some(Drawn { values, strengths, .. }) = last {
                self.quantities.place(values, |parameter, entity, value| block.set_parameter(parameter, entity, lane, value));
                for (link, strength) in strengths.iter().enumerate() {
                    block.set_strength(link, lane, *strength);
                }
            }
        }
    }

    /// What is done in the case.
    pub(crate) fn interventions(&self) -> &[Intervention] {
        &self.interventions
    }

    /// The numbers of this case.
    pub fn quantities(&self) -> &Quantities {
        &self.quantities
    }

    /// Multiplies the strength of every link, named by its id, in all draws.
    pub(crate) fn scale_links(&mut self, model: &Model, factor: &dyn Fn(&str) -> f64) {
        self.beliefs.scale(|link| factor(&model.links()[link].id));
    }

    /// What is believed of the links in this case.
    pub fn beliefs(&self) -> &Beliefs {
        &self.beliefs
    }
}

fn clock() -> Duration {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// Uses this many threads from now on; results do not depend on it.
///
/// # Errors
/// When threads are in use already, or cannot be made.
pub fn use_threads(n: usize) -> Result<(), String> {
    rayon::ThreadPoolBuilder::new().num_threads(n).build_global().map_err(|e| e.to_string())
}
