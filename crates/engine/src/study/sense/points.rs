//! The two designs: Morris trajectories over all inputs, and Saltelli blocks over groups, both on the model's own keyed uniforms.

use oxus_analysis::sensitivity::designs;
use oxus_random::{Key, scrambled_uniform};
use rayon::prelude::*;

use super::groups::Group;
use super::inputs::Inputs;
use super::runner::Points;

/// Levels of the grid of the screening; levels lie in the middle of their cells, a step is half the unit interval.
const LEVELS: f64 = 8.0;

/// Trajectories: a draw of the model, rounded to the grid, then every input moved once by half, the inputs of a link together.
pub struct Trajectories<'a> {
    inputs: &'a Inputs,
    seed: u64,
    /// Step at which each input moves, `[trajectory][input]`.
    moves: Vec<Vec<usize>>,
    /// Grid points at the start, `[trajectory][part]`.
    starts: Vec<Vec<f64>>,
}

impl<'a> Trajectories<'a> {
    /// So many trajectories.
    pub fn new(inputs: &'a Inputs, seed: u64, count: u32) -> Self {
        let steps = |t: u32| {
            let mut at = vec![0; inputs.list.len()];
            designs::order(seed, t, inputs.list.len()).into_iter().enumerate().for_each(|(step, input)| at[input] = step);
            at
        };
        let start = |key: u64, t: u32| ((scrambled_uniform(seed, key, t) * LEVELS).floor() + 0.5) / LEVELS;
        let starts = (0..count).map(|t| inputs.parts.iter().map(|&(key, _)| start(key, t)).collect());
        Self { inputs, seed, moves: (0..count).map(steps).collect(), starts: starts.collect() }
    }

    /// Rows of a trajectory.
    pub fn length(&self) -> usize {
        self.inputs.list.len() + 1
    }

    /// Sizes of the elementary effects `[input][trajectory]` from the outputs of all rows; trajectories with a lost row are left out.
    pub fn effects(&self, y: &[f64]) -> Vec<Vec<f64>> {
        let mut effects = vec![Vec::new(); self.inputs.list.len()];
        for (moves, y) in self.moves.iter().zip(y.chunks_exact(self.length())) {
            if y.iter().all(|v| v.is_finite()) {
                // a step is one half
                moves.iter().zip(&mut effects).for_each(|(&step, effects)| effects.push(2.0 * (y[step + 1] - y[step]).abs()));
            }
        }
        effects
    }
}

impl Points for Trajectories<'_> {
    fn rows(&self) -> usize {
        self.moves.len() * self.length()
    }

    fn uniforms(&self, row: usize) -> Vec<f64> {
        let (t, step) = (row / self.length(), row % self.length());
        let point = |(&start, &(_, input)): (&f64, &(u64, usize))| match self.moves[t][input] < step {
            true if start < 0.5 => start + 0.5,
            true => start - 0.5,
            false => start,
        };
        self.starts[t].iter().zip(&self.inputs.parts).map(point).collect()
    }

    fn noise(&self, row: usize) -> Key {
        let (t, step) = (row / self.length(), row % self.length());
        let moved = self.moves[t][self.inputs.chance()] < step;
        Key::new(self.seed, t as u32, u32::from(moved))
    }
}

/// Saltelli blocks over groups: draw i of the model at A, draw `rows + i` at B, and A with a group from B; chance likewise by the draw that names it.
pub struct Blocks<'a> {
    inputs: &'a Inputs,
    groups: &'a [Group],
    seed: u64,
    rows: u32,
    /// `[draw][part]` of the first `2 rows` draws.
    uniforms: Vec<Vec<f64>>,
    /// Whether a part is in a group, `[group][part]`.
    member: Vec<Vec<bool>>,
}

impl<'a> Blocks<'a> {
    /// `rows` base rows, best a power of two.
    pub fn new(inputs: &'a Inputs, groups: &'a [Group], seed: u64, rows: u32) -> Self {
        let draw = |draw: u32| inputs.parts.iter().map(|&(key, _)| scrambled_uniform(seed, key, draw)).collect();
        let member = |group: &Group| inputs.parts.iter().map(|(_, input)| group.inputs.contains(input)).collect();
        Self { inputs, groups, seed, rows, uniforms: (0..2 * rows).into_par_iter().map(draw).collect(), member: groups.iter().map(member).collect() }
    }

    /// Rows of a block: A, one for each group, B.
    pub fn length(&self) -> usize {
        self.groups.len() + 2
    }

    /// Base row and place in the block.
    fn split(&self, row: usize) -> (u32, usize) {
        ((row / self.length()) as u32, row % self.length())
    }
}

impl Points for Blocks<'_> {
    fn rows(&self) -> usize {
        self.rows as usize * self.length()
    }

    fn uniforms(&self, row: usize) -> Vec<f64> {
        let (base, at) = self.split(row);
        let (a, b) = (&self.uniforms[base as usize], &self.uniforms[(self.rows + base) as usize]);
        match at {
            0 => a.clone(),
            at if at > self.groups.len() => b.clone(),
            at => a.iter().zip(b).zip(&self.member[at - 1]).map(|((a, b), member)| if *member { *b } else { *a }).collect(),
        }
    }

    fn noise(&self, row: usize) -> Key {
        let (base, at) = self.split(row);
        let other = at > self.groups.len() || (at > 0 && self.groups[at - 1].inputs.contains(&self.inputs.chance()));
        Key::new(self.seed, if other { self.rows + base } else { base }, 0)
    }
}
