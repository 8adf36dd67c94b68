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
    design: Design,
    values: Vec<Sketch>,
    paired: Vec<Paired>,
    clusters: Vec<Cluster>,
    open: Option<u32>,
    /// `[case][month][recorded cell]`.
    paths: Vec<Sketch>,
    recorded: usize,
    months: usize,
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
    pub fn new(cells: &[Cell], cases: usize, months: usize, recorded: usize, design: Design) -> Self {
        Self {
            cells: cells.len(),
            cases,
            design,
            values: vec![Sketch::default(); cases * cells.len()],
            paired: vec![Paired::default(); cases * cells.len()],
            clusters: vec![Cluster::default(); cases * cells.len()],
            open: None,
            paths: vec![Sketch::default(); cases * recorded * months],
            recorded,
            months,
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
        }
        for (whole, part) in self.paths.iter_mut().zip(&chunk.sketches) {
            whole.merge(part);
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

    /// Quantiles of a recorded cell in a month of a case.
    pub fn path(&self, case: usize, cell: usize, month: usize) -> [f64; 7] {
        let sketch = &self.paths[(case * self.months + month) * self.recorded + cell];
        QUANTILES.map(|p| sketch.quantile(p).unwrap_or(f64::NAN))
    }

    /// Share of members lost.
    pub fn lost_share(&self) -> f64 {
        let all = self.members + self.lost_members;
        if all == 0 { 0.0 } else { self.lost_members as f64 / all as f64 }
    }
}
