//! Tripwires: threshold rules on what can be observed early, which move the odds of what happens later.
//!
//! A rule is chosen on training futures by mutual information less the price of the search, and evaluated on held-out futures of other draws.

use oxus_math::{exp, ln, normal_cdf};

/// Futures on either side of a rule that the search asks for at least.
pub const LEAST_SIDE: usize = 20;
/// Quantiles of the observed values that are tried as thresholds.
const THRESHOLDS: [f64; 13] = [0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95];
const Z: f64 = 1.959_963_984_540_054;

/// Observed above (or not above) a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Whether it fires above the threshold; else at or below it.
    pub above: bool,
    /// The threshold.
    pub threshold: f64,
    /// Mutual information of rule and outcome on the training futures, in nats.
    pub information: f64,
}

impl Rule {
    /// Whether it fires at a value.
    pub fn fires(&self, value: f64) -> bool {
        (value > self.threshold) == self.above
    }
}

/// Number of thresholds that [`best_rule`] tries on one observable, for the price of the search.
pub fn tried() -> usize {
    THRESHOLDS.len()
}

/// Least mutual information (nats) that pays for a search among `rules` rules over `futures` futures: `ln(rules) / futures`, which is the length of the
/// rule's name in a code (minimum description length: Rissanen 1978), and `1 / (2 futures)` of bias (Miller 1955).
pub fn price(rules: usize, futures: usize) -> f64 {
    (ln(rules.max(1) as f64) + 0.5) / futures.max(1) as f64
}

/// The rule on these values with the largest mutual information with `happens`, turned so that it raises the chance where it fires. Futures whose value
/// is not a number do not count. `None` when no threshold leaves [`LEAST_SIDE`] futures on either side, or all futures end alike.
pub fn best_rule(values: &[f64], happens: &[bool]) -> Option<Rule> {
    let mut pairs: Vec<(f64, bool)> = values.iter().copied().zip(happens.iter().copied()).filter(|p| !p.0.is_nan()).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (n, hits) = (pairs.len(), pairs.iter().filter(|p| p.1).count());
    if n < 2 * LEAST_SIDE || hits == 0 || hits == n {
        return None;
    }
    let mut best: Option<Rule> = None;
    for p in THRESHOLDS {
        let at = ((p * (n - 1) as f64).round() as usize).min(n - 1);
        let threshold = pairs[at].0;
        let below = pairs.partition_point(|pair| pair.0 <= threshold);
        if below < LEAST_SIDE || n - below < LEAST_SIDE {
            continue;
        }
        let hits_below = pairs[..below].iter().filter(|pair| pair.1).count();
        let information = mutual_information([below, n - below], [hits_below, hits - hits_below]);
        if best.is_none_or(|b| information > b.information) {
            let above = (hits - hits_below) * below > hits_below * (n - below);
            best = Some(Rule { above, threshold, information });
        }
    }
    best
}

/// Mutual information of two sides with so many futures and so many of them in which it happens, in nats.
pub fn mutual_information(sides: [usize; 2], hits: [usize; 2]) -> f64 {
    let n = (sides[0] + sides[1]) as f64;
    let entropy = |hits: f64, of: f64| {
        let part = |x: f64| if x > 0.0 { -x / of * ln(x / of) } else { 0.0 };
        part(hits) + part(of - hits)
    };
    let whole = entropy((hits[0] + hits[1]) as f64, n);
    let split = (0..2).map(|s| sides[s] as f64 / n * entropy(hits[s] as f64, sides[s] as f64));
    (whole - split.sum::<f64>()).max(0.0)
}

/// What a rule does on held-out futures, added up draw by draw in memory that does not grow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// Sums over draws of products of: futures that fire, those of them in which it happens, futures that do not, those of them in which it happens.
    products: [[f64; 4]; 4],
    sums: [f64; 4],
    draws: u64,
}

/// A rule's figures on held-out futures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Futures counted.
    pub futures: u64,
    /// Draws they belong to.
    pub draws: u64,
    /// Futures in which the rule fires.
    pub fires: u64,
    /// Chance of the outcome over all of them.
    pub chance: f64,
    /// Chance where the rule fires.
    pub chance_fired: f64,
    /// 95 % interval of it, clustered by draw, on the logit scale.
    pub chance_fired_interval: (f64, f64),
    /// Chance where it does not.
    pub chance_silent: f64,
    /// Odds where it fires over odds where it does not.
    pub odds_ratio: f64,
    /// 95 % interval of it, clustered by draw, on the log scale.
    pub odds_interval: (f64, f64),
    /// Two-sided p-value that the odds ratio is 1.
    pub p: f64,
    /// Share of the futures with the outcome in which it fires.
    pub hit_rate: f64,
    /// Share of the futures without it in which it fires.
    pub false_alarms: f64,
}

