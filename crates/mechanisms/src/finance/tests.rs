//! Accounting, signs, the replay of 2009 and pairing of finance.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_numerics::debt::steady_state;
use oxus_units::Month;
use proptest::prelude::*;

use super::DEFINITION;
use super::equations::*;
use crate::harness::Harness;

const MONTHS: usize = 60;

fn world(months: usize) -> World {
    let mut world = World::new("2013-01".parse::<Month>().unwrap(), months);
    let names = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let state = world.add_axis("state", names(&["TJK", "KAZ"]));
    let power = world.add_axis("power", names(&["CHN", "RUS"]));
    let site = world.add_axis("site", names(&["mine"]));
    let cell = world.add_axis("power_state", names(&["CHN.TJK", "CHN.KAZ", "RUS.TJK", "RUS.KAZ"]));
    world.add_map(cell, power, vec![Some(0), Some(0), Some(1), Some(1)]);
    world.add_map(cell, state, vec![Some(0), Some(1), Some(0), Some(1)]);
    world.add_map(site, state, vec![Some(0)]);
    world.add_number(state, "population", vec![8.0e6, 17.0e6]);
    world
}

/// A bench without noise and without impulses, Russia the host; every state alike.
fn bench(months: usize) -> Harness {
    let given = [
        ("drivers.growth", "power", "1/yr", 0.04),
        ("drivers.rouble", "world", "1", 0.0),
        ("drivers.migrant_entry", "world", "1", 1.0),
        ("drivers.world_rate", "world", "1/yr", 0.02),
        ("drivers.security_funding", "state", "1", 1.0),
        ("energy.rents", "state", "1", 0.1),
        ("unrest.deaths", "state", "deaths/month", 0.0),
        ("communities.output", "site", "1", 1.0),
    ];
    let values = [
        ("drivers.growth_trend", 0.04),
        ("growth_start", 0.06),
        ("growth_trend", 0.06),
        ("growth_persistence", 0.0),
        ("growth_deviation", 0.0),
        ("growth_common", 0.0),
        ("gdp_start", 8000.0),
        ("partner_elasticity", 0.0),
        ("host_weight", 0.0),
        ("demand_delay", 1.0),
        ("demand_remittances", 0.25),
        ("demand_rents", 0.3),
        ("demand_loans", 0.3),
        ("security_spending_share", 0.0),
        ("site_share", 0.0),
        ("violence_start", 0.0),
        ("violence_cost", 0.022),
        ("violence_half", 5.0),
        ("violence_memory", 1.0),
        ("remittances_start", 0.4),
        ("remittances_trend", 0.06),
        ("remittances_host_elasticity", 1.25),
        ("remittances_rouble_elasticity", 1.25),
        ("remittances_entry_elasticity", 1.0),
        ("remittances_speed", 0.5),
        ("remittances_volatility", 0.0),
        ("inflation_start", 0.07),
        ("inflation_base", 0.07),
        ("inflation_persistence", 0.15),
        ("inflation_deviation", 0.0),
        ("inflation_common", 0.0),
        ("inflation_pass_through", 0.3),
        ("world_inflation", 0.02),
        ("currency_rouble", 0.0),
        ("currency_speed", 0.4),
        ("currency_volatility", 0.0),
        ("debt_start", 0.35),
        ("debt_foreign_share", 0.9),
        ("debt_fixed_rate", 0.015),
        ("debt_floating_share", 0.1),
        ("debt_real_rate", 0.015),
        ("primary_balance", -0.02),
        ("fiscal_reaction", 0.0),
        ("fiscal_cyclical", 0.2),
        ("stock_flow", 0.0),
        ("loans_public_share", 0.0),
        ("revenue", 0.25),
        ("revenue_rents", 0.6),
        ("debt_present_value", 0.65),
        ("policy_quality", 3.5),
        ("distress_constant", 0.75),
        ("distress_burden", 1.4),
        ("distress_policy", -0.55),
        ("distress_growth", -5.0),
        ("loans_commitment", 250.0),
        ("loans_lump_memory", 0.5),
        ("loans_lump_spread", 0.0),
        ("loans_pledged_start", 1000.0),
        ("loans_pledge_release", 0.05),
        ("loans_pipeline_start", 650.0),
        ("loans_disbursement", 0.33),
        ("loans_cancellation", 0.05),
        ("loans_stock_start", 900.0),
        ("loans_maturity", 20.0),
        ("leakage", 0.3),
    ];
    let bench = given.iter().fold(Harness::new(world(months), DEFINITION), |b, (name, axis, unit, value)| b.given(name, axis, unit, *value));
    let full = |name: &str| {
        if name.contains('.') { name.to_owned() } else { format!("finance.{name}") }
    };
    let bench = values.iter().fold(bench, |b, (name, value)| b.parameter(&full(name), *value));
    ["RUS.TJK", "RUS.KAZ"].iter().fold(bench, |b, cell| b.parameter_of("finance.host_weight", cell, 1.0))
}

