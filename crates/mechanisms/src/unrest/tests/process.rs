//! The process: totals, limits, pairing, knock-outs, failures.

use std::collections::BTreeSet;

use oxus_kernel::{Event, LANES, Op, Target};
use oxus_numerics::linear::solve_general;
use oxus_random::Key;

use super::*;

const COUNTS: [&str; 4] = ["unrest.protests", "unrest.communal", "unrest.attacks", "unrest.foreign_attacks"];
const RATES: [f64; 4] = [6.0, 2.0, 4.0, 1.0];

fn keys(seed: u64) -> [Key; LANES] {
    std::array::from_fn(|lane| Key::new(seed, 7, lane as u32))
}

/// Mean and variance over lanes and seeds of the number of events of each kind in a run.
fn moments(offspring: [[f64; 4]; 4], months: usize, seeds: u64) -> [(f64, f64); 4] {
    let mut samples: [Vec<f64>; 4] = Default::default();
    for seed in 0..seeds {
        let (paths, run) = pure(harness(months, offspring)).seed(seed).run(&COUNTS);
        assert!(run.failures.iter().all(Option::is_none));
        for (kind, path) in paths.iter().enumerate() {
            for lane in 0..LANES {
                samples[kind].push(path.iter().flatten().map(|cell| cell[lane]).sum());
            }
        }
    }
    samples.map(|s| {
        let n = s.len() as f64;
        let mean = s.iter().sum::<f64>() / n;
        (mean, s.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0))
    })
}

#[test]
fn without_offspring_counts_are_poisson() {
    let (months, seeds) = (240, 40);
    for ((mean, variance), rate) in moments([[0.0; 4]; 4], months, seeds).into_iter().zip(RATES) {
        let expected = 2.0 * rate * months as f64 / 12.0; // two states
        let n = (seeds * LANES as u64) as f64;
        // four standard errors: of a Poisson mean, and of the variance of a nearly normal count
        assert!((mean - expected).abs() < 4.0 * (expected / n).sqrt(), "mean {mean} against {expected}");
        assert!((variance / expected - 1.0).abs() < 4.0 * (2.0 / n).sqrt() + 0.02, "variance {variance} against {expected}");
    }
}

#[test]
fn totals_are_those_of_the_branching_matrix() {
    let (months, seeds) = (600, 40);
    let strong = [[0.4, 0.2, 0.05, 0.1], [0.05, 0.4, 0.02, 0.05], [0.05, 0.1, 0.4, 0.2], [0.02, 0.05, 0.05, 0.3]];
    for offspring in [OFFSPRING, strong] {
        let mut expected: Vec<f64> = (0..4).map(|k| 2.0 * RATES[k] * (1.0 - offspring[k][k]) * months as f64 / 12.0).collect();
        let mut matrix: Vec<f64> = (0..4).flat_map(|i| (0..4).map(move |j| f64::from(u8::from(i == j)) - offspring[i][j])).collect();
        solve_general(&mut matrix, &mut expected).expect("regular");
        for ((mean, variance), expected) in moments(offspring, months, seeds).into_iter().zip(expected) {
            // four standard errors of the sample, and what falls behind the horizon: at most a month of offspring in 600
            let error = 4.0 * (variance / (seeds * LANES as u64) as f64).sqrt() + 0.002 * expected;
            assert!((mean - expected).abs() < error, "{mean} against {expected} (error {error})");
        }
    }
}

#[test]
fn silencing_an_event_removes_exactly_its_descendants() {
    let base = by_hand(240, keys(1), Vec::new());
    let mut removed = 0;
    for lane in 0..LANES {
        let events = &base.events[lane];
        let root = events.iter().find(|e| events.iter().any(|c| c.parent == Some(e.id))).expect("an event with offspring");
        let mut gone = BTreeSet::from([root.id]);
        loop {
            let more: Vec<u64> =
                events.iter().filter(|e| e.parent.is_some_and(|p| gone.contains(&p)) && !gone.contains(&e.id)).map(|e| e.id).collect();
            if more.is_empty() {
                break;
            }
            gone.extend(more);
        }
        removed += gone.len();
        let kept: Vec<_> = events.iter().filter(|e| !gone.contains(&e.id)).map(fingerprint).collect();
        let without = by_hand(240, keys(1), vec![root.id]);
        assert_eq!(kept, without.events[lane].iter().map(fingerprint).collect::<Vec<_>>());
    }
    assert!(removed > LANES, "descendants were removed, not only the events themselves");
}

#[test]
fn lanes_do_not_know_their_order() {
    let straight = by_hand(120, keys(3), Vec::new());
    let mut turned = keys(3);
    turned.reverse();
    let turned = by_hand(120, turned, Vec::new());
    for lane in 0..LANES {
        let events = |run: &Run, lane: usize| run.events[lane].iter().map(fingerprint).collect::<Vec<_>>();
        assert_eq!(events(&straight, lane), events(&turned, LANES - 1 - lane));
        assert!(!straight.events[lane].is_empty());
    }
}

