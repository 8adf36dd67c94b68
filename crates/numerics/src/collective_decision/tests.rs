//! Agreement with `tests/reference/collective_decision`, closed forms, and properties.

use proptest::prelude::*;

use super::*;
use crate::reference_data::{array, field, json, near, number, rows};

fn integers(value: &serde_json::Value) -> Vec<u64> {
    value.as_array().unwrap().iter().map(|x| x.as_u64().unwrap()).collect()
}

fn texts(value: &serde_json::Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|x| x.as_str().unwrap().to_owned()).collect()
}

#[test]
fn power_indices_are_those_of_the_reference_exactly() {
    let reference = json("collective_decision/power_indices.json");
    let games = reference["games"].as_object().unwrap();
    assert_eq!(games.len(), 8);
    for (name, game) in games {
        let found = WeightedGame::new(vec![integers(&game["w"])], vec![game["q"].as_u64().unwrap()]).unwrap().indices();
        let strings = |list: &[u128]| list.iter().map(u128::to_string).collect::<Vec<_>>();
        assert_eq!(strings(&found.swings), texts(&game["swings"]), "{name}");
        assert_eq!(found.winning.to_string(), game["winning_coalitions"].as_str().unwrap(), "{name}");
        let fractions: Vec<String> = found.shapley_shubik.iter().map(Fraction::to_string).collect();
        assert_eq!(fractions, texts(&game["shapley_shubik_exact"]), "{name}");
        // the reference divides the same integers: one rounding each way
        for (own, theirs) in
            [(&found.banzhaf, "banzhaf_absolute"), (&found.banzhaf_normalised, "banzhaf_normalised"), (&found.shapley_shubik, "shapley_shubik")]
        {
            for (f, expected) in own.iter().zip(array(&game[theirs])) {
                near(f.value(), expected, 1e-15);
            }
        }
    }
}

#[test]
fn several_quotas_are_counted_exactly() {
    let reference = json("collective_decision/three_criteria.json");
    let weights = reference["weights"].as_array().unwrap().iter().map(integers).collect();
    let found = WeightedGame::new(weights, integers(&reference["quotas"])).unwrap().indices();
    assert_eq!(found.winning, u128::from(reference["winning"].as_u64().unwrap()));
    assert_eq!(found.swings, integers(&reference["swings"]).into_iter().map(u128::from).collect::<Vec<_>>());
    assert_eq!(found.shapley_shubik.iter().map(Fraction::to_string).collect::<Vec<_>>(), texts(&reference["shapley_shubik_exact"]));
}

#[test]
fn six_members_by_consensus_can_hardly_act() {
    // Coleman (1971): of 64 coalitions one wins; every member can prevent every action
    let found = WeightedGame::consensus(6).unwrap().indices();
    assert_eq!(found.power_to_act, Fraction { numerator: 1, denominator: 64 });
    assert!(found.power_to_prevent.iter().all(|f| f.numerator == f.denominator));
    assert!(found.power_to_initiate.iter().all(|f| *f == Fraction { numerator: 1, denominator: 63 }));
    let majority = WeightedGame::new(vec![vec![1; 6]], vec![4]).unwrap().indices();
    // C(6,4) + C(6,5) + C(6,6) = 22
    assert_eq!(majority.power_to_act, Fraction { numerator: 11, denominator: 32 });
}

#[test]
fn games_that_cannot_be_are_refused() {
    assert_eq!(WeightedGame::new(vec![vec![1, 1]], vec![3]), Err(DecisionError::Quota { criterion: 0, quota: 3, sum: 2 }));
    assert_eq!(WeightedGame::new(vec![vec![1, 1]], vec![0]), Err(DecisionError::Quota { criterion: 0, quota: 0, sum: 2 }));
    assert_eq!(WeightedGame::new(vec![], vec![]), Err(DecisionError::TooFew(1)));
    assert_eq!(WeightedGame::consensus(81), Err(DecisionError::TooManyPlayers(81)));
    assert!(matches!(WeightedGame::new(vec![vec![u64::MAX, 1]], vec![u64::MAX]), Err(DecisionError::TooManyCells(_))));
    assert!(WeightedGame::consensus(80).is_ok());
}

struct Table {
    position: Vec<f64>,
    salience: Vec<f64>,
    capability: Vec<f64>,
    dimensions: usize,
}

impl Table {
    fn ktab(name: &str, dimensions: usize) -> Self {
        let rows = rows(name);
        let block = |start: usize| rows.iter().flat_map(|r| (start..start + dimensions).map(|c| field(r, c))).collect();
        Self { position: block(2), salience: block(2 + dimensions), capability: rows.iter().map(|r| field(r, 1)).collect(), dimensions }
    }

