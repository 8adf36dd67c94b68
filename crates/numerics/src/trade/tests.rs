//! Both closures against the reference; welfare, homogeneity, Walras's law, symmetry; eight problems at once are eight problems.

use oxus_math::pow;
use proptest::prelude::*;

use super::*;
use crate::reference_data::{field, near, rows};

/// Sets of the reference with the reference importer of each.
const CASES: [(&str, &str, &str); 2] = [("sample_data_set", "can_jpn_pta_on", "DEU"), ("synthetic_ca12", "ca_customs_union", "ROW")];
const SIGMA: f64 = 5.0;

struct Case {
    names: Vec<String>,
    output: Vec<f64>,
    expenditure: Vec<f64>,
    /// Columns of the bilateral file: K0, K1, X0, A_X1, dek_add_X1, dek_mul_X1.
    bilateral: Vec<Vec<f64>>,
    country: Vec<csv::StringRecord>,
    key: String,
}

fn case(set: &str, scenario: &str) -> Case {
    let key = format!("trade_ge/{set}__{scenario}__");
    let country = rows(&format!("{key}numpy_country.csv"));
    let names: Vec<String> = country.iter().map(|r| r[0].to_owned()).collect();
    let pairs = rows(&format!("{key}numpy_bilateral.csv"));
    let bilateral = (2..8).map(|c| pairs.iter().map(|r| field(r, c)).collect()).collect();
    let (mut output, mut expenditure) = (vec![0.0; names.len()], vec![0.0; names.len()]);
    for row in rows(&format!("trade_ge/{set}.csv")) {
        let at = |c: usize| names.iter().position(|n| *n == row[c]).expect("a known country");
        output[at(0)] = field(&row, 4);
        expenditure[at(1)] = field(&row, 5);
    }
    Case { names, output, expenditure, bilateral, country, key }
}

/// Largest relative difference.
#[track_caller]
fn close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let worst = found.iter().zip(expected).map(|(f, e)| (f / e - 1.0).abs()).fold(0.0, f64::max);
    assert!(worst <= tolerance, "{what}: {worst:e} over {tolerance:e}");
}

#[test]
fn the_equilibrium_agrees_with_numpy() {
    for (set, scenario, _) in CASES {
        let c = case(set, scenario);
        let n = c.names.len();
        for (deficits, first, trade) in [(Deficits::Additive, 8, 4), (Deficits::Multiplicative, 12, 5)] {
            let mut solver = HatAlgebra::<f64>::new(n, &[SIGMA - 1.0], &c.bilateral[2], deficits).expect("a valid base");
            for (factor, (k1, k0)) in solver.cost_factors_mut().iter_mut().zip(c.bilateral[1].iter().zip(&c.bilateral[0])) {
                *factor = k1 / k0;
            }
            let iterations = solver.solve().expect("it converges");
            assert!(iterations <= 8, "{set}: {iterations} Newton steps");
            let column = |k: usize| c.country.iter().map(|r| field(r, k)).collect::<Vec<f64>>();
            let price: Vec<f64> = (0..n).map(|j| oxus_math::exp(solver.log_price_index(j))).collect();
            let real: Vec<f64> = solver.factor_prices().iter().zip(&price).map(|(w, p)| w / p).collect();
            let welfare: Vec<f64> = (0..n).map(|j| oxus_math::exp(solver.log_real_spending(j))).collect();
            let flows: Vec<f64> = (0..n * n).map(|k| solver.flow(0, k / n, k % n)).collect();
            // the reference stops at a relative excess demand of 1e-13, which its slow iteration turns into prices good to some 1e-12
            for (what, found, expected) in [
                ("factor prices", solver.factor_prices(), column(first)),
                ("price indices", &price, column(first + 1)),
                ("real factor prices", &real, column(first + 2)),
                ("welfare", &welfare, column(first + 3)),
                ("flows", &flows, c.bilateral[trade].clone()),
            ] {
                close(&format!("{set} {deficits:?} {what}"), found, &expected, 1e-10);
            }
        }
    }
}

