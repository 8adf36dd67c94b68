//! Distribution and quantile functions.

use super::Distribution;
use oxus_math::{
    beta_inc, beta_inc_inverse, exp, exp_m1, gamma_p, gamma_p_inverse, ln, ln_1p, normal_cdf, normal_quantile, poisson_cdf, poisson_quantile,
    smallest_reaching,
};

impl Distribution {
    /// The chance of a value of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        match self {
            Self::Fixed(value) => step(*value, x),
            Self::Normal { mean, sd } => normal_cdf((x - mean) / sd),
            Self::LogNormal { median, sigma } => {
                if x <= 0.0 {
                    0.0
                } else {
                    normal_cdf(ln(x / median) / sigma)
                }
            }
            Self::Triangular { low, mode, high } => triangular_cdf(x, *low, *mode, *high),
            Self::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Self::Beta { a, b } => beta_inc(*a, *b, x),
            Self::Gamma { shape, scale } => gamma_p(*shape, x / scale),
            Self::Exponential { mean } => -exp_m1(-x.max(0.0) / mean),
            Self::Poisson { mean } => poisson_cdf(x, *mean),
            Self::Discrete(pairs) => {
                let up_to = |x: f64| pairs.iter().filter(|pair| pair.0 <= x).map(|pair| pair.1).sum::<f64>();
                up_to(x) / up_to(f64::INFINITY)
            }
            Self::Mixture(parts) => {
                let total: f64 = parts.iter().map(|part| part.0).sum();
                parts.iter().map(|(weight, part)| weight * part.cdf(x)).sum::<f64>() / total
            }
            Self::Empirical(values) => empirical_cdf(values, x),
            Self::Truncated { inner, low, high } => {
                let (below, up_to) = inner.probabilities_at(*low, *high);
                if low.is_some_and(|low| x < low) { 0.0 } else { ((inner.cdf(x) - below) / (up_to - below)).clamp(0.0, 1.0) }
            }
        }
    }

    /// The quantile function: the smallest value `x` with `cdf(x) >= u`, for `u` in (0, 1). Outside, the ends of the support.
    pub fn quantile(&self, u: f64) -> f64 {
        if u.is_nan() {
            return f64::NAN;
        }
        if u <= 0.0 {
            return self.support().0;
        }
        if u >= 1.0 {
            return self.support().1;
        }
        match self {
            Self::Fixed(value) => *value,
            Self::Normal { mean, sd } => mean + sd * normal_quantile(u),
            Self::LogNormal { median, sigma } => median * exp(sigma * normal_quantile(u)),
            Self::Triangular { low, mode, high } => triangular_quantile(u, *low, *mode, *high),
            Self::Uniform { low, high } => low + u * (high - low),
            Self::Beta { a, b } => beta_inc_inverse(*a, *b, u),
            Self::Gamma { shape, scale } => scale * gamma_p_inverse(*shape, u),
            Self::Exponential { mean } => -mean * ln_1p(-u),
            Self::Poisson { mean } => poisson_quantile(u, *mean),
            Self::Discrete(pairs) => discrete_quantile(pairs, u),
            Self::Mixture(parts) => self.mixture_quantile(parts, u),
            Self::Empirical(values) => empirical_quantile(values, u),
            Self::Truncated { inner, low, high } => {
                let (below, up_to) = inner.probabilities_at(*low, *high);
                let value = inner.quantile(below + u * (up_to - below));
                // Rounding may carry the quantile of a bound's own probability across the bound.
                value.max(low.unwrap_or(f64::NEG_INFINITY)).min(high.unwrap_or(f64::INFINITY))
            }
        }
    }

    /// Inverts the mixture's distribution function between the smallest and the largest quantile of its parts, to the last bit.
    fn mixture_quantile(&self, parts: &[(f64, Self)], u: f64) -> f64 {
        let mut low = f64::INFINITY;
        let mut high = f64::NEG_INFINITY;
        for (_, part) in parts.iter().filter(|part| part.0 > 0.0) {
            let quantile = part.quantile(u);
            low = low.min(quantile);
            high = high.max(quantile);
        }
        smallest_reaching(|x| self.cdf(x), u, low, high)
    }

    /// The chances of a value below `low` and of a value up to `high`.
    pub(super) fn probabilities_at(&self, low: Option<f64>, high: Option<f64>) -> (f64, f64) {
        // All values are floats: below `low` is up to its predecessor.
        (low.map_or(0.0, |low| self.cdf(low.next_down())), high.map_or(1.0, |high| self.cdf(high)))
    }

    /// The chance of a value between the bounds, both included.
    pub(super) fn mass_between(&self, low: Option<f64>, high: Option<f64>) -> f64 {
        let (below, up_to) = self.probabilities_at(low, high);
        up_to - below
    }
}

fn step(at: f64, x: f64) -> f64 {
    if x >= at { 1.0 } else { 0.0 }
}

fn triangular_cdf(x: f64, low: f64, mode: f64, high: f64) -> f64 {
    if x <= low {
        0.0
    } else if x >= high {
        1.0
    } else if x < mode {
        (x - low) / (high - low) * ((x - low) / (mode - low))
    } else {
        1.0 - (high - x) / (high - low) * ((high - x) / (high - mode))
    }
}

fn triangular_quantile(u: f64, low: f64, mode: f64, high: f64) -> f64 {
    let width = high - low;
    if u * width < mode - low { low + (u * width * (mode - low)).sqrt() } else { high - ((1.0 - u) * width * (high - mode)).sqrt() }
}

fn discrete_quantile(pairs: &[(f64, f64)], u: f64) -> f64 {
    // The same sum in the same order as the distribution function's, so that both agree to the bit.
    let total: f64 = pairs.iter().map(|pair| pair.1).sum();
    let mut sum = 0.0;
    for &(value, weight) in pairs {
        sum += weight;
        if weight > 0.0 && sum / total >= u {
            return value;
        }
    }
    f64::NAN
}

fn empirical_cdf(values: &[f64], x: f64) -> f64 {
    let at_most = values.partition_point(|&value| value <= x);
    if at_most == 0 {
        0.0
    } else if at_most == values.len() {
        1.0
    } else {
        let (left, right) = (values[at_most - 1], values[at_most]);
        ((at_most - 1) as f64 + (x - left) / (right - left)) / (values.len() - 1) as f64
    }
}

fn empirical_quantile(values: &[f64], u: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = u * last as f64;
    let index = (position as usize).min(last);
    let (left, right) = (values[index], values[(index + 1).min(last)]);
    left + (position - index as f64) * (right - left)
}
