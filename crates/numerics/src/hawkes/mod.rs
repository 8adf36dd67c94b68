//! Mutually exciting (Hawkes) processes with exponential kernels of one shared decay.
//!
//! `lambda_i(t) = mu_i + sum_j A[i][j] sum_{t_k < t, k of j} beta exp(-beta (t - t_k))`: `A` is the branching matrix (row = receiver, column =
//! source; expected direct offspring), `beta` the decay per unit of time. Everything costs O(events x components).
//!
//! **Ties.** Events at the same time do not excite each other: an event sees only those strictly before it. Data dated by day can so be used as they
//! are; excitement within a day is then not measured.
//!
//! Sources: Hawkes, Biometrika 58 (1971); Ozaki, Ann. Inst. Statist. Math. 31 (1979), for the recursions; Ogata, IEEE Trans. Inf. Theory 27
//! (1981), for thinning, and JASA 83 (1988), for time-rescaling residuals. Oracle: `tests/reference/hawkes` (tick, hawkes-rs, hawkesbook,
//! HawkesPyLib).

mod design;
mod fit;
mod likelihood;
mod receiver;
mod residuals;
mod simulate;
mod traces;

#[cfg(test)]
mod tests;

pub use fit::{Fit, StandardErrors, fit_fixed_decay, fit_free_decay};
pub use likelihood::{Gradient, gradient, log_likelihood};
pub use residuals::{compensators, exponential_ks_statistic, kolmogorov_p_value, time_rescaling_residuals};
pub use simulate::{SimulatedEvents, simulate};

use crate::linear::{LinearError, SpectralRadius, solve_general, spectral_radius};

/// Why a process could not be used.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum HawkesError {
    /// Slices whose lengths do not fit.
    #[error("{what}: expected {expected} numbers, {given} were given")]
    Length {
        /// Which slice.
        what: &'static str,
        /// Length expected.
        expected: usize,
        /// Length given.
        given: usize,
    },
    /// Event times that are not finite, not in order, or outside the window.
    #[error("event {event} is at {time}; times must not decrease and must lie between 0 and {horizon}")]
    Time {
        /// Event number.
        event: usize,
        /// Its time.
        time: f64,
        /// End of the window.
        horizon: f64,
    },
    /// A window that is not positive and finite.
    #[error("the window must be a positive, finite length of time, not {0}")]
    Horizon(f64),
    /// A component number beyond the last.
    #[error("event {event} is of component {component}; there are {dimension}, numbered from 0")]
    Component {
        /// Event number.
        event: usize,
        /// Its component.
        component: usize,
        /// How many components there are.
        dimension: usize,
    },
    /// A parameter that is negative or not finite, or a decay that is not positive.
    #[error("{what} {index} is {value}; a finite number is expected, at least 0 (a decay: above 0)")]
    Parameter {
        /// Which parameter.
        what: &'static str,
        /// Its place.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// An event that the model says cannot happen.
    #[error("the model gives event {event} an intensity of 0, so the likelihood has no gradient")]
    ZeroIntensity {
        /// Event number.
        event: usize,
    },
    /// A process that grows without end.
    #[error("the process explodes: the spectral radius of its branching matrix is at least {0}, and must be below 1")]
    Explosive(f64),
    /// More events than allowed.
    #[error("more than {0} events: raise the cap, or lower the branching matrix")]
    TooManyEvents(usize),
    /// A likelihood that still rises at the end of the range searched for the decay.
    #[error("the likelihood still rises at the limit {0} of the decays searched: widen the range, or fix the decay")]
    DecayAtLimit(f64),
    /// A fit that did not settle.
    #[error("the fit did not settle: relative KKT residual {residual:e} after {iterations} iterations")]
    NotConverged {
        /// Iterations made.
        iterations: usize,
        /// Largest relative violation of the optimality conditions.
        residual: f64,
    },
    /// The branching matrix could not be used.
    #[error(transparent)]
    Linear(#[from] LinearError),
}

/// Events of several components on the window `[0, horizon]`, in order of time.
#[derive(Clone, Copy, Debug)]
pub struct Events<'a> {
    times: &'a [f64],
    components: &'a [usize],
    dimension: usize,
    horizon: f64,
}