fn immigrants(run: &Run, lane: usize, places: &[u32]) -> Vec<(u64, u32, u64, u64)> {
    run.events[lane].iter().filter(|e: &&Event| e.parent.is_none() && places.contains(&e.entity)).map(fingerprint).collect()
}

#[test]
fn a_shift_in_one_province_leaves_the_immigrants_of_the_others() {
    let months = 132;
    let shift = add("unrest.protest.log_rate", &["p"], 0.8, 0, months);
    let (base, more) = (pure(harness(months, OFFSPRING)).run(&[]).1, pure(harness(months, OFFSPRING)).patch(shift.clone()).run(&[]).1);
    for lane in 0..LANES {
        assert_eq!(immigrants(&base, lane, &[1, 2, 3, 4]), immigrants(&more, lane, &[1, 2, 3, 4]));
        let (few, many) = (immigrants(&base, lane, &[0]), immigrants(&more, lane, &[0]));
        assert!(few.iter().all(|e| many.contains(e)), "a higher rate only adds");
    }
    // with fear and grievance at work the other state is still untouched as long as no offspring has crossed the border
    let local = |h: Harness| h.parameter("unrest.spread_border", 0.0).parameter("unrest.spread_kin", 0.0);
    let (base, more) = (local(harness(months, OFFSPRING)).run(&[]).1, local(harness(months, OFFSPRING)).patch(shift).run(&[]).1);
    for lane in 0..LANES {
        assert_eq!(immigrants(&base, lane, &[2, 3, 4]), immigrants(&more, lane, &[2, 3, 4]));
    }
}

#[test]
fn muted_kinds_have_no_event_and_no_offspring() {
    let months = 120;
    for (kind, port) in ["unrest.protest", "unrest.communal_violence", "unrest.attack", "unrest.foreign_attack"].iter().zip(COUNTS) {
        let mute = patch(Target::Event((*kind).into()), Op::Off, &[], 1.0, 0, months);
        let (paths, run) = harness(months, OFFSPRING).patch(mute).run(&[port]);
        assert!(paths[0].iter().flatten().flatten().all(|n| *n == 0.0), "{kind}");
        let ids: BTreeSet<u64> = run.events.iter().flatten().map(|e| e.id).collect();
        assert!(run.events.iter().flatten().all(|e| e.parent.is_none_or(|p| ids.contains(&p))), "every parent has happened");
    }
}

#[test]
fn an_imposed_event_happens_everywhere_and_has_offspring() {
    let months = 24;
    let once = |kind: &str, size: f64| {
        let mut p = patch(Target::Event(kind.into()), Op::Add, &["q"], size, 6, months);
        p.schedule = Schedule::constant(size, 6, 6, months);
        p
    };
    let (base, _) = pure(harness(months, OFFSPRING)).run(&["unrest.attacks", "unrest.deaths_armed"]);
    let (shock, run) = pure(harness(months, OFFSPRING)).patch(once("unrest.attack", 80.0)).run(&["unrest.attacks", "unrest.deaths_armed"]);
    let mut children = 0;
    for lane in 0..LANES {
        assert!(shock[0][6][1][lane] >= base[0][6][1][lane] + 1.0 && shock[1][6][0][lane] >= base[1][6][0][lane] + 80.0);
        let event = run.events[lane].iter().find(|e| e.size == 80.0 && e.margin.is_infinite() && e.parent.is_none()).expect("the imposed event");
        children += run.events[lane].iter().filter(|e| e.parent == Some(event.id)).count();
    }
    assert!(children > 0);
    // a large crowd is a revolt once, and not again while the unrest lasts
    let (paths, _) = pure(harness(months, [[0.0; 4]; 4])).patch(once("unrest.protest", 20_000.0)).run(&["unrest.revolt"]);
    assert!((0..LANES).filter(|&lane| paths[0][6][0][lane] == 1.0).count() >= LANES - 2, "unless one was on already");
}

#[test]
fn explosive_members_fail_at_once_with_a_code() {
    let run = harness(24, [[0.3; 4]; 4]).run(&[]).1;
    for failure in run.failures {
        let failure = failure.expect("fails");
        assert_eq!((failure.code, failure.month, failure.place.as_str()), ("M001", 0, "unrest"));
    }
    // a column that sums to more than one is no explosion by itself
    let lopsided = [[0.1, 0.9, 0.0, 0.0], [0.0, 0.2, 0.0, 0.0], [0.0, 0.0, 0.1, 0.0], [0.0, 0.0, 0.0, 0.1]];
    assert!(harness(24, lopsided).run(&[]).1.failures.iter().all(Option::is_none));
}
