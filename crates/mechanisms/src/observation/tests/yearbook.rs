//! Tests of the yearbook: closed forms at constant rates, joins to the origin, reporters, the calendar year.

use super::*;
use crate::observation::measured as eq;

/// Path of a variable of A (or of the world), first lane.
fn path(h: &Harness, variable: &str, months: usize) -> Vec<f64> {
    let (paths, run) = h.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    (0..months).map(|month| paths[0][month][0][0]).collect()
}

fn close(got: f64, expected: f64) {
    // sums and products of some hundred terms
    assert!((got - expected).abs() < 1e-9 * expected.abs().max(1.0), "{got} {expected}");
}

#[test]
fn at_a_constant_rate_prices_of_a_year_rise_by_that_rate() {
    let rise = 100.0 * (0.08_f64.exp() - 1.0);
    for month in [0, 5, 11, 23, 35] {
        let p = path(&bench(36), "observation.inflation", 36);
        if month % 12 == 11 {
            close(p[month], rise);
        }
        assert!(p[month] <= rise + 1e-9, "less of the year lies further back");
    }
    let burst = patch("finance.inflation", Op::Set, 0.3, 12, 23, 36);
    let p = path(&bench(36).patch(burst), "observation.inflation", 36);
    close(p[11], rise);
    let mean = |from: f64, rate: f64| (1..=12).map(|m| (from + rate * f64::from(m) / 12.0).exp()).sum::<f64>();
    close(p[23], 100.0 * (mean(0.08, 0.3) / mean(0.0, 0.08) - 1.0));
    close(p[35], 100.0 * (mean(0.38, 0.08) / mean(0.08, 0.3) - 1.0));
}

#[test]
fn a_run_may_begin_within_a_year() {
    let mut inside = World::new(Month::parse("2013-06").expect("a month"), 19);
    let axes = ["state", "site", "gas.contract"].map(|name| inside.add_axis(name, vec!["A".into()]));
    inside.add_map(axes[1], axes[0], vec![Some(0)]);
    inside.add_map(axes[2], axes[0], vec![Some(0)]);
    let p = path(&surroundings(inside), "observation.inflation", 19);
    // June to December is months 0 to 6
    for december in [6, 18] {
        close(p[december], 100.0 * (0.08_f64.exp() - 1.0));
    }
}

#[test]
fn output_in_dollars_joins_the_year_of_the_origin() {
    // 12,000 million a year; growth held at 5 per cent is not in the level, which the bench holds
    let growth = (1.05_f64).ln() + 0.02;
    let p = path(&bench(24), "observation.gdp_usd", 24);
    let abroad = |first: u32| (first..first + 12).map(|m| (0.02 * f64::from(m) / 12.0).exp()).sum::<f64>() / 12.0;
    close(p[11], 12.0 * abroad(1) / eq::year_before(growth));
    close(p[23], 12.0 * abroad(13) / eq::year_before(growth));
    let dearer = patch("finance.real_value", Op::Set, 0.1, 12, 23, 24);
    close(path(&bench(24).patch(dearer), "observation.gdp_usd", 24)[23], p[23] * 0.1_f64.exp());
}

#[test]
fn from_a_year_to_the_next_a_constant_rate_shows_exactly() {
    for rate in [-0.1, 0.0, 0.07, 0.4_f64] {
        let next: f64 = (1..=12).map(|m| (rate * f64::from(m) / 12.0).exp()).sum::<f64>() / 12.0;
        close(next / eq::year_before(rate), rate.exp());
    }
}

#[test]
fn shares_means_and_exits_are_those_of_the_year() {
    let jump = patch("forces.spending", Op::Set, 480.0, 6, 11, 24);
    let p = path(&bench(24).patch(jump), "observation.military_spending", 24);
    // 240 of 12,000 for half a year, twice as much for the other half
    for (month, percent) in [(5, 2.0), (11, 3.0), (12, 2.0), (23, 2.0)] {
        close(p[month], percent);
    }
    let exit = patch("regimes.leader_exits", Op::Set, 1.0, 3, 3, 24);
    let p = path(&bench(24).patch(exit), "observation.leader_exit", 24);
    assert_eq!([2, 3, 11, 12].map(|m| p[m]), [0.0, 1.0, 1.0, 0.0]);
    let mut dear = patch("drivers.oil_price", Op::Set, 50.0, 0, 2, 24);
    dear.entities.clear();
    let p = path(&bench(24).patch(dear), "observation.oil_price", 24);
    close(p[11], (3.0 * 50.0 + 9.0 * 110.0) / 12.0);
    close(p[23], 110.0);
}

#[test]
fn trade_is_published_at_the_prices_of_the_year_and_votes_as_they_are() {
    let (p, _) = bench(24).run(&["observation.trade_with_china", "observation.trade_with_russia", "observation.un_agreement_usa"]);
    // from means of years to means of years prices abroad rise by two per cent
    close(p[0][11][0][0], 600.0 * 0.02_f64.exp());
    close(p[0][23][0][0], 600.0 * 0.04_f64.exp());
    assert_eq!(p[1][23][0][0], p[0][23][0][0], "both partners are the same in the bench");
    assert_eq!(p[0][23][1], [0.0; LANES], "B has no pair");
    assert_eq!((p[2][23][0][0], p[2][23][1][0]), (0.6, 0.0));
}

#[test]
fn the_importers_own_statistics_show_what_they_retain() {
    let own = bench(24).parameter("observation.reporter_start", 1.0).parameter("observation.reporter_change", 0.0);
    let (p, _) = own.run(&["observation.trade_with_china", "observation.reporter_own"]);
    close(p[0][11][0][0], (100.0 + 0.2 * 500.0) * 0.02_f64.exp());
    assert_eq!(p[1][23][0], [1.0; LANES]);
    let alike = bench(24).parameter("observation.reporter_start", 1.0).parameter("observation.reporter_retained", 1.0);
    close(path(&alike, "observation.trade_with_china", 24)[11], 600.0 * 0.02_f64.exp());
}

#[test]
fn reporters_change_in_january_with_the_stated_chance() {
    let (years, seeds, chance) = (4, 60, 0.25);
    let mut changes = 0.0;
    for seed in 0..seeds {
        let (p, _) = bench(12 * years).parameter("observation.reporter_change", chance).seed(seed).run(&["observation.reporter_own"]);
        for lane in 0..LANES {
            let at = |month: usize| p[0][month][0][lane];
            changes += at(0);
            for month in 1..12 * years {
                let moved = (at(month) - at(month - 1)).abs();
                assert!(moved == 0.0 || month % 12 == 0);
                changes += moved;
            }
        }
    }
    let n = (seeds as usize * years * LANES) as f64;
    // four standard errors of a binomial share
    assert!((changes / n - chance).abs() < 4.0 * (chance * (1.0 - chance) / n).sqrt(), "{}", changes / n);
}

proptest! {
    #[test]
    fn shown_imports_lie_between_what_is_retained_and_the_whole(mirror in 0.0..1e5_f64, own in 0.0..1.0_f64, retained in 0.0..1.0_f64) {
        let shown = eq::shown(mirror, own, retained);
        prop_assert!(shown <= mirror && shown >= mirror * retained * (1.0 - 1e-12));
        prop_assert_eq!(eq::percent_of(mirror, 0.0), 0.0);
    }
}
