//! Paired differences of two cases over the same members, clustered by draw.

use crate::sketch::Sketch;

/// Values of both cases on the members of one draw that succeeded in all cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// (baseline, scenario) of each member.
    pub members: Vec<(f64, f64)>,
}

/// Streaming sums over draws; memory does not grow with their number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paired {
    draws: u64,
    members: u64,
    sums: [f64; 2],
    squares: [f64; 2],
    difference: f64,
    difference_square: f64,
    /// Over draws: sum of n, of n d, of n^2, n^2 d, n^2 d^2, with d the draw's mean difference, for the cluster-robust error of a ratio.
    cluster: [f64; 4],
    spread: Sketch,
    signs: [u64; 3],
}

/// What a table shows of a pair of cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedSummary {
    /// Members compared.
    pub members: u64,
    /// Draws they belong to.
    pub draws: u64,
    /// Mean of the baseline.
    pub baseline: f64,
    /// Mean of the scenario.
    pub scenario: f64,
    /// Mean difference, scenario minus baseline.
    pub difference: f64,
    /// Monte Carlo: half-width of the 95 % interval of the mean difference, clustered by draw; NaN with fewer than two draws.
    pub monte_carlo: f64,
    /// Spread: 10 % and 90 % quantiles of the draw-level mean differences.
    pub spread: (f64, f64),
    /// Runs saved: variance of the difference had the cases been independent, over that of the paired difference. Infinite when every
    /// member has the same difference.
    pub runs_saved: f64,
    /// Of the draws with a difference, the share on the majority's side; NaN without any.
    pub sign_agreement: f64,
}

impl Paired {
    /// Adds one draw. Draws must come in index order for equal bits.
    pub fn add(&mut self, cluster: &Cluster) {
        let n = cluster.members.len() as f64;
        if cluster.members.is_empty() {
            return;
        }
        let mut total = 0.0;
        for &(a, b) in &cluster.members {
            self.sums[0] += a;
            self.sums[1] += b;
            self.squares[0] += a * a;
            self.squares[1] += b * b;
            let d = b - a;
            self.difference += d;
            self.difference_square += d * d;
            total += d;
        }
        self.draws += 1;
        self.members += cluster.members.len() as u64;
        for (sum, x) in self.cluster.iter_mut().zip([n * n, n * total, total * total, n]) {
            *sum += x;
        }
        let mean = total / n;
        self.spread.add(mean);
        let side = if mean > 0.0 {
            0
        } else if mean < 0.0 {
            1
        } else {
            2
        };
        self.signs[side] += 1;
    }

    /// Draws whose mean difference is not zero.
    pub fn moved(&self) -> u64 {
        self.signs[0] + self.signs[1]
    }

    /// The summary, `None` without members.
    pub fn summary(&self) -> Option<PairedSummary> {
        if self.members == 0 {
            return None;
        }
        let n = self.members as f64;
        let mean = self.difference / n;
        let [nn, nt, tt, _] = self.cluster;
        // sum over draws of (total - n mean)^2, the residual of a ratio estimator (Cochran 1977, chapter 9)
        let residual = tt - 2.0 * mean * nt + mean * mean * nn;
        let draws = self.draws as f64;
        let error = if self.draws > 1 { (residual.max(0.0) * draws / (draws - 1.0)).sqrt() / n } else { f64::NAN };
        let variance = |sum: f64, square: f64| (square / n - (sum / n) * (sum / n)).max(0.0);
        let independent = variance(self.sums[0], self.squares[0]) + variance(self.sums[1], self.squares[1]);
        let paired = variance(self.difference, self.difference_square);
        let sided = self.signs[0] + self.signs[1];
        Some(PairedSummary {
            members: self.members,
            draws: self.draws,
            baseline: self.sums[0] / n,
            scenario: self.sums[1] / n,
            difference: mean,
            monte_carlo: 1.959_963_984_540_054 * error,
            spread: (self.spread.quantile(0.1).unwrap_or(f64::NAN), self.spread.quantile(0.9).unwrap_or(f64::NAN)),
            runs_saved: if independent == 0.0 { 1.0 } else { independent / paired },
            sign_agreement: self.signs[0].max(self.signs[1]) as f64 / sided as f64,
        })
    }

    /// Ceiling of the runs that pairing can save for a binary outcome: `(p0 q0 + p1 q1) / (d (1 - d))`, `d = |p1 - p0|`.
    pub fn binary_ceiling(p0: f64, p1: f64) -> f64 {
        let d = (p1 - p0).abs();
        (p0 * (1.0 - p0) + p1 * (1.0 - p1)) / (d * (1.0 - d))
    }
}
