//! Inflation and exchange rates.

use oxus_kernel::{LANES, Map, NoiseIn, Own, Param, Ports, Scale, Scratch, Step, Sum, Variable};

use super::equations::{depreciation, real_value, shared_normal};
use super::income::Income;
use super::{Memory, latent, rate};
use crate::ou::OuColumn;
use crate::rows::row;

/// Ports of prices.
pub(super) struct Prices {
    pub inflation: Own,
    deviation: Own,
    pub depreciation: Own,
    pub real_value: Own,
    target: Sum,
    start: Param,
    pub base: Param,
    persistence: Param,
    spread: Param,
    loading: Param,
    pass_through: Param,
    world_inflation: Param,
    rouble_share: Param,
    speed: Param,
    volatility: Param,
    common: NoiseIn,
    own: NoiseIn,
    currency: NoiseIn,
    shock: Scratch,
    misalignment: Scratch,
    real_loss: Scratch,
    month: OuColumn,
    to_world: Map,
}

impl Prices {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let (state, world) = (ports.axis("state"), ports.axis("world"));
        let to_world = ports.world().map(state, world).unwrap_or_default();
        let mut param = |name: &str, unit: &str| ports.param(name, "state", unit);
        let (start, base) = (param("inflation_start", "1/yr"), param("inflation_base", "1/yr"));
        let (persistence, spread) = (param("inflation_persistence", "1"), param("inflation_deviation", "1/yr"));
        let (loading, pass_through) = (param("inflation_common", "1"), param("inflation_pass_through", "1"));
        let (world_inflation, rouble_share) = (param("world_inflation", "1/yr"), param("currency_rouble", "1"));
        let (speed, volatility) = (param("currency_speed", "1/yr"), param("currency_volatility", "1"));
        Self {
            inflation: ports.own(&rate("finance.inflation", "Rise of consumer prices, annualised log change.")),
            deviation: ports.own(&rate("finance.inflation_deviation", "Inflation less its usual rate, before interventions.")),
            depreciation: ports.own(&rate("finance.depreciation", "Log change of local currency per dollar, annualised.")),
            real_value: ports.own(&latent("finance.real_value", "Log real dollar value of the currency; 0 at the origin.")),
            target: ports
                .sum(&Variable::modifier("finance.depreciation.target", "state", Scale::Additive, "Shift of depreciation.").in_unit("1/yr", 0.08)),
            start,
            base,
            persistence,
            spread,
            loading,
            pass_through,
            world_inflation,
            rouble_share,
            speed,
            volatility,
            common: ports.normals("inflation_common", "world"),
            own: ports.normals("inflation", "state"),
            currency: ports.normals("currency", "state"),
            shock: ports.scratch("state"),
            misalignment: ports.scratch("state"),
            real_loss: ports.scratch("state"),
            month: OuColumn::declare(ports, "state"),
            to_world,
        }
    }

    pub fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.copy(&self.inflation, &self.start);
        step.each2(&self.depreciation, &self.start, &self.world_inflation, |inflation, world| inflation - world);
        step.fill(&self.real_value, 0.0);
        let monthly = memory.inflation.of(step.slice(&self.persistence));
        for (i, m) in monthly.iter().enumerate() {
            let (e, lane) = (i / LANES, i % LANES);
            let deviation = step.get(&self.start, e, lane) - step.get(&self.base, e, lane);
            step.set(&self.deviation, e, lane, deviation * m.last_month);
        }
    }

    /// Parameters of [`Self::refresh`].
    pub fn timing(&self) -> [&Param; 2] {
        [&self.speed, &self.volatility]
    }

    /// What only parameters decide.
    pub fn refresh(&self, step: &mut Step<'_>) {
        self.month.refresh(step, &self.speed, &self.volatility);
    }

    /// Books last month's published rates into the real value of the currency.
    pub fn book(&self, step: &mut Step<'_>) {
        // what the currency lost in real terms last month, annualised, feeds prices
        step.each3(&self.real_loss, &self.depreciation, &self.inflation, &self.world_inflation, |lost, inflation, world| lost - (inflation - world));
        step.update3(
            &self.real_value,
            &self.inflation,
            &self.world_inflation,
            &self.depreciation,
            #[inline(always)]
            |before, inflation, world_inflation, depreciation| real_value(before, inflation, world_inflation, depreciation),
        );
    }

    pub fn step(&self, step: &mut Step<'_>, memory: &mut Memory, income: &Income) {
        for port in [&self.common, &self.own, &self.currency] {
            step.draw(port);
        }
        step.spread_down(&self.shock, &self.common, &self.to_world);
        step.update2(&self.shock, &self.loading, &self.own, |common, loading, own| shared_normal(loading, common, own));
        let monthly = memory.inflation.of(step.slice(&self.persistence));
        for (e, months) in monthly.chunks_exact(LANES).enumerate() {
            let (spread, z) = (row(step, &self.spread, e), row(step, &self.shock, e));
            let (pass_through, loss) = (row(step, &self.pass_through, e), row(step, &self.real_loss, e));
            let before = row(step, &self.deviation, e);
            let next = lanes!(|lane| {
                let (month, passed) = (&months[lane], pass_through[lane] * loss[lane]);
                passed + month.persistence * (before[lane] - passed) + month.shock * spread[lane] * z[lane]
            });
            step.set_row(&self.deviation, e, next);
        }
        step.each2(&self.inflation, &self.base, &self.deviation, |base, deviation| base + deviation);
        step.each3(&self.misalignment, &self.real_value, &self.rouble_share, &income.rouble, |value, share, rouble| value - share * rouble);
        step.each7(
            &self.depreciation,
            &self.inflation,
            &self.world_inflation,
            &self.misalignment,
            &self.month.persistence,
            &self.target,
            &self.month.deviation,
            &self.currency,
            |inflation, world, misalignment, persistence, shift, deviation, z| {
                depreciation(inflation, world, misalignment, 1.0 - persistence, shift, deviation * z)
            },
        );
    }
}
