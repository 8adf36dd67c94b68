//! Which of several options is beaten by none: the Pareto front, and its regret.

/// Places of the options that no other option beats: none is at least as good everywhere and better somewhere. `options[k]` holds the gains of option
/// `k`, more is better; of equal options the first stays. Options with a gain that is not a number are left out. Quadratic in their number.
pub fn non_dominated(options: &[Vec<f64>]) -> Vec<usize> {
    let usable: Vec<usize> = (0..options.len()).filter(|&k| options[k].iter().all(|g| !g.is_nan())).collect();
    let beats = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(x, y)| x >= y) && a.iter().zip(b).any(|(x, y)| x > y);
    let stays = |&&k: &&usize| {
        usable.iter().all(|&other| other == k || !(beats(&options[other], &options[k]) || (options[other] == options[k] && other < k)))
    };
    usable.iter().filter(stays).copied().collect()
}

/// The largest regret of each option (Savage 1951): over all columns, how far its gain is below the best gain in that column. `options[k]` holds the
/// gains of option `k` under every state of the world (and on every objective, in units that compare), more is better.
pub fn largest_regret(options: &[Vec<f64>]) -> Vec<f64> {
    let columns = options.first().map_or(0, Vec::len);
    let best = |c: usize| options.iter().map(|o| o[c]).fold(f64::NEG_INFINITY, f64::max);
    let best: Vec<f64> = (0..columns).map(best).collect();
    options.iter().map(|o| o.iter().zip(&best).map(|(gain, best)| best - gain).fold(0.0, f64::max)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_beaten_leaves() {
        let options = [vec![1.0, 0.0], vec![0.0, 1.0], vec![0.0, 0.5], vec![1.0, 0.0], vec![f64::NAN, 9.0], vec![0.5, 0.5]];
        assert_eq!(non_dominated(&options), [0, 1, 5]);
        assert!(non_dominated(&[]).is_empty());
    }

    #[test]
    fn regret_is_against_the_best_in_each_column() {
        let options = [vec![3.0, 0.0], vec![2.0, 2.0], vec![0.0, 3.0]];
        assert_eq!(largest_regret(&options), [3.0, 1.0, 3.0]);
    }

    proptest! {
        #[test]
        fn every_option_is_on_the_front_or_beaten_from_it(options in prop::collection::vec(prop::collection::vec(0u8..5, 3), 1..20)) {
            let options: Vec<Vec<f64>> = options.iter().map(|o| o.iter().map(|&g| f64::from(g)).collect()).collect();
            let front = non_dominated(&options);
            prop_assert!(!front.is_empty());
            for option in &options {
                prop_assert!(front.iter().any(|&k| options[k].iter().zip(option).all(|(x, y)| x >= y)));
            }
        }
    }
}
