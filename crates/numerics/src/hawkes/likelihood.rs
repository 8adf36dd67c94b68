//! Log-likelihood and gradient by recursion.

use oxus_math::ln;

use super::{Events, HawkesError, Model, traces::Traces};
use crate::linear::{dot, sum};

oxus_math::dispatch! {
    /// Replaces each number by its logarithm.
    fn logarithms(x: &mut [f64]) {
        for x in x {
            *x = ln(*x);
        }
    }
}

/// Adds up logarithms in a fixed order; `values` are overwritten.
pub(super) fn sum_of_logarithms(values: &mut [f64]) -> f64 {
    logarithms(values);
    sum(values)
}

/// The log-likelihood of a model; minus infinity when it gives an event an intensity of 0.
///
/// # Errors
/// A model with another number of components than the events.
pub fn log_likelihood(events: &Events, model: &Model) -> Result<f64, HawkesError> {
    model.check_events(events)?;
    let d = model.dimension();
    // Columns of A together: an event adds its column to what every receiver feels.
    let mut columns = vec![0.0; d * d];
    for i in 0..d {
        for j in 0..d {
            columns[j * d + i] = model.branching[i * d + j];
        }
    }
    let mut traces = Traces::new(events, model.decay);
    let mut felt = vec![0.0; d];
    let mut intensity = vec![0.0; events.len()];
    for k in 0..events.len() {
        let i = events.components[k];
        // An event is absorbed before the origin moves, never after, so the two updates can be kept in order in one list.
        let mut factor = 1.0;
        let at = traces.walk_to(
            k,
            |source, weight| {
                let column = &columns[source * d..(source + 1) * d];
                for (felt, a) in felt.iter_mut().zip(column) {
                    *felt += weight * a;
                }
            },
            |f| factor = f,
        );
        if factor != 1.0 {
            for felt in &mut felt {
                *felt *= factor;
            }
        }
        intensity[k] = model.background[i] + model.decay * at.scale * felt[i];
    }
    let mut total = sum_of_logarithms(&mut intensity);
    let end = traces.walk_to_end();
    let counts = events.counts();
    for j in 0..d {
        let passed = counts[j] as f64 - traces.sums(j, end).r;
        total -= model.background[j] * events.horizon + sum(&columns[j * d..(j + 1) * d]) * passed;
    }
    Ok(total)
}

/// The log-likelihood and its derivatives.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// Derivative by each background rate.
    pub background: Vec<f64>,
    /// Derivative by each entry of the branching matrix, row-major.
    pub branching: Vec<f64>,
    /// Derivative by the decay.
    pub decay: f64,
}

/// The log-likelihood of a model and its gradient.
///
/// # Errors
/// A model with another number of components than the events, or one that gives an event an intensity of 0.
pub fn gradient(events: &Events, model: &Model) -> Result<Gradient, HawkesError> {
    model.check_events(events)?;
    let (d, beta) = (model.dimension(), model.decay);
    let mut found = Gradient { log_likelihood: 0.0, background: vec![-events.horizon; d], branching: vec![0.0; d * d], decay: 0.0 };
    let mut traces = Traces::new(events, beta);
    let mut intensity = vec![0.0; events.len()];
    for k in 0..events.len() {
        let at = traces.walk_to(k, |_, _| (), |_| ());
        let i = events.components[k];
        let row = &model.branching[i * d..(i + 1) * d];
        let (zeroth, first) = (dot(row, &traces.zeroth), dot(row, &traces.first));
        let lambda = model.background[i] + beta * at.scale * zeroth;
        if lambda <= 0.0 {
            return Err(HawkesError::ZeroIntensity { event: k });
        }
        intensity[k] = lambda;
        let inverse = 1.0 / lambda;
        found.background[i] += inverse;
        // d lambda / d beta = sum_j A_ij (R_j - beta S_j).
        found.decay += inverse * at.scale * ((1.0 - beta * at.offset) * zeroth + beta * first);
        let share = inverse * beta * at.scale;
        let into = &mut found.branching[i * d..(i + 1) * d];
        for (g, z) in into.iter_mut().zip(&traces.zeroth) {
            *g += share * z;
        }
    }
    found.log_likelihood = sum_of_logarithms(&mut intensity);
    let end = traces.walk_to_end();
    let counts = events.counts();
    for j in 0..d {
        let last = traces.sums(j, end);
        let passed = counts[j] as f64 - last.r;
        found.log_likelihood -= model.background[j] * events.horizon;
        for i in 0..d {
            let a = model.branching[i * d + j];
            found.log_likelihood -= a * passed;
            found.branching[i * d + j] -= passed;
            found.decay -= a * last.s;
        }
    }
    Ok(found)
}
