//! Variance-based indices of Saltelli blocks (Sobol' 2001; Saltelli and others 2010, formula b of table 2; total index: Jansen 1999).
//!
//! With matrices A and B of independent inputs, and A with the columns of group j from B, written AB_j, and V the variance over A and B:
//! `S_j = mean(B (AB_j - A)) / V`, `ST_j = mean((A - AB_j)^2) / 2V`, `S_jk = mean(BA_j AB_k - A B) / V - S_j - S_k`.
//! Outputs are centred first, without which the error of `S_j` grows with the mean. Intervals: rows resampled with replacement, keyed streams.

use oxus_random::{Key, Stream, hash64};

use super::{Index, SensitivityError, below, usable};

/// Resamples that advance together; one register of doubles.
const LANES: usize = 8;

/// Outputs of a Saltelli design by block, each with one number a base row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocks {
    /// Outputs at A.
    pub a: Vec<f64>,
    /// Outputs at B.
    pub b: Vec<f64>,
    /// By group: outputs at A with the group from B.
    pub ab: Vec<Vec<f64>>,
    /// By group: outputs at B with the group from A; empty where second-order indices are not wanted.
    pub ba: Vec<Vec<f64>>,
}

/// Indices on one sample of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Indices {
    /// Share of the variance that fixing a group removes on average.
    pub first: Vec<f64>,
    /// Share that is left when all other inputs are fixed.
    pub total: Vec<f64>,
    /// For each pair j < k in order (0,1), (0,2), …: share of their interplay beyond both alone.
    pub second: Vec<f64>,
}

/// Indices with intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervals {
    /// As [`Indices::first`].
    pub first: Vec<Index>,
    /// As [`Indices::total`].
    pub total: Vec<Index>,
    /// As [`Indices::second`].
    pub second: Vec<Index>,
}

impl Blocks {
    /// Splits outputs of rows in SALib's order, base row by base row: A, AB_1 … AB_D, with `second` BA_1 … BA_D, B.
    ///
    /// # Errors
    /// When the number of rows is not a whole number of base rows.
    pub fn from_rows(y: &[f64], groups: usize, second: bool) -> Result<Self, SensitivityError> {
        let step = groups * if second { 2 } else { 1 } + 2;
        if groups == 0 || y.is_empty() || !y.len().is_multiple_of(step) {
            let text = format!("{} rows are not base rows of {step} (A, {groups} x AB{}, B)", y.len(), if second { ", as many BA" } else { "" });
            return Err(SensitivityError::Layout(text));
        }
        let block = |at: usize| y.iter().skip(at).step_by(step).copied().collect::<Vec<f64>>();
        let ba = if second { (0..groups).map(|j| block(1 + groups + j)).collect() } else { Vec::new() };
        Ok(Self { a: block(0), b: block(step - 1), ab: (0..groups).map(|j| block(1 + j)).collect(), ba })
    }

    /// Base rows.
    pub fn rows(&self) -> usize {
        self.a.len()
    }

    /// Drops base rows in which some output is not finite; returns how many.
    pub fn drop_lost(&mut self) -> usize {
        let whole: Vec<bool> = (0..self.rows()).map(|i| self.all().all(|column| column[i].is_finite())).collect();
        for column in [&mut self.a, &mut self.b].into_iter().chain(&mut self.ab).chain(&mut self.ba) {
            let mut keep = whole.iter();
            column.retain(|_| keep.next().is_none_or(|k| *k));
        }
        whole.iter().filter(|k| !**k).count()
    }

    fn all(&self) -> impl Iterator<Item = &Vec<f64>> {
        [&self.a, &self.b].into_iter().chain(&self.ab).chain(&self.ba)
    }

    /// Mean and variance (over n) of the outputs at A and B together.
    pub fn moments(&self) -> (f64, f64) {
        let both = || self.a.iter().chain(&self.b);
        let n = 2.0 * self.rows() as f64;
        let mean = both().sum::<f64>() / n;
        (mean, both().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n)
    }

    /// What each row adds to the sums of which all indices are made, and what they are made of.
    ///
    /// # Errors
    /// Outputs that are not finite or all the same, blocks of unequal length.
    pub fn terms(&self) -> Result<Terms, SensitivityError> {
        let rows = self.rows();
        if self.ab.is_empty() || self.all().any(|column| column.len() != rows) || !(self.ba.is_empty() || self.ba.len() == self.ab.len()) {
            return Err(SensitivityError::Layout("blocks need one output each for every base row".into()));
        }
        for column in self.all() {
            if let Err(error @ SensitivityError::NotFinite(_)) = usable(column) {
                return Err(error);
            }
        }
        usable(&[self.a.as_slice(), self.b.as_slice()].concat())?;
        let count = (self.all().count() * rows) as f64;
        let mean = self.all().flatten().sum::<f64>() / count;
        let scale = (self.all().flatten().map(|y| (y - mean) * (y - mean)).sum::<f64>() / count).sqrt();
        let z = |y: &[f64]| y.iter().map(|y| (y - mean) / scale).collect::<Vec<f64>>();
        let (a, b) = (z(&self.a), z(&self.b));
        let (ab, ba): (Vec<_>, Vec<_>) = (self.ab.iter().map(|y| z(y)).collect(), self.ba.iter().map(|y| z(y)).collect());
        let by_row = |f: &dyn Fn(usize) -> f64| (0..rows).map(f).collect::<Vec<f64>>();
        let mut columns = vec![by_row(&|i| a[i] + b[i]), by_row(&|i| a[i] * a[i] + b[i] * b[i])];
        columns.extend(ab.iter().map(|ab| by_row(&|i| b[i] * (ab[i] - a[i]))));
        columns.extend(ab.iter().map(|ab| by_row(&|i| 0.5 * (a[i] - ab[i]) * (a[i] - ab[i]))));
        for j in 0..ba.len() {
            columns.extend((j + 1..ba.len()).map(|k| by_row(&|i| ba[j][i] * ab[k][i] - a[i] * b[i])));
        }
        Ok(Terms { rows, groups: ab.len(), pairs: !ba.is_empty(), columns })
    }

