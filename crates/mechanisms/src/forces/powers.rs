//! The powers: spending, capability, the ability to project it, and who spends as much as the one that spends most.

use oxus_kernel::{Kind, LANES, NoiseIn, Own, Param, Ports, Read, Scale, Scratch, Step, Sum, Variable};
use oxus_math::{exp, ln};

use super::Memory;
use super::equations as eq;
use super::exercises::Exercises;
use crate::monthly::{MONTHS, relax};
use crate::rows::{Row, row, total};

/// Ports of the power axis.
pub(super) struct Powers {
    pub spending: Own,
    pub capability: Own,
    expedition: Own,
    import_share: Own,
    growth: Own,
    overtaken: Own,
    overtaken_current: Own,
    year: Own,
    year_current: Own,
    growth_shift: Sum,
    expedition_shift: Sum,
    numbers: NumberPorts,
    output_growth: Read,
    crises: Read,
    noise: NoiseIn,
    /// A giver's budget against the origin.
    pub budget: Scratch,
    spending_at_origin: Param,
}

/// Parameters of a power.
struct NumberPorts {
    /// Drift of the log share of output that goes to the forces.
    share_drift: Param,
    /// Standard deviation of the log share's change over a year.
    budget_noise: Param,
    /// Wear and ageing of arms and training.
    power_depreciation: Param,
    /// Worth of the stock at the origin in years of spending.
    power_stock_years: Param,
    /// Share of arms bought abroad at the origin.
    import_share: Param,
    /// Fall of that share as industry at home takes over.
    import_decline: Param,
    /// Worth that sellers keep back from what they sell: older models, no licences.
    withheld: Param,
    /// Part of new capability that can be projected; the rest is lost to waste and lack of transport.
    industry_efficiency: Param,
    /// Ability to project at the origin.
    expedition_base: Param,
    /// Rise of that ability for each unit of log capability.
    expedition_capability: Param,
    /// Rise of that ability when exercise troops grow by a factor of e.
    expedition_learning: Param,
    /// Time constant of that ability.
    expedition_months: Param,
    /// Conflicts that the power handles at once.
    conflicts_handled: Param,
    /// Conflicts under way elsewhere.
    conflicts_committed: Param,
    /// Rise of the power's prices in dollars against those of the leader.
    relative_price_drift: Param,
    /// Memory of the growth rate that a projection extends.
    growth_memory: Param,
}

impl NumberPorts {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name: &str, unit: &str| ports.param(name, "power", unit);
        Self {
            share_drift: of("share_drift", "1/yr"),
            budget_noise: of("budget_noise", "1"),
            power_depreciation: of("power_depreciation", "1/yr"),
            power_stock_years: of("power_stock_years", "yr"),
            import_share: of("import_share", "share"),
            import_decline: of("import_decline", "1/yr"),
            withheld: of("withheld", "share"),
            industry_efficiency: of("industry_efficiency", "share"),
            expedition_base: of("expedition_base", "index"),
            expedition_capability: of("expedition_capability", "index"),
            expedition_learning: of("expedition_learning", "index"),
            expedition_months: of("expedition_months", "month"),
            conflicts_handled: of("conflicts_handled", "1"),
            conflicts_committed: of("conflicts_committed", "1"),
            relative_price_drift: of("relative_price_drift", "1/yr"),
            growth_memory: of("growth_memory", "yr"),
        }
    }
}

fn index(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power", "index", Kind::Index, about)
}

fn flag(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power", "1", Kind::Count, about).within(0.0, 1.0)
}

fn year(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "power", "1", Kind::Index, about).within(0.0, eq::LATEST_YEAR)
}