    fn actors(&self) -> Actors<'_> {
        Actors::new(&self.position, &self.salience, &self.capability, self.dimensions).unwrap()
    }
}

#[test]
fn elections_equal_ktab_observer_by_observer() {
    for (name, dimensions) in [("eu", 1), ("dummyData_3Dim", 3)] {
        let table = Table::ktab(&format!("collective_decision/ktab_{name}_turn0.csv"), dimensions);
        let found = Election::default().hold(&table.actors());
        let reference = rows(&format!("collective_decision/ktab_{name}_turn0_observer_pce.csv"));
        assert!(!reference.is_empty());
        for row in &reference {
            let option = found.options.iter().position(|&o| o == field::<usize>(row, 1)).expect("KTAB's distinct positions");
            // products of up to ten ratios
            near(found.by_observer[field::<usize>(row, 0)][option], field(row, 2), 1e-12);
        }
    }
}

#[test]
fn six_election_models_equal_the_reference() {
    let reference = json("collective_decision/pce_eu_turn0.json");
    let (x, c, s) = cars();
    let position: Vec<f64> = x.iter().map(|x| (x - 4.0) / 6.0).collect();
    let capability: Vec<f64> = c.iter().map(|c| c * 1000.0).collect();
    let actors = Actors::new(&position, &s, &capability, 1).unwrap();
    for (advance, first) in
        [(Advance::Conditional, "conditional"), (Advance::MarkovUniform, "markov_uniform"), (Advance::MarkovIncentive, "markov_incentive")]
    {
        for (victory, second) in [(Victory::Linear, "linear"), (Victory::Square, "square")] {
            let expected = &reference[format!("{first}/{second}")];
            let found = Election { advance, victory }.hold(&actors);
            // chains are iterated to 1e-14 on both sides
            found.risk.iter().zip(array(&expected["R"])).for_each(|(f, e)| near(*f, e, 1e-12));
            found.probability.iter().zip(array(&expected["p_objective"])).for_each(|(f, e)| near(*f, e, 1e-12));
            for (own, theirs) in found.by_observer.iter().zip(expected["p_by_observer"].as_array().unwrap()) {
                own.iter().zip(array(theirs)).for_each(|(f, e)| near(*f, e, 1e-12));
            }
        }
    }
}

/// Position, capability, salience of the car-emission example.
fn cars() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let rows = rows("collective_decision/eu_car_emission_1994.csv");
    let column = |c: usize| rows.iter().map(|r| field(r, c)).collect();
    (column(2), column(1), column(3))
}

#[test]
fn eight_rounds_of_both_readings_equal_the_reference() {
    let reference = &json("collective_decision/bdm_reference.json")["eu_car_emission_1994"];
    let names = texts(&reference["actors"]);
    let (start, c, s) = cars();
    // the published values of the compromise mean and the weighted median; one rounding for each actor
    near(compromise_mean(&start, &c, &s), number(&reference["mean0"]), 1e-14);
    assert_eq!(weighted_median(&start, &c, &s), number(&reference["median0"]));
    for (reading, name) in [(Reading::Perceived, "scholz"), (Reading::Own, "masad")] {
        let mut x = start.clone();
        for expected in reference[name]["rounds"].as_array().unwrap() {
            let found = expected_utility_round(reading, &x, &c, &s, 6.0).unwrap();
            found.position.iter().zip(array(&expected["x"])).for_each(|(f, e)| near(*f, e, 1e-10));
            found.risk.iter().zip(array(&expected["r"])).for_each(|(f, e)| near(*f, e, 1e-10));
            found.success.iter().zip(array(&expected["P_row0"])).for_each(|(f, e)| near(*f, e, 1e-10));
            let moves = expected["moves"].as_array().unwrap();
            assert_eq!(found.moves.len(), moves.len(), "{name}");
            for (own, theirs) in found.moves.iter().zip(moves) {
                assert_eq!(
                    (&names[own.actor], &names[own.towards]),
                    (&theirs[0].as_str().unwrap().to_owned(), &theirs[1].as_str().unwrap().to_owned())
                );
                assert_eq!(format!("{:?}", own.response).to_lowercase(), theirs[2].as_str().unwrap());
                [own.expects, own.other_expects, own.position].iter().zip(3..).for_each(|(f, at)| near(*f, number(&theirs[at]), 1e-10));
            }
            x = found.position;
            near(compromise_mean(&x, &c, &s), number(&expected["mean"]), 1e-10);
        }
    }
}

