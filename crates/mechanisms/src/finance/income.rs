//! Income from abroad: remittances, rents, loans spent, money for security, foreign-run sites; and what it does to growth.

use oxus_kernel::{Kind, Map, NoiseIn, Own, Param, Ports, Read, Scale, Scratch, Step, Sum, Variable};

use super::equations::{MONTH, host_income, remittances_log, remittances_share};
use super::{Finance, latent, rate, ratio};
use crate::annual::monthly_share;
use crate::ou::OuColumn;

/// Ports of income from abroad.
pub(super) struct Income {
    pub remittances: Own,
    remittance_growth: Own,
    remittance_shift: Sum,
    host_income: Own,
    noise: Own,
    log: Own,
    habit: Own,
    demand: Own,
    pub rents_mean: Own,
    reads: Reads,
    params: Params,
    shock: NoiseIn,
    power_deviation: Scratch,
    cell: Scratch,
    pub partners: Scratch,
    hosts: Scratch,
    pub rouble: Scratch,
    entry: Scratch,
    site_output: Scratch,
    sites: Scratch,
    wanted: Scratch,
    /// Effect of income on growth, log points a year.
    pub impulse: Scratch,
    /// Part of the way to present income that demand goes in a month.
    share: Scratch,
    month: OuColumn,
    cell_power: Map,
    cell_state: Map,
    state_world: Map,
    site_state: Map,
}

struct Reads {
    growth: Read,
    rouble: Read,
    entry: Read,
    funding: Read,
    rents: Read,
    site_output: Read,
}

struct Params {
    power_trend: Param,
    partner_elasticity: Param,
    host_weight: Param,
    start: Param,
    trend: Param,
    host_elasticity: Param,
    rouble_elasticity: Param,
    entry_elasticity: Param,
    speed: Param,
    volatility: Param,
    delay: Param,
    by_remittances: Param,
    by_rents: Param,
    by_loans: Param,
    security_share: Param,
    site_share: Param,
}

impl Params {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let power_trend = ports.param("drivers.growth_trend", "power", "1/yr");
        let partner_elasticity = ports.param("partner_elasticity", "power_state", "1");
        let host_weight = ports.param("host_weight", "power_state", "1");
        let site_share = ports.param("site_share", "site", "1");
        let mut state = |name: &str, unit: &str| ports.param(name, "state", unit);
        Self {
            power_trend,
            partner_elasticity,
            host_weight,
            start: state("remittances_start", "1"),
            trend: state("remittances_trend", "1/yr"),
            host_elasticity: state("remittances_host_elasticity", "1"),
            rouble_elasticity: state("remittances_rouble_elasticity", "1"),
            entry_elasticity: state("remittances_entry_elasticity", "1"),
            speed: state("remittances_speed", "1/yr"),
            volatility: state("remittances_volatility", "1"),
            delay: state("demand_delay", "yr"),
            by_remittances: state("demand_remittances", "1"),
            by_rents: state("demand_rents", "1"),
            by_loans: state("demand_loans", "1"),
            security_share: state("security_spending_share", "1"),
            site_share,
        }
    }
}

