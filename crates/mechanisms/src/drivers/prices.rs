//! Oil, gas, the rouble, entry of migrants and the world interest rate.

use oxus_kernel::{Kind, NoiseIn, Own, Param, Ports, Scratch, Step, Variable};
use oxus_math::{exp, ln};
use oxus_numerics::mean_reversion::{OuStep, ou_step};

use super::equations::{MONTH, fading, netback_log, oil_log, rate_from_shadow, shared_normal};
use super::powers::Powers;
use super::{latent, positive};
use crate::annual::monthly_share;

/// Ports of the world axis.
pub(super) struct Prices {
    oil: Own,
    oil_log: Own,
    oil_habit: Own,
    netback: Own,
    netback_log: Own,
    rouble: Own,
    entry: Own,
    entry_log: Own,
    rate: Own,
    rate_shadow: Own,
    params: Params,
    noise: Shocks,
    /// Log price of oil of the month before, as published, less that at the origin.
    oil_rise: Scratch,
    /// Log price of oil less its own recent past.
    pub oil_gap: Scratch,
    rouble_latent: Own,
}

struct Params {
    oil_start: Param,
    oil_level: Param,
    oil_speed: Param,
    oil_volatility: Param,
    oil_common: Param,
    oil_memory: Param,
    netback_start: Param,
    netback_elasticity: Param,
    netback_delay: Param,
    netback_volatility: Param,
    rouble_oil: Param,
    rouble_speed: Param,
    rouble_volatility: Param,
    entry_speed: Param,
    entry_volatility: Param,
    rate_start: Param,
    rate_level: Param,
    rate_speed: Param,
    rate_volatility: Param,
}

struct Shocks {
    oil: NoiseIn,
    netback: NoiseIn,
    rouble: NoiseIn,
    entry: NoiseIn,
    rate: NoiseIn,
}

impl Params {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut world = |name: &str, unit: &str| ports.param(name, "world", unit);
        Self {
            oil_start: world("oil_start", "USD/bbl"),
            oil_level: world("oil_level", "USD/bbl"),
            oil_speed: world("oil_speed", "1/yr"),
            oil_volatility: world("oil_volatility", "1"),
            oil_common: world("oil_common", "1"),
            oil_memory: world("oil_memory", "yr"),
            netback_start: world("netback_start", "USD/(1000 m3)"),
            netback_elasticity: world("netback_elasticity", "1"),
            netback_delay: world("netback_delay", "yr"),
            netback_volatility: world("netback_volatility", "1"),
            rouble_oil: world("rouble_oil", "1"),
            rouble_speed: world("rouble_speed", "1/yr"),
            rouble_volatility: world("rouble_volatility", "1"),
            entry_speed: world("migrant_entry_speed", "1/yr"),
            entry_volatility: world("migrant_entry_volatility", "1"),
            rate_start: world("world_rate_start", "1/yr"),
            rate_level: world("world_rate_level", "1/yr"),
            rate_speed: world("world_rate_speed", "1/yr"),
            rate_volatility: world("world_rate_volatility", "1/yr"),
        }
    }
}