#[test]
fn rounds_that_cannot_be_played_are_refused() {
    let one = [1.0, 1.0];
    assert_eq!(expected_utility_round(Reading::Own, &[2.0, 2.0], &one, &one, 1.0), Err(DecisionError::NoDispute));
    assert_eq!(expected_utility_round(Reading::Own, &[2.0], &[1.0], &[1.0], 1.0), Err(DecisionError::TooFew(2)));
    assert!(expected_utility_round(Reading::Own, &[1.0, 2.0], &[1.0, f64::NAN], &one, 1.0).is_err());
    assert!(Actors::new(&[0.1, 1.2], &one, &one, 1).is_err());
    assert!(Actors::new(&[0.1, 0.2], &[0.0, 1.0], &one, 1).is_err());
    assert!(Actors::new(&[0.1, 0.2], &one, &[0.0, 1.0], 1).is_err());
}

#[test]
fn the_nearest_member_limits_a_consensus() {
    let (x, w) = ([0.9, 0.1, 0.6, 0.3], [1.0; 4]);
    assert_eq!(passage(&x, &w, 1.0), Some(Passage { limit: 0.2, pivot: 1 }));
    // more than half of four: three, of whom the third from the outside stands at 0.3
    assert_eq!(passage(&x, &w, 0.5 + 1e-9), Some(Passage { limit: 0.6, pivot: 3 }));
    // by weight the first alone reaches it
    assert_eq!(passage(&x, &[5.0, 1.0, 1.0, 1.0], 0.5), Some(Passage { limit: 1.8, pivot: 0 }));
    // a member opposed, or without weight
    assert_eq!(passage(&[0.5, -0.2], &[1.0, 1.0], 1.0), Some(Passage { limit: 0.0, pivot: 1 }));
    assert_eq!(passage(&[0.5, 0.1], &[1.0, 0.0], 1.0), Some(Passage { limit: 1.0, pivot: 0 }));
    assert_eq!(passage(&[], &[], 1.0), None);
    assert_eq!(passage(&[0.5], &[0.0], 1.0), None);
}

fn actors() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<f64>)> {
    (2_usize..8).prop_flat_map(|n| {
        let list = |low: f64, high: f64| prop::collection::vec(low..high, n);
        (list(0.0, 1.0), list(0.05, 1.0), list(0.1, 10.0))
    })
}

proptest! {
    #[test]
    fn everyone_allowed_by_the_limit_gains((x, _, w) in actors(), needed in 0.01_f64..1.0) {
        let strict = passage(&x, &w, 1.0).unwrap();
        let loose = passage(&x, &w, needed).unwrap();
        prop_assert!(loose.limit >= strict.limit, "a weaker rule lets more pass");
        let gains: f64 = x.iter().zip(&w).filter(|(x, _)| 2.0 * **x >= loose.limit).map(|(_, w)| w).sum();
        // the sum may differ from the running one by a rounding for each member
        prop_assert!(gains >= needed * w.iter().sum::<f64>() * (1.0 - 1e-11));
        let nearest = x.iter().copied().fold(f64::INFINITY, f64::min);
        prop_assert_eq!(strict.limit, 2.0 * nearest);
    }

    #[test]
    fn bargains_end_among_the_positions((x, s, c) in actors()) {
        let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
        let (mean, median) = (compromise_mean(&x, &c, &s), weighted_median(&x, &c, &s));
        prop_assert!(mean >= low - 1e-12 && mean <= high + 1e-12);
        prop_assert!(x.contains(&median));
        for advance in [Advance::Conditional, Advance::MarkovUniform, Advance::MarkovIncentive] {
            let found = Election { advance, victory: Victory::Linear }.hold(&Actors::new(&x, &s, &c, 1).unwrap());
            // probabilities: a rounding for each option
            prop_assert!((found.probability.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(found.probability.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }

    #[test]
    fn orderings_have_one_pivot(weights in prop::collection::vec(0_u64..12, 1..9), share in 0.1_f64..1.0) {
        let sum: u64 = weights.iter().sum();
        prop_assume!(sum > 0);
        let quota = ((sum as f64 * share).ceil() as u64).clamp(1, sum);
        let found = WeightedGame::new(vec![weights.clone()], vec![quota]).unwrap().indices();
        let total = found.shapley_shubik.iter().map(|f| f.value()).sum::<f64>();
        // one rounding for each player
        prop_assert!((total - 1.0).abs() < 1e-14);
        for (i, w) in weights.iter().enumerate() {
            let stronger = weights.iter().zip(&found.swings).all(|(v, s)| v > w || *s <= found.swings[i]);
            prop_assert!(stronger, "more weight is never less power");
            prop_assert!(*w > 0 || found.swings[i] == 0);
        }
    }
}