impl Held {
    /// Adds the futures of one draw: whether the rule fires and whether it happens.
    pub fn add(&mut self, futures: impl Iterator<Item = (bool, bool)>) {
        let mut counts = [0.0; 4];
        for (fires, happens) in futures {
            let side = if fires { 0 } else { 2 };
            counts[side] += 1.0;
            counts[side + 1] += f64::from(u8::from(happens));
        }
        if counts[0] + counts[2] == 0.0 {
            return;
        }
        self.draws += 1;
        for (i, a) in counts.iter().enumerate() {
            self.sums[i] += a;
            for (j, b) in counts.iter().enumerate() {
                self.products[i][j] += a * b;
            }
        }
    }

    /// Sum over draws of `(hits - p n)` of side `a` times that of side `b`.
    fn cross(&self, a: usize, b: usize, p: [f64; 2]) -> f64 {
        let [m, (i, j)] = [(2 * a, 2 * a + 1), (2 * b, 2 * b + 1)];
        let of = |x: usize, y: usize| self.products[x][y];
        of(m.1, j) - p[b] * of(m.1, i) - p[a] * of(m.0, j) + p[a] * p[b] * of(m.0, i)
    }

    /// The figures; `None` unless the rule fires in some futures and not in others. Where a cell of the two-by-two table is empty, half a future is
    /// added to each (Haldane 1956) and the variance is that of independent futures (Woolf 1955); else it is the sandwich estimator of a logistic
    /// regression on the rule, clustered by draw (Liang and Zeger 1986), and not below Woolf's.
    pub fn figures(&self) -> Option<Figures> {
        let [fires, hits, silent, missed] = self.sums;
        if fires == 0.0 || silent == 0.0 {
            return None;
        }
        let empty = [hits, fires - hits, missed, silent - missed].contains(&0.0);
        let half = if empty { 0.5 } else { 0.0 };
        let (n, y) = ([fires + 2.0 * half, silent + 2.0 * half], [hits + half, missed + half]);
        let p = [y[0] / n[0], y[1] / n[1]];
        let weight = [0, 1].map(|s| 1.0 / (n[s] * p[s] * (1.0 - p[s])));
        let draws = self.draws as f64;
        let correction = if self.draws > 1 { draws / (draws - 1.0) } else { 1.0 };
        let clustered = |a: usize, b: usize| correction * weight[a] * weight[b] * self.cross(a, b, p);
        // 1 / (n p q) is Woolf's variance of a logit
        let (one, two) = (clustered(0, 0), clustered(1, 1));
        let logit_variance = if empty { weight[0] } else { one.max(weight[0]) };
        let variance = if empty { weight[0] + weight[1] } else { (one + two - 2.0 * clustered(0, 1)).max(weight[0] + weight[1]) };
        let logit = |p: f64| ln(p / (1.0 - p));
        let log_odds = logit(p[0]) - logit(p[1]);
        let error = variance.sqrt();
        let interval = |middle: f64, error: f64| (middle - Z * error, middle + Z * error);
        let (low, high) = interval(logit(p[0]), logit_variance.sqrt());
        let odds = interval(log_odds, error);
        let chance = |x: f64| 1.0 / (1.0 + exp(-x));
        let happened = hits + missed;
        let calm = fires + silent - happened;
        Some(Figures {
            futures: (fires + silent) as u64,
            draws: self.draws,
            fires: fires as u64,
            chance: happened / (fires + silent),
            chance_fired: hits / fires,
            chance_fired_interval: (chance(low), chance(high)),
            chance_silent: missed / silent,
            odds_ratio: exp(log_odds),
            odds_interval: (exp(odds.0), exp(odds.1)),
            p: 2.0 * normal_cdf(-(log_odds / error).abs()),
            hit_rate: if happened > 0.0 { hits / happened } else { f64::NAN },
            false_alarms: if calm > 0.0 { (fires - hits) / calm } else { f64::NAN },
        })
    }
}

#[cfg(test)]
mod tests;
