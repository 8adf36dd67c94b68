//! The states: spending, capability, quality, the strength of their borders.

use oxus_kernel::{Add, Kind, Map, Own, Param, Ports, Read, Scale, Scratch, Step, Sum, Variable};
use oxus_math::{exp, ln};

use super::equations as eq;
use super::exercises::Exercises;
use super::transfers::Transfers;
use crate::monthly::relax;

const MONEY: &str = "million USD@2012/yr";

/// Ports of the state axis.
pub(super) struct States {
    spending: Own,
    capability: Own,
    border: Own,
    quality: Own,
    spending_shift: Sum,
    border_shift: Sum,
    quality_shift: Sum,
    permeability: Add,
    gdp: Read,
    numbers: NumberPorts,
    /// Arms bought abroad, million USD@2012/yr.
    pub purchases: Scratch,
    investment: Scratch,
    origin_investment: Own,
    origin_spending: Own,
    origin_aid: Own,
    spending_level: Scratch,
    drill: Scratch,
    goal: Scratch,
    to_world: Map,
}

struct NumberPorts {
    spending_share: Param,
    equipment_share: Param,
    purchase_share: Param,
    absorption: Param,
    depreciation: Param,
    stock_years: Param,
    border_base: Param,
    border_spending: Param,
    border_gain: Param,
    border_need: Param,
    border_months: Param,
    quality_base: Param,
    quality_capability: Param,
    quality_exercises: Param,
    quality_months: Param,
    permeability_by_border: Param,
}

impl NumberPorts {
    fn declare(ports: &mut Ports<'_>) -> Self {
        let mut of = |name: &str, unit: &str| ports.param(name, "state", unit);
        Self {
            spending_share: of("spending_share", "share"),
            equipment_share: of("equipment_share", "share"),
            purchase_share: of("purchase_share", "share"),
            absorption: of("absorption", "share"),
            depreciation: of("depreciation", "1/yr"),
            stock_years: of("stock_years", "yr"),
            border_base: of("border_base", "index"),
            border_spending: of("border_spending", "index"),
            border_gain: of("border_gain", "index"),
            border_need: of("border_need", MONEY),
            border_months: of("border_months", "month"),
            quality_base: of("quality_base", "index"),
            quality_capability: of("quality_capability", "index"),
            quality_exercises: of("quality_exercises", "index"),
            quality_months: of("quality_months", "month"),
            permeability_by_border: of("permeability_by_border", "1"),
        }
    }
}

fn unit_index(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "index", Kind::Index, about).within(0.0, 1.0)
}

fn money(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", MONEY, Kind::Flow, about).within(0.0, f64::INFINITY)
}

