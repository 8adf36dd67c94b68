//! What residuals tell of a model.

/// Residuals in short.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Residuals {
    /// Correlation of a residual with that of the year before, over all series; NaN with fewer than three pairs.
    pub autocorrelation: f64,
    /// Largest modulus over the deviation of all.
    pub largest: f64,
    /// Where it stands.
    pub at: usize,
}

/// Looks at residuals in the order of time; `follows[i]` is true where residual `i` is that of the year after `i - 1` in the same series.
///
/// `None` without residuals or where all are 0.
pub fn residuals(values: &[f64], follows: &[bool]) -> Option<Residuals> {
    let squares: f64 = values.iter().map(|e| e * e).sum();
    if values.is_empty() || squares == 0.0 {
        return None;
    }
    let pairs: Vec<(f64, f64)> = (1..values.len()).filter(|&i| follows.get(i) == Some(&true)).map(|i| (values[i - 1], values[i])).collect();
    let sum = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>();
    let common = sum(&|p| p.0 * p.1) / (sum(&|p| p.0 * p.0) * sum(&|p| p.1 * p.1)).sqrt();
    let at = (0..values.len()).max_by(|&a, &b| values[a].abs().total_cmp(&values[b].abs()).then(b.cmp(&a)))?;
    let deviation = (squares / values.len() as f64).sqrt();
    Some(Residuals { autocorrelation: if pairs.len() < 3 { f64::NAN } else { common }, largest: values[at].abs() / deviation, at })
}