impl Powers {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let money = "billion USD@2012/yr";
        Self {
            spending: ports.own(
                &Variable::new("forces.power_spending", "power", money, Kind::Flow, "A power's military spending, prices and rates of 2012.")
                    .within(0.0, f64::INFINITY),
            ),
            capability: ports.own(&index("forces.power_capability", "Log of a power's stock of arms and training against the origin.")),
            expedition: ports.own(&index("forces.expedition", "Ability to send and supply forces abroad, 0 none to 1 anywhere.").within(0.0, 1.0)),
            import_share: ports.own(
                &Variable::new("forces.import_share", "power", "share", Kind::Share, "Share of a power's new arms that is bought abroad.")
                    .within(0.0, 1.0),
            ),
            growth: ports.own(&Variable::new("forces.spending_growth", "power", "1/yr", Kind::Rate, "Growth of real spending, a slow mean.")),
            overtaken: ports.own(&flag(
                "forces.overtaken",
                "1 from the month in which the power spends as much as the one that spent most at the origin, prices and rates of 2012.",
            )),
            overtaken_current: ports.own(&flag("forces.overtaken_current", "The same in current dollars: with the rise of the power's prices.")),
            year: ports.own(&year(
                "forces.overtaking_year",
                "Year in which the power spends as much as the leader of the origin if both grow on as they do, prices and rates of 2012.",
            )),
            year_current: ports.own(&year("forces.overtaking_year_current", "The same in current dollars.")),
            growth_shift: ports.sum(
                &Variable::modifier("forces.power_growth.target", "power", Scale::Additive, "Shifts the growth of a power's military spending.")
                    .in_unit("1/yr", 0.03),
            ),
            expedition_shift: ports.sum(&Variable::modifier(
                "forces.expedition.target",
                "power",
                Scale::Additive,
                "Shifts where the ability to project tends to.",
            )),
            numbers: NumberPorts::declare(ports),
            output_growth: ports.now("drivers.growth", "power", "1/yr"),
            crises: ports.prev("regimes.crisis", "state", "1"),
            noise: ports.normals("spending", "power"),
            budget: ports.scratch("power"),
            spending_at_origin: ports.param("power_spending", "power", money),
        }
    }

    pub fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.copy(&self.spending, &self.spending_at_origin);
        step.fill(&self.capability, 0.0);
        step.each1(&self.import_share, &self.numbers.import_share, |s| s.clamp(0.0, 1.0));
        step.each2(&self.growth, &self.output_growth, &self.numbers.share_drift, |g, drift| g + drift);
        step.each1(&self.expedition, &self.numbers.expedition_base, |base| base.clamp(0.0, 1.0));
        for port in [&self.overtaken, &self.overtaken_current] {
            step.fill(port, 0.0);
        }
        let spending = step.slice(&self.spending);
        let of = |entity: usize, lane: usize| spending[entity * LANES + lane];
        let entities = spending.len() / LANES;
        memory.leader = std::array::from_fn(|lane| (0..entities).reduce(|best, e| if of(e, lane) > of(best, lane) { e } else { best }).unwrap_or(0));
        self.project(step, memory, 0.0);
    }

    #[inline(always)]
    pub fn step(&self, step: &mut Step<'_>, memory: &Memory, exercises: &Exercises) {
        step.draw(&self.noise);
        let (crises, drill) = (total(step, &self.crises), row(step, &exercises.level, 0));
        for power in 0..step.slice(&self.spending).len() / LANES {
            let budget = self.spend(step, power);
            let capability = self.arm(step, power, &budget);
            self.expedition(step, power, &capability, &crises, &drill);
        }
        // years are not told apart by months
        if step.month() % 3 == 2 {
            self.project(step, memory, step.month() as f64 + 1.0);
        }
    }

    /// Spending and its mean growth; returns spending against the origin.
    #[inline(always)]
    fn spend(&self, step: &mut Step<'_>, power: usize) -> Row {
        let n = &self.numbers;
        let (growth, drift, shift) = (row(step, &self.output_growth, power), row(step, &n.share_drift, power), row(step, &self.growth_shift, power));
        let (before, sigma, z) = (row(step, &self.spending, power), row(step, &n.budget_noise, power), row(step, &self.noise, power));
        let spending = lanes!(|l| before[l] * exp(eq::log_spending_change(growth[l], drift[l], shift[l], sigma[l], z[l])));
        step.set_row(&self.spending, power, spending);
        let (mean, memory) = (row(step, &self.growth, power), row(step, &n.growth_memory, power));
        let mean = lanes!(|l| mean[l] + (growth[l] + drift[l] + shift[l] - mean[l]) / (MONTHS * memory[l]).max(1.0));
        step.set_row(&self.growth, power, mean);
        let origin = row(step, &self.spending_at_origin, power);
        let budget = lanes!(|l| if origin[l] > 0.0 { spending[l] / origin[l] } else { 1.0 });
        step.set_scratch_row(&self.budget, power, budget);
        budget
    }

    /// Arms bought abroad and capability, which it returns.
    #[inline(always)]
    fn arm(&self, step: &mut Step<'_>, power: usize, budget: &Row) -> Row {
        let n = &self.numbers;
        let (share, decline) = (row(step, &self.import_share, power), row(step, &n.import_decline, power));
        let share = lanes!(|l| (share[l] * exp(-decline[l] / MONTHS)).clamp(0.0, 1.0));
        step.set_row(&self.import_share, power, share);
        let (origin, withheld) = (row(step, &n.import_share, power), row(step, &n.withheld, power));
        let useful = lanes!(|l| eq::useful(share[l], withheld[l]) / eq::useful(origin[l].clamp(0.0, 1.0), withheld[l]));
        let (years, wear) = (row(step, &n.power_stock_years, power), row(step, &n.power_depreciation, power));
        let before = row(step, &self.capability, power);
        let capability = lanes!(|l| eq::capability_after(before[l], budget[l] * useful[l], years[l], wear[l]));
        step.set_row(&self.capability, power, capability);
        capability
    }

    #[inline(always)]
    fn expedition(&self, step: &mut Step<'_>, power: usize, capability: &Row, crises: &Row, drill: &Row) {
        let n = &self.numbers;
        let (handled, committed) = (row(step, &n.conflicts_handled, power), row(step, &n.conflicts_committed, power));
        let free = lanes!(|l| eq::free_share(handled[l], committed[l] + crises[l]));
        let (learning, shift) = (row(step, &n.expedition_learning, power), row(step, &self.expedition_shift, power));
        let (base, by_capability) = (row(step, &n.expedition_base, power), row(step, &n.expedition_capability, power));
        let (efficiency, months) = (row(step, &n.industry_efficiency, power), row(step, &n.expedition_months, power));
        let other = lanes!(|l| learning[l] * drill[l] + shift[l]);
        let whole = lanes!(|l| (base[l] + by_capability[l] * efficiency[l] * capability[l] + other[l]).clamp(0.0, 1.0));
        let before = row(step, &self.expedition, power);
        step.set_row(&self.expedition, power, lanes!(|l| relax(before[l], whole[l] * free[l], months[l])));
    }

    /// Compares each power with the leader of the origin, `elapsed` months after it.
    fn project(&self, step: &mut Step<'_>, memory: &Memory, elapsed: f64) {
        let first = step.world().first();
        let now = f64::from(first.year()) + (f64::from(first.month()) - 1.0 + elapsed) / MONTHS;
        for power in 0..step.slice(&self.spending).len() / LANES {
            for (lane, &leader) in memory.leader.iter().enumerate() {
                if power == leader {
                    step.set(&self.year, power, lane, 0.0);
                    step.set(&self.year_current, power, lane, 0.0);
                    continue;
                }
                let behind = ln(step.get(&self.spending, leader, lane) / step.get(&self.spending, power, lane).max(1e-9));
                let gap = step.get(&self.growth, power, lane) - step.get(&self.growth, leader, lane);
                let drift = step.get(&self.numbers.relative_price_drift, power, lane);
                let current = behind - drift * elapsed / MONTHS;
                self.mark(step, (&self.overtaken, &self.year), (power, lane), (now, behind, gap));
                self.mark(step, (&self.overtaken_current, &self.year_current), (power, lane), (now, current, gap + drift));
            }
        }
    }

    /// Once reached, flag and year stay.
    fn mark(&self, step: &mut Step<'_>, (flag, year): (&Own, &Own), (power, lane): (usize, usize), (now, behind, gap): (f64, f64, f64)) {
        if step.get(flag, power, lane) == 0.0 {
            step.set(year, power, lane, eq::overtaking_year(now, behind, gap));
            if behind <= 0.0 {
                step.set(flag, power, lane, 1.0);
            }
        }
    }
}
