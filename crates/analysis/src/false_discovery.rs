//! Many tests at once: p-values of clustered means, and the false-discovery rate over all of them.

use oxus_math::beta_inc;

/// Two-sided p-value that independent numbers have mean zero (Student's t, n - 1 degrees of freedom). 1 when every number is zero, 0 when all
/// are one other number; `None` for fewer than two. Oracle: R, `t.test(x)$p.value`.
pub fn p_of_zero_mean(numbers: &[f64]) -> Option<f64> {
    if numbers.len() < 2 {
        return None;
    }
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let squares = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    let variance_of_mean = squares / (n - 1.0) / n;
    if mean == 0.0 {
        return Some(1.0);
    }
    if variance_of_mean == 0.0 {
        return Some(0.0);
    }
    let (t_squared, freedom) = (mean * mean / variance_of_mean, n - 1.0);
    // P(|T| > t) = I_x(v/2, 1/2) with x = v / (v + t^2) (Abramowitz and Stegun 26.7.1)
    Some(beta_inc(freedom / 2.0, 0.5, freedom / (freedom + t_squared)))
}

/// Adjusted p-values: the smallest false-discovery rate at which each test counts (Benjamini and Hochberg 1995, J. R. Statist. Soc. B 57,
/// the step-up procedure), in the order given. Values that are not numbers stay as they are and do not count as tests.
/// Oracle: R, `p.adjust(p, "BH")`.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let tests = order.len() as f64;
    let mut adjusted = p.to_vec();
    let mut least = 1.0_f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        least = least.min(p[i] * tests / (rank as f64 + 1.0));
        adjusted[i] = least;
    }
    adjusted
}

/// 95 % interval of a share of which k in n were counted (Wilson 1927, J. Am. Stat. Assoc. 22:209-212); NaN for n = 0. For a mean of n numbers
/// between 0 and 1, whose variance is at most that of a share, it is wide enough. Oracle: `statsmodels`, `proportion_confint(k, n, method="wilson")`.
pub fn wilson(k: f64, n: usize) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let n = n as f64;
    let p = k / n;
    let scale = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / scale;
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
    (centre - half, centre + half)
}

#[cfg(test)]
mod tests;
