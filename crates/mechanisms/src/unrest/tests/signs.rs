//! Each direct effect moves what it should, the way it should.

use oxus_kernel::{Op, Target};
use proptest::prelude::*;

use super::*;

const MONTHS: usize = 120;

fn base() -> Harness {
    harness(MONTHS, OFFSPRING).parameter("unrest.local_protest_rate", 1.0).parameter("unrest.local_attack_rate", 1.0)
}

/// Total of `watch` with the patch over that without.
fn ratio(p: &Patch, watch: &str) -> f64 {
    total(|| base().patch(p.clone()), watch, 6) / total(base, watch, 6)
}

#[test]
fn log_rates_raise_their_kind() {
    for (kind, watch) in [("protest", "protests"), ("communal", "communal"), ("attack", "attacks"), ("foreign_attack", "foreign_attacks")] {
        let r = ratio(&add(&format!("unrest.{kind}.log_rate"), &[], 0.5, 0, MONTHS), &format!("unrest.{watch}"));
        // immigrants rise by exp(0.5) = 1.65; what other kinds send does not, fear takes some away
        assert!((1.3..2.1).contains(&r), "{kind}: {r}");
    }
}

#[test]
fn repression_deters_kills_and_embitters() {
    let more = add("regimes.repression", &[], 0.3, 1, MONTHS);
    assert!(ratio(&more, "unrest.protests_state") < 1.0, "fewer protests");
    assert!(ratio(&more, "unrest.grievance") > 1.0, "more grievance");
    let per_protest = ratio(&more, "unrest.deaths_state") / ratio(&more, "unrest.protests_state");
    assert!(per_protest > 1.0, "more dead for each protest: {per_protest}");
}

#[test]
fn answers_kill_more_when_shifted() {
    assert!(ratio(&add("unrest.lethality.log", &[], 0.5, 0, MONTHS), "unrest.deaths_state") > 1.1);
    assert!(ratio(&add("unrest.repression_response.logit", &[], 1.0, 0, MONTHS), "unrest.deaths_state") > 1.1);
}

#[test]
fn lethal_answers_deter_and_deaths_are_remembered() {
    let quiet =
        || base().parameter("unrest.deterrence_effect", 0.0).parameter("unrest.grievance_by_deaths", 0.0).parameter("unrest.lethal_protest", 0.3);
    let loud = total(quiet, "unrest.protests", 6);
    assert!(total(|| quiet().parameter("unrest.deterrence_effect", 1.0), "unrest.protests", 6) < 0.9 * loud);
    assert!(total(|| quiet().parameter("unrest.grievance_by_deaths", 0.4), "unrest.grievance", 6) > total(quiet, "unrest.grievance", 6));
}

#[test]
fn grievance_feeds_protest_and_clashes() {
    let more = add("unrest.grievance.target", &[], 0.4, 0, MONTHS);
    assert!(ratio(&more, "unrest.grievance") > 1.1 && ratio(&more, "unrest.protests") > 1.05 && ratio(&more, "unrest.communal") > 1.05);
}

#[test]
fn fighters_and_lost_ground_raise_attacks() {
    let more = patch(Target::Variable("insurgency.presence".into()), Op::Scale, &[], 3.0, 1, MONTHS);
    let less = add("contested_state.control", &[], -0.4, 1, MONTHS);
    for watch in ["unrest.attacks", "unrest.foreign_attacks", "unrest.deaths_armed"] {
        assert!(ratio(&more, watch) > 1.2 && ratio(&less, watch) > 1.2, "{watch}");
    }
    // the rest of a state outside the region follows its control as well
    let outside = || base().parameter("unrest.elsewhere_deaths", 1200.0);
    assert!(total(|| outside().patch(less.clone()), "unrest.deaths_armed", 2) > 1.3 * total(outside, "unrest.deaths_armed", 2));
}

#[test]
fn a_province_of_no_state_has_its_own_repression() {
    let more = patch(Target::Parameter("unrest.outside_repression".into()), Op::Set, &["x"], 1.0, 12, MONTHS);
    let (before, _) = base().run(&["unrest.grievance", "unrest.protests"]);
    let (after, _) = base().patch(more).run(&["unrest.grievance", "unrest.protests"]);
    let last = MONTHS - 1;
    for lane in 0..LANES {
        assert!(after[0][last][4][lane] > before[0][last][4][lane], "grievance of the province");
        assert!(before[0][11][4][lane] == after[0][11][4][lane], "not before");
    }
    assert!(before[1].iter().map(|m| m[4].iter().sum::<f64>()).sum::<f64>() > 0.0, "it has events of its own");
}

#[test]
fn unrest_spreads_to_the_neighbour() {
    // M009, M010, M127: more attacks next door, more attacks in the province of no state
    let more = add("unrest.attack.log_rate", &["r", "s"], 1.5, 0, MONTHS);
    let watch = |h: Harness, seed| h.seed(seed).run(&["unrest.attacks"]).0[0].iter().map(|m| m[4].iter().sum::<f64>()).sum::<f64>();
    let (few, many) = (0..6).fold((0.0, 0.0), |(a, b), s| (a + watch(base(), s), b + watch(base().patch(more.clone()), s)));
    assert!(many > few, "{many} against {few}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn members_stay_within_bounds(seed in 0_u64..1000, power in 0.1..0.5, own in 0.0..0.6, other in 0.0..0.1, sigma in 0.0..1.6, lethal in 0.01..0.9) {
        let matrix = std::array::from_fn(|i| std::array::from_fn(|j| if i == j { own } else { other }));
        let h = harness(132, matrix)
            .parameter("unrest.severity_power", power)
            .parameter("unrest.year_sigma", sigma)
            .parameter("unrest.lethal_protest", lethal)
            .seed(seed);
        let (paths, run) = h.run(&["unrest.grievance", "unrest.deaths", "unrest.deaths_state", "unrest.deaths_communal", "unrest.deaths_armed", "unrest.province_deaths"]);
        prop_assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
        prop_assert!(paths[0].iter().flatten().flatten().all(|g| (0.0..=1.0).contains(g)));
        for t in 0..132 {
            for lane in 0..LANES {
                for s in 0..2 {
                    prop_assert_eq!(paths[1][t][s][lane], paths[2][t][s][lane] + paths[3][t][s][lane] + paths[4][t][s][lane]);
                }
                // the dead of the states' provinces are those of the states
                let of_states: f64 = (0..2).map(|s| paths[1][t][s][lane]).sum();
                let of_provinces: f64 = (0..4).map(|p| paths[5][t][p][lane]).sum();
                prop_assert_eq!(of_states, of_provinces);
            }
        }
    }
}

#[test]
fn the_same_member_is_the_same_to_the_last_bit() {
    let watch = ["unrest.level", "unrest.deaths", "unrest.grievance", "unrest.participants"];
    let (a, b) = (base().seed(5).run(&watch), base().seed(5).run(&watch));
    assert_eq!(a.0, b.0);
    assert_ne!(a.0, base().seed(6).run(&watch).0);
}
