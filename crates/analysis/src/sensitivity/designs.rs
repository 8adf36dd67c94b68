//! Where to evaluate a model: points of the unit cube, to be turned into values by the inputs' quantile functions.

use oxus_random::{Key, Stream, hash64, scrambled_uniform};

use super::below;

/// Saltelli blocks for named inputs: keyed uniforms, so that the points of one input do not depend on which others there are.
///
/// The uniform of base row i at A is point i, at B point `rows + i`, of the input's own scrambled and shuffled Sobol' sequence; with a power of two of
/// rows each block falls one point into every interval of length 1 / rows, and A and B are independent.
#[derive(Clone, Debug)]
pub struct Saltelli {
    names: Vec<u64>,
    seed: u64,
    rows: u32,
    second: bool,
}

impl Saltelli {
    /// `rows` base rows; `second` with the blocks for second-order indices.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>, seed: u64, rows: u32, second: bool) -> Self {
        Self { names: names.into_iter().map(hash64).collect(), seed, rows, second }
    }

    /// Points `[row][input]` in the order that [`Blocks::from_rows`](super::sobol::Blocks::from_rows) reads.
    pub fn points(&self) -> Vec<f64> {
        let inputs = self.names.len();
        let mut points = Vec::with_capacity(self.rows as usize * inputs * (2 * inputs + 2));
        for row in 0..self.rows {
            let uniforms = |row: u32| self.names.iter().map(|&id| scrambled_uniform(self.seed, id, row)).collect::<Vec<f64>>();
            let (a, b) = (uniforms(row), uniforms(self.rows + row));
            let mut with = |base: &[f64], other: &[f64], j: usize| {
                let start = points.len();
                points.extend_from_slice(base);
                if j < inputs {
                    points[start + j] = other[j];
                }
            };
            with(&a, &b, inputs);
            (0..inputs).for_each(|j| with(&a, &b, j));
            if self.second {
                (0..inputs).for_each(|j| with(&b, &a, j));
            }
            with(&b, &a, inputs);
        }
        points
    }
}

/// A random order of `inputs` inputs; order `index` is a function of its arguments alone.
pub fn order(seed: u64, index: u32, inputs: usize) -> Vec<usize> {
    let mut stream = Stream::new(Key::new(seed, index, 0), hash64("morris.order"), inputs as u64, 0);
    let mut order: Vec<usize> = (0..inputs).collect();
    for i in (1..inputs).rev() {
        order.swap(i, below(&mut stream, i as u64 + 1) as usize);
    }
    order
}

/// One Morris trajectory: a random grid point, then every input once, in random order, half the grid up or down, whichever stays on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trajectory {
    /// Level of every input at the start, from 0.
    pub start: Vec<u32>,
    /// Inputs in the order in which they move.
    pub order: Vec<usize>,
    levels: u32,
}

impl Trajectory {
    /// Trajectory `index` over an even number of `levels`; a function of its arguments alone.
    pub fn new(seed: u64, index: u32, inputs: usize, levels: u32) -> Self {
        debug_assert!(levels >= 2 && levels.is_multiple_of(2), "internal: an even grid");
        let mut stream = Stream::new(Key::new(seed, index, 0), hash64("morris.trajectory"), inputs as u64, 0);
        let start = (0..inputs).map(|_| below(&mut stream, u64::from(levels)) as u32).collect();
        Self { start, order: order(seed, index, inputs), levels }
    }

    /// Level of an input after it has moved.
    pub fn moved(&self, input: usize) -> u32 {
        let (level, half) = (self.start[input], self.levels / 2);
        if level < half { level + half } else { level - half }
    }

    /// Points `[row][input]` with levels at `l / (levels - 1)`, both ends of the range among them.
    pub fn points(&self) -> Vec<f64> {
        let top = f64::from(self.levels - 1);
        let mut at: Vec<f64> = self.start.iter().map(|&l| f64::from(l) / top).collect();
        let mut points = at.clone();
        for &input in &self.order {
            at[input] = f64::from(self.moved(input)) / top;
            points.extend_from_slice(&at);
        }
        points
    }
}

/// Curves of eFAST: `points` points for each of `inputs` inputs, `[curve][point][input]`, with random phases.
pub fn efast(seed: u64, inputs: usize, points: usize, harmonics: usize) -> Vec<f64> {
    let omega = (points.saturating_sub(1) / (2 * harmonics.max(1))).max(1);
    let slow = slow_frequencies(omega, inputs.saturating_sub(1), harmonics);
    let mut design = Vec::with_capacity(inputs * points * inputs);
    for curve in 0..inputs {
        let phase = Stream::new(Key::new(seed, curve as u32, 0), hash64("efast.phase"), 0, 0).uniform();
        for point in 0..points {
            let turn = point as f64 / points as f64;
            for input in 0..inputs {
                let frequency = if input == curve { omega } else { slow[if input < curve { input } else { input - 1 }] };
                design.push(triangle(frequency as f64 * turn + phase));
            }
        }
    }
    design
}

/// Frequencies of the other inputs: spread from 1 to the largest that the harmonics of omega leave free.
fn slow_frequencies(omega: usize, others: usize, harmonics: usize) -> Vec<usize> {
    let most = (omega / (2 * harmonics.max(1))).max(1);
    if most >= others && others > 1 {
        (0..others).map(|k| 1 + (most - 1) * k / (others - 1)).collect()
    } else {
        (0..others).map(|k| k % most + 1).collect()
    }
}

/// `1/2 + arcsin(sin(2 pi t)) / pi`: a uniform input along the curve.
fn triangle(turns: f64) -> f64 {
    let t = turns - turns.floor();
    match t {
        t if t < 0.25 => 0.5 + 2.0 * t,
        t if t < 0.75 => 1.5 - 2.0 * t,
        t => 2.0 * t - 1.5,
    }
}
