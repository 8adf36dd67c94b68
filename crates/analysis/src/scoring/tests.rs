//! Agreement with `tests/reference/scoring`, closed forms, and refusals.

mod baselines;
mod reference;

use oxus_random::{Key, Stream};

use super::*;

fn uniforms(n: usize, name: u64) -> Vec<f64> {
    let mut stream = Stream::new(Key::new(7, 0, 0), name, 0, 0);
    (0..n).map(|_| stream.uniform()).collect()
}

#[test]
fn the_truth_scores_best_on_average() {
    // members from the truth, from a shifted one, from one too wide: 4,000 observations; proper scores must order them
    let mut stream = Stream::new(Key::new(1, 0, 0), 1, 0, 0);
    let mut draw = |n: usize, mean: f64, sd: f64| (0..n).map(|_| mean + sd * stream.normal()).collect::<Vec<_>>();
    let observed = draw(4_000, 0.0, 1.0);
    let ensembles = [draw(60, 0.0, 1.0), draw(60, 1.0, 1.0), draw(60, 0.0, 3.0)];
    for score in [crps, crps_fair, dawid_sebastiani] {
        let mean = |e: &[f64]| observed.iter().map(|y| score(e, *y).unwrap()).sum::<f64>();
        assert!(mean(&ensembles[0]) < mean(&ensembles[1]) && mean(&ensembles[0]) < mean(&ensembles[2]));
    }
}

#[test]
fn fair_score_does_not_depend_on_the_number_of_members() {
    // expectation of the fair CRPS of two members and of forty from the same normal: 4,000 pairs, four standard errors of 0.02
    let mut stream = Stream::new(Key::new(2, 0, 0), 1, 0, 0);
    let mut mean = |n: usize| {
        let total: f64 = (0..4_000)
            .map(|_| {
                let list: Vec<f64> = (0..=n).map(|_| stream.normal()).collect();
                crps_fair(&list[1..], list[0]).unwrap()
            })
            .sum();
        total / 4_000.0
    };
    assert!((mean(2) - mean(40)).abs() < 0.08);
}

#[test]
fn weights_of_one_are_no_weights_and_order_does_not_matter() {
    let members = uniforms(31, 3);
    let backwards: Vec<f64> = members.iter().rev().copied().collect();
    let plain = crps(&members, 0.4).unwrap();
    let weighted = Weighted { members: &backwards, weights: &[2.5; 31] }.crps(0.4).unwrap();
    // thirty-one terms of size 1, each rounded a few times
    assert!((plain - weighted).abs() < 1e-14);
    assert!((plain - crps(&backwards, 0.4).unwrap()).abs() < 1e-15);
    let everywhere = crps_threshold_weighted(&members, 0.4, (f64::NEG_INFINITY, f64::INFINITY)).unwrap();
    assert!((plain - everywhere).abs() < 1e-15);
}

#[test]
fn one_member_is_the_absolute_error() {
    assert_eq!(crps(&[3.0], 5.0).unwrap(), 2.0);
    assert!(crps_fair(&[3.0], 5.0).is_err());
    assert!(dawid_sebastiani(&[3.0, 3.0], 5.0).is_err());
}

#[test]
fn transform_of_a_calibrated_count_is_flat_when_randomised_or_spread() {
    // counts 0 to 3 with equal chance: 20,000 observations in eight bins; standard error of a bin's share is 0.0023
    let members: Vec<f64> = (0..4).map(f64::from).collect();
    let (observed, u) = (uniforms(20_000, 4), uniforms(20_000, 5));
    let (mut spread, mut randomised) = ([0.0; 8], [0.0; 8]);
    for (y, u) in observed.iter().zip(&u) {
        let pit = Pit::of(&members, (y * 4.0).floor()).unwrap();
        for (total, part) in spread.iter_mut().zip(pit.spread(8)) {
            *total += part;
        }
        randomised[((pit.randomised(*u) * 8.0) as usize).min(7)] += 1.0;
    }
    for share in spread.iter().chain(&randomised).map(|n| n / 20_000.0) {
        assert!((share - 0.125).abs() < 0.01, "{share}");
    }
    let whole: f64 = Pit { below: 0.3, up_to: 0.3 }.spread(10).iter().sum();
    assert_eq!(whole, 1.0);
    assert_eq!(Pit { below: 1.0, up_to: 1.0 }.spread(10)[9], 1.0);
}

#[test]
fn decomposition_adds_up_on_binned_probabilities() {
    let p: Vec<f64> = uniforms(500, 6).iter().map(|u| (u * 10.0).floor() / 10.0 + 0.05).collect();
    let y: Vec<bool> = uniforms(500, 7).iter().zip(&p).map(|(u, p)| u < p).collect();
    let parts = murphy(&reliability_bins(&p, &y, 10).unwrap()).unwrap();
    let mean = p.iter().zip(&y).map(|(p, y)| brier(*p, *y).unwrap()).sum::<f64>() / 500.0;
    // probabilities are those of their bins, so that only rounding is left
    assert!((parts.reliability - parts.resolution + parts.uncertainty - mean).abs() < 1e-13);
}