impl Income {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let [power, state, cell, site, world] = ["power", "state", "power_state", "site", "world"].map(|name| ports.axis(name));
        let map = |from, into| ports.world().map(from, into).unwrap_or_default();
        let (cell_power, cell_state) = (map(cell, power), map(cell, state));
        let (state_world, site_state) = (map(state, world), map(site, state));
        Self {
            remittances: ports.own(&ratio("finance.remittances", "Remittances received over GDP.")),
            remittance_growth: ports.own(&rate(
                "finance.remittance_growth",
                "Growth of remittances in dollars over about a year: their log less its mean of the past year.",
            )),
            remittance_shift: ports.sum(&Variable::modifier("finance.remittances.log_rate", "state", Scale::Log, "Shift of remittances.")),
            host_income: ports.own(&latent("finance.host_income", "Log income of migrants, before the exchange rate.")),
            noise: ports.own(&latent("finance.remittances_noise", "Log deviation of remittances from what explains them.")),
            log: ports.own(&latent("finance.remittances_log", "Log of remittances in dollars; 0 at the origin.")),
            habit: ports.own(&latent("finance.remittances_habit", "Delayed mean of that log.")),
            demand: ports.own(&latent("finance.demand", "Income from abroad that is spent at home, over GDP, delayed.")),
            rents_mean: ports.own(&Variable::new("finance.rents_mean", "state", "1", Kind::Share, "Energy rents over GDP, delayed mean.")),
            reads: Reads {
                growth: ports.now("drivers.growth", "power", "1/yr"),
                rouble: ports.now("drivers.rouble", "world", "1"),
                entry: ports.now("drivers.migrant_entry", "world", "1"),
                funding: ports.now("drivers.security_funding", "state", "1"),
                rents: ports.prev("energy.rents", "state", "1"),
                site_output: ports.prev("communities.output", "site", "1"),
            },
            params: Params::declare(ports),
            shock: ports.normals("remittances", "state"),
            power_deviation: ports.scratch("power"),
            cell: ports.scratch("power_state"),
            partners: ports.scratch("state"),
            hosts: ports.scratch("state"),
            rouble: ports.scratch("state"),
            entry: ports.scratch("state"),
            site_output: ports.scratch("site"),
            sites: ports.scratch("state"),
            wanted: ports.scratch("state"),
            impulse: ports.scratch("state"),
            share: ports.scratch("state"),
            month: OuColumn::declare(ports, "state"),
            cell_power,
            cell_state,
            state_world,
            site_state,
        }
    }

    pub fn start(&self, step: &mut Step<'_>) {
        step.copy(&self.remittances, &self.params.start);
        step.copy(&self.remittance_growth, &self.params.trend);
        for zero in [&self.host_income, &self.noise, &self.log, &self.demand, &self.rents_mean] {
            step.fill(zero, 0.0);
        }
        // a mean that lags growth at the trend by a year
        step.each1(&self.habit, &self.params.trend, |trend| -trend);
    }

    /// Parameters of [`Self::refresh`].
    pub fn timing(&self) -> [&Param; 3] {
        [&self.params.delay, &self.params.speed, &self.params.volatility]
    }

    /// What only parameters decide.
    pub fn refresh(&self, step: &mut Step<'_>) {
        let p = &self.params;
        step.each1(&self.share, &p.delay, monthly_share);
        self.month.refresh(step, &p.speed, &p.volatility);
    }

    /// Growth of powers above their trends, as partners and as hosts of migrants; the rouble and entry rules by state.
    pub fn hosts(&self, step: &mut Step<'_>) {
        let (p, r) = (&self.params, &self.reads);
        step.each2(&self.power_deviation, &r.growth, &p.power_trend, |growth, trend| growth - trend);
        step.spread_down(&self.cell, &self.power_deviation, &self.cell_power);
        step.update1(&self.cell, &p.partner_elasticity, |deviation, elasticity| deviation * elasticity);
        step.sum_up(&self.partners, &self.cell, &self.cell_state);
        step.spread_down(&self.cell, &self.power_deviation, &self.cell_power);
        step.update1(&self.cell, &p.host_weight, |deviation, weight| deviation * weight);
        step.sum_up(&self.hosts, &self.cell, &self.cell_state);
        step.spread_down(&self.rouble, &r.rouble, &self.state_world);
        step.spread_down(&self.entry, &r.entry, &self.state_world);
    }

    /// The effect on growth of income that has changed: demand follows income with a delay, output follows demand.
    pub fn demand(&self, step: &mut Step<'_>, finance: &Finance) {
        let (p, r) = (&self.params, &self.reads);
        step.each2(&self.site_output, &r.site_output, &p.site_share, |output, share| output * share);
        step.sum_up(&self.sites, &self.site_output, &self.site_state);
        step.each8(
            &self.wanted,
            &self.remittances,
            &p.by_remittances,
            &r.rents,
            &p.by_rents,
            &finance.loans.share,
            &p.by_loans,
            &p.security_share,
            &r.funding,
            |remittances, by_remittances, rents, by_rents, loans, by_loans, security, funding| {
                by_remittances * remittances + by_rents * rents + by_loans * loans + security * funding
            },
        );
        step.update1(&self.wanted, &self.sites, |wanted, sites| wanted + sites);
        if step.month() == 0 {
            // before the origin income was what it is: no impulse
            step.copy(&self.demand, &self.wanted);
            step.copy(&self.rents_mean, &r.rents);
        } else if step.month() == 1 {
            // the rents of the first month are seen in the second; that there are rents is no news
            let known = |demand, by_rents: f64, rents: f64, mean: f64| demand + by_rents * (rents - mean);
            step.update3(&self.demand, &p.by_rents, &r.rents, &self.rents_mean, known);
            step.copy(&self.rents_mean, &r.rents);
        }
        step.each3(&self.impulse, &self.wanted, &self.demand, &self.share, |wanted, demand, share| (wanted - demand) * share / MONTH);
        step.update1(&self.demand, &self.impulse, |demand, impulse| demand + MONTH * impulse);
        step.update2(&self.rents_mean, &r.rents, &self.share, |mean, rents, share| mean + (rents - mean) * share);
    }

    /// Remittances of the month.
    pub fn step(&self, step: &mut Step<'_>, finance: &Finance) {
        let p = &self.params;
        step.draw(&self.shock);
        step.update3(
            &self.host_income,
            &p.trend,
            &p.host_elasticity,
            &self.hosts,
            #[inline(always)]
            |before, trend, elasticity, host_deviation| host_income(before, trend, elasticity, host_deviation),
        );
        self.month.fade(step, &self.noise, &self.shock);
        step.each7(
            &self.log,
            &self.host_income,
            &p.rouble_elasticity,
            &self.rouble,
            &p.entry_elasticity,
            &self.entry,
            &self.remittance_shift,
            &self.noise,
            #[inline(always)]
            |income, rouble_elasticity, rouble, entry_elasticity, entry, shift, noise| {
                remittances_log(income, rouble_elasticity, rouble, entry_elasticity, entry, shift, noise)
            },
        );
        step.each2(&self.remittance_growth, &self.log, &self.habit, |log, habit| log - habit);
        let share = monthly_share(1.0);
        step.update1(&self.habit, &self.log, |habit, log| habit + (log - habit) * share);
        step.each4(
            &self.remittances,
            &p.start,
            &self.log,
            &finance.output.output,
            &finance.prices.real_value,
            #[inline(always)]
            |at_origin, log, output, real_value| remittances_share(at_origin, log, output, real_value),
        );
    }
}
