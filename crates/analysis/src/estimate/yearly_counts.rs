//! Counts of events under a yearly effect with a memory: a Poisson state-space model, its likelihood summed on a grid.

use oxus_math::{exp, ln, ln_gamma};

use super::EstimateError;

/// Points of the grid of the effect, out to five deviations: to four, what is cut off shows in the fifth digit of the likelihood of thirty years.
const POINTS: usize = 81;
/// Smallest and largest deviation of the effect tried.
const SIGMA: (f64, f64) = (0.05, 2.5);
/// Largest persistence tried.
const PERSISTENCE: f64 = 0.95;

/// A fitted model of counts.
#[derive(Clone, Debug, PartialEq)]
pub struct CountsFit {
    /// Deviation of the effect, in logs.
    pub sigma: f64,
    /// Standard error of `sigma` (curvature of the profile likelihood).
    pub sigma_error: f64,
    /// Correlation of the effect with that of the year before.
    pub persistence: f64,
    /// Its standard error.
    pub persistence_error: f64,
    /// Correlation of the two estimates.
    pub correlation: f64,
    /// Mean count a year of each series.
    pub rates: Vec<f64>,
    /// Standard error of the logarithm of each rate, the other two held.
    pub log_rate_errors: Vec<f64>,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// The same without any effect (Poisson counts): what the effect is worth.
    pub poisson: f64,
}

/// Fits `count_t ~ Poisson(rate exp(effect_t - sigma²/2))`, `effect` a normal AR(1) of deviation `sigma`, by maximum likelihood.
///
/// One deviation and one persistence for all series, a rate for each. Years without a value are `None`. The likelihood is a sum over paths of the
/// effect on a grid, forward in time (Kitagawa, JASA 82, 1987). Oracle: `tests/reference/fit` (SciPy, by Gauss-Hermite quadrature).
///
/// # Errors
/// Fewer than five counts, no event in any series or in one, or a value that is no count.
pub fn yearly_counts(series: &[Vec<Option<f64>>]) -> Result<CountsFit, EstimateError> {
    let all: Vec<f64> = series.iter().flatten().flatten().copied().collect();
    if let Some(at) = all.iter().position(|x| !(*x >= 0.0 && x.fract() == 0.0)) {
        return Err(EstimateError::NotCount(at));
    }
    if all.len() < 5 {
        return Err(EstimateError::TooFew { rows: all.len(), parameters: series.len() + 2 });
    }
    if series.iter().any(|s| s.iter().flatten().sum::<f64>() == 0.0) {
        return Err(EstimateError::Constant);
    }
    let (sigma, persistence) = climb(series);
    let best = Profile::at(series, sigma, persistence);
    let curve = curvature(series, sigma, persistence);
    let poisson = series.iter().map(|s| log_likelihood(s, &Chain::new(0.0, 0.0), mean(s))).sum();
    Ok(CountsFit {
        sigma,
        sigma_error: curve.0,
        persistence,
        persistence_error: curve.1,
        correlation: curve.2,
        log_rate_errors: best.log_rate_errors(series, sigma, persistence),
        rates: best.rates,
        log_likelihood: best.log_likelihood,
        poisson,
    })
}

/// The log-likelihood at given parameters.
#[cfg(test)]
pub(super) fn at(series: &[Vec<Option<f64>>], rates: &[f64], sigma: f64, persistence: f64) -> f64 {
    let chain = Chain::new(sigma, persistence);
    series.iter().zip(rates).map(|(counts, rate)| log_likelihood(counts, &chain, *rate)).sum()
}

fn mean(counts: &[Option<f64>]) -> f64 {
    let known: Vec<f64> = counts.iter().flatten().copied().collect();
    known.iter().sum::<f64>() / known.len() as f64
}

/// The effect on a grid: its values, their chances in any year, and the chances of the next given one.
struct Chain {
    values: Vec<f64>,
    first: Vec<f64>,
    /// `next[to][from]`.
    next: Vec<Vec<f64>>,
}

impl Chain {
    fn new(sigma: f64, persistence: f64) -> Self {
        if sigma == 0.0 {
            return Self { values: vec![0.0], first: vec![1.0], next: vec![vec![1.0]] };
        }
        let values: Vec<f64> = (0..POINTS).map(|i| sigma * (10.0 * i as f64 / (POINTS - 1) as f64 - 5.0)).collect();
        let weights = |centre: f64, spread: f64| {
            let w: Vec<f64> = values.iter().map(|v| exp(-0.5 * (v - centre) / spread * ((v - centre) / spread))).collect();
            let sum: f64 = w.iter().sum();
            w.into_iter().map(|x| x / sum).collect::<Vec<f64>>()
        };
        let first = weights(0.0, sigma);
        let spread = sigma * (1.0 - persistence * persistence).sqrt();
        let from: Vec<Vec<f64>> = values.iter().map(|v| weights(persistence * v, spread)).collect();
        let next = (0..POINTS).map(|to| from.iter().map(|row| row[to]).collect()).collect();
        // the mean of exp(effect) is 1
        let lift = 0.5 * sigma * sigma;
        Self { values: values.iter().map(|v| v - lift).collect(), first, next }
    }
}