    /// Indices with 95 % intervals from `resamples` resamples of the rows.
    ///
    /// # Errors
    /// As [`Self::terms`].
    pub fn indices(&self, resamples: u32, seed: u64) -> Result<Intervals, SensitivityError> {
        let terms = self.terms()?;
        let (found, drawn) = (terms.indices(), terms.resampled(resamples, seed));
        let with = |of: &dyn Fn(&Indices) -> &Vec<f64>| {
            let interval = |(j, value): (usize, &f64)| Index::of(*value, &drawn.iter().map(|d| of(d)[j]).collect::<Vec<_>>());
            of(&found).iter().enumerate().map(interval).collect::<Vec<Index>>()
        };
        Ok(Intervals { first: with(&|i| &i.first), total: with(&|i| &i.total), second: with(&|i| &i.second) })
    }
}

/// Sums over rows are all that indices need; a resample weights the rows by how often it holds them.
#[derive(Clone, Debug)]
pub struct Terms {
    rows: usize,
    groups: usize,
    pairs: bool,
    /// `[term][row]`: a + b, a² + b², then by group the terms of first, total, and by pair those of second order.
    columns: Vec<Vec<f64>>,
}

impl Terms {
    /// Indices of all rows.
    pub fn indices(&self) -> Indices {
        self.of_sums(&self.columns.iter().map(|c| c.iter().sum()).collect::<Vec<f64>>())
    }

    /// Indices of rows drawn with replacement, as many as there are; resample `r` is a function of (seed, r) and the number of rows alone.
    pub fn resampled(&self, resamples: u32, seed: u64) -> Vec<Indices> {
        let mut found = Vec::with_capacity(resamples as usize);
        let mut weights = vec![0.0; self.rows * LANES];
        for start in (0..resamples).step_by(LANES) {
            weights.fill(0.0);
            for lane in 0..LANES {
                draw_rows(seed, start + lane as u32, self.rows, |row| weights[row * LANES + lane] += 1.0);
            }
            let mut sums = vec![0.0; self.columns.len() * LANES];
            for (column, sums) in self.columns.iter().zip(sums.chunks_exact_mut(LANES)) {
                weighted(sums, column, &weights);
            }
            for lane in 0..LANES.min((resamples - start) as usize) {
                found.push(self.of_sums(&sums.iter().skip(lane).step_by(LANES).copied().collect::<Vec<f64>>()));
            }
        }
        found
    }

    fn of_sums(&self, sums: &[f64]) -> Indices {
        let n = self.rows as f64;
        let centre = sums[0] / (2.0 * n);
        let variance = sums[1] / (2.0 * n) - centre * centre;
        let share = |at: usize| sums[at] / n / variance;
        let first: Vec<f64> = (0..self.groups).map(|j| share(2 + j)).collect();
        let total = (0..self.groups).map(|j| share(2 + self.groups + j)).collect();
        let mut second = Vec::new();
        if self.pairs {
            let mut at = 2 + 2 * self.groups;
            for j in 0..self.groups {
                for k in j + 1..self.groups {
                    second.push(share(at) - first[j] - first[k]);
                    at += 1;
                }
            }
        }
        Indices { first, total, second }
    }
}

/// Hands out `rows` row numbers drawn with replacement.
pub(crate) fn draw_rows(seed: u64, resample: u32, rows: usize, mut take: impl FnMut(usize)) {
    let mut stream = Stream::new(Key::new(seed, resample, 0), hash64("bootstrap.rows"), 0, 0);
    for _ in 0..rows {
        take(below(&mut stream, rows as u64) as usize);
    }
}

oxus_math::dispatch! {
    /// `sums[lane] += values[row] * weights[row][lane]`.
    fn weighted(sums: &mut [f64], values: &[f64], weights: &[f64]) {
        let mut total = [0.0; LANES];
        for (value, weights) in values.iter().zip(weights.chunks_exact(LANES)) {
            for (total, weight) in total.iter_mut().zip(weights) {
                *total += value * weight;
            }
        }
        sums.copy_from_slice(&total);
    }
}
