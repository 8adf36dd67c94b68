//! Maximum-likelihood fits with background and branching at least 0.
//!
//! At a fixed decay the log-likelihood is concave and separates by receiver: each row (mu_i, A_i1, ..., A_iD) maximises
//! `sum ln(features x row) - totals x row` on its own. It is solved in `receiver`. The decay is found on the profile likelihood: a coarse
//! grid, then Newton steps, whose second derivative is exact (the Schur complement that also gives the standard errors).

use super::design::Design;
use super::receiver::{KKT_LIMIT, MAX_NEWTON, RowProblem};
use super::{Events, HawkesError, Model, check_decay};
use crate::linear::{dot, invert_symmetric};

/// A fitted process.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The parameters found.
    pub model: Model,
    /// The log-likelihood there.
    pub log_likelihood: f64,
    /// Largest violation of the optimality conditions by background and branching, relative to the compensator's derivative.
    pub kkt_residual: f64,
    /// Standard errors from the observed information.
    pub standard_errors: StandardErrors,
    /// Newton steps made over all receivers.
    pub iterations: usize,
}

/// Standard errors; `None` for a parameter at its bound of 0, one that the data do not identify, or a decay that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardErrors {
    /// Of the background rates.
    pub background: Vec<Option<f64>>,
    /// Of the branching matrix, row-major.
    pub branching: Vec<Option<f64>>,
    /// Of the decay.
    pub decay: Option<f64>,
}

/// Points of the grid over decays.
const GRID: usize = 7;

/// Fits background and branching at a given decay.
///
/// # Errors
/// A decay that is not positive, or a fit that does not settle.
pub fn fit_fixed_decay(events: &Events, decay: f64) -> Result<Fit, HawkesError> {
    check_decay(decay)?;
    let design = Design::new(events, decay);
    let rows = Rows::fit(&design, events, None)?;
    let curve = rows.profile_curve(&design);
    rows.into_fit(&design, decay, &curve, false)
}

/// Fits background, branching and the decay, searched between `low` and `high`.
///
/// The profile likelihood over the decay need not be concave: the maximum reported is the one nearest the best of seven grid points. Where no
/// excitation is found the likelihood does not depend on the decay; it is then returned as it stood, without a standard error.
///
/// # Errors
/// A range that is not positive and increasing, a likelihood that still rises at one of its ends, or a fit that does not settle.
pub fn fit_free_decay(events: &Events, low: f64, high: f64) -> Result<Fit, HawkesError> {
    check_decay(low)?;
    check_decay(high)?;
    if low >= high {
        return Err(HawkesError::Parameter { what: "upper limit of the decay", index: 0, value: high });
    }
    let mut best = Point::at(events, low, None)?;
    // Equal steps in the logarithm.
    let ratio = oxus_math::exp(oxus_math::ln(high / low) / (GRID - 1) as f64);
    let (mut decay, mut previous) = (low, None);
    for _ in 1..GRID {
        decay = (decay * ratio).min(high);
        let point = Point::at(events, decay, previous.as_ref())?;
        previous = Some(point.rows.clone());
        if point.rows.log_likelihood > best.rows.log_likelihood {
            best = point;
        }
    }
    for _ in 0..MAX_NEWTON {
        if best.curve.first == 0.0 && best.curve.second == 0.0 {
            return best.finish();
        }
        let next = best.newton_decay(low, high);
        if (next - best.decay).abs() <= 1e-10 * best.decay {
            if next == low || next == high {
                return Err(HawkesError::DecayAtLimit(next));
            }
            return best.finish();
        }
        match best.towards(events, next)? {
            Some(point) => best = point,
            // No step raises the likelihood by more than its rounding.
            None => return best.finish(),
        }
    }
    Err(HawkesError::NotConverged { iterations: MAX_NEWTON, residual: best.rows.kkt_residual })
}

/// A decay with its fitted rows.
struct Point {
    decay: f64,
    design: Design,
    rows: Rows,
    curve: ProfileCurve,
}

impl Point {
    fn at(events: &Events, decay: f64, start: Option<&Rows>) -> Result<Self, HawkesError> {
        let design = Design::new(events, decay);
        let rows = Rows::fit(&design, events, start)?;
        let curve = rows.profile_curve(&design);
        Ok(Point { decay, design, rows, curve })
    }

    /// The next decay by Newton on the profile, by at most a factor 2; uphill where the profile is not concave.
    fn newton_decay(&self, low: f64, high: f64) -> f64 {
        let (first, second) = (self.curve.first, self.curve.second);
        let wanted = if second < 0.0 { self.decay - first / second } else { self.decay + first.signum() * self.decay };
        wanted.clamp(0.5 * self.decay, 2.0 * self.decay).clamp(low, high)
    }

    /// A point on the way to `decay` with a likelihood no lower, or `None`.
    fn towards(&self, events: &Events, decay: f64) -> Result<Option<Self>, HawkesError> {
        let here = self.rows.log_likelihood;
        let mut target = decay;
        for _ in 0..30 {
            let point = Point::at(events, target, Some(&self.rows))?;
            if point.rows.log_likelihood >= here - 1e-13 * here.abs() {
                return Ok(Some(point));
            }
            target = 0.5 * (target + self.decay);
        }
        Ok(None)
    }

    fn finish(self) -> Result<Fit, HawkesError> {
        self.rows.into_fit(&self.design, self.decay, &self.curve, true)
    }
}