fn log_likelihood(counts: &[Option<f64>], chain: &Chain, rate: f64) -> f64 {
    let intensities: Vec<f64> = chain.values.iter().map(|v| rate * exp(*v)).collect();
    let mut chances = chain.first.clone();
    let mut total = 0.0;
    for (year, count) in counts.iter().enumerate() {
        if year > 0 && chain.values.len() > 1 {
            chances = chain.next.iter().map(|row| oxus_numerics::linear::dot(row, &chances)).collect();
        }
        let Some(count) = count else { continue };
        let constant = ln_gamma(count + 1.0);
        for (chance, intensity) in chances.iter_mut().zip(&intensities) {
            *chance *= exp(count * ln(*intensity) - intensity - constant);
        }
        let sum: f64 = chances.iter().sum();
        total += ln(sum.max(f64::MIN_POSITIVE));
        chances.iter_mut().for_each(|c| *c /= sum.max(f64::MIN_POSITIVE));
    }
    total
}

/// The best rates at a deviation and a persistence.
struct Profile {
    rates: Vec<f64>,
    log_likelihood: f64,
}

impl Profile {
    fn at(series: &[Vec<Option<f64>>], sigma: f64, persistence: f64) -> Self {
        let chain = Chain::new(sigma, persistence);
        let mut profile = Self { rates: Vec::new(), log_likelihood: 0.0 };
        for counts in series {
            let at = |log_rate: f64| log_likelihood(counts, &chain, exp(log_rate));
            let middle = ln(mean(counts));
            let (log_rate, value) = golden(at, middle - 2.5, middle + 2.5);
            profile.rates.push(exp(log_rate));
            profile.log_likelihood += value;
        }
        profile
    }

    fn log_rate_errors(&self, series: &[Vec<Option<f64>>], sigma: f64, persistence: f64) -> Vec<f64> {
        let chain = Chain::new(sigma, persistence);
        let step = 0.05;
        let error = |(counts, rate): (&Vec<Option<f64>>, &f64)| {
            let at = |k: f64| log_likelihood(counts, &chain, rate * exp(k * step));
            let curve = (at(1.0) - 2.0 * at(0.0) + at(-1.0)) / (step * step);
            if curve < 0.0 { (-1.0 / curve).sqrt() } else { f64::INFINITY }
        };
        series.iter().zip(&self.rates).map(error).collect()
    }
}

/// The maximum of a function with one peak, by golden sections down to 1e-7.
fn golden(f: impl Fn(f64) -> f64, low: f64, high: f64) -> (f64, f64) {
    const RATIO: f64 = 0.618_033_988_749_894_8;
    let (mut a, mut b) = (low, high);
    let (mut x, mut y) = (b - RATIO * (b - a), a + RATIO * (b - a));
    let (mut fx, mut fy) = (f(x), f(y));
    while b - a > 1e-7 {
        if fx >= fy {
            (b, y, fy) = (y, x, fx);
            x = b - RATIO * (b - a);
            fx = f(x);
        } else {
            (a, x, fx) = (x, y, fy);
            y = a + RATIO * (b - a);
            fy = f(y);
        }
    }
    if fx >= fy { (x, fx) } else { (y, fy) }
}

/// Deviation and persistence of the highest profile likelihood: from the best point of a coarse grid by steps that halve (compass search).
fn climb(series: &[Vec<Option<f64>>]) -> (f64, f64) {
    let value = |sigma: f64, persistence: f64| Profile::at(series, sigma, persistence).log_likelihood;
    let mut best = (0.0, 0.0, f64::NEG_INFINITY);
    for sigma in [0.2, 0.5, 0.9, 1.4, 2.0] {
        for persistence in [0.0, 0.3, 0.6, 0.85] {
            let here = value(sigma, persistence);
            if here > best.2 {
                best = (sigma, persistence, here);
            }
        }
    }
    let mut step = 0.2;
    while step > 1e-4 {
        let moves = [(step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)];
        let tried = moves.map(|(s, p)| ((best.0 + s).clamp(SIGMA.0, SIGMA.1), (best.1 + p).clamp(-PERSISTENCE, PERSISTENCE)));
        let found = tried.map(|(s, p)| (s, p, value(s, p)));
        let top = found.into_iter().max_by(|a, b| a.2.total_cmp(&b.2)).unwrap_or(best);
        if top.2 > best.2 {
            best = top;
        } else {
            step *= 0.5;
        }
    }
    (best.0, best.1)
}

/// Standard errors of deviation and persistence and their correlation, from the curvature of the profile; infinite where it is not a peak.
fn curvature(series: &[Vec<Option<f64>>], sigma: f64, persistence: f64) -> (f64, f64, f64) {
    let step = 0.05;
    let at = |s: f64, p: f64| Profile::at(series, (sigma + s * step).max(0.01), (persistence + p * step).clamp(-0.99, 0.99)).log_likelihood;
    let middle = at(0.0, 0.0);
    let h = step * step;
    let (ss, pp) = ((at(1.0, 0.0) - 2.0 * middle + at(-1.0, 0.0)) / h, (at(0.0, 1.0) - 2.0 * middle + at(0.0, -1.0)) / h);
    let sp = (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / (4.0 * h);
    let determinant = ss * pp - sp * sp;
    if !(determinant > 0.0 && ss < 0.0) {
        return (f64::INFINITY, f64::INFINITY, 0.0);
    }
    ((-pp / determinant).sqrt(), (-ss / determinant).sqrt(), sp / (ss * pp).sqrt())
}
