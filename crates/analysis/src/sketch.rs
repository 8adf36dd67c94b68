//! A quantile sketch with integer buckets: merging is exact and does not depend on the order of arrival.

/// Relative half-width of a bucket.
pub const ACCURACY: f64 = 0.005;
/// Values nearer to zero than this count as zero.
const TINY: f64 = 1e-12;

/// Counts of values in buckets whose bounds grow geometrically (DDSketch: Masson, Rim and Lee 2019, PVLDB 12). Quantiles are within
/// [`ACCURACY`] of a value of the right rank, relative to its size; counts are integers, so that sketches of parts add up to the sketch
/// of the whole, bit for bit, in whatever order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// (bucket, count), ascending.
    buckets: Vec<(i32, u64)>,
    count: u64,
    not_finite: u64,
}

impl Sketch {
    /// The sketch of these values.
    pub fn of(values: &[f64]) -> Self {
        let mut found: Vec<i32> = values.iter().filter(|v| v.is_finite()).map(|v| bucket(*v)).collect();
        found.sort_unstable();
        let buckets = found.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64)).collect();
        Self { buckets, count: found.len() as u64, not_finite: (values.len() - found.len()) as u64 }
    }

    /// Adds one value; values that are not finite are counted apart.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        let bucket = bucket(value);
        match self.buckets.binary_search_by_key(&bucket, |b| b.0) {
            Ok(i) => self.buckets[i].1 += 1,
            Err(i) => self.buckets.insert(i, (bucket, 1)),
        }
        self.count += 1;
    }

    /// Adds another sketch.
    pub fn merge(&mut self, other: &Self) {
        let mut merged = Vec::with_capacity(self.buckets.len().max(other.buckets.len()));
        let (mut ours, mut theirs) = (self.buckets.iter().peekable(), other.buckets.iter().peekable());
        loop {
            match (ours.peek(), theirs.peek()) {
                (Some(a), Some(b)) if a.0 == b.0 => {
                    merged.push((a.0, a.1 + b.1));
                    ours.next();
                    theirs.next();
                }
                (Some(a), b) if b.is_none_or(|b| a.0 < b.0) => {
                    merged.push(**a);
                    ours.next();
                }
                (_, Some(b)) => {
                    merged.push(**b);
                    theirs.next();
                }
                (_, None) => break,
            }
        }
        self.buckets = merged;
        self.count += other.count;
        self.not_finite += other.not_finite;
    }

    /// Number of finite values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Number of values that were not finite.
    pub fn not_finite(&self) -> u64 {
        self.not_finite
    }

    /// The quantile of probability `p` in `[0, 1]` (nearest rank), `None` when empty.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let rank = (p.clamp(0.0, 1.0) * (self.count - 1) as f64).round() as u64;
        let mut seen = 0;
        for &(bucket, n) in &self.buckets {
            seen += n;
            if seen > rank {
                return Some(middle(bucket));
            }
        }
        None
    }

    /// Share of values above `x` (buckets are whole: exact for thresholds away from a bucket's values).
    pub fn share_above(&self, x: f64) -> Option<f64> {
        let at = bucket(x);
        let above: u64 = self.buckets.iter().filter(|b| b.0 > at).map(|b| b.1).sum();
        (self.count > 0).then(|| above as f64 / self.count as f64)
    }
}

/// Bucket 0 holds zero; bucket ±n holds sizes in `(TINY g^(n-1), TINY g^n]` with `g = (1 + a) / (1 - a)`.
fn bucket(value: f64) -> i32 {
    let size = value.abs();
    if size <= TINY {
        return 0;
    }
    let n = (oxus_math::ln(size / TINY) / growth_ln()).ceil().max(1.0) as i32;
    if value > 0.0 { n } else { -n }
}

fn middle(bucket: i32) -> f64 {
    if bucket == 0 {
        return 0.0;
    }
    let upper = TINY * oxus_math::exp(f64::from(bucket.abs()) * growth_ln());
    let middle = upper * (1.0 - ACCURACY);
    if bucket > 0 { middle } else { -middle }
}

fn growth_ln() -> f64 {
    oxus_math::ln((1.0 + ACCURACY) / (1.0 - ACCURACY))
}
