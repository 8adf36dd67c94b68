//! Which restrictions of a box the data bear out.

use oxus_math::beta_inc;

use super::prim::{Search, Settings, Step};
use super::{DiscoveryError, Inputs, Limit};
use crate::sensitivity::sobol::draw_rows;

/// A restricted column with the quasi-p values of its limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Restriction {
    /// Column.
    pub column: usize,
    /// Quasi-p value of the lower and the upper limit (of categories: of the set, in the first place); `None` where it is not restricted.
    pub quasi_p: [Option<f64>; 2],
}

impl Restriction {
    /// The smaller of the two: how well the restriction as such is borne out.
    pub fn best(&self) -> f64 {
        self.quasi_p.iter().flatten().copied().fold(1.0, f64::min)
    }
}

/// Restrictions of a box, each with the probability that a random part of the box without it would be as dense as the box is: a one-sided binomial
/// test, whose success probability is the density without the restriction (Bryant and Lempert 2010, section 3.3; *quasi*, since the box was chosen for
/// its density). With shares as outcomes the binomial distribution is continued by the incomplete beta function.
pub fn quasi_p(search: &Search<'_>, step: &Step) -> Vec<Restriction> {
    let value = |column: usize, limit: Limit| {
        let mut limits = step.limits.clone();
        limits[column] = limit;
        let without = search.step(limits);
        at_least(step.k, step.n, without.density())
    };
    let of = |column: usize| {
        let quasi_p = match (&step.limits[column], &search.all()[column]) {
            (&Limit::Range(low, high), &Limit::Range(lowest, highest)) => [
                (low != lowest).then(|| value(column, Limit::Range(lowest, high))),
                (high != highest).then(|| value(column, Limit::Range(low, highest))),
            ],
            (_, all) => [Some(value(column, all.clone())), None],
        };
        Restriction { column, quasi_p }
    };
    step.restricted(search.all()).into_iter().map(of).collect()
}

/// Probability of k or more successes in n trials.
fn at_least(k: f64, n: usize, p: f64) -> f64 {
    match (k, p) {
        (k, _) if k <= 0.0 => 1.0,
        (_, p) if p <= 0.0 => 0.0,
        (_, p) if p >= 1.0 => 1.0,
        // P(X >= k) = I_p(k, n - k + 1)
        (k, p) => beta_inc(k, n as f64 - k + 1.0, p),
    }
}

/// The box to tell of: on the trajectory the one that covers most at this density; where none is as dense, the one with the largest
/// harmonic mean of coverage and density.
pub fn choose<'s>(search: &Search<'_>, trajectory: &'s [Step], density: f64) -> Option<&'s Step> {
    let most = |of: &dyn Fn(&Step) -> f64, among: &dyn Fn(&Step) -> bool| {
        trajectory.iter().filter(|s| among(s)).fold(None, |best: Option<&Step>, step| match best {
            Some(b) if of(b) >= of(step) => Some(b),
            _ => Some(step),
        })
    };
    let harmonic = |s: &Step| {
        let (c, d) = (search.coverage(s), s.density());
        if c + d == 0.0 { 0.0 } else { 2.0 * c * d / (c + d) }
    };
    most(&|s| search.coverage(s), &|s| s.density() >= density).or_else(|| most(&harmonic, &|_| true))
}

/// Drops restrictions, the weakest first, until every one that is left has a quasi-p value of at most `level` at one of its limits; limits
/// above the level are dropped from restrictions that stay.
pub fn simplify(search: &Search<'_>, step: &Step, level: f64) -> Step {
    let mut step = step.clone();
    loop {
        let restrictions = quasi_p(search, &step);
        let weakest = restrictions.iter().max_by(|a, b| a.best().total_cmp(&b.best())).filter(|r| r.best() > level);
        let mut limits = step.limits.clone();
        if let Some(weak) = weakest {
            limits[weak.column] = search.all()[weak.column].clone();
        } else if let Some((column, side)) = loosest(&restrictions, level) {
            if let (Limit::Range(low, high), &Limit::Range(lowest, highest)) = (&mut limits[column], &search.all()[column]) {
                if side == 0 { *low = lowest } else { *high = highest }
            }
        } else {
            return step;
        }
        step = search.step(limits);
    }
}

/// The limit of the largest quasi-p value above the level, where the column's other limit is borne out.
fn loosest(restrictions: &[Restriction], level: f64) -> Option<(usize, usize)> {
    let sides = restrictions.iter().flat_map(|r| r.quasi_p.iter().enumerate().filter_map(|(side, p)| p.map(|p| (r.column, side, p))));
    sides.filter(|s| s.2 > level).max_by(|a, b| a.2.total_cmp(&b.2)).map(|(column, side, _)| (column, side))
}

/// How often each column is restricted by the box of the same coverage, and of the same density, when the rows are drawn anew with
/// replacement: shares of the resamples, `[column]` (Bryant and Lempert 2010, section 3.3).
///
/// # Errors
/// Those of [`Search::new`].
pub fn reproduced(
    inputs: &Inputs,
    y: &[f64],
    settings: Settings,
    like: (f64, f64),
    resamples: u32,
    seed: u64,
) -> Result<Vec<(f64, f64)>, DiscoveryError> {
    Search::new(inputs, y, settings)?;
    let mut counts = vec![(0.0, 0.0); inputs.columns.len()];
    let mut done = 0.0;
    for resample in 0..resamples {
        let mut rows = Vec::with_capacity(inputs.rows());
        draw_rows(seed, resample, inputs.rows(), |row| rows.push(row));
        let (x, y): (Inputs, Vec<f64>) = (inputs.take(&rows), rows.iter().map(|&r| y[r]).collect());
        // a resample without a single row of interest, or of nothing else, has no box
        let Ok(search) = Search::new(&x, &y, settings) else { continue };
        let trajectory = search.trajectory();
        let nearest = |of: &dyn Fn(&Step) -> f64, to: f64| {
            let distance = |s: &&Step| (of(s) - to).abs();
            trajectory.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
        };
        done += 1.0;
        for column in nearest(&|s| search.coverage(s), like.0).map(|s| s.restricted(search.all())).unwrap_or_default() {
            counts[column].0 += 1.0;
        }
        for column in nearest(&Step::density, like.1).map(|s| s.restricted(search.all())).unwrap_or_default() {
            counts[column].1 += 1.0;
        }
    }
    Ok(counts.into_iter().map(|(c, d)| (c / done, d / done)).collect())
}