#[test]
fn ranks_of_ties_and_degenerate_cases() {
    assert_eq!(area_under_curve(&[0.5, 0.5, 0.5], &[true, false, true]).unwrap(), Some(0.5));
    assert_eq!(area_under_curve(&[0.1, 0.9], &[false, true]).unwrap(), Some(1.0));
    assert_eq!(area_under_curve(&[0.1, 0.9], &[true, true]).unwrap(), None);
    assert_eq!(log_score(0.0, true).unwrap(), f64::INFINITY);
    assert_eq!(log_score(0.0, false).unwrap(), 0.0);
}

#[test]
fn interval_counts_its_ends() {
    assert!(covers((1.0, 2.0), 1.0) && covers((1.0, 2.0), 2.0) && !covers((1.0, 2.0), 2.1));
    assert_eq!(interval_score(1.0, 2.0, 0.2, 1.5).unwrap(), 1.0);
    assert_eq!(interval_score(1.0, 2.0, 0.2, 3.0).unwrap(), 11.0);
}

#[test]
fn blocks_widen_the_interval_where_a_country_fails_as_a_whole() {
    let together: Vec<Vec<f64>> = uniforms(12, 8).iter().map(|u| vec![u - 0.5; 25]).collect();
    let apart: Vec<Vec<f64>> = uniforms(300, 9).iter().map(|u| vec![u - 0.5]).collect();
    let width = |blocks: &[Vec<f64>]| {
        let (low, high) = block_bootstrap(blocks, 2_000, 1, "t").unwrap().interval.unwrap();
        high - low
    };
    assert!(width(&together) > 3.0 * width(&apart), "{} {}", width(&together), width(&apart));
}

#[test]
fn interval_of_few_blocks_covers_less_than_it_says() {
    // what the documentation states: five blocks, one normal value each, 600 experiments (standard error of the share 0.013)
    let mut stream = Stream::new(Key::new(3, 0, 0), 1, 0, 0);
    let mut held = 0;
    for experiment in 0..600 {
        let blocks: Vec<Vec<f64>> = (0..5).map(|_| vec![stream.normal()]).collect();
        let (low, high) = block_bootstrap(&blocks, 400, experiment, "t").unwrap().interval.unwrap();
        held += u32::from(low <= 0.0 && 0.0 <= high);
    }
    let share = f64::from(held) / 600.0;
    assert!((0.76..0.93).contains(&share), "{share}");
}

#[test]
fn bootstrap_is_keyed_and_refuses_nothing() {
    let blocks: Vec<Vec<f64>> = uniforms(6, 10).iter().map(|u| vec![*u, 2.0 * u]).collect();
    let first = block_bootstrap(&blocks, 500, 1, "a").unwrap();
    assert_eq!(first, block_bootstrap(&blocks, 500, 1, "a").unwrap());
    assert_ne!(first.interval, block_bootstrap(&blocks, 500, 2, "a").unwrap().interval);
    assert_eq!(block_bootstrap(&blocks[..3], 500, 1, "a").unwrap().interval, None);
    assert!(block_bootstrap(&[], 500, 1, "a").is_err());
    assert!(block_bootstrap(&[vec![f64::NAN]], 500, 1, "a").is_err());
}

#[test]
fn what_cannot_be_scored_is_refused() {
    assert!(crps(&[], 1.0).is_err());
    assert!(crps(&[1.0, f64::INFINITY], 1.0).is_err());
    assert!(Weighted { members: &[1.0, 2.0], weights: &[0.0, 0.0] }.crps(1.0).is_err());
    assert!(Weighted { members: &[1.0, 2.0], weights: &[1.0] }.crps(1.0).is_err());
    assert!(crps_normal(0.0, 0.0, 1.0).is_err());
    assert!(interval_score(2.0, 1.0, 0.1, 0.0).is_err());
    assert!(quantile_score(2.0, 1.0, 0.0).is_err());
    assert!(brier(1.2, true).is_err());
    assert!(ranked_probability(&[0.5, 0.4], 0).is_err());
    assert!(ranked_probability(&[0.5, 0.5], 2).is_err());
    assert!(energy_score(&[1.0, 2.0, 3.0], &[1.0, 2.0]).is_err());
    assert!(crps_threshold_weighted(&[1.0], 1.0, (2.0, 2.0)).is_err());
    assert!(reliability_bins(&[0.5], &[true], 0).is_err());
}