/// The fitted rows of all receivers.
#[derive(Clone)]
struct Rows {
    /// (mu_i, A_i1, ..., A_iD) of each receiver, one after the other.
    parameters: Vec<f64>,
    log_likelihood: f64,
    kkt_residual: f64,
    iterations: usize,
}

/// Slope and curvature of the profile likelihood at a decay, and what the standard errors need.
struct ProfileCurve {
    first: f64,
    second: f64,
    /// For each receiver: which parameters are free, the inverse of their information, and that inverse times the cross derivatives with the
    /// decay. `None` where the information is singular.
    receivers: Vec<Option<FreeBlock>>,
}

struct FreeBlock {
    free: Vec<usize>,
    inverse: Vec<f64>,
    sensitivity: Vec<f64>,
}

impl Rows {
    fn fit(design: &Design, events: &Events, start: Option<&Rows>) -> Result<Self, HawkesError> {
        let (d, width) = (events.dimension, design.width);
        let mut rows = Rows { parameters: vec![0.0; d * width], log_likelihood: 0.0, kkt_residual: 0.0, iterations: 0 };
        for i in 0..d {
            let mut problem = RowProblem::new(design, i);
            let row = &mut rows.parameters[i * width..(i + 1) * width];
            match start {
                Some(start) => row.copy_from_slice(&start.parameters[i * width..(i + 1) * width]),
                None => problem.start(row),
            }
            // A warm start may give an event no intensity at all under another decay.
            if problem.value(row) == f64::NEG_INFINITY {
                problem.start(row);
            }
            let done = problem.solve(row);
            rows.log_likelihood += done.value;
            rows.kkt_residual = rows.kkt_residual.max(done.kkt_residual);
            rows.iterations += done.iterations;
        }
        if rows.kkt_residual <= KKT_LIMIT {
            Ok(rows)
        } else {
            Err(HawkesError::NotConverged { iterations: rows.iterations, residual: rows.kkt_residual })
        }
    }

    fn profile_curve(&self, design: &Design) -> ProfileCurve {
        let width = design.width;
        let d = width - 1;
        let mut curve = ProfileCurve { first: 0.0, second: 0.0, receivers: Vec::with_capacity(d) };
        for i in 0..d {
            let row = &self.parameters[i * width..(i + 1) * width];
            curve.add_receiver(design, i, row);
        }
        curve
    }

    fn into_fit(self, design: &Design, decay: f64, curve: &ProfileCurve, decay_is_free: bool) -> Result<Fit, HawkesError> {
        let width = design.width;
        let d = width - 1;
        let mut background = Vec::with_capacity(d);
        let mut branching = Vec::with_capacity(d * d);
        for row in self.parameters.chunks_exact(width) {
            background.push(row[0]);
            branching.extend_from_slice(&row[1..]);
        }
        let decay_variance = (decay_is_free && curve.second < 0.0).then(|| -1.0 / curve.second);
        let mut errors = StandardErrors { background: vec![None; d], branching: vec![None; d * d], decay: decay_variance.map(f64::sqrt) };
        for (i, block) in curve.receivers.iter().enumerate() {
            let Some(block) = block else { continue };
            let m = block.free.len();
            for (a, &parameter) in block.free.iter().enumerate() {
                let through_decay = block.sensitivity[a] * block.sensitivity[a];
                let variance = block.inverse[a * m + a] + through_decay * decay_variance.unwrap_or(0.0);
                let error = Some(variance.sqrt());
                match parameter.checked_sub(1) {
                    None => errors.background[i] = error,
                    Some(j) => errors.branching[i * d + j] = error,
                }
            }
        }
        Ok(Fit {
            model: Model::new(background, branching, decay)?,
            log_likelihood: self.log_likelihood,
            kkt_residual: self.kkt_residual,
            standard_errors: errors,
            iterations: self.iterations,
        })
    }
}

impl ProfileCurve {
    /// Adds what receiver `i` contributes: `l_b`, `l_bb + b' H^-1 b` with b the cross derivatives and H the information of the free parameters.
    fn add_receiver(&mut self, design: &Design, i: usize, row: &[f64]) {
        let width = design.width;
        let free: Vec<usize> = (0..width).filter(|&j| row[j] > 0.0 && design.totals[j] > 0.0).collect();
        let m = free.len();
        let (mut information, mut cross) = (vec![0.0; m * m], vec![0.0; m]);
        let tables = design.features(i).chunks_exact(width).zip(design.slopes(i).chunks_exact(width)).zip(design.curvatures(i).chunks_exact(width));
        for ((feature, slope), curvature) in tables {
            let inverse = 1.0 / dot(feature, row);
            let by_decay = inverse * dot(slope, row);
            self.first += by_decay;
            self.second += inverse * dot(curvature, row) - by_decay * by_decay;
            for (a, &p) in free.iter().enumerate() {
                let share = inverse * feature[p];
                cross[a] += inverse * slope[p] - share * by_decay;
                for (b, &q) in free.iter().enumerate().take(a + 1) {
                    information[a * m + b] += share * inverse * feature[q];
                }
            }
        }
        for j in 0..width {
            self.first -= design.total_slopes[j] * row[j];
            self.second -= design.total_curvatures[j] * row[j];
        }
        for (a, &p) in free.iter().enumerate() {
            cross[a] -= design.total_slopes[p];
        }
        let block = invert_symmetric(&information, m).ok().map(|inverse| {
            let sensitivity: Vec<f64> = inverse.chunks_exact(m.max(1)).map(|r| dot(r, &cross)).collect();
            self.second += dot(&sensitivity, &cross);
            FreeBlock { free, inverse, sensitivity }
        });
        self.receivers.push(block);
    }
}