#[test]
fn fixed_shares_agree_with_numpy_and_with_gegravity() {
    for (set, scenario, reference) in CASES {
        let c = case(set, scenario);
        let at = c.names.iter().position(|n| n == reference).expect("the reference importer");
        let found = shares_fixed(&c.bilateral[0], &c.bilateral[1], &c.output, &c.expenditure, at, SIGMA).expect("it converges");
        let column = |k: usize| c.country.iter().map(|r| field(r, k)).collect::<Vec<f64>>();
        // both iterate to a change of 1e-14 a round; slow rounds leave some 1e-12
        close("price", &found.price, &column(1), 1e-10);
        close("inward before", &found.inward[0], &column(2), 1e-10);
        close("inward after", &found.inward[1], &column(3), 1e-10);
        close("outward before", &found.outward[0], &column(4), 1e-10);
        close("outward after", &found.outward[1], &column(5), 1e-10);
        close("trade before", &found.trade[0], &c.bilateral[2], 1e-10);
        close("trade after", &found.trade[1], &c.bilateral[3], 1e-10);
        let mr = rows(&format!("{}mr.csv", c.key));
        let of = |name: &str| mr.iter().find(|r| &r[0] == name).expect("every country");
        let mr_column = |k: usize| c.names.iter().map(|n| field(of(n), k)).collect::<Vec<f64>>();
        // gegravity stops its root finder at a residual of 1e-8
        close("gegravity's inward", &found.inward[1], &mr_column(3), 1e-8);
        close("gegravity's outward", &found.outward[1], &mr_column(6), 1e-8);
        let pairs = rows(&format!("{}bilateral.csv", c.key));
        let n = c.names.len();
        let trade: Vec<f64> = pairs
            .iter()
            .map(|r| {
                let at = |k: usize| c.names.iter().position(|n| *n == r[k]).expect("a known country");
                found.trade[1][at(0) * n + at(1)]
            })
            .collect();
        close("gegravity's trade", &trade, &pairs.iter().map(|r| field(r, 3)).collect::<Vec<f64>>(), 1e-8);
        for row in rows(&format!("{}country.csv", c.key)) {
            let at = c.names.iter().position(|n| *n == row[0]).expect("a known country");
            // percentage points, from residuals of 1e-8
            near(100.0 * (found.price[at] - 1.0), field(&row, 1), 3e-7);
            near(100.0 * (found.real_output(at) - 1.0), field(&row, 4), 3e-7);
        }
    }
}

fn base() -> (usize, Vec<f64>) {
    let c = case("synthetic_ca12", "ca_customs_union");
    (c.names.len(), c.bilateral[2].clone())
}

/// Two groups with their own elasticities, made from one table by splitting each flow by a rule without pattern.
fn two_groups() -> (usize, Vec<f64>) {
    let (n, flows) = base();
    let part = |k: usize| 0.2 + 0.6 * ((k * 37 % 101) as f64 / 101.0);
    let first = flows.iter().enumerate().map(|(k, x)| x * part(k));
    let second = flows.iter().enumerate().map(|(k, x)| x * (1.0 - part(k)));
    (n, first.chain(second).collect())
}

#[test]
fn nothing_changes_when_nothing_has_changed() {
    let (n, flows) = two_groups();
    for deficits in [Deficits::Additive, Deficits::Multiplicative] {
        let mut solver = HatAlgebra::<f64>::new(n, &[3.0, 6.0], &flows, deficits).expect("a valid base");
        // rounding of sums of two dozen terms is below 1e-13, so that the base is the solution without a step
        assert_eq!(solver.solve(), Ok(0));
        close("flows", &(0..2 * n * n).map(|k| solver.flow(k / (n * n), k / n % n, k % n)).collect::<Vec<_>>(), &flows, 1e-14);
    }
}

#[test]
fn real_factor_prices_are_given_by_domestic_shares() {
    // ACR: with costs at home unchanged, the real price of the factor is the product over groups of (pi'_jj / pi_jj)^(-a / theta)
    let (n, flows) = two_groups();
    let theta = [3.0, 6.0];
    let mut solver = HatAlgebra::<f64>::new(n, &theta, &flows, Deficits::Multiplicative).expect("a valid base");
    for (k, factor) in solver.cost_factors_mut().iter_mut().enumerate() {
        let (g, i, j) = (k / (n * n), k / n % n, k % n);
        *factor = if i == j { 1.0 } else { pow(1.0 + 0.03 * ((i * 5 + j * 3) % 7) as f64, -theta[g]) };
    }
    solver.solve().expect("it converges");
    for j in 0..n {
        let spending = |g: usize| (0..n).map(|i| flows[(g * n + i) * n + j]).sum::<f64>();
        let all = spending(0) + spending(1);
        let by_shares: f64 = (0..2).map(|g| pow(solver.share(g, j, j) / solver.base_share(g, j, j), -spending(g) / all / theta[g])).product();
        let real = solver.factor_prices()[j] / oxus_math::exp(solver.log_price_index(j));
        // excess demand below 1e-13 and a dozen roundings
        near(real / by_shares, 1.0, 1e-12);
        assert!(real < 1.0, "dearer imports make economy {j} poorer");
    }
}

