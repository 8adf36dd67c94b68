//! Closed forms, signs, properties and determinism of the mechanism.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_units::Month;
use proptest::prelude::*;

use super::DEFINITION;
use super::equations as eq;
use crate::harness::Harness;

const CENTRE: &[(&str, f64)] = &[
    ("organisations.crisis_deaths", 25.0),
    ("organisations.crisis_days", 20.0),
    ("organisations.window_days", 30.0),
    ("organisations.quiet_months", 3.0),
    ("organisations.act_mediator", 0.25),
    ("organisations.act_money", 0.45),
    ("organisations.act_people", 0.65),
    ("organisations.people_capacity", 0.4),
    ("organisations.adopt", 0.5),
    ("organisations.trust_weight", 0.6),
    ("organisations.cohesion_weight", 0.3),
    ("organisations.circumstance", 0.0),
    ("organisations.bargaining", 0.0),
    ("organisations.qualified", 0.667),
    ("organisations.capacity_speed", 1.0),
    ("organisations.mistrust_start", 0.65),
    ("organisations.mistrust_level", 0.65),
    ("organisations.mistrust_months", 36.0),
    ("organisations.inaction_loss", 0.1),
    ("organisations.action_gain", 0.1),
    ("organisations.bystander", 0.25),
    ("organisations.confidence_weight", 0.5),
    ("organisations.suspicion_weight", 0.3),
    ("organisations.fund_months", 24.0),
    ("organisations.decision_days", 1e-6),
    ("organisations.rule", -1.0),
    ("organisations.precedent_fear", 0.0),
    ("organisations.summit_month", 6.0),
    ("organisations.cohesion_start", 0.4),
    ("organisations.cohesion_level", 0.4),
    ("organisations.cohesion_months", 36.0),
    ("organisations.capacity_start", 0.2),
    ("organisations.capacity_level", 0.2),
    ("organisations.capacity_months", 48.0),
    ("organisations.boldness", 0.0),
    ("organisations.capability", 1.0),
    ("organisations.confidence_start", 0.45),
    ("organisations.confidence_level", 0.45),
    ("organisations.confidence_months", 36.0),
    ("organisation.weight", 0.0),
    ("organisation.quota", 0.0),
    ("organisation.position", 0.5),
    ("organisation.salience", 0.5),
];

const SEATS: [&str; 4] = ["P", "Q", "A", "B"];
const PROPOSALS: [&str; 3] = ["crisis-response", "development-fund", "dispute-settlement"];

/// Two powers (P, Q) and two states (A, B) that touch, in the organisation `o`; the alliance `l` of P with both states.
fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let state = world.add_axis("state", vec!["A".into(), "B".into()]);
    let power = world.add_axis("power", vec!["P".into(), "Q".into()]);
    let border = world.add_axis("border", vec!["A-B".into()]);
    let organisation = world.add_axis("organisation", vec!["o".into(), "l".into()]);
    world.add_number(organisation, "rule", vec![0.0, 0.0]);
    let seats: Vec<(usize, &str)> = SEATS.iter().map(|s| (0, *s)).chain(["P", "A", "B"].map(|s| (1, s))).collect();
    let name = |o: usize| ["o", "l"][o];
    let seat = world.add_axis("seat", seats.iter().map(|(o, s)| format!("{}.{s}", name(*o))).collect());
    world.add_map(seat, organisation, seats.iter().map(|(o, _)| Some(*o as u32)).collect());
    let at = |ids: [&'static str; 2]| seats.iter().map(move |(_, s)| ids.iter().position(|i| i == s).map(|i| i as u32)).collect();
    world.add_map(seat, state, at(["A", "B"]));
    world.add_map(seat, power, at(["P", "Q"]));
    world.add_profile(seat, "member", vec![vec![1.0; months]; seats.len()]);
    let proposals: Vec<(usize, &str)> = PROPOSALS.iter().map(|p| (0, *p)).chain([(1, "crisis-response")]).collect();
    let proposal = world.add_axis("proposal", proposals.iter().map(|(o, p)| format!("{}.{p}", name(*o))).collect());
    world.add_map(proposal, organisation, proposals.iter().map(|(o, _)| Some(*o as u32)).collect());
    world.add_text(proposal, "proposal", proposals.iter().map(|(_, p)| (*p).to_owned()).collect());
    let votes: Vec<(usize, usize)> =
        (0..proposals.len()).flat_map(|p| (0..seats.len()).map(move |s| (p, s))).filter(|(p, s)| proposals[*p].0 == seats[*s].0).collect();
    let vote = world.add_axis("vote", votes.iter().map(|(p, s)| format!("{}.{}.{}", name(proposals[*p].0), proposals[*p].1, seats[*s].1)).collect());
    world.add_map(vote, proposal, votes.iter().map(|(p, _)| Some(*p as u32)).collect());
    world.add_map(vote, seat, votes.iter().map(|(_, s)| Some(*s as u32)).collect());
    world.add_relation("organisation-border", organisation, border, vec![(0, 0, 1.0), (1, 0, 1.0)]);
    world
}