type Path = Vec<Vec<[f64; LANES]>>;

fn paths(bench: &Harness, variables: &[&str]) -> Vec<Path> {
    let (paths, run) = bench.run(variables);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths
}

/// One variable of the first state and lane, by month.
fn line(bench: &Harness, variable: &str) -> Vec<f64> {
    paths(bench, &[variable])[0].iter().map(|month| month[0][0]).collect()
}

fn patch(variable: &str, entities: &[&str], op: Op, value: f64, months: std::ops::Range<usize>) -> Patch {
    Patch {
        origin: format!("test {variable}"),
        target: Target::Variable(variable.to_owned()),
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op,
        schedule: Schedule::constant(value, months.start, months.end - 1, MONTHS),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// Mean over the run of a variable with and without a patch held from the fourth month.
fn change(variable: &str, target: &str, op: Op, value: f64) -> f64 {
    let mean = |b: &Harness| line(b, variable).iter().sum::<f64>() / MONTHS as f64;
    mean(&bench(MONTHS).patch(patch(target, &[], op, value, 3..MONTHS))) - mean(&bench(MONTHS))
}

#[test]
fn a_year_at_the_trend_grows_by_the_trend() {
    // nothing but the trend: income from abroad has no effect on demand
    let quiet = ["demand_remittances", "demand_rents", "demand_loans"];
    let bench = quiet.iter().fold(bench(24), |b, name| b.parameter(&format!("finance.{name}"), 0.0));
    let output = line(&bench, "finance.output");
    // Rounding of two dozen exponentials.
    assert!((output[11] - 1.06).abs() < 1e-12 && (output[23] - 1.06 * 1.06).abs() < 1e-12);
    assert!((line(&bench, "finance.gdp")[11] - 8000.0 * 1.06).abs() < 1e-8);
}

#[test]
fn calendar_years_have_the_mean_and_deviation_of_history() {
    let mut years = Vec::new();
    for seed in 0..150 {
        let quiet = ["demand_remittances", "demand_rents", "demand_loans"];
        let bench = quiet.iter().fold(bench(MONTHS), |b, name| b.parameter(&format!("finance.{name}"), 0.0));
        let bench = bench
            .parameter("finance.growth_deviation", 0.033)
            .parameter("finance.growth_persistence", 0.4)
            .parameter("finance.growth_common", 0.3)
            .seed(seed);
        let output = &paths(&bench, &["finance.output"])[0];
        for lane in 0..LANES {
            years.push((output[59][0][lane] / output[47][0][lane]) - 1.0);
        }
    }
    let n = years.len() as f64;
    let mean = years.iter().sum::<f64>() / n;
    let sd = (years.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    // Growth is log-normal around 1.06 with 0.033 in the log: mean 1.06 exp(0.033^2 / 2), deviation that times about 0.033.
    // Four standard errors; 60 months from a known start leave less than 0.4^8 of the variance out.
    let (expected, spread) = (1.06 * (0.5f64 * 0.033 * 0.033).exp() - 1.0, 1.06 * 0.033);
    assert!((mean - expected).abs() < 4.0 * spread / n.sqrt(), "{mean}");
    assert!((sd - spread).abs() < 4.0 * spread / (2.0 * n).sqrt(), "{sd}");
}

#[test]
fn tajik_remittances_of_2009() {
    // Imposed: Russian growth of -7.8 per cent (trend 4.8, the mean of 2003-2012) and a rouble 23.5 per cent (log) cheaper in real dollars: the
    // nominal rate went from 24.85 to 31.74 roubles (series rouble), the deflators rose alike to within 1.5 points.
    // The year before is the origin; growth of Tajik output is left to the model. Parameters are those of the pack.
    let rouble = -0.235;
    let base = bench(12)
        .parameter("drivers.growth_trend", 0.048)
        .parameter("finance.remittances_start", 0.441)
        .parameter("finance.growth_trend", 0.076)
        .parameter("finance.currency_rouble", 0.4)
        .patch(Patch { schedule: Schedule::constant(rouble, 0, 11, 12), ..patch("drivers.rouble", &[], Op::Set, 0.0, 0..1) })
        .patch(Patch { schedule: Schedule::constant(-0.078, 0, 11, 12), ..patch("drivers.growth", &["RUS"], Op::Set, 0.0, 0..1) });
    let [share, growth] = ["finance.remittances", "finance.growth"].map(|v| line(&base, v));
    // 31.4 per cent was counted in 2009. Tolerance 3 points: the residual of the yearly regression is 0.175 in logs (5 points), of which
    // this year's was small; timing within the year is not imposed.
    assert!((share[11] - 0.314).abs() < 0.03, "{}", share[11]);
    // growth of output was 3.9 per cent after 7.9: lower by 2 to 6 points at the end of the year
    let slowdown = 0.076 - growth[11];
    assert!((0.01..0.06).contains(&slowdown), "{slowdown}");
}

/// The same without effects of income on demand: growth is its trend.
fn even(months: usize) -> Harness {
    ["demand_remittances", "demand_rents", "demand_loans"].iter().fold(bench(months), |b, name| b.parameter(&format!("finance.{name}"), 0.0))
}

#[test]
fn debt_finds_its_steady_state() {
    let months = 1200;
    let debt = line(&even(months), "finance.debt");
    let rates = Rates { domestic: 0.085, foreign: 0.015 + 0.1 * 0.02, depreciation: 0.05, growth: 0.06, inflation: 0.07, foreign_share: 0.9 };
    let level = steady_state(monthly_debt_factor(rates), -0.02 / 12.0, 0.0).unwrap();
    // The distance shrinks by the factor, about 0.995 a month: to some 2e-3 of its start after a hundred years.
    let left = monthly_debt_factor(rates).powi(months as i32) * (0.35 - level);
    assert!(left.abs() < 0.01);
    assert!((debt[months - 1] - level - left).abs() < 1e-10, "{} {level}", debt[months - 1]);
    // reaction to debt pulls it nearer to where it began
    let reacting = line(&even(months).parameter("finance.fiscal_reaction", 0.05), "finance.debt");
    assert!((reacting[months - 1] - 0.35).abs() < (debt[months - 1] - 0.35).abs());
}

#[test]
fn loans_are_conserved_from_pledge_to_repayment() {
    let names = ["pledged", "pipeline", "committed", "disbursed", "cancelled", "stock", "repaid"].map(|n| format!("finance.loans_{n}"));
    let bench = bench(MONTHS).parameter("finance.loans_lump_spread", 0.9);
    let all = paths(&bench, &names.each_ref().map(String::as_str));
    for lane in 0..LANES {
        let at = |variable: usize, t: usize| all[variable][t][0][lane];
        let sum = |variable: usize, to: usize| (0..to).map(|t| at(variable, t)).sum::<f64>();
        let last = MONTHS - 1;
        // flows of the last month are booked in the next; what was disbursed and repaid before the first month is that of the origin
        let opening = pipeline_outflow(650.0, 0.33, 0.05).disbursed - 900.0 * crate::annual::monthly_share(20.0);
        let stock = 900.0 + opening + sum(3, last) - sum(6, last);
        assert!((at(5, last) - stock).abs() < 1e-8);
        let pipeline = 650.0 + sum(2, MONTHS) - sum(3, MONTHS) - sum(4, MONTHS);
        assert!((at(1, last) - pipeline).abs() < 1e-8);
        assert!((at(0, last) - 1000.0 * (-0.05f64 * 5.0).exp()).abs() < 1e-9);
    }
}

#[test]
fn direct_effects_have_their_signs() {
    // (watched, raised, by): the effect is positive unless marked; two months pass before anything can be seen.
    let up = [
        ("finance.growth", "finance.growth.target", Op::Add, 0.03),
        ("finance.growth", "energy.rents", Op::Add, 0.05),
        ("finance.growth", "finance.loans_disbursed", Op::Scale, 2.0),
        ("finance.growth", "finance.disbursement.log_rate", Op::Add, 0.7),
        ("finance.remittances", "drivers.growth", Op::Add, 0.03),
        ("finance.remittances", "drivers.rouble", Op::Add, 0.1),
        ("finance.remittances", "drivers.migrant_entry", Op::Scale, 1.2),
        ("finance.remittances", "finance.remittances.log_rate", Op::Add, 0.3),
        ("finance.growth", "finance.remittances", Op::Scale, 1.3),
        ("finance.depreciation", "finance.depreciation.target", Op::Add, 0.08),
        ("finance.inflation", "finance.depreciation.target", Op::Add, 0.08),
        ("finance.debt", "finance.depreciation.target", Op::Add, 0.08),
        ("finance.debt", "drivers.world_rate", Op::Add, 0.03),
        ("finance.distress", "finance.debt", Op::Scale, 1.01),
        ("finance.loans_disbursed", "finance.commitment.log_rate", Op::Add, 0.7),
        ("finance.debt_china", "finance.disbursement.log_rate", Op::Add, 0.7),
        ("finance.leakage", "finance.leakage.logit", Op::Add, 0.5),
        ("finance.public_spending", "energy.rents", Op::Add, 0.05),
        ("finance.public_spending", "finance.disbursement.log_rate", Op::Add, 0.7),
        ("finance.output", "finance.growth", Op::Add, 0.02),
        ("finance.gdp", "finance.growth", Op::Add, 0.02),
    ];
    for (watched, raised, op, value) in up {
        assert!(change(watched, raised, op, value) > 0.0, "{raised} should raise {watched}");
    }
    let down = [
        ("finance.growth", "unrest.deaths", Op::Add, 40.0),
        ("finance.debt", "finance.growth.target", Op::Add, 0.03),
        ("finance.distress", "finance.growth.target", Op::Add, 0.03),
        ("finance.public_spending", "finance.leakage.logit", Op::Add, 0.5),
        ("finance.remittances", "finance.growth.target", Op::Add, 0.03),
        ("finance.loans_pipeline", "finance.disbursement.log_rate", Op::Add, 0.7),
    ];
    for (watched, raised, op, value) in down {
        assert!(change(watched, raised, op, value) < 0.0, "{raised} should lower {watched}");
    }
}

#[test]
fn partners_sites_and_security_money_reach_growth() {
    let output = |b: &Harness| line(b, "finance.output")[MONTHS - 1];
    let partner = |b: Harness| b.parameter_of("finance.partner_elasticity", "CHN.TJK", 0.1);
    let slump = patch("drivers.growth", &["CHN"], Op::Add, -0.05, 3..MONTHS);
    let found = output(&partner(even(MONTHS)).patch(slump)) / output(&even(MONTHS));
    // 57 months of a twentieth less, a tenth of it at home
    assert!((found.ln() + 0.1 * 0.05 * 57.0 / 12.0).abs() < 1e-12);
    let stopped = patch("communities.output", &[], Op::Set, 0.0, 3..MONTHS);
    let found = output(&even(MONTHS).parameter("finance.site_share", 0.1).patch(stopped)) / output(&even(MONTHS));
    // A tenth of output lost for good, all but exp(-56 / 12) of it within the run: stoppages are seen a month later.
    assert!((found.ln() + 0.1 * (1.0 - (-56.0f64 / 12.0).exp())).abs() < 1e-12, "{found}");
    let paid = even(MONTHS).parameter("finance.security_spending_share", 0.12);
    let cut = patch("drivers.security_funding", &[], Op::Set, 0.4, 3..MONTHS);
    assert!(output(&paid.patch(cut)) < 0.95 * output(&even(MONTHS)));
}

#[test]
fn an_intervention_on_growth_reaches_output_in_full() {
    let boom = patch("finance.growth", &[], Op::Set, 0.10, 0..12);
    let output = line(&even(MONTHS).patch(boom), "finance.output");
    // the twelve months are booked by the thirteenth, which itself grows by the trend
    assert!((output[12] - 1.10 * 1.06f64.powf(1.0 / 12.0)).abs() < 1e-12);
}

#[test]
fn the_currency_follows_the_rouble_and_keeps_its_real_value() {
    let fall = patch("drivers.rouble", &[], Op::Set, -0.2, 0..MONTHS);
    let bench = even(MONTHS).parameter("finance.currency_rouble", 0.5).parameter("finance.inflation_pass_through", 0.0).patch(fall);
    let value = line(&bench, "finance.real_value");
    // Exact adjustment: booked a month late.
    let expected = -0.1 * (1.0 - (-0.4 * (MONTHS as f64 - 1.0) / 12.0).exp());
    assert!((value[MONTHS - 1] - expected).abs() < 1e-12);
    // nominal rates follow the difference of inflation when nothing happens
    assert!((line(&even(3), "finance.depreciation")[2] - 0.05).abs() < 1e-15);
}

#[test]
fn states_share_shocks_only_through_the_common_factor() {
    let spread = |common: f64| {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for seed in 0..120 {
            let bench = even(1).parameter("finance.growth_deviation", 0.03).parameter("finance.growth_common", common).seed(seed);
            let growth = &paths(&bench, &["finance.growth"])[0][0];
            a.extend(growth[0]);
            b.extend(growth[1]);
        }
        let n = a.len() as f64;
        let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
        let (ma, mb) = (mean(&a), mean(&b));
        let cov = |x: &[f64], y: &[f64], mx: f64, my: f64| x.iter().zip(y).map(|(p, q)| (p - mx) * (q - my)).sum::<f64>();
        cov(&a, &b, ma, mb) / (cov(&a, &a, ma, ma) * cov(&b, &b, mb, mb)).sqrt()
    };
    // Four standard errors of correlations of 0 and of 0.49 from 960 pairs.
    assert!(spread(0.0).abs() < 0.13);
    assert!((spread(0.7) - 0.49).abs() < 0.1);
}

#[test]
fn equal_keys_give_equal_bits_and_cases_stay_paired() {
    let noisy = |b: Harness| {
        b.parameter("finance.growth_deviation", 0.03).parameter("finance.remittances_volatility", 0.14).parameter("finance.loans_lump_spread", 0.9)
    };
    let all = ["finance.growth", "finance.remittances", "finance.debt", "finance.loans_stock", "finance.distress"];
    assert_eq!(noisy(bench(MONTHS)).run(&all).0, noisy(bench(MONTHS)).run(&all).0);
    // a shift in one state leaves the other as it was, bit by bit
    let moved = noisy(bench(MONTHS)).patch(patch("finance.growth.target", &["TJK"], Op::Add, 0.05, 3..MONTHS));
    let (a, b) = (paths(&noisy(bench(MONTHS)), &all), paths(&moved, &all));
    assert!(a.iter().zip(&b).all(|(x, y)| x.iter().zip(y).all(|(p, q)| p[1] == q[1])));
    assert_ne!(a[0][MONTHS - 1][0], b[0][MONTHS - 1][0]);
}

proptest! {
    #[test]
    fn debt_and_loans_stay_within_bounds(
        debt in 0.0..3.0f64, pb in -0.3..0.3f64, sf in -0.3..0.3f64, growth in -0.5..0.5f64, inflation in -0.3..2.0f64,
        depreciation in -1.0..3.0f64, share in 0.0..1.0f64, pipeline in 0.0..1e5f64, rate in 0.0..20.0f64, cancel in 0.0..5.0f64,
    ) {
        let factor = monthly_debt_factor(Rates { domestic: 0.1, foreign: 0.03, depreciation, growth, inflation, foreign_share: share });
        prop_assert!(factor > 0.0 && debt_next(debt, factor, pb, sf) >= 0.0);
        // more growth, less debt; a weaker currency, more
        let faster = monthly_debt_factor(Rates { domestic: 0.1, foreign: 0.03, depreciation, growth: growth + 0.01, inflation, foreign_share: share });
        prop_assert!(faster < factor);
        let out = pipeline_outflow(pipeline, rate, cancel);
        prop_assert!(out.disbursed >= 0.0 && out.cancelled >= 0.0 && out.disbursed + out.cancelled <= pipeline * (1.0 + 1e-12));
    }

    #[test]
    fn probabilities_shares_and_growth_stay_in_range(
        debt in 0.0..5.0f64, policy in 1.0..6.0f64, growth_rate in -0.5..0.5f64, base in 0.0..1.0f64, shift in -5.0..5.0f64,
        residual in -1.0..1.0f64, rate in 0.0..1e4f64, reference in 0.0..100.0f64,
    ) {
        let p = distress(0.75, 1.4, debt, -0.55, policy, -5.0, growth_rate);
        prop_assert!((0.0..=1.0).contains(&p));
        prop_assert!(distress(0.75, 1.4, debt + 0.1, -0.55, policy, -5.0, growth_rate) >= p);
        prop_assert!((0.0..=1.0).contains(&leakage(base, shift)));
        let g = growth(0.05, Impulses { shift, residual, ..Impulses::default() });
        prop_assert!(g > -1.0 && output(1.0, g, g, g) > 0.0);
        prop_assert!(violence_cost(rate + 1.0, reference, 0.022, 5.0) < violence_cost(rate, reference, 0.022, 5.0));
        prop_assert!(violence_cost(reference, reference, 0.022, 5.0) == 0.0);
    }
}

#[test]
fn distress_is_the_probit() {
    // Standard normal table: at a score of -0.84 the probability is 0.2005; the constant is set for the threshold of the debt framework.
    let p = distress(0.75, 1.4, 0.4, -0.55, 3.5, -5.0, 0.045);
    assert!((p - oxus_math::normal_cdf(0.75 + 0.56 - 1.925 - 0.225)).abs() < 1e-15);
    assert!((p - 0.2005).abs() < 1e-3);
}
