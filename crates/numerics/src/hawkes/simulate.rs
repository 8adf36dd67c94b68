//! Simulation by thinning.

use oxus_math::exp;
use oxus_random::Stream;

use super::{HawkesError, Model};

/// Simulated events, in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SimulatedEvents {
    /// Times.
    pub times: Vec<f64>,
    /// Components.
    pub components: Vec<usize>,
}

/// Simulates a process on `[0, horizon]` from an empty past, by Ogata's thinning.
///
/// Intensities only fall between events, so the total intensity now bounds the total until the next event. Two words of the stream are used per
/// candidate.
///
/// # Errors
/// An explosive model, a window that is not positive, or more than `cap` events.
pub fn simulate(model: &Model, horizon: f64, cap: usize, stream: &mut Stream) -> Result<SimulatedEvents, HawkesError> {
    if !(horizon > 0.0 && horizon.is_finite()) {
        return Err(HawkesError::Horizon(horizon));
    }
    let radius = model.spectral_radius()?;
    if radius.upper >= 1.0 {
        return Err(HawkesError::Explosive(radius.lower));
    }
    let d = model.dimension();
    let base: f64 = model.background.iter().sum();
    // Excitement above the background, by receiver: all decay alike.
    let mut excited = vec![0.0; d];
    let mut events = SimulatedEvents::default();
    let mut now = 0.0;
    let mut bound = base;
    while bound > 0.0 {
        let wait = stream.exponential() / bound;
        now += wait;
        if now > horizon {
            break;
        }
        let factor = exp(-model.decay * wait);
        for e in &mut excited {
            *e *= factor;
        }
        let total = base + excited.iter().sum::<f64>();
        let mark = stream.uniform() * bound;
        bound = total;
        if mark >= total {
            continue;
        }
        if events.times.len() == cap {
            return Err(HawkesError::TooManyEvents(cap));
        }
        let component = pick(model, &excited, mark);
        events.times.push(now);
        events.components.push(component);
        for (i, e) in excited.iter_mut().enumerate() {
            *e += model.decay * model.branching[i * d + component];
        }
        bound = base + excited.iter().sum::<f64>();
    }
    Ok(events)
}

/// The component in whose share of the total intensity `mark` falls.
fn pick(model: &Model, excited: &[f64], mark: f64) -> usize {
    let mut below = 0.0;
    let mut last = 0;
    for (i, e) in excited.iter().enumerate() {
        let intensity = model.background[i] + e;
        if intensity > 0.0 {
            last = i;
        }
        below += intensity;
        if mark < below {
            return i;
        }
    }
    // The sums were taken in different orders: rounding can leave the mark just above the last share.
    last
}
