//! What a table shows of a run: folded chunk by chunk, in index order, in memory that does not grow with the number of members.

use oxus_analysis::{Cluster, Paired, PairedSummary, Sketch};

use crate::ensemble::{Chunk, Design, Lost};
use crate::outcome::Cell;

/// Quantiles kept of every case.
pub const QUANTILES: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
/// Share of members lost past which a run fails.
pub const MOST_LOST: f64 = 0.001;
/// Failures that are kept one by one.
const LISTED: usize = 10_000;

/// Running summaries of all cells and cases.
pub struct Summary {
    cells: usize,
    cases: usize,
    months: usize,
    recorded: usize,
    design: Design,
    values: Vec<Sketch>,
    paired: Vec<Paired>,
    clusters: Vec<Cluster>,
    open: Option<u32>,
    paths: Vec<Sketch>,
    /// Recorded cells whose paths are sketched.
    charted: Vec<usize>,
    /// Members counted in.
    pub members: u64,
    /// Members lost.
    pub lost_members: u64,
    /// The first of them, with where and why.
    pub lost: Vec<Lost>,
}

/// One cell of the outcome table for one case against the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The pair of means, their difference and its intervals.
    pub paired: PairedSummary,
    /// Quantiles of the baseline ([`QUANTILES`]).
    pub baseline: [f64; 7],
    /// Quantiles of the case.
    pub case: [f64; 7],
}

impl Summary {
    /// An empty summary for `cases` cases (the first is the baseline).
    pub fn new(cells: &[Cell], cases: usize, months: usize, recorded: usize, charted: Vec<usize>, design: Design) -> Self {
        Self {
            cells: cells.len(),
            cases,
            months,
            recorded,
            design,
            values: vec![Sketch::default(); cases * cells.len()],
            paired: vec![Paired::default(); cases * cells.len()],
            clusters: vec![Cluster::default(); cases * cells.len()],
            open: None,
            paths: vec![Sketch::default(); cases * charted.len() * months],
            charted,
            members: 0,
            lost_members: 0,
            lost: Vec::new(),
        }
    }

    /// Adds a chunk; chunks must come in index order.
    pub fn add(&mut self, chunk: &Chunk) {
        self.lost.extend(chunk.lost.iter().take(LISTED.saturating_sub(self.lost.len())).cloned());
        for i in 0..chunk.members {
            let member = chunk.first + i;
            if chunk.is_lost(member) {
                self.lost_members += 1;
                continue;
            }
            self.members += 1;
            let draw = self.design.split(member).0;
            if self.open != Some(draw) {
                self.close();
                self.open = Some(draw);
            }
            let width = self.cases * self.cells;
            let values = &chunk.values[i as usize * width..][..width];
            for (k, &value) in values.iter().enumerate() {
                self.values[k].add(value);
                self.clusters[k].members.push((values[k % self.cells], value));
            }
            self.add_path(chunk, i as usize);
        }
    }

    fn add_path(&mut self, chunk: &Chunk, i: usize) {
        let width = self.months * self.recorded;
        for case in 0..self.cases {
            let path = &chunk.paths[(i * self.cases + case) * width..][..width];
            for (n, &cell) in self.charted.iter().enumerate() {
                for month in 0..self.months {
                    self.paths[(case * self.charted.len() + n) * self.months + month].add(f64::from(path[month * self.recorded + cell]));
                }
            }
        }
    }

    fn close(&mut self) {
        for (paired, cluster) in self.paired.iter_mut().zip(&mut self.clusters) {
            paired.add(cluster);
            cluster.members.clear();
        }
    }

    /// Ends the last draw.
    pub fn finish(&mut self) {
        self.close();
        self.open = None;
    }

    /// The row of a cell for a case; `None` without members.
    pub fn row(&self, case: usize, cell: usize) -> Option<Row> {
        let quantiles = |case: usize| QUANTILES.map(|p| self.values[case * self.cells + cell].quantile(p).unwrap_or(f64::NAN));
        let paired = self.paired[case * self.cells + cell].summary()?;
        Some(Row { paired, baseline: quantiles(0), case: quantiles(case) })
    }

    /// Quantiles of charted cell `n` in a month of a case.
    pub fn path(&self, case: usize, n: usize, month: usize) -> [f64; 7] {
        let sketch = &self.paths[(case * self.charted.len() + n) * self.months + month];
        QUANTILES.map(|p| sketch.quantile(p).unwrap_or(f64::NAN))
    }

    /// Recorded cells whose paths are sketched.
    pub fn charted(&self) -> &[usize] {
        &self.charted
    }

    /// Share of members lost.
    pub fn lost_share(&self) -> f64 {
        let all = self.members + self.lost_members;
        if all == 0 { 0.0 } else { self.lost_members as f64 / all as f64 }
    }
}