#[test]
fn the_unit_of_money_does_not_matter() {
    let (n, flows) = two_groups();
    let solve = |scale: f64| {
        let scaled: Vec<f64> = flows.iter().map(|x| x * scale).collect();
        let mut solver = HatAlgebra::<f64>::new(n, &[3.0, 6.0], &scaled, Deficits::Additive).expect("a valid base");
        solver.cost_factors_mut()[1] = 0.3;
        solver.solve().expect("it converges");
        solver.factor_prices().to_vec()
    };
    // both within 1e-13 of clearing; prices react to excess demand by a factor below 100
    close("prices", &solve(1.0), &solve(1000.0), 1e-11);
}

#[test]
fn a_cost_that_all_bear_alike_moves_prices_only() {
    let (n, flows) = base();
    let mut solver = HatAlgebra::<f64>::new(n, &[4.0], &flows, Deficits::Multiplicative).expect("a valid base");
    solver.cost_factors_mut().fill(pow(1.25, -4.0));
    assert_eq!(solver.solve(), Ok(0), "shares do not change");
    // four powers and a log: a few units in the last place
    near(solver.log_price_index(3), oxus_math::ln(1.25), 1e-14);
}

#[test]
fn equal_economies_stay_equal() {
    // 0 and 1 are alike and change alike; 2 pays more for both
    let flows = [50.0, 10.0, 20.0, 10.0, 50.0, 20.0, 15.0, 15.0, 200.0];
    let mut solver = HatAlgebra::<f64>::new(3, &[4.0], &flows, Deficits::Additive).expect("a valid base");
    for k in [2, 5] {
        solver.cost_factors_mut()[k] = 0.5;
    }
    solver.solve().expect("it converges");
    near(solver.factor_prices()[0], solver.factor_prices()[1], 1e-13); // within the tolerance of the solution
    assert!(solver.factor_prices()[0] < solver.factor_prices()[2], "what sells worse earns less");
}

#[test]
fn a_smaller_neighbour_buys_less_and_sells_dearer() {
    let (n, flows) = base();
    let mut solver = HatAlgebra::<f64>::new(n, &[4.0], &flows, Deficits::Multiplicative).expect("a valid base");
    solver.sizes_mut()[7] = 0.9;
    solver.solve().expect("it converges");
    assert!(solver.spending()[7] < solver.base_expenditure()[7]);
    assert!((0..n).filter(|i| *i != 7).all(|i| solver.flow(0, i, 7) < flows[i * n + 7]));
    assert!((0..n).all(|i| i == 7 || solver.factor_prices()[7] > solver.factor_prices()[i]));
}

#[test]
fn bad_problems_are_refused() {
    let good = [1.0; 4];
    let new = |n, theta: &[f64], flows: &[f64]| HatAlgebra::<f64>::new(n, theta, flows, Deficits::Additive).map(|_| ());
    assert_eq!(new(1, &[4.0], &[1.0]), Err(TradeError::TooSmall { economies: 1, groups: 1 }));
    assert_eq!(new(2, &[], &[]), Err(TradeError::TooSmall { economies: 2, groups: 0 }));
    assert!(matches!(new(2, &[4.0], &good[..3]), Err(TradeError::Length { found: 3, expected: 4, .. })));
    assert!(matches!(new(2, &[0.0], &good), Err(TradeError::Domain { .. })));
    assert!(matches!(new(2, &[4.0], &[1.0, -1.0, 1.0, 1.0]), Err(TradeError::Domain { position: 1, .. })));
    assert!(matches!(new(2, &[4.0], &[1.0, f64::NAN, 1.0, 1.0]), Err(TradeError::Domain { position: 1, .. })));
    assert_eq!(new(2, &[4.0], &[0.0, 0.0, 1.0, 1.0]), Err(TradeError::Empty { economy: 0, what: "sells", group: None }));
    assert_eq!(new(2, &[4.0], &[0.0, 1.0, 0.0, 1.0]), Err(TradeError::Empty { economy: 0, what: "buys", group: None }));
    let k = [1.0; 4];
    assert!(shares_fixed(&k, &k, &[1.0, 1.0], &[1.0, 1.0], 2, 5.0).is_err());
    assert!(shares_fixed(&k, &k, &[1.0, 1.0], &[1.0, 1.0], 0, 1.0).is_err());
    assert!(shares_fixed(&k, &[1.0, 0.0, 1.0, 1.0], &[1.0, 1.0], &[1.0, 1.0], 0, 5.0).is_err());
    // economy 1 has a surplus fixed in money and nobody is left to sell it to
    let mut rich = HatAlgebra::<f64>::new(2, &[4.0], &[1.0, 1.0, 60.0, 40.0], Deficits::Additive).expect("a valid base");
    rich.cost_factors_mut()[2] = 0.0;
    assert!(matches!(rich.solve(), Err(TradeError::NotConverged { .. })));
}

