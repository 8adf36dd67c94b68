//! Growth and output: trend, partners, income from abroad, violence, residual.

use oxus_kernel::{Kind, LANES, Map, NoiseIn, Own, Param, Ports, Read, Scale, Scratch, Step, Sum, Variable};

use super::equations::{Impulses, growth, output, shared_normal, violence_cost};
use super::{Finance, Memory, latent, rate};
use crate::annual::monthly_share;
use crate::rows::row;

/// Ports of growth and output.
pub(super) struct Output {
    pub growth: Own,
    used: Own,
    pub output: Own,
    pub gdp: Own,
    residual: Own,
    violence: Own,
    target: Sum,
    deaths: Read,
    pub trend: Param,
    start: Param,
    pub gdp_start: Param,
    persistence: Param,
    spread: Param,
    loading: Param,
    violence_start: Param,
    violence_cost: Param,
    violence_half: Param,
    violence_memory: Param,
    common: NoiseIn,
    own: NoiseIn,
    shock: Scratch,
    death_rate: Scratch,
    cost: Scratch,
    /// Part of the way to present violence that its delayed mean goes in a month.
    violence_share: Scratch,
    to_world: Map,
    /// Deaths a month times this are deaths per 100,000 people and year.
    per_population: Vec<f64>,
}

impl Output {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let (state, world) = (ports.axis("state"), ports.axis("world"));
        let population = ports.world().numbers(state, "population").map(<[f64]>::to_vec).unwrap_or_default();
        if population.len() != ports.world().axis(state).len() || population.iter().any(|p| *p <= 0.0) {
            ports.problem(
                oxus_diag::Diagnostic::error(oxus_diag::codes::C002, "`finance` needs the population of every state")
                    .help("give `population_mn` in places/states.csv"),
            );
        }
        let to_world = ports.world().map(state, world).unwrap_or_default();
        let mut param = |name: &str, unit: &str| ports.param(name, "state", unit);
        let (trend, start) = (param("growth_trend", "1/yr"), param("growth_start", "1/yr"));
        let (persistence, spread) = (param("growth_persistence", "1"), param("growth_deviation", "1/yr"));
        let (loading, gdp_start) = (param("growth_common", "1"), param("gdp_start", "million USD@2012/yr"));
        let (violence_start, violence_cost) = (param("violence_start", "1"), param("violence_cost", "1/yr"));
        let (violence_half, violence_memory) = (param("violence_half", "1"), param("violence_memory", "yr"));
        Self {
            growth: ports.own(&rate("finance.growth", "Growth of output in the month, annualised.").within(-0.99, f64::INFINITY)),
            used: ports.own(&rate("finance.growth_used", "Growth before interventions.")),
            output: ports
                .own(&Variable::new("finance.output", "state", "1", Kind::Index, "Real output; 1 at the origin.").within(0.0, f64::INFINITY)),
            gdp: ports.own(
                &Variable::new("finance.gdp", "state", "million USD@2012/yr", Kind::Flow, "Yearly GDP at prices and exchange rates of the origin.")
                    .within(0.0, f64::INFINITY),
            ),
            residual: ports.own(&rate("finance.growth_residual", "Part of growth that nothing in the model explains.")),
            violence: ports.own(
                &latent("finance.violence", "Deaths by political violence per 100,000 people and year, delayed mean.").within(0.0, f64::INFINITY),
            ),
            target: ports.sum(&Variable::modifier("finance.growth.target", "state", Scale::Additive, "Shift of growth.").in_unit("1/yr", 0.03)),
            deaths: ports.prev("unrest.deaths", "state", "deaths/month"),
            trend,
            start,
            gdp_start,
            persistence,
            spread,
            loading,
            violence_start,
            violence_cost,
            violence_half,
            violence_memory,
            common: ports.normals("growth_common", "world"),
            own: ports.normals("growth", "state"),
            shock: ports.scratch("state"),
            death_rate: ports.scratch("state"),
            cost: ports.scratch("state"),
            violence_share: ports.scratch("state"),
            to_world,
            per_population: population.iter().map(|p| 12.0 * 1e5 / p).collect(),
        }
    }

    pub fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.copy(&self.growth, &self.start);
        step.copy(&self.used, &self.start);
        step.fill(&self.output, 1.0);
        step.copy(&self.gdp, &self.gdp_start);
        step.copy(&self.violence, &self.violence_start);
        let monthly = memory.growth.of(step.slice(&self.persistence));
        for (i, m) in monthly.iter().enumerate() {
            let (e, lane) = (i / LANES, i % LANES);
            let deviation = step.get(&self.start, e, lane) - step.get(&self.trend, e, lane);
            step.set(&self.residual, e, lane, deviation * m.last_month);
        }
    }

    /// Parameters of [`Self::refresh`].
    pub fn timing(&self) -> [&Param; 1] {
        [&self.violence_memory]
    }

    /// What only parameters decide.
    pub fn refresh(&self, step: &mut Step<'_>) {
        step.each1(&self.violence_share, &self.violence_memory, monthly_share);
    }

    fn violence(&self, step: &mut Step<'_>) {
        for (e, scale) in self.per_population.iter().enumerate() {
            let deaths = row(step, &self.deaths, e);
            step.set_scratch_row(&self.death_rate, e, deaths.map(|deaths| deaths * scale));
        }
        step.update2(&self.violence, &self.death_rate, &self.violence_share, |v, now, share| v + (now - v) * share);
        step.each4(
            &self.cost,
            &self.violence,
            &self.violence_start,
            &self.violence_cost,
            &self.violence_half,
            #[inline(always)]
            |rate, reference, cost, half| violence_cost(rate, reference, cost, half),
        );
    }

    fn residual(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.draw(&self.common);
        step.draw(&self.own);
        step.spread_down(&self.shock, &self.common, &self.to_world);
        step.update2(&self.shock, &self.loading, &self.own, |common, loading, own| shared_normal(loading, common, own));
        let monthly = memory.growth.of(step.slice(&self.persistence));
        for (e, months) in monthly.chunks_exact(LANES).enumerate() {
            let (before, spread, z) = (row(step, &self.residual, e), row(step, &self.spread, e), row(step, &self.shock, e));
            let next = lanes!(|lane| months[lane].persistence * before[lane] + months[lane].shock * spread[lane] * z[lane]);
            step.set_row(&self.residual, e, next);
        }
    }

    pub fn step(&self, step: &mut Step<'_>, memory: &mut Memory, finance: &Finance) {
        self.violence(step);
        self.residual(step, memory);
        let income = &finance.income;
        // last month's published rate, kept while the new one is written
        step.copy(&self.death_rate, &self.growth);
        step.copy(&self.shock, &self.used);
        step.each6(
            &self.growth,
            &self.trend,
            &self.target,
            &income.partners,
            &income.impulse,
            &self.cost,
            &self.residual,
            #[inline(always)]
            |trend, shift, partners, income, violence, residual| growth(trend, Impulses { shift, partners, income, violence, residual }),
        );
        step.update3(
            &self.output,
            &self.growth,
            &self.death_rate,
            &self.shock,
            #[inline(always)]
            |before, growth, published, used| output(before, growth, published, used),
        );
        step.copy(&self.used, &self.growth);
        step.each2(&self.gdp, &self.gdp_start, &self.output, |start, output| start * output);
    }
}
