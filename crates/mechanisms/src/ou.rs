//! Columns of Ornstein-Uhlenbeck processes: what a month does to them follows from parameters alone and is made when these change.

use oxus_kernel::{NoiseIn, Own, Param, Ports, Scratch, Step};
use oxus_numerics::mean_reversion::{OuStep, ou_step};

/// One month, in years.
const MONTH: f64 = 1.0 / 12.0;

/// What a month does to a process, by entity.
pub(crate) struct OuColumn {
    pub persistence: Scratch,
    pub deviation: Scratch,
}

impl OuColumn {
    pub(crate) fn declare(ports: &mut Ports<'_>, axis: &str) -> Self {
        Self { persistence: ports.scratch(axis), deviation: ports.scratch(axis) }
    }

    /// Makes the month anew from `speed` (per year) and `volatility` (per root of a year).
    pub(crate) fn refresh(&self, step: &mut Step<'_>, speed: &Param, volatility: &Param) {
        step.each1(
            &self.persistence,
            speed,
            #[inline(always)]
            |speed| OuStep::new(speed, 0.0, MONTH).persistence,
        );
        step.each2(
            &self.deviation,
            speed,
            volatility,
            #[inline(always)]
            |speed, volatility| OuStep::new(speed, volatility, MONTH).deviation,
        );
    }

    /// A month of a process around 0.
    pub(crate) fn fade(&self, step: &mut Step<'_>, process: &Own, shock: &NoiseIn) {
        step.update3(process, &self.persistence, &self.deviation, shock, |now, persistence, deviation, z| {
            ou_step(now, 0.0, OuStep { persistence, deviation }, z)
        });
    }
}
