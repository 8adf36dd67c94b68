//! Baselines on series whose right answer is known.

use oxus_random::{Key, Stream};

use super::super::baselines::{Baseline, Candidate, best_of_events, choose, climatology_of_events, scale};

const FREE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

fn mean(x: &[f64]) -> f64 {
    x.iter().sum::<f64>() / x.len() as f64
}

fn walk(n: usize, slope: f64, drift: f64, seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(Key::new(seed, 0, 0), 1, 0, 0);
    let mut x = 0.0;
    (0..n)
        .map(|_| {
            x = slope * x + drift + stream.normal();
            x
        })
        .collect()
}

#[test]
fn means_and_spreads_are_the_stated_ones() {
    let past = [1.0, 2.0, 4.0, 7.0];
    let members = |b: Baseline, h| b.members(&past, h, FREE).unwrap();
    assert_eq!(mean(&members(Baseline::LastValue, 4)), 7.0);
    assert_eq!(members(Baseline::LastValue, 4)[..2], [9.0, 5.0]);
    assert_eq!(members(Baseline::Climatology, 3), past);
    assert_eq!(mean(&members(Baseline::Drift, 3)), 13.0);
    let clamped = Baseline::LastValue.members(&past, 4, (0.0, 8.0)).unwrap();
    assert!(clamped.iter().all(|x| (0.0..=8.0).contains(x)));
    assert!(Baseline::Ar1.members(&past[..3], 1, FREE).is_err() && Baseline::Ar1.members(&past, 0, FREE).is_err());
}

#[test]
fn autoregression_recovers_its_coefficients() {
    // 4,000 steps: the error of the slope is about 0.013; variance ahead (1 - 0.6^2h) / (1 - 0.36)
    let past = walk(4_000, 0.6, 0.0, 1);
    let members = Baseline::Ar1.members(&past, 3, FREE).unwrap();
    let variance = members.iter().map(|x| (x - mean(&members)) * (x - mean(&members))).sum::<f64>() / members.len() as f64;
    let expected = (1.0 - 0.6_f64.powi(6)) / (1.0 - 0.36);
    assert!((variance / expected - 1.0).abs() < 0.1, "{variance} {expected}");
    assert!((mean(&members) - 0.216 * past[3_999]).abs() < 0.15);
    // a constant series stays where it is
    assert!(Baseline::Ar1.members(&[2.0; 6], 5, FREE).unwrap().iter().all(|x| *x == 2.0));
}

#[test]
fn the_right_baseline_is_chosen() {
    let chosen = |slope: f64, drift: f64| {
        let pasts: Vec<Vec<f64>> = (0..8).map(|s| walk(60, slope, drift, s)).collect();
        let views: Vec<&[f64]> = pasts.iter().map(Vec::as_slice).collect();
        choose(&views, 3, FREE).unwrap().0.baseline
    };
    assert_eq!(chosen(1.0, 2.0), Baseline::Drift);
    // an autoregression without slope is the climatology with a normal shape
    assert!(matches!(chosen(0.0, 0.0), Baseline::Climatology | Baseline::Ar1));
    assert_eq!(chosen(0.8, 0.0), Baseline::Ar1);
    // the slope of a walk is estimated a little below 1, so that both of these may win by a hair
    assert!(matches!(chosen(1.0, 0.0), Baseline::LastValue | Baseline::Ar1));
}

#[test]
fn after_a_break_the_recent_past_is_chosen() {
    // twenty years of jumps by a thousand, then twenty around ten: only the last years tell of what follows
    let mut stream = Stream::new(Key::new(4, 0, 0), 1, 0, 0);
    let past: Vec<f64> = (0..40).map(|t| if t < 20 { 1_000.0 * stream.normal() } else { 10.0 + stream.normal() }).collect();
    assert!(choose(&[&past], 1, FREE).unwrap().0.recent);
    let members = Candidate { baseline: Baseline::Climatology, recent: true }.members(&past, 1, FREE).unwrap();
    assert_eq!(members, past[35..]);
    assert_eq!(Candidate::ALL.map(Candidate::name)[7], "AR(1) of 5 years");
}

#[test]
fn nothing_to_choose_from_leaves_the_last_value() {
    assert_eq!(choose(&[&[1.0, 2.0, 3.0]], 2, FREE).unwrap(), (Candidate { baseline: Baseline::LastValue, recent: false }, None));
    assert_eq!(choose(&[&[1.0; 20]], 2, FREE).unwrap(), (Candidate { baseline: Baseline::LastValue, recent: false }, None));
    assert_eq!(scale(&[1.0, 3.0, 2.0]), Some(1.5));
    assert_eq!(scale(&[1.0]), None);
    // of the last ten years alone
    assert_eq!(scale(&[&[500.0][..], &[1.0; 11]].concat()), None);
}

#[test]
fn events() {
    assert_eq!(climatology_of_events(&[true, false, false]), 0.375);
    assert_eq!(climatology_of_events(&[]), 0.5);
    assert_eq!(best_of_events(&[vec![0.9, 0.9], vec![0.1, 0.2]], &[false, false]).unwrap(), 1);
    assert!(best_of_events(&[vec![0.9]], &[false, false]).is_err());
}
