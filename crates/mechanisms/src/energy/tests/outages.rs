//! Outages: long-run availability against the closed form, days across months, attacks, modifiers, pairing.

use oxus_kernel::{Event, KindId, LANES, Op, Patch, Schedule, Target};

use super::bench::{Network, calm, two_buyers, world};
use crate::energy::equations::availability;
use crate::harness::Harness;

fn failing(months: usize, networks: &[Network<'_>]) -> Harness {
    calm(world(months, networks), networks).parameter("energy.gas.failure_rate", 4.0).parameter("energy.gas.repair_days", 12.0)
}

fn patch(target: Target, entity: &str, op: Op, value: f64, months: std::ops::RangeInclusive<usize>, of: usize) -> Patch {
    Patch {
        origin: "test".to_owned(),
        target,
        entities: vec![entity.to_owned()],
        op,
        schedule: Schedule::constant(value, *months.start(), *months.end(), of),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

fn events(run: &oxus_kernel::Run, kind: KindId, lane: usize) -> Vec<Event> {
    run.events[lane].iter().filter(|e| e.kind == kind).copied().collect()
}

/// Mean of the started days of a log-normal: the sum over j of P(duration > j).
fn mean_days(median: f64, sigma: f64) -> f64 {
    (0..3650).map(|j| if j == 0 { 1.0 } else { 1.0 - oxus_math::normal_cdf(oxus_math::ln(f64::from(j) / median) / sigma) }).sum()
}

#[test]
fn long_run_availability_is_mu_over_lambda_plus_mu() {
    let networks = [two_buyers()];
    let months = 600;
    let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
    for seed in 0..12 {
        let (paths, _) = failing(months, &networks).seed(seed).run(&["energy.gas.available"]);
        for lane in 0..LANES {
            // edge 1 is 1000 km long; the first two years are left out, since the line starts in order
            let days: f64 = (24..months).map(|t| paths[0][t][1][lane]).sum::<f64>() / (months - 24) as f64;
            sum += days;
            squares += days * days;
            n += 1.0;
        }
    }
    let mean = sum / n;
    let error = ((squares / n - mean * mean) / (n - 1.0)).sqrt();
    let lambda = 4.0 * 12.0 / 365.2425 / 12.0;
    let expected = availability(lambda, mean_days(12.0, 0.8));
    // four standard errors of 96 independent members (about 0.0015 each), and a tenth of a per cent for months of unequal length,
    // whose daily rate differs by up to 8 % from the mean while each counts as one month in the average
    assert!((mean - expected).abs() < 4.0 * error + 1e-3, "{mean} against {expected}, standard error {error}");
    assert!((0.7..0.95).contains(&expected) && error < 0.005);
    // the continuous form of the oracle, mu / (lambda + mu), differs by the day that a line works at most
    let mu = 1.0 / mean_days(12.0, 0.8);
    assert!((expected - mu / (lambda + mu)).abs() < lambda);
}

#[test]
fn repairs_span_months_and_capacity_follows_days() {
    let networks = [two_buyers()];
    let months = 6;
    let hit = patch(Target::Event("energy.attack_outage".to_owned()), "south", Op::Add, 45.0, 1..=1, months);
    let bench = calm(world(months, &networks), &networks).patch(hit);
    let (paths, run) = bench.run(&["energy.gas.available", "energy.outage_days", "energy.gas.unmet_attack", "energy.gas.delivered"]);
    let kind = bench.model().kind("energy.attack_outage").unwrap();
    for lane in 0..LANES {
        let south: Vec<f64> = (0..months).map(|t| paths[0][t][3][lane]).collect();
        // 45 days from 1 February 2013: all 28 of February and 17 of March
        assert_eq!(south, [1.0, 0.0, 14.0 / 31.0, 1.0, 1.0, 1.0]);
        assert_eq!((paths[1][1][2][lane], paths[1][2][2][lane], paths[1][3][2][lane]), (28.0, 17.0, 0.0));
        assert!((paths[2][1][1][lane] - 1.0).abs() < 1e-9, "the whole month of the contract over the line");
        assert!((paths[3][2][1][lane] - 14.0 / 31.0).abs() < 1e-5, "the line was full, so volume follows days");
        let found = events(&run, kind, lane);
        assert_eq!((found.len(), found[0].size, found[0].margin), (1, 45.0, f64::INFINITY));
    }
}

#[test]
fn an_imposed_attack_takes_the_whole_section_and_its_id_is_shared() {
    let networks = [two_buyers()];
    let hit = patch(Target::Event("energy.attack_outage".to_owned()), "east", Op::Add, 10.0, 0..=0, 2);
    let (paths, run) = calm(world(2, &networks), &networks).patch(hit).run(&["energy.gas.available"]);
    let first: Vec<u64> = run.events[0].iter().map(|e| e.id).collect();
    for lane in 0..LANES {
        assert_eq!([1, 2].map(|e| paths[0][0][e][lane]), [21.0 / 31.0; 2]);
        assert_eq!(run.events[lane].iter().map(|e| e.id).collect::<Vec<_>>(), first);
    }
}

#[test]
fn shifts_of_rate_and_repair_act_with_their_sign() {
    let networks = [two_buyers()];
    let months = 240;
    let out = |patches: &[(&str, f64)]| {
        let mut bench = failing(months, &networks);
        for (name, value) in patches {
            bench = bench.patch(patch(Target::Variable((*name).to_owned()), "east", Op::Add, *value, 0..=months - 1, months));
        }
        let (paths, run) = bench.run(&["energy.outage_days"]);
        assert!(run.failures.iter().all(Option::is_none));
        (0..months).map(|t| paths[0][t][0].iter().sum::<f64>()).sum::<f64>()
    };
    let base = out(&[]);
    assert!(out(&[("energy.outage.log_rate", 0.7)]) > base);
    assert!(out(&[("energy.outage.log_rate", -0.7)]) < base);
    assert!(out(&[("energy.repair.log_time", -0.7)]) < base);
    assert!(out(&[("energy.repair.log_time", 0.7)]) > base);
}

#[test]
fn a_lower_rate_removes_events_and_moves_none() {
    let networks = [two_buyers()];
    let months = 120;
    let found = |shift: f64| {
        let bench = failing(months, &networks).parameter("energy.gas.repair_days", 0.5).parameter("energy.gas.repair_sigma", 0.01);
        let bench = bench.patch(patch(Target::Variable("energy.outage.log_rate".to_owned()), "east", Op::Add, shift, 0..=months - 1, months));
        bench.run(&["energy.winter"]).1.events
    };
    let (all, fewer) = (found(0.0), found(-1.0));
    for lane in 0..LANES {
        assert!(fewer[lane].len() < all[lane].len() && !fewer[lane].is_empty());
        for event in &fewer[lane] {
            // repairs take one day here, so an outage is hidden only by another of the same day: a line that is down cannot fail
            let same = |e: &Event| e.id == event.id && e.time == event.time;
            let hides = |e: &Event| e.entity == event.entity && (0.0..1.0 / 28.0).contains(&(event.time - e.time));
            assert!(all[lane].iter().any(|e| same(e) || hides(e)));
        }
    }
}

#[test]
fn muting_a_corridor_leaves_no_outage_there() {
    let networks = [two_buyers()];
    let months = 120;
    let mute = patch(Target::Event("energy.outage".to_owned()), "east", Op::Off, 1.0, 0..=months - 1, months);
    let (paths, _) = failing(months, &networks).patch(mute).run(&["energy.outage_days"]);
    assert!((0..months).all(|t| paths[0][t][0] == [0.0; LANES]));
    assert!((0..months).any(|t| paths[0][t][1] != [0.0; LANES]), "other corridors fail as before");
}

#[test]
fn the_way_back_of_a_line_fails_with_it() {
    let mut network = two_buyers();
    network.edges.push(("south-back", "market", "field", 12.0, 500.0, 5.0, "south", "P1"));
    let networks = [network];
    let (paths, _) = failing(240, &networks).run(&["energy.gas.available"]);
    assert!((0..240).all(|t| paths[0][t][3] == paths[0][t][4]));
    assert!((0..240).any(|t| paths[0][t][3] != [1.0; LANES]));
}

#[test]
fn the_same_key_gives_the_same_run() {
    let networks = [two_buyers()];
    let names = ["energy.gas.available", "energy.gas.delivered", "energy.revenue"];
    let run = |seed| failing(60, &networks).seed(seed).run(&names).0;
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}
