//! Rank correlation, to screen many inputs of a simulation before any is moved alone.

/// Spearman's rank correlation: Pearson's correlation of the ranks, ties at their mean rank. `None` for fewer than three pairs, or when one side
/// does not vary. Oracle: SciPy, `scipy.stats.spearmanr`.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() || x.len() < 3 {
        return None;
    }
    let (a, b) = (ranks(x), ranks(y));
    let mean = (x.len() as f64 + 1.0) / 2.0;
    let (mut cross, mut left, mut right) = (0.0, 0.0, 0.0);
    for (p, q) in a.iter().zip(&b) {
        let (p, q) = (p - mean, q - mean);
        cross += p * q;
        left += p * p;
        right += q * q;
    }
    (left > 0.0 && right > 0.0).then(|| cross / (left * right).sqrt())
}

/// Ranks from 1, ties at their mean.
pub fn ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
    let mut ranks = vec![0.0; x.len()];
    let mut from = 0;
    for tied in order.chunk_by(|&a, &b| x[a] == x[b]) {
        let rank = from as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&i| ranks[i] = rank);
        from += tied.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::{ranks, spearman};

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[2.0, 1.0, 2.0, 5.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn correlation_of_ranks() {
        assert_eq!(spearman(&[1.0, 2.0, 3.0, 4.0], &[1.0, 8.0, 27.0, 64.0]), Some(1.0));
        assert_eq!(spearman(&[1.0, 2.0, 3.0, 4.0], &[4.0, 3.0, 2.0, 1.0]), Some(-1.0));
        // scipy.stats.spearmanr([1, 2, 2, 3, 7], [5, 1, 4, 4, 2]).statistic, SciPy 1.15: ranks 1 2.5 2.5 4 5 and 5 1 3.5 3.5 2
        let found = spearman(&[1.0, 2.0, 2.0, 3.0, 7.0], &[5.0, 1.0, 4.0, 4.0, 2.0]).expect("pairs");
        // deviations -2 -.5 -.5 1 2 and 2 -2 .5 .5 -1: -4 + 1 - .25 + .5 - 2 = -4.75 over 9.5
        assert!((found + 0.5).abs() < 1e-15, "{found}");
        assert_eq!((spearman(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), spearman(&[1.0], &[1.0])), (None, None));
    }
}