#[test]
fn eight_problems_at_once_are_eight_problems() {
    let (n, flows) = two_groups();
    let mut wide = HatAlgebra::<[f64; 8]>::new(n, &[3.0, 6.0], &flows, Deficits::Multiplicative).expect("a valid base");
    let (factor, size, theta) = (
        |k: usize, l: usize| pow(1.0 + 0.01 * ((k * 7 + l * 13) % 29) as f64, -3.0),
        |l: usize| 1.0 + 0.05 * l as f64,
        |l: usize| 3.0 + 0.2 * l as f64,
    );
    for (k, cell) in wide.cost_factors_mut().iter_mut().enumerate() {
        *cell = std::array::from_fn(|l| factor(k, l));
    }
    wide.sizes_mut()[4] = std::array::from_fn(size);
    wide.theta_mut()[0] = std::array::from_fn(theta);
    wide.solve_lanes();
    for l in 0..8 {
        let mut one = HatAlgebra::<f64>::new(n, &[theta(l), 6.0], &flows, Deficits::Multiplicative).expect("a valid base");
        one.cost_factors_mut().iter_mut().enumerate().for_each(|(k, cell)| *cell = factor(k, l));
        one.sizes_mut()[4] = size(l);
        one.solve().expect("it converges");
        for i in 0..n {
            assert_eq!(one.factor_prices()[i].to_bits(), wide.factor_prices()[i][l].to_bits(), "lane {l}, economy {i}");
        }
    }
}

proptest! {
    #[test]
    fn markets_clear_whatever_the_costs(
        changes in proptest::collection::vec(-0.7..1.5_f64, 288),
        sizes in proptest::collection::vec(0.3..3.0_f64, 12),
        theta in 1.0..9.0_f64,
    ) {
        let (n, flows) = two_groups();
        let elasticities = [theta, 0.5 * theta];
        let mut solver = HatAlgebra::<f64>::new(n, &elasticities, &flows, Deficits::Multiplicative).expect("a valid base");
        for (k, factor) in solver.cost_factors_mut().iter_mut().enumerate() {
            *factor = oxus_math::exp(-elasticities[k / (n * n)] * changes[k]);
        }
        solver.sizes_mut().copy_from_slice(&sizes);
        solver.solve().expect("it converges");
        for i in 0..n {
            let sold: f64 = (0..2 * n).map(|c| solver.flow(c / n, i, c % n)).sum();
            let bought: f64 = (0..2 * n).map(|c| solver.flow(c / n, c % n, i)).sum();
            // the tolerance of the solution, and a sum of 24 terms
            prop_assert!((sold / solver.incomes()[i] - 1.0).abs() < 1e-12);
            prop_assert!((bought / solver.spending()[i] - 1.0).abs() < 1e-12);
        }
        // Walras: the world spends what it makes, and its factors are worth what they were at base prices
        let (made, spent) = (solver.incomes().iter().sum::<f64>(), solver.spending().iter().sum::<f64>());
        prop_assert!((made / spent - 1.0).abs() < 1e-13);
        let worth: f64 = (0..n).map(|i| solver.incomes()[i] / solver.factor_prices()[i]).sum();
        prop_assert!((made / worth - 1.0).abs() < 1e-12);
    }
}
