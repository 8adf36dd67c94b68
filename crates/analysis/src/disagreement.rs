//! How far several estimates of one effect are apart: by worldview, by expert, by model.

use serde::Serialize;

/// One estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The effect.
    pub effect: f64,
    /// Half-width of its 95 % interval.
    pub half_width: f64,
}

impl Estimate {
    /// 1, -1, or 0 where the interval holds zero.
    pub fn sign(self) -> i8 {
        match self.effect {
            x if x > self.half_width => 1,
            x if x < -self.half_width => -1,
            _ => 0,
        }
    }
}

/// What several estimates of one effect say of each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Disagreement {
    /// Estimates that are clearly above zero.
    pub plus: usize,
    /// Estimates that are clearly below zero.
    pub minus: usize,
    /// Estimates whose interval holds zero.
    pub unclear: usize,
    /// Position of the lowest estimate.
    pub lowest: usize,
    /// Position of the highest estimate.
    pub highest: usize,
    /// Highest less lowest.
    pub range: f64,
    /// The range in half-widths of the interval of a difference of two independent estimates; on common random numbers the true
    /// interval is narrower, so that this is a lower bound.
    pub range_in_intervals: f64,
}

impl Disagreement {
    /// Compares estimates; `None` without any.
    pub fn of(estimates: &[Estimate]) -> Option<Self> {
        let by_effect = |a: &usize, b: &usize| estimates[*a].effect.total_cmp(&estimates[*b].effect);
        let lowest = (0..estimates.len()).min_by(by_effect)?;
        let highest = (0..estimates.len()).rev().max_by(by_effect)?;
        let (low, high) = (estimates[lowest], estimates[highest]);
        let range = high.effect - low.effect;
        let noise = (low.half_width * low.half_width + high.half_width * high.half_width).sqrt();
        let count = |sign: i8| estimates.iter().filter(|e| e.sign() == sign).count();
        Some(Self {
            plus: count(1),
            minus: count(-1),
            unclear: count(0),
            lowest,
            highest,
            range,
            range_in_intervals: if range == 0.0 { 0.0 } else { range / noise },
        })
    }

    /// Whether some estimates are clearly above zero and some clearly below.
    pub fn in_sign(&self) -> bool {
        self.plus > 0 && self.minus > 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Disagreement, Estimate};

    fn of(pairs: &[(f64, f64)]) -> Disagreement {
        let list: Vec<Estimate> = pairs.iter().map(|&(effect, half_width)| Estimate { effect, half_width }).collect();
        Disagreement::of(&list).expect("estimates")
    }

    #[test]
    fn signs_count_beyond_their_intervals() {
        let found = of(&[(2.0, 1.0), (-3.0, 1.0), (0.5, 1.0), (1.0, 1.0)]);
        assert_eq!((found.plus, found.minus, found.unclear), (1, 1, 2));
        assert!(found.in_sign());
        assert_eq!((found.lowest, found.highest, found.range), (1, 0, 5.0));
        assert!((found.range_in_intervals - 5.0 / 2.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn equal_estimates_do_not_disagree() {
        let found = of(&[(1.0, 0.0), (1.0, 0.0)]);
        assert_eq!((found.range, found.range_in_intervals, found.in_sign()), (0.0, 0.0, false));
        assert_eq!(Disagreement::of(&[]), None);
    }
}
