//! Mean and variance. Truncated distributions take theirs from partial moments, which are closed forms for every kind.

use super::Distribution;
use oxus_math::{beta_inc, exp, exp_m1, gamma_p, ln, normal_cdf, normal_density, poisson_cdf};

/// `E[(X - centre)^k; X <= x]` for k = 0, 1, 2.
type Partial = [f64; 3];

fn combine(parts: impl Iterator<Item = (f64, Partial)>) -> Partial {
    parts.fold([0.0; 3], |sum, (weight, m)| [sum[0] + weight * m[0], sum[1] + weight * m[1], sum[2] + weight * m[2]])
}

fn scaled(m: Partial, factor: f64) -> Partial {
    m.map(|m| m * factor)
}

/// Moves moments about zero to moments about `centre`.
fn recentre([m0, m1, m2]: Partial, centre: f64) -> Partial {
    [m0, m1 - centre * m0, m2 - 2.0 * centre * m1 + centre * centre * m0]
}

fn atom(value: f64, x: f64, centre: f64) -> Partial {
    if value <= x { [1.0, value - centre, (value - centre) * (value - centre)] } else { [0.0; 3] }
}

/// Uniform on `[low, high]`; an atom when they are equal.
fn uniform(low: f64, high: f64, x: f64, centre: f64) -> Partial {
    if low == high {
        return atom(low, x, centre);
    }
    let (a, b) = (low - centre, x.clamp(low, high) - centre);
    let share = (b - a) / (high - low);
    [share, share * (a + b) / 2.0, share * (a * a + a * b + b * b) / 3.0]
}

fn normal(mean: f64, sd: f64, x: f64, centre: f64) -> Partial {
    let z = (x - mean) / sd;
    let (p, density) = (normal_cdf(z), normal_density(z));
    let z_density = if z.is_finite() { z * density } else { 0.0 };
    let d = mean - centre;
    [p, d * p - sd * density, sd * sd * (p - z_density) - 2.0 * d * sd * density + d * d * p]
}

/// `integral over (0, s) of (origin + sign y)^k 2 y dy`, for a triangle's side that starts at `origin` (from the centre).
fn triangle_side(s: f64, origin: f64, sign: f64) -> Partial {
    let s2 = s * s;
    let first = origin * s2 + sign * 2.0 * s2 * s / 3.0;
    let second = origin * origin * s2 + sign * 4.0 * origin * s2 * s / 3.0 + s2 * s2 / 2.0;
    [s2, first, second]
}

fn triangular(low: f64, mode: f64, high: f64, x: f64, centre: f64) -> Partial {
    let width = high - low;
    let x = x.clamp(low, high);
    let mut total = [0.0; 3];
    if mode > low {
        let left = triangle_side(x.min(mode) - low, low - centre, 1.0);
        total = combine([(1.0, total), (1.0 / (width * (mode - low)), left)].into_iter());
    }
    if x > mode {
        let whole = triangle_side(high - mode, high - centre, -1.0);
        let beyond = triangle_side(high - x, high - centre, -1.0);
        let factor = 1.0 / (width * (high - mode));
        total = combine([(1.0, total), (factor, whole), (-factor, beyond)].into_iter());
    }
    total
}

