use super::{Held, LEAST_SIDE, best_rule, mutual_information, price, tried};

struct Uniforms(u64);

impl Uniforms {
    /// SplitMix64 (Steele, Lea and Flood 2014).
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[test]
fn the_threshold_behind_the_futures_is_found() {
    // happens in four of five futures above 0.7 and in one of five below
    let mut random = Uniforms(5);
    let (values, happens): (Vec<f64>, Vec<bool>) = (0..2_000)
        .map(|_| {
            let x = random.next();
            (x, random.next() < if x > 0.7 { 0.8 } else { 0.2 })
        })
        .unzip();
    let rule = best_rule(&values, &happens).expect("a rule");
    assert!(rule.above && (rule.threshold - 0.7).abs() < 0.02, "{rule:?}");
    assert!(rule.fires(0.9) && !rule.fires(0.3));
    assert!(rule.information > price(tried(), 2_000));
    // the other way round, it fires below
    let turned: Vec<f64> = values.iter().map(|x| -x).collect();
    let rule = best_rule(&turned, &happens).expect("a rule");
    assert!(!rule.above && rule.fires(-0.9) && !rule.fires(-0.3), "{rule:?}");
}

#[test]
fn noise_does_not_pay_for_the_search() {
    let mut random = Uniforms(6);
    let happens: Vec<bool> = (0..1_000).map(|_| random.next() < 0.3).collect();
    let observables = 400;
    let paid = (0..observables).filter(|_| {
        let values: Vec<f64> = (0..1_000).map(|_| random.next()).collect();
        best_rule(&values, &happens).is_some_and(|rule| rule.information > price(observables * tried(), 1_000))
    });
    assert_eq!(paid.count(), 0, "of {observables} observables that say nothing");
}

#[test]
fn counts_with_few_values_and_futures_not_at_risk() {
    let values: Vec<f64> = (0..100).map(|i| if i % 10 == 9 { f64::NAN } else { f64::from(i % 3) }).collect();
    let happens: Vec<bool> = values.iter().map(|x| *x == 2.0).collect();
    let rule = best_rule(&values, &happens).expect("a rule");
    assert_eq!((rule.above, rule.threshold), (true, 1.0));
    assert_eq!(best_rule(&[1.0; 100], &happens), None, "no threshold parts one value");
    assert_eq!(best_rule(&values, &[false; 100]), None, "all futures end alike");
    assert_eq!(best_rule(&values[..2 * LEAST_SIDE - 1], &happens[..2 * LEAST_SIDE - 1]), None);
}

#[test]
fn information_of_known_tables() {
    assert!((mutual_information([50, 50], [50, 0]) - 2.0_f64.ln()).abs() < 1e-12);
    assert_eq!(mutual_information([40, 60], [10, 15]), 0.0);
}

/// Smoking and lung cancer, the first table of Doll and Hill (1950, BMJ 2: 739), men: 647 cases of 649 and 622 controls of 649 smoke.
#[test]
fn one_future_a_draw_gives_the_odds_ratio_of_the_textbook() {
    let mut held = Held::default();
    for (fires, happens, count) in [(true, true, 647), (true, false, 622), (false, true, 2), (false, false, 27)] {
        for _ in 0..count {
            held.add(std::iter::once((fires, happens)));
        }
    }
    let found = held.figures().expect("both sides");
    // 647 x 27 / (622 x 2); Woolf: 1/647 + 1/622 + 1/2 + 1/27, exp of ln OR -+ 1.96 sqrt
    let (ratio, error) = (647.0 * 27.0 / (622.0 * 2.0), (1.0_f64 / 647.0 + 1.0 / 622.0 + 0.5 + 1.0 / 27.0).sqrt());
    assert!((found.odds_ratio - ratio).abs() < 1e-9 && (ratio - 14.04).abs() < 0.01);
    // the clustered variance of single futures is Woolf's times n / (n - 1) = 1298 / 1297
    let high = ratio * (1.959_963_984_540_054 * error).exp();
    assert!((found.odds_interval.1 / high - 1.0).abs() < 2e-3, "{found:?}, {high}");
    assert!((found.hit_rate - 647.0 / 649.0).abs() < 1e-12 && (found.false_alarms - 622.0 / 649.0).abs() < 1e-12);
    assert!((found.chance - 0.5).abs() < 1e-12 && found.p < 1e-3);
}

#[test]
fn futures_of_one_draw_are_not_independent() {
    let futures = |i: usize| (i.is_multiple_of(2), !i.is_multiple_of(3));
    let (mut single, mut fourfold) = (Held::default(), Held::default());
    for i in 0..120 {
        single.add(std::iter::once(futures(i)));
        fourfold.add(std::iter::repeat_n(futures(i), 4));
    }
    let (one, four) = (single.figures().expect("sides"), fourfold.figures().expect("sides"));
    assert_eq!(one.odds_ratio, four.odds_ratio);
    // four copies of a future say nothing new
    assert!((one.odds_interval.1 - four.odds_interval.1).abs() < 1e-9 && four.futures == 4 * one.futures);
}

#[test]
fn empty_cells_have_wide_intervals_and_no_side_no_figures() {
    let mut held = Held::default();
    for i in 0..40 {
        held.add(std::iter::once((i < 10, i < 10)));
    }
    let found = held.figures().expect("sides");
    assert!(found.odds_ratio.is_finite() && found.odds_interval.0 > 1.0 && found.odds_interval.1 > 1e3, "{found:?}");
    assert_eq!((found.chance_fired, found.chance_silent, found.hit_rate, found.false_alarms), (1.0, 0.0, 1.0, 0.0));
    let mut never = Held::default();
    never.add([(false, true), (false, false)].into_iter());
    assert_eq!(never.figures(), None);
    assert_eq!(Held::default().figures(), None);
}

/// The 95 % interval of the odds ratio holds the truth in about 95 of 100 studies whose futures are alike within a draw.
#[test]
fn the_interval_of_the_odds_ratio_covers() {
    let (studies, mut covered, mut random) = (600, 0, Uniforms(7));
    // marginal chances over draws: 0.2 + 0.2 u where it fires, 0.05 + 0.2 u where not, with u uniform in the draw
    let truth = (0.3 / 0.7) / (0.15 / 0.85);
    for _ in 0..studies {
        let mut held = Held::default();
        for _ in 0..150 {
            let u = 0.2 * random.next();
            let futures: Vec<(bool, bool)> = (0..4)
                .map(|_| {
                    let fires = random.next() < 0.3;
                    (fires, random.next() < u + if fires { 0.2 } else { 0.05 })
                })
                .collect();
            held.add(futures.into_iter());
        }
        let (low, high) = held.figures().expect("sides").odds_interval;
        covered += u32::from(low <= truth && truth <= high);
    }
    // standard error of the share: 0.009; three of them below 0.95
    let share = f64::from(covered) / f64::from(studies);
    assert!((0.923..=0.985).contains(&share), "{share}");
}