impl<'a> Events<'a> {
    /// Event `k` is at `times[k]`, of component `components[k]` in `0..dimension`.
    ///
    /// # Errors
    /// Unequal lengths; times that decrease, are not finite or lie outside the window; a component that does not exist.
    pub fn new(times: &'a [f64], components: &'a [usize], dimension: usize, horizon: f64) -> Result<Self, HawkesError> {
        if times.len() != components.len() {
            return Err(HawkesError::Length { what: "the components of events", expected: times.len(), given: components.len() });
        }
        if !(horizon > 0.0 && horizon.is_finite()) {
            return Err(HawkesError::Horizon(horizon));
        }
        let mut previous = 0.0;
        for (event, &time) in times.iter().enumerate() {
            if !(previous <= time && time <= horizon) {
                return Err(HawkesError::Time { event, time, horizon });
            }
            previous = time;
        }
        match components.iter().position(|c| *c >= dimension) {
            Some(event) => Err(HawkesError::Component { event, component: components[event], dimension }),
            None => Ok(Events { times, components, dimension, horizon }),
        }
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Number of components.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of events of each component.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.dimension];
        for &component in self.components {
            counts[component] += 1;
        }
        counts
    }
}

/// The parameters of a process.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    background: Vec<f64>,
    branching: Vec<f64>,
    decay: f64,
}

impl Model {
    /// `background` rates per unit of time, `branching` row-major (row = receiver), `decay` per unit of time.
    ///
    /// # Errors
    /// Lengths that do not fit; a value that is negative or not finite; a decay that is not positive.
    pub fn new(background: Vec<f64>, branching: Vec<f64>, decay: f64) -> Result<Self, HawkesError> {
        let d = background.len();
        if branching.len() != d * d {
            return Err(HawkesError::Length { what: "the branching matrix", expected: d * d, given: branching.len() });
        }
        let bad = |values: &[f64]| values.iter().position(|v| !(*v >= 0.0 && v.is_finite()));
        for (what, values) in [("background rate", &background), ("branching entry", &branching)] {
            if let Some(index) = bad(values) {
                return Err(HawkesError::Parameter { what, index, value: values[index] });
            }
        }
        check_decay(decay)?;
        Ok(Model { background, branching, decay })
    }

    /// Background rate of each component.
    pub fn background(&self) -> &[f64] {
        &self.background
    }

    /// Branching matrix, row-major, row = receiver.
    pub fn branching(&self) -> &[f64] {
        &self.branching
    }

    /// Decay per unit of time.
    pub fn decay(&self) -> f64 {
        self.decay
    }

    /// Number of components.
    pub fn dimension(&self) -> usize {
        self.background.len()
    }

    /// Encloses the spectral radius of the branching matrix.
    ///
    /// # Errors
    /// None for a model made by [`Model::new`].
    pub fn spectral_radius(&self) -> Result<SpectralRadius, HawkesError> {
        Ok(spectral_radius(&self.branching, self.dimension())?)
    }

    /// Long-run rates, `(I - A)^-1 mu`.
    ///
    /// # Errors
    /// [`HawkesError::Explosive`] when the spectral radius is not below 1.
    pub fn stationary_rates(&self) -> Result<Vec<f64>, HawkesError> {
        let radius = self.spectral_radius()?;
        if radius.upper >= 1.0 {
            return Err(HawkesError::Explosive(radius.lower));
        }
        let d = self.dimension();
        let mut matrix: Vec<f64> = self.branching.iter().map(|a| -a).collect();
        for i in 0..d {
            matrix[i * d + i] += 1.0;
        }
        let mut rates = self.background.clone();
        solve_general(&mut matrix, &mut rates)?;
        Ok(rates)
    }

    fn check_events(&self, events: &Events) -> Result<(), HawkesError> {
        if events.dimension == self.dimension() {
            Ok(())
        } else {
            Err(HawkesError::Length { what: "the background rates", expected: events.dimension, given: self.dimension() })
        }
    }
}

fn check_decay(decay: f64) -> Result<(), HawkesError> {
    if decay > 0.0 && decay.is_finite() { Ok(()) } else { Err(HawkesError::Parameter { what: "decay", index: 0, value: decay }) }
}
