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

#[cfg(test)]
mod tests {
    use oxus_kernel::{Definition, Kind, LANES, Mechanism, Variable, World};
    use oxus_units::Month;

    use super::*;
    use crate::harness::Harness;

    const X: Variable = Variable::new("probe.x", "state", "1", Kind::Index, "a process around 0 that starts at 1");
    const MONTHS: usize = 24;

    struct Probe {
        x: Own,
        speed: Param,
        volatility: Param,
        shock: NoiseIn,
        month: OuColumn,
    }

    impl Mechanism for Probe {
        type Memory = ();

        fn declare(ports: &mut Ports<'_>) -> Self {
            Self {
                x: ports.own(&X),
                speed: ports.param("speed", "state", "1/yr"),
                volatility: ports.param("volatility", "state", "1"),
                shock: ports.normals("shock", "state"),
                month: OuColumn::declare(ports, "state"),
            }
        }

        fn start(&self, step: &mut Step<'_>, (): &mut ()) {
            step.fill(&self.x, 1.0);
        }

        fn step(&self, step: &mut Step<'_>, (): &mut ()) {
            self.month.refresh(step, &self.speed, &self.volatility);
            step.draw(&self.shock);
            self.month.fade(step, &self.x, &self.shock);
        }
    }

    /// Values of all states and lanes in the last month.
    fn last(states: usize, speed: f64, volatility: f64) -> Vec<f64> {
        let mut world = World::new(Month::parse("2013-01").unwrap(), MONTHS);
        world.add_axis("state", (0..states).map(|s| format!("state {s}")).collect());
        let bench = Harness::new(world, Definition::of::<Probe>("probe", "fades"));
        let (paths, _) = bench.parameter("probe.speed", speed).parameter("probe.volatility", volatility).run(&["probe.x"]);
        paths[0][MONTHS - 1].as_flattened().to_vec()
    }

    #[test]
    fn without_noise_it_fades_exponentially() {
        // two years at 0.7 a year; rounding of 24 products
        for x in last(1, 0.7, 0.0) {
            assert!((x - (-1.4_f64).exp()).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn its_spread_is_that_of_the_process() {
        let (speed, volatility, states) = (0.7, 0.3, 2_000);
        let values = last(states, speed, volatility);
        let n = (states * LANES) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        // Uhlenbeck and Ornstein (1930): mean e^(-st), variance v^2 (1 - e^(-2st)) / 2s; four standard errors
        let exact = volatility * volatility / (2.0 * speed) * (1.0 - (-4.0 * speed).exp());
        assert!((mean - (-2.0 * speed).exp()).abs() < 4.0 * (exact / n).sqrt(), "{mean}");
        assert!((variance / exact - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "{variance} {exact}");
    }
}
