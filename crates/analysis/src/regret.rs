//! Regret: what a policy loses against the best policy for the same state of the world (Savage 1951, J. Am. Stat. Assoc. 46).

use crate::paired::{Cluster, Paired};
use crate::sketch::Sketch;

/// Losses of several policies in one world, by draw; memory does not grow with the number of draws.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    levels: Vec<Paired>,
    by_draw: Vec<Paired>,
    regrets: Vec<Sketch>,
    most: Vec<f64>,
    best: Vec<f64>,
    draws: u64,
}

/// Regret of one policy in one world when the draw is known before choosing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByDraw {
    /// Mean over draws.
    pub mean: f64,
    /// Half-width of its 95 % Monte Carlo interval.
    pub monte_carlo: f64,
    /// 90 % quantile over draws.
    pub high: f64,
    /// Largest over draws.
    pub most: f64,
    /// Share of the draws in which no policy loses less; a draw with several best policies is shared among them.
    pub best: f64,
}

impl Losses {
    /// No losses yet, of so many policies.
    pub fn new(policies: usize) -> Self {
        Self {
            levels: vec![Paired::default(); policies],
            by_draw: vec![Paired::default(); policies],
            regrets: vec![Sketch::default(); policies],
            most: vec![0.0; policies],
            best: vec![0.0; policies],
            draws: 0,
        }
    }

    /// Adds one draw: the losses of each policy on the same members.
    pub fn add(&mut self, losses: &[Vec<f64>]) {
        let count = losses.first().map_or(0, Vec::len);
        if count == 0 {
            return;
        }
        let means: Vec<f64> = losses.iter().map(|l| l.iter().sum::<f64>() / count as f64).collect();
        let least = means.iter().copied().fold(f64::INFINITY, f64::min);
        let sharing = means.iter().filter(|m| **m == least).count() as f64;
        for (p, (mean, members)) in means.iter().zip(losses).enumerate() {
            let regret = mean - least;
            self.levels[p].add(&Cluster { members: members.iter().map(|&loss| (0.0, loss)).collect() });
            // the regret of a draw weighs as many members as the draw has
            self.by_draw[p].add(&Cluster { members: vec![(0.0, regret); count] });
            self.regrets[p].add(regret);
            self.most[p] = self.most[p].max(regret);
            self.best[p] += if regret == 0.0 { 1.0 / sharing } else { 0.0 };
        }
        self.draws += 1;
    }

    /// Mean loss of every policy; `None` without draws.
    pub fn means(&self) -> Option<Vec<f64>> {
        self.levels.iter().map(|l| l.summary().map(|s| s.scenario)).collect()
    }

    /// The policy of least mean loss, the first of several; `None` without draws.
    pub fn best(&self) -> Option<usize> {
        let means = self.means()?;
        (0..means.len()).min_by(|&a, &b| means[a].total_cmp(&means[b]))
    }

    /// Regret of a policy by draw; `None` without draws.
    pub fn by_draw(&self, policy: usize) -> Option<ByDraw> {
        let summary = self.by_draw.get(policy)?.summary()?;
        Some(ByDraw {
            mean: summary.difference,
            monte_carlo: summary.monte_carlo,
            high: self.regrets[policy].quantile(0.9)?,
            most: self.most[policy],
            best: self.best[policy] / self.draws as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Losses;

    /// Three policies over two draws of two members, by hand.
    #[test]
    fn regret_is_the_loss_beyond_the_best_of_the_same_draw() {
        let mut losses = Losses::new(3);
        losses.add(&[vec![4.0, 6.0], vec![1.0, 3.0], vec![2.0, 2.0]]);
        losses.add(&[vec![0.0, 2.0], vec![5.0, 5.0], vec![4.0, 2.0]]);
        // means of draws: 5, 2, 2 and 1, 5, 3; least: 2 and 1
        assert_eq!(losses.means(), Some(vec![3.0, 3.5, 2.5]));
        assert_eq!(losses.best(), Some(2));
        let of = |p| losses.by_draw(p).expect("draws");
        assert_eq!((of(0).mean, of(1).mean, of(2).mean), (1.5, 2.0, 1.0));
        assert_eq!((of(0).most, of(1).most, of(2).most), (3.0, 4.0, 2.0));
        // the first draw is shared by the second and the third policy
        assert_eq!((of(0).best, of(1).best, of(2).best), (0.5, 0.25, 0.25));
        // two draws of regrets 3 and 0: standard error 1.5
        assert!((of(0).monte_carlo - 1.959_963_984_540_054 * 1.5).abs() < 1e-12);
    }

    #[test]
    fn without_draws_there_is_no_regret() {
        let mut losses = Losses::new(2);
        losses.add(&[Vec::new(), Vec::new()]);
        assert_eq!((losses.means(), losses.best(), losses.by_draw(0)), (None, None, None));
    }
}