impl States {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let (state, world) = (ports.axis("state"), ports.axis("world"));
        let to_world = ports.world().map(state, world).unwrap_or_default();
        let shift = |name, scale, about| Variable::modifier(name, "state", scale, about);
        Self {
            spending: ports.own(&money("forces.spending", "A state's own military spending.")),
            capability: ports.own(&Variable::new(
                "forces.capability",
                "state",
                "index",
                Kind::Index,
                "Log of a state's stock of arms and training against the origin.",
            )),
            border: ports.own(&unit_index("forces.border_strength", "Posts, men and equipment at the border, 0 none to 1 well kept.")),
            quality: ports.own(&unit_index("forces.quality", "Training, equipment and pay of the forces, 0 none to 1 good.")),
            spending_shift: ports.sum(&shift("forces.spending.log", Scale::Log, "Shifts a state's military spending.")),
            border_shift: ports.sum(&shift("forces.border_strength.target", Scale::Additive, "Shifts where the strength of the border tends to.")),
            quality_shift: ports.sum(&shift("forces.quality.target", Scale::Additive, "Shifts where the quality of the forces tends to.")),
            permeability: ports.add("insurgency.permeability.target", "state", "1"),
            gdp: ports.prev("finance.gdp", "state", MONEY),
            numbers: NumberPorts::declare(ports),
            purchases: ports.scratch("state"),
            investment: ports.scratch("state"),
            origin_investment: ports.own(&money("forces.origin_investment", "New arms, bought and given, at the origin.")),
            origin_spending: ports.own(&money("forces.origin_spending", "Military spending at the origin.")),
            origin_aid: ports.own(&money("forces.origin_border_aid", "Gifts for the border at the origin.")),
            spending_level: ports.scratch("state"),
            drill: ports.scratch("state"),
            goal: ports.scratch("state"),
            to_world,
        }
    }

    pub fn start(&self, step: &mut Step<'_>, transfers: &Transfers) {
        let n = &self.numbers;
        step.each2(&self.spending, &n.spending_share, &self.gdp, |share, gdp| share * gdp);
        step.copy(&self.origin_spending, &self.spending);
        step.each2(&self.purchases, &self.spending, &n.purchase_share, |s, share| s * share);
        transfers.start(step, &self.purchases);
        step.copy(&self.origin_aid, &transfers.received_border);
        self.invest(step, transfers);
        step.copy(&self.origin_investment, &self.investment);
        step.fill(&self.capability, 0.0);
        step.each1(&self.border, &n.border_base, |b| b.clamp(0.0, 1.0));
        step.each1(&self.quality, &n.quality_base, |q| q.clamp(0.0, 1.0));
    }

    /// Own spending of the month, from output of the month before.
    #[inline(always)]
    pub fn spend(&self, step: &mut Step<'_>) {
        let n = &self.numbers;
        step.each3(
            &self.spending,
            &n.spending_share,
            &self.gdp,
            &self.spending_shift,
            #[inline(always)]
            |share, gdp, shift| share * gdp * exp(shift),
        );
        step.each2(&self.purchases, &self.spending, &n.purchase_share, |s, share| s * share);
    }

    #[inline(always)]
    fn invest(&self, step: &mut Step<'_>, transfers: &Transfers) {
        let n = &self.numbers;
        step.each4(&self.investment, &self.spending, &n.equipment_share, &transfers.received, &n.absorption, |s, share, given, absorbed| {
            s * share + given * absorbed
        });
    }

    #[inline(always)]
    pub fn step(&self, step: &mut Step<'_>, transfers: &Transfers, exercises: &Exercises) {
        let n = &self.numbers;
        self.invest(step, transfers);
        step.update1(&self.investment, &self.origin_investment, |now, origin| if origin > 0.0 { now / origin } else { 1.0 });
        step.update3(&self.capability, &self.investment, &n.stock_years, &n.depreciation, eq::capability_after);
        step.each2(
            &self.spending_level,
            &self.spending,
            &self.origin_spending,
            #[inline(always)]
            |now, origin| {
                // a thousandth of the origin's money is none for every purpose here, and has a logarithm
                let level = ln((now / origin).max(1e-3));
                if origin > 0.0 { level } else { 0.0 }
            },
        );
        step.spread_down(&self.drill, &exercises.level, &self.to_world);
        self.borders(step, transfers);
        step.update3(&self.drill, &n.quality_exercises, &self.capability, &n.quality_capability, |drill, learning, capability, by_capability| {
            learning * drill + by_capability * capability
        });
        step.update4(&self.quality, &n.quality_base, &self.drill, &self.quality_shift, &n.quality_months, |x, base, gained, shift, months| {
            relax(x, base + gained + shift, months)
        });
    }

    #[inline(always)]
    fn borders(&self, step: &mut Step<'_>, transfers: &Transfers) {
        let n = &self.numbers;
        step.each4(
            &self.goal,
            &transfers.received_border,
            &self.origin_aid,
            &n.border_gain,
            &n.border_need,
            #[inline(always)]
            |aid, origin, gain, need| eq::border_aid(aid, gain, need) - eq::border_aid(origin, gain, need),
        );
        step.update4(&self.goal, &n.border_base, &n.border_spending, &self.spending_level, &self.border_shift, |aid, base, by, level, shift| {
            aid + base + by * level + shift
        });
        step.update2(&self.border, &self.goal, &n.border_months, relax);
        step.update3(&self.permeability, &n.permeability_by_border, &self.border, &n.border_base, |sum, by, border, base| {
            sum - by * (border - base.clamp(0.0, 1.0))
        });
    }
}
