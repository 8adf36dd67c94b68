//! Where the observation stands in the forecast: the probability integral transform of an ensemble.

use super::{ScoreError, finite};

/// The ensemble's distribution function just below the observation and at it; they differ where members equal the observation.
///
/// Source: Czado, Gneiting and Held, Biometrics 65 (2009), for counts and other forecasts with ties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pit {
    /// Share of members below the observation.
    pub below: f64,
    /// Share of members at or below the observation.
    pub up_to: f64,
}

impl Pit {
    /// The two values of an ensemble.
    ///
    /// # Errors
    /// An empty ensemble, or numbers that are not finite.
    pub fn of(members: &[f64], observed: f64) -> Result<Self, ScoreError> {
        finite("the ensemble", members, 1)?;
        finite("the observation", &[observed], 1)?;
        let n = members.len() as f64;
        let below = members.iter().filter(|x| **x < observed).count() as f64;
        let tied = members.iter().filter(|x| **x == observed).count() as f64;
        Ok(Self { below: below / n, up_to: (below + tied) / n })
    }

    /// Middle of the two: not randomised. Uniform for a calibrated forecast without ties; with ties its histogram is humped, not flat.
    pub fn middle(self) -> f64 {
        0.5 * (self.below + self.up_to)
    }

    /// Randomised by `u` in 0 to 1: uniform for a calibrated forecast, ties or not.
    pub fn randomised(self, u: f64) -> f64 {
        self.below + u * (self.up_to - self.below)
    }

    /// What this observation adds to each of `bins` equal bins of the non-randomised histogram: its mass spread evenly from `below` to `up_to`.
    ///
    /// The parts sum to 1. Flat in expectation for a calibrated forecast, ties or not.
    pub fn spread(self, bins: usize) -> Vec<f64> {
        let width = self.up_to - self.below;
        let part = |b: usize| {
            let (low, high) = (b as f64 / bins as f64, (b + 1) as f64 / bins as f64);
            if width > 0.0 {
                return ((self.up_to.min(high) - self.below.max(low)) / width).max(0.0);
            }
            // a point: it belongs to the bin that holds it, the last bin closed above
            let inside = self.below >= low && (self.below < high || b + 1 == bins);
            f64::from(u8::from(inside))
        };
        (0..bins).map(part).collect()
    }
}
