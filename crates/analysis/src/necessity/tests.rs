use super::*;

fn pairs(both: usize, with_only: usize, without_only: usize, neither: usize) -> Vec<(bool, bool)> {
    let part = |n: usize, pair: (bool, bool)| std::iter::repeat_n(pair, n);
    part(both, (true, true))
        .chain(part(with_only, (true, false)))
        .chain(part(without_only, (false, true)))
        .chain(part(neither, (false, false)))
        .collect()
}

/// Exact fractions of small counts: only the last bits differ.
const EXACT: f64 = 1e-12;

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < EXACT, "{a} instead of {b}");
}

#[test]
fn bounds_are_those_of_tian_and_pearl() {
    // P(y_x) = 0.6, P(y_x') = 0.3: PN between 1/2 and 1, PS between 3/7 and 6/7
    let p = pairs(20, 40, 10, 30);
    let n = Causation::necessity(&p).expect("it happens");
    near(n.coupled, 40.0 / 60.0);
    near(n.low, 0.5);
    near(n.high, 1.0);
    let s = Causation::sufficiency(&p).expect("it does not always happen");
    near(s.coupled, 40.0 / 70.0);
    near(s.low, 3.0 / 7.0);
    near(s.high, 6.0 / 7.0);
}

#[test]
fn the_bounds_hold_and_are_reached_whatever_the_coupling() {
    // marginals 6 and 3 of 10 in every way they can be coupled: 0 to 3 in both
    let (mut lows, mut highs) = (false, false);
    for both in 0..=3 {
        let p = pairs(both, 6 - both, 3 - both, 1 + both);
        let n = Causation::necessity(&p).expect("it happens");
        assert!(n.low <= n.coupled + EXACT && n.coupled <= n.high + EXACT, "{n:?}");
        lows |= (n.coupled - n.low).abs() < EXACT;
        highs |= (n.coupled - n.high).abs() < EXACT;
    }
    assert!(lows && highs, "sharp bounds are reached");
}

#[test]
fn nothing_to_condition_on_is_no_probability() {
    assert!(Causation::necessity(&pairs(0, 0, 3, 4)).is_none());
    assert!(Causation::sufficiency(&pairs(2, 0, 3, 0)).is_none());
}

#[test]
fn a_share_is_the_ratio_of_totals_with_a_clustered_interval() {
    let draw = |whole, gone| DrawTotal { members: 2.0, whole, gone };
    let exact = ShareGone::of(&[draw(4.0, 1.0), draw(8.0, 2.0), draw(2.0, 0.5)]);
    near(exact.share, 0.25);
    near(exact.half_width, 0.0);
    // residuals 0.5, -0.5 about a share of 0.5 over a total of 4: 1.96 sqrt(0.5 * 2 / 1) / 4
    let noisy = ShareGone::of(&[draw(2.0, 1.5), draw(2.0, 0.5)]);
    near(noisy.share, 0.5);
    near(noisy.half_width, 1.959_963_984_540_054 * 0.25);
    let none = ShareGone::of(&[draw(2.0, 0.0), draw(2.0, 0.0)]);
    assert!((none.share, none.p) == (0.0, 1.0) && !none.excludes_zero());
}

/// R 4.3: `t.test(c(1, 0.5, 0.25, 0.75))$p.value` is 0.02758.
#[test]
fn the_p_value_is_that_of_the_draw_means() {
    let draws = [2.0, 1.0, 0.5, 1.5].map(|gone| DrawTotal { members: 2.0, whole: 4.0, gone });
    let found = ShareGone::of(&draws).p;
    let direct = p_of_zero_mean(&[1.0, 0.5, 0.25, 0.75]).expect("four numbers");
    near(found, direct);
}
