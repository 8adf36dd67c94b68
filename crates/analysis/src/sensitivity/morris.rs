//! Elementary effects (Morris 1991, Technometrics 33:161-174; mu*: Campolongo, Cariboni and Saltelli 2007, Environ. Modell. Softw. 22:1509-1518).
//!
//! Along a trajectory one input moves at a time; its elementary effect is the change of the output per unit step of the input, on the scale on
//! which each input runs from 0 to 1. `mu` is its mean over trajectories, `mu*` the mean of its modulus (what ranks inputs), `sigma` its standard
//! deviation (curvature or interplay). For a group whose inputs move together only mu* has a meaning.

use super::sobol::draw_rows;
use super::{Index, SensitivityError, deviation, mean, usable};

/// What the elementary effects of one input say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screening {
    /// Mean effect.
    pub mu: f64,
    /// Mean modulus, with an interval over trajectories.
    pub mu_star: Index,
    /// Standard deviation (n - 1).
    pub sigma: f64,
}

impl Screening {
    /// Of the elementary effects of one input, one a trajectory. Resamples are keyed by (seed, resample): the same trajectories for every input.
    pub fn of(effects: &[f64], resamples: u32, seed: u64) -> Self {
        let sizes: Vec<f64> = effects.iter().map(|e| e.abs()).collect();
        let resampled = |r: u32| {
            let mut sum = 0.0;
            draw_rows(seed, r, sizes.len(), |row| sum += sizes[row]);
            sum / sizes.len() as f64
        };
        let drawn: Vec<f64> = (0..resamples).map(resampled).collect();
        Self { mu: mean(effects), mu_star: Index::of(mean(&sizes), &drawn), sigma: deviation(effects) }
    }
}

/// Elementary effects `[input][trajectory]` of rows in the order of trajectories, each of one row more than there are inputs; `x` is
/// `[row][input]` in the unit cube or on any scales `ranges` (upper less lower bound), on a grid of `levels` with steps of `levels / 2`.
///
/// # Errors
/// Rows that are not trajectories (each step moves one input, each input once), outputs that are not finite or all the same.
pub fn elementary_effects(x: &[f64], y: &[f64], ranges: &[f64], levels: u32) -> Result<Vec<Vec<f64>>, SensitivityError> {
    let inputs = ranges.len();
    if inputs == 0 || x.len() != y.len() * inputs || y.is_empty() || !y.len().is_multiple_of(inputs + 1) {
        return Err(SensitivityError::Layout(format!("{} rows are not trajectories of {} rows", y.len(), inputs + 1)));
    }
    if levels < 2 || !levels.is_multiple_of(2) {
        return Err(SensitivityError::Layout(format!("{levels} levels: the grid needs an even number, 2 or more")));
    }
    usable(y)?;
    let step = f64::from(levels) / (2.0 * f64::from(levels - 1));
    let mut effects = vec![Vec::with_capacity(y.len() / (inputs + 1)); inputs];
    for (t, (x, y)) in x.chunks_exact((inputs + 1) * inputs).zip(y.chunks_exact(inputs + 1)).enumerate() {
        let mut moved = vec![false; inputs];
        for s in 0..inputs {
            let (from, to) = (&x[s * inputs..][..inputs], &x[(s + 1) * inputs..][..inputs]);
            let row = t * (inputs + 1) + s + 2;
            let changed: Vec<usize> = (0..inputs).filter(|&j| from[j] != to[j]).collect();
            let &[j] = changed.as_slice() else {
                return Err(SensitivityError::Layout(format!("row {row} moves {} inputs against the row before, not one", changed.len())));
            };
            if std::mem::replace(&mut moved[j], true) {
                return Err(SensitivityError::Layout(format!("row {row} moves input {} a second time in its trajectory", j + 1)));
            }
            // a step that differs from the grid's would be counted as the grid's: 1e-6 leaves room for inputs written with few digits
            let taken = (to[j] - from[j]) / ranges[j];
            if (taken.abs() - step).abs() > 1e-6 {
                let text = format!("row {row} moves input {} by {taken} of its range; a grid of {levels} levels moves by {step}", j + 1);
                return Err(SensitivityError::Layout(text));
            }
            effects[j].push((y[s + 1] - y[s]) / if taken > 0.0 { step } else { -step });
        }
    }
    Ok(effects)
}