impl Distribution {
    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Normal { mean, .. } | Self::Exponential { mean } | Self::Poisson { mean } => *mean,
            Self::LogNormal { median, sigma } => median * exp(0.5 * sigma * sigma),
            Self::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Self::Uniform { low, high } => 0.5 * (low + high),
            Self::Beta { a, b } => a / (a + b),
            Self::Gamma { shape, scale } => shape * scale,
            Self::Mixture(parts) => {
                let total: f64 = parts.iter().map(|part| part.0).sum();
                parts.iter().map(|(weight, part)| weight * part.mean()).sum::<f64>() / total
            }
            Self::Discrete(_) | Self::Empirical(_) => self.partial(f64::INFINITY, 0.0)[1],
            Self::Truncated { inner, low, high } => {
                let centre = truncation_centre(inner, *low, *high);
                centre + self.partial(f64::INFINITY, centre)[1]
            }
        }
    }

    /// The variance.
    pub fn variance(&self) -> f64 {
        match self {
            Self::Fixed(_) => 0.0,
            Self::Normal { sd, .. } => sd * sd,
            Self::LogNormal { sigma, .. } => self.mean() * self.mean() * exp_m1(sigma * sigma),
            Self::Triangular { low, mode, high } => {
                let (left, right) = (mode - low, high - mode);
                (left * left + left * right + right * right) / 18.0
            }
            Self::Uniform { low, high } => (high - low) * (high - low) / 12.0,
            Self::Beta { a, b } => a / (a + b) * (b / (a + b)) / (a + b + 1.0),
            Self::Gamma { shape, scale } => shape * scale * scale,
            Self::Exponential { mean } => mean * mean,
            Self::Poisson { mean } => *mean,
            Self::Mixture(parts) => {
                let total: f64 = parts.iter().map(|part| part.0).sum();
                let mean = self.mean();
                let second = |part: &Self| part.variance() + (part.mean() - mean) * (part.mean() - mean);
                parts.iter().map(|(weight, part)| weight * second(part)).sum::<f64>() / total
            }
            Self::Discrete(_) | Self::Empirical(_) | Self::Truncated { .. } => {
                let [_, _, second] = self.partial(f64::INFINITY, self.mean());
                second.max(0.0)
            }
        }
    }

    /// Moments of the values up to `x`, about `centre`.
    fn partial(&self, x: f64, centre: f64) -> Partial {
        match self {
            Self::Fixed(value) => atom(*value, x, centre),
            Self::Normal { mean, sd } => normal(*mean, *sd, x, centre),
            Self::LogNormal { median, sigma } => {
                let z = if x <= 0.0 { f64::NEG_INFINITY } else { ln(x / median) / sigma };
                let growth = exp(0.5 * sigma * sigma);
                let first = median * growth;
                let second = first * growth * first * growth;
                recentre([normal_cdf(z), first * normal_cdf(z - sigma), second * normal_cdf(z - 2.0 * sigma)], centre)
            }
            Self::Triangular { low, mode, high } => triangular(*low, *mode, *high, x, centre),
            Self::Uniform { low, high } => uniform(*low, *high, x, centre),
            Self::Beta { a, b } => {
                let first = a / (a + b);
                let second = first * (a + 1.0) / (a + b + 1.0);
                recentre([beta_inc(*a, *b, x), first * beta_inc(a + 1.0, *b, x), second * beta_inc(a + 2.0, *b, x)], centre)
            }
            Self::Gamma { shape, scale } => gamma(*shape, *scale, x, centre),
            Self::Exponential { mean } => gamma(1.0, *mean, x, centre),
            Self::Poisson { mean } => {
                // E[X; X <= n] = mean P(n - 1) and E[X (X - 1); X <= n] = mean^2 P(n - 2).
                let first = mean * poisson_cdf(x - 1.0, *mean);
                let second = mean * mean * poisson_cdf(x - 2.0, *mean) + first;
                recentre([poisson_cdf(x, *mean), first, second], centre)
            }
            Self::Discrete(pairs) => {
                let total: f64 = pairs.iter().map(|pair| pair.1).sum();
                combine(pairs.iter().map(|&(value, weight)| (weight / total, atom(value, x, centre))))
            }
            Self::Mixture(parts) => {
                let total: f64 = parts.iter().map(|part| part.0).sum();
                combine(parts.iter().map(|(weight, part)| (weight / total, part.partial(x, centre))))
            }
            Self::Empirical(values) => match values.as_slice() {
                [only] => atom(*only, x, centre),
                _ => {
                    let share = 1.0 / (values.len() as f64 - 1.0);
                    combine(values.windows(2).map(|pair| (share, uniform(pair[0], pair[1], x, centre))))
                }
            },
            Self::Truncated { inner, low, high } => {
                if low.is_some_and(|low| x < low) {
                    return [0.0; 3];
                }
                let up_to = inner.partial(high.map_or(x, |high| x.min(high)), centre);
                let below = low.map_or([0.0; 3], |low| inner.partial(low.next_down(), centre));
                let kept = combine([(1.0, up_to), (-1.0, below)].into_iter());
                scaled(kept, 1.0 / inner.mass_between(*low, *high))
            }
        }
    }
}

fn gamma(shape: f64, scale: f64, x: f64, centre: f64) -> Partial {
    let at = x / scale;
    let first = shape * scale;
    let second = first * (shape + 1.0) * scale;
    recentre([gamma_p(shape, at), first * gamma_p(shape + 1.0, at), second * gamma_p(shape + 2.0, at)], centre)
}

/// A point inside the bounds, near the mean, so that the moments about it are small.
fn truncation_centre(inner: &Distribution, low: Option<f64>, high: Option<f64>) -> f64 {
    inner.mean().max(low.unwrap_or(f64::NEG_INFINITY)).min(high.unwrap_or(f64::INFINITY))
}
