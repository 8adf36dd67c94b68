//! What goes when a cause is taken away: shares of an effect, and probabilities of necessity and of sufficiency with bounds.

use crate::discovery::p_of_zero_mean;

/// Totals of one draw over its members: the whole effect, and the part of it that goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DrawTotal {
    /// Members.
    pub members: f64,
    /// Sum over members of outcome with the cause minus outcome of the baseline.
    pub whole: f64,
    /// Sum over members of outcome with the cause minus outcome with the part taken away.
    pub gone: f64,
}

/// Share of an effect that goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareGone {
    /// Ratio of the totals; NaN when the effect is zero.
    pub share: f64,
    /// Half-width of its 95 % interval, clustered by draw; NaN for fewer than two draws.
    pub half_width: f64,
    /// p-value that nothing goes: mean over draws of the mean part that goes.
    pub p: f64,
}

impl ShareGone {
    /// The share over all draws, by the ratio estimator with clusters (Cochran 1977, Sampling Techniques, chapter 6 and 9.
    /// Linearised: residuals of a draw are `gone - share whole`).
    pub fn of(draws: &[DrawTotal]) -> Self {
        let (whole, gone) = draws.iter().fold((0.0, 0.0), |(w, g), d| (w + d.whole, g + d.gone));
        let share = gone / whole;
        let n = draws.len() as f64;
        let residuals: f64 = draws.iter().map(|d| (d.gone - share * d.whole) * (d.gone - share * d.whole)).sum();
        let error = if draws.len() > 1 { (residuals * n / (n - 1.0)).sqrt() / whole.abs() } else { f64::NAN };
        let means: Vec<f64> = draws.iter().filter(|d| d.members > 0.0).map(|d| d.gone / d.members).collect();
        Self { share, half_width: 1.959_963_984_540_054 * error, p: p_of_zero_mean(&means).unwrap_or(f64::NAN) }
    }

    /// Whether the interval leaves out zero.
    pub fn excludes_zero(&self) -> bool {
        self.share.abs() > self.half_width
    }
}

/// A probability of causation: as coupled, and within which bounds it lies whatever the coupling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Causation {
    /// In the same futures; NaN when the condition never holds.
    pub coupled: f64,
    /// Smallest that the two marginals allow.
    pub low: f64,
    /// Largest that the two marginals allow.
    pub high: f64,
}

impl Causation {
    /// Probability of necessity: of the members in which the outcome happens with the cause, the share in which it does not happen without it.
    /// `pairs` are (with, without). Bounds: Tian and Pearl 2000 (Ann. Math. Artif. Intell. 28:287-313), section 4, causes assigned at random:
    /// `max(0, (p1 - p0) / p1)` to `min(1, (1 - p0) / p1)`. `None` when it never happens with the cause.
    pub fn necessity(pairs: &[(bool, bool)]) -> Option<Self> {
        let (p1, p0) = marginals(pairs);
        let coupled = share(pairs.iter().filter(|p| p.0), |p| !p.1)?;
        Some(Self { coupled, low: ((p1 - p0) / p1).max(0.0), high: ((1.0 - p0) / p1).min(1.0) })
    }

    /// Probability of sufficiency: of the members in which the outcome does not happen without the cause, the share in which it happens with it.
    /// Bounds as above: `max(0, (p1 - p0) / (1 - p0))` to `min(1, p1 / (1 - p0))`. `None` when it always happens without.
    pub fn sufficiency(pairs: &[(bool, bool)]) -> Option<Self> {
        let (p1, p0) = marginals(pairs);
        let coupled = share(pairs.iter().filter(|p| !p.1), |p| p.0)?;
        Some(Self { coupled, low: ((p1 - p0) / (1.0 - p0)).max(0.0), high: (p1 / (1.0 - p0)).min(1.0) })
    }
}

fn marginals(pairs: &[(bool, bool)]) -> (f64, f64) {
    let n = pairs.len() as f64;
    (pairs.iter().filter(|p| p.0).count() as f64 / n, pairs.iter().filter(|p| p.1).count() as f64 / n)
}

fn share<'p>(of: impl Iterator<Item = &'p (bool, bool)>, holds: impl Fn(&(bool, bool)) -> bool) -> Option<f64> {
    let (mut n, mut held) = (0.0, 0.0);
    for pair in of {
        n += 1.0;
        held += f64::from(u8::from(holds(pair)));
    }
    (n > 0.0).then(|| held / n)
}

#[cfg(test)]
mod tests;
