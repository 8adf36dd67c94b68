//! Growth of the powers: first-order autoregressions with a common factor, moved by the price of oil.

use oxus_kernel::{Kind, LANES, Map, NoiseIn, Own, Param, Ports, Scale, Scratch, Step, Sum, Variable};

use super::Memory;
use super::equations::{power_growth, shared_normal};
use super::prices::Prices;
use crate::rows::row;

/// Ports of the power axis.
pub(super) struct Powers {
    growth: Own,
    deviation: Own,
    target: Sum,
    start: Param,
    trend: Param,
    by_oil: Param,
    persistence: Param,
    spread: Param,
    loading: Param,
    rouble_loading: Param,
    /// The shock that the powers and oil share, on the world axis.
    pub common: NoiseIn,
    own: NoiseIn,
    shock: Scratch,
    gap: Scratch,
    square: Scratch,
    squares: Scratch,
    /// The part of the rouble's shock that comes with the growth of powers.
    pub rouble_shock: Scratch,
    /// Weight of the rouble's own shock, which brings its variance to 1.
    pub rouble_rest: Scratch,
    to_world: Map,
}

impl Powers {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let (power, world) = (ports.axis("power"), ports.axis("world"));
        let to_world = ports.world().map(power, world).unwrap_or_default();
        let mut param = |name: &str, unit: &str| ports.param(name, "power", unit);
        let (start, trend) = (param("growth_start", "1/yr"), param("growth_trend", "1/yr"));
        let (by_oil, persistence) = (param("growth_oil", "1"), param("growth_persistence", "1"));
        let (spread, loading) = (param("growth_deviation", "1/yr"), param("growth_common", "1"));
        let rouble_loading = param("rouble_growth", "1");
        Self {
            growth: ports.own(&Variable::new("drivers.growth", "power", "1/yr", Kind::Rate, "Annualised growth of a power's output.")),
            deviation: ports.own(&Variable::new(
                "drivers.growth_deviation",
                "power",
                "1/yr",
                Kind::Rate,
                "Part of a power's growth that is neither trend nor effect of oil.",
            )),
            target: ports
                .sum(&Variable::modifier("drivers.growth.target", "power", Scale::Additive, "Shift of a power's growth.").in_unit("1/yr", 0.02)),
            start,
            trend,
            by_oil,
            persistence,
            spread,
            loading,
            rouble_loading,
            common: ports.normals("common", "world"),
            own: ports.normals("growth", "power"),
            shock: ports.scratch("power"),
            gap: ports.scratch("power"),
            square: ports.scratch("power"),
            squares: ports.scratch("world"),
            rouble_shock: ports.scratch("world"),
            rouble_rest: ports.scratch("world"),
            to_world,
        }
    }

    pub fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.copy(&self.growth, &self.start);
        let monthly = memory.growth.of(step.slice(&self.persistence));
        for (i, m) in monthly.iter().enumerate() {
            let (e, lane) = (i / LANES, i % LANES);
            let deviation = step.get(&self.start, e, lane) - step.get(&self.trend, e, lane);
            step.set(&self.deviation, e, lane, deviation * m.last_month);
        }
    }

    pub fn step(&self, step: &mut Step<'_>, memory: &mut Memory, prices: &Prices) {
        step.draw(&self.common);
        step.draw(&self.own);
        step.spread_down(&self.shock, &self.common, &self.to_world);
        step.update2(&self.shock, &self.loading, &self.own, |common, loading, own| shared_normal(loading, common, own));
        let monthly = memory.growth.of(step.slice(&self.persistence));
        for (e, months) in monthly.chunks_exact(LANES).enumerate() {
            let (before, spread, z) = (row(step, &self.deviation, e), row(step, &self.spread, e), row(step, &self.shock, e));
            let next = lanes!(|lane| months[lane].persistence * before[lane] + months[lane].shock * spread[lane] * z[lane]);
            step.set_row(&self.deviation, e, next);
        }
        step.spread_down(&self.gap, &prices.oil_gap, &self.to_world);
        step.each5(
            &self.growth,
            &self.trend,
            &self.target,
            &self.by_oil,
            &self.gap,
            &self.deviation,
            #[inline(always)]
            |trend, shift, by_oil, oil_gap, deviation| power_growth(trend, shift, by_oil, oil_gap, deviation),
        );
        self.to_rouble(step);
    }

    /// Hands the shocks of the powers to the rouble. Its variance is 1 exactly when one power alone has a loading.
    fn to_rouble(&self, step: &mut Step<'_>) {
        step.update1(&self.shock, &self.rouble_loading, |shock, loading| shock * loading);
        step.sum_up(&self.rouble_shock, &self.shock, &self.to_world);
        step.each1(&self.square, &self.rouble_loading, |loading| loading * loading);
        step.sum_up(&self.squares, &self.square, &self.to_world);
        step.each1(&self.rouble_rest, &self.squares, |squares| (1.0 - squares).max(0.0).sqrt());
    }
}