impl Prices {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let price = |name, unit, about| positive(name, "world", unit, Kind::Price, about);
        Self {
            oil: ports.own(&price("drivers.oil_price", "USD/bbl", "Price of Brent crude.")),
            oil_log: ports.own(&latent("drivers.oil_log", "world", "Log of the price of oil before interventions.")),
            oil_habit: ports.own(&latent("drivers.oil_habit", "world", "Delayed mean of the log price of oil.")),
            netback: ports.own(&price(
                "drivers.gas_netback",
                "USD/(1000 m3)",
                "What gas from the region is worth at its border when sold in Europe by way of Russia.",
            )),
            netback_log: ports.own(&latent("drivers.gas_netback_log", "world", "Log of the netback before interventions.")),
            rouble: ports.own(&latent("drivers.rouble", "world", "Log of the real dollar value of the rouble against the origin.")),
            rouble_latent: ports.own(&latent("drivers.rouble_latent", "world", "The same before interventions.")),
            entry: ports.own(&positive(
                "drivers.migrant_entry",
                "world",
                "1",
                Kind::Index,
                "How freely labour migrants may enter, stay and work where they go; 1 is the rules of the origin.",
            )),
            entry_log: ports.own(&latent("drivers.migrant_entry_log", "world", "Log of the entry index before interventions.")),
            rate: ports.own(&positive("drivers.world_rate", "world", "1/yr", Kind::Rate, "Floating dollar interest rate, six months.")),
            rate_shadow: ports.own(&Variable::new(
                "drivers.world_rate_shadow",
                "world",
                "1/yr",
                Kind::Rate,
                "What the rate would be if it could fall below zero.",
            )),
            params: Params::declare(ports),
            noise: Shocks {
                oil: ports.normals("oil", "world"),
                netback: ports.normals("gas_netback", "world"),
                rouble: ports.normals("rouble", "world"),
                entry: ports.normals("migrant_entry", "world"),
                rate: ports.normals("world_rate", "world"),
            },
            oil_rise: ports.scratch("world"),
            oil_gap: ports.scratch("world"),
        }
    }

    pub fn start(&self, step: &mut Step<'_>) {
        let p = &self.params;
        step.copy(&self.oil, &p.oil_start);
        step.each1(&self.oil_log, &p.oil_start, ln);
        step.each1(&self.oil_habit, &p.oil_start, ln);
        step.copy(&self.netback, &p.netback_start);
        step.each1(&self.netback_log, &p.netback_start, ln);
        step.fill(&self.rouble, 0.0);
        step.fill(&self.rouble_latent, 0.0);
        step.fill(&self.entry, 1.0);
        step.fill(&self.entry_log, 0.0);
        step.copy(&self.rate_shadow, &p.rate_start);
        step.each1(&self.rate, &p.rate_start, rate_from_shadow);
    }

    /// What the published price of oil of the month before means for the rest of the world.
    pub fn before(&self, step: &mut Step<'_>) {
        let p = &self.params;
        // a price set to nothing by a scenario is a cent for those who take its logarithm
        step.each2(
            &self.oil_rise,
            &self.oil,
            &p.oil_start,
            #[inline(always)]
            |price, start| ln(price.max(0.01)) - ln(start),
        );
        step.update3(
            &self.oil_habit,
            &self.oil_rise,
            &p.oil_start,
            &p.oil_memory,
            #[inline(always)]
            |habit, rise, start, memory| habit + (rise + ln(start) - habit) * monthly_share(memory),
        );
        step.each3(
            &self.oil_gap,
            &self.oil_rise,
            &p.oil_start,
            &self.oil_habit,
            #[inline(always)]
            |rise, start, habit| rise + ln(start) - habit,
        );
    }

    /// Advances the processes; the growth of powers has been drawn.
    pub fn step(&self, step: &mut Step<'_>, powers: &Powers) {
        let (p, n) = (&self.params, &self.noise);
        for port in [&n.oil, &n.netback, &n.rouble, &n.entry, &n.rate] {
            step.draw(port);
        }
        step.update6(
            &self.oil_log,
            &p.oil_level,
            &p.oil_speed,
            &p.oil_volatility,
            &p.oil_common,
            &powers.common,
            &n.oil,
            #[inline(always)]
            |now, level, speed, volatility, loading, common, own| oil_log(now, level, speed, volatility, shared_normal(loading, common, own)),
        );
        step.each1(&self.oil, &self.oil_log, exp);
        step.update6(
            &self.netback_log,
            &p.netback_start,
            &p.netback_elasticity,
            &self.oil_rise,
            &p.netback_delay,
            &p.netback_volatility,
            &n.netback,
            #[inline(always)]
            |now, start, elasticity, rise, delay, volatility, z| netback_log(now, ln(start), elasticity, rise, delay, volatility, z),
        );
        step.each1(&self.netback, &self.netback_log, exp);
        step.update7(
            &self.rouble_latent,
            &p.rouble_oil,
            &self.oil_rise,
            &p.rouble_speed,
            &p.rouble_volatility,
            &powers.rouble_shock,
            &powers.rouble_rest,
            &n.rouble,
            #[inline(always)]
            |now, by_oil, rise, speed, volatility, shock, rest, own| {
                ou_step(now, by_oil * rise, OuStep::new(speed, volatility, MONTH), shock + rest * own)
            },
        );
        step.copy(&self.rouble, &self.rouble_latent);
        step.update3(
            &self.entry_log,
            &p.entry_speed,
            &p.entry_volatility,
            &n.entry,
            #[inline(always)]
            |now, speed, volatility, z| fading(now, speed, volatility, z),
        );
        step.each1(&self.entry, &self.entry_log, exp);
        step.update4(
            &self.rate_shadow,
            &p.rate_level,
            &p.rate_speed,
            &p.rate_volatility,
            &n.rate,
            #[inline(always)]
            |now, level, speed, volatility, z| ou_step(now, level, OuStep::new(speed, volatility, MONTH), z),
        );
        step.each1(&self.rate, &self.rate_shadow, rate_from_shadow);
    }
}