/// A bench with no deaths; crises come by patches.
fn bench(months: usize) -> Harness {
    let harness = Harness::new(world(months), DEFINITION).given("unrest.deaths", "state", "deaths/month", 0.0).given(
        "regimes.irregular_exits",
        "state",
        "1",
        0.0,
    );
    CENTRE.iter().fold(harness, |h, (id, value)| h.parameter(id, *value))
}

fn patch(target: Target, entities: &[&str], op: Op, value: f64, from: usize, to: usize, months: usize) -> Patch {
    Patch {
        origin: "test".into(),
        target,
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op,
        schedule: Schedule::constant(value, from, to, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// Fifty dead in state A in month 2 of `months`.
fn with_crisis(months: usize) -> Harness {
    bench(months).patch(patch(Target::Variable("unrest.deaths".into()), &["A"], Op::Set, 50.0, 2, 2, months))
}

/// Sum over months and lanes of the first path, by entity.
fn totals(harness: &Harness, variable: &str) -> Vec<f64> {
    let (paths, run) = harness.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    let entities = paths[0][0].len();
    (0..entities).map(|e| paths[0].iter().map(|month| month[e].iter().sum::<f64>()).sum()).collect()
}

fn last(harness: &Harness, variable: &str, entity: usize) -> f64 {
    let (paths, run) = harness.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths[0].last().expect("months")[entity][0]
}

#[test]
fn the_share_decided_in_time_is_that_of_competing_risks() {
    let months = 400;
    let (decision, crisis, window) = (25.0, 20.0, 30.0);
    let mut late = 0.0;
    let mut all = 0.0;
    for seed in 0..20 {
        let mut harness = bench(months).parameter("organisations.decision_days", decision).seed(seed);
        for start in (2..months).step_by(8) {
            harness = harness.patch(patch(Target::Variable("unrest.deaths".into()), &["A"], Op::Set, 50.0, start, start, months));
        }
        late += totals(&harness, "organisations.too_late")[0];
        all += totals(&harness, "organisations.crises")[0];
    }
    let expected = 1.0 - eq::in_time_probability(decision, crisis, window);
    // a crisis every eight months, the last at the end of the run not yet seen
    assert!(all > 7000.0, "{all}");
    // four standard errors of a share
    let error = 4.0 * (expected * (1.0 - expected) / all).sqrt();
    assert!((late / all - expected).abs() < error, "{} against {expected}", late / all);
}

#[test]
fn one_reluctant_member_holds_a_consensus_and_is_named() {
    let months = 12;
    let vote = "o.crisis-response.B";
    let reluctant = || with_crisis(months).parameter_of("organisation.position", vote, 0.05);
    let lanes = LANES as f64;
    assert_eq!(totals(&with_crisis(months), "organisations.action"), [lanes, lanes], "all at the middle: both act");
    let harness = reluctant();
    assert_eq!(totals(&harness, "organisations.action")[0], 0.0);
    assert_eq!(totals(&harness, "organisations.blocked")[0], lanes);
    let blocks = totals(&harness, "organisations.blocks");
    assert_eq!(blocks, [0.0, 0.0, 0.0, lanes, 0.0, 0.0, 0.0]);
    // the other rules would let it act, and do when they are put in place
    for (name, rule) in [("majority", 1.0), ("weight", 2.0)] {
        assert_eq!(totals(&harness, &format!("organisations.acts_by_{name}"))[0], lanes);
        assert_eq!(totals(&reluctant().parameter("organisations.rule", rule), "organisations.action")[0], lanes);
    }
    assert_eq!(totals(&harness, "organisations.acts_by_consensus")[0], 0.0);
    assert_eq!(totals(&reluctant().parameter("organisations.rule", 3.0), "organisations.action")[0], 0.0, "advice is no action");
}

#[test]
fn a_crisis_faster_than_the_organisation_gets_nothing() {
    let harness = with_crisis(12).parameter("organisations.decision_days", 1e9);
    assert_eq!(totals(&harness, "organisations.too_late")[0], LANES as f64);
    assert_eq!(totals(&harness, "organisations.action")[0] + totals(&harness, "organisations.blocked")[0], 0.0);
    // speed and capacity make up for it
    let hurried = || with_crisis(12).parameter("organisations.decision_days", 1e3);
    let faster = hurried().patch(patch(Target::Variable("organisations.speed.log".into()), &["o"], Op::Add, 30.0, 0, 11, 12));
    assert!(totals(&hurried(), "organisations.too_late")[0] > 0.0);
    assert_eq!(totals(&faster, "organisations.too_late")[0], 0.0);
    let able = hurried().parameter("organisations.capacity_speed", 1e4).parameter("organisations.capacity_level", 1.0);
    assert_eq!(totals(&able, "organisations.too_late")[0], 0.0);
}

#[test]
fn an_irregular_exit_is_a_crisis_and_a_long_one_is_one() {
    let months = 24;
    let exit = bench(months).patch(patch(Target::Variable("regimes.irregular_exits".into()), &["B"], Op::Set, 1.0, 3, 3, months));
    assert_eq!(totals(&exit, "organisations.crises"), [LANES as f64; 2]);
    let long = bench(months).patch(patch(Target::Variable("unrest.deaths".into()), &["A"], Op::Set, 40.0, 3, 9, months));
    assert_eq!(totals(&long, "organisations.crises"), [LANES as f64; 2]);
    let few = bench(months).patch(patch(Target::Variable("unrest.deaths".into()), &["A"], Op::Set, 24.0, 3, 9, months));
    assert_eq!(totals(&few, "organisations.crises"), [0.0; 2]);
}

#[test]
fn trust_between_the_powers_lets_the_fund_pass() {
    let months = 84;
    let fund = |h: Harness| {
        h.parameter_of("organisation.position", "o.development-fund.P", 0.9).parameter_of("organisation.position", "o.development-fund.Q", 0.1)
    };
    let base = fund(bench(months));
    assert_eq!(last(&base, "organisations.fund_released", 0), 0.0);
    let objections = totals(&base, "organisations.objections");
    // seven summits, all held up by Q
    assert_eq!(objections, [0.0, 7.0 * LANES as f64, 0.0, 0.0, 0.0, 0.0, 0.0]);
    // a majority would have adopted it
    assert_eq!(last(&base, "organisations.adopted_by_majority", 1), 1.0);
    let trust = fund(bench(months)).parameter("organisations.mistrust_level", 0.0).parameter("organisations.mistrust_months", 6.0);
    assert_eq!(last(&trust, "organisations.adopted", 1), 1.0);
    assert!(last(&trust, "organisations.fund_released", 0) > 0.5);
    assert!(last(&trust, "organisations.cohesion", 0) > last(&base, "organisations.cohesion", 0));
    // the alliance has one power: mistrust is no matter there
    assert_eq!(last(&trust, "organisations.settlement", 0), 1.0, "the middle position of all is adopted");
}

#[test]
fn fear_of_the_only_power_stops_the_alliance_alone() {
    let harness = with_crisis(12).parameter("organisations.precedent_fear", 0.45);
    let actions = totals(&harness, "organisations.action");
    assert_eq!(actions, [LANES as f64, 0.0]);
    // B, not the power and not the state in crisis
    assert_eq!(totals(&harness, "organisations.blocks")[6], LANES as f64);
}

#[test]
fn inaction_costs_confidence_and_action_earns_it() {
    let confidence = |h: &Harness| last(h, "organisations.confidence", 2);
    let quiet = confidence(&bench(12));
    let alone = confidence(&with_crisis(12).parameter("organisations.decision_days", 1e9));
    let helped = confidence(&with_crisis(12));
    assert!(alone < quiet && quiet < helped, "{alone} {quiet} {helped}");
    let cohesion = |h: &Harness| last(h, "organisations.cohesion", 0);
    assert!(cohesion(&with_crisis(12).parameter("organisations.decision_days", 1e9)) < cohesion(&bench(12)));
    let mistrusted = bench(12).parameter("organisations.mistrust_level", 1.0);
    assert!(cohesion(&mistrusted) < cohesion(&bench(12)));
}

#[test]
fn support_capacity_and_bargaining_matter() {
    let vote = "o.crisis-response.B";
    let reluctant = |x: f64| with_crisis(12).parameter_of("organisation.position", vote, x);
    let support = patch(Target::Variable("organisations.support".into()), &["o.B"], Op::Add, 0.2, 0, 11, 12);
    assert_eq!(totals(&reluctant(0.05).patch(support), "organisations.action")[0], LANES as f64);
    // size of the action: people (2) need capacity, else money (1); a low outcome is a mediator (3)
    let size = |h: &Harness| h.run(&["organisations.action"]).1.events[0].iter().find(|e| e.entity == 0 && e.size > 0.0).map(|e| e.size);
    let bold = || with_crisis(12).parameter("organisation.position", 0.9);
    assert_eq!(size(&bold()), Some(1.0));
    assert_eq!(size(&bold().parameter("organisations.capacity_start", 0.6).parameter("organisations.capacity_level", 0.6)), Some(2.0));
    assert_eq!(size(&with_crisis(12).parameter("organisation.position", 0.3)), Some(3.0));
    // an election gives weight to what can win, not to the mean
    let spread = |b: f64| {
        let h = bench(12).parameter("organisations.bargaining", b).parameter("organisations.rule", 1.0);
        let h = h.parameter_of("organisation.position", "o.development-fund.P", 0.9).parameter_of("organisations.capability", "o.P", 6.0);
        last(&h, "organisations.position", 1)
    };
    assert!((spread(0.0) - spread(1.0)).abs() > 0.01, "{} {}", spread(0.0), spread(1.0));
}

#[test]
fn imposed_and_muted_actions() {
    let imposed = bench(12).patch(patch(Target::Event("organisations.action".into()), &["o"], Op::Add, 2.0, 5, 5, 12));
    assert_eq!(totals(&imposed, "organisations.action"), [LANES as f64, 0.0]);
    let muted = with_crisis(12).patch(patch(Target::Event("organisations.action".into()), &["o"], Op::Off, 0.0, 0, 11, 12));
    assert_eq!(totals(&muted, "organisations.action"), [0.0, LANES as f64]);
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let run = |seed| {
        let harness = with_crisis(24).parameter("organisations.circumstance", 0.1).parameter("organisations.decision_days", 20.0).seed(seed);
        harness.run(&["organisations.action", "organisations.position", "organisations.confidence"]).0
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}

proptest! {
    // each case runs several models
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_weaker_rule_never_stops_what_a_stronger_one_lets_pass(positions in prop::collection::vec(0.0_f64..1.0, 4), seed in 0_u64..50) {
        let mut harness = with_crisis(8).parameter("organisations.circumstance", 0.1).seed(seed);
        for (seat, x) in SEATS.iter().zip(&positions) {
            harness = harness.parameter_of("organisation.position", &format!("o.crisis-response.{seat}"), *x);
        }
        let of = |name: &str| totals(&harness, &format!("organisations.acts_by_{name}"))[0];
        prop_assert!(of("consensus") <= of("majority"));
        let (crises, action, blocked, late) = (
            totals(&harness, "organisations.crises")[0],
            totals(&harness, "organisations.action")[0],
            totals(&harness, "organisations.blocked")[0],
            totals(&harness, "organisations.too_late")[0],
        );
        prop_assert_eq!(crises, action + blocked + late);
        prop_assert_eq!(action, of("consensus"));
    }

    #[test]
    fn stances_and_concessions_stay_on_the_line(own in 0.0_f64..1.0, other in 0.0_f64..1.0, weight in 0.0_f64..1.0, m in 0.0_f64..1.0) {
        let more = eq::concession(own, other, weight, 0.65, m);
        prop_assert!(own < other || more == 0.0);
        prop_assert!(m >= 0.65 || more >= 0.0);
        prop_assert!((0.0..=1.0).contains(&eq::stance(own, more)));
        // trust never carries a power past the other
        prop_assert!(eq::stance(own, more) <= other.max(own));
    }
}
