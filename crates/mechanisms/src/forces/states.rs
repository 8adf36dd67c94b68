//! The states: spending, capability, quality, the strength of their borders.

use oxus_kernel::{Add, Kind, LANES, Own, Param, Ports, Read, Scale, Scratch, Step, Sum, Variable};
use oxus_math::{exp, ln};

use super::equations as eq;
use super::exercises::Exercises;
use super::transfers::Transfers;
use crate::monthly::relax;
use crate::rows::{Row, row};

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
    origin_investment: Own,
    origin_spending: Own,
    origin_aid: Own,
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
            origin_investment: ports.own(&money("forces.origin_investment", "New arms, bought and given, at the origin.")),
            origin_spending: ports.own(&money("forces.origin_spending", "Military spending at the origin.")),
            origin_aid: ports.own(&money("forces.origin_border_aid", "Gifts for the border at the origin.")),
        }
    }

    pub fn start(&self, step: &mut Step<'_>, transfers: &Transfers) {
        let n = &self.numbers;
        step.each2(&self.spending, &n.spending_share, &self.gdp, |share, gdp| share * gdp);
        step.copy(&self.origin_spending, &self.spending);
        step.each2(&self.purchases, &self.spending, &n.purchase_share, |s, share| s * share);
        transfers.start(step, &self.purchases);
        step.copy(&self.origin_aid, &transfers.received_border);
        for s in 0..self.count(step) {
            let investment = self.invest(step, transfers, s);
            step.set_row(&self.origin_investment, s, investment);
        }
        step.fill(&self.capability, 0.0);
        step.each1(&self.border, &n.border_base, |b| b.clamp(0.0, 1.0));
        step.each1(&self.quality, &n.quality_base, |q| q.clamp(0.0, 1.0));
    }

    fn count(&self, step: &Step<'_>) -> usize {
        step.slice(&self.spending).len() / LANES
    }

    /// Own spending of the month, from output of the month before.
    #[inline(always)]
    pub fn spend(&self, step: &mut Step<'_>) {
        let n = &self.numbers;
        for s in 0..self.count(step) {
            let (share, gdp, shift) = (row(step, &n.spending_share, s), row(step, &self.gdp, s), row(step, &self.spending_shift, s));
            let (spending, abroad) = (lanes!(|l| share[l] * gdp[l] * exp(shift[l])), row(step, &n.purchase_share, s));
            step.set_row(&self.spending, s, spending);
            step.set_scratch_row(&self.purchases, s, lanes!(|l| spending[l] * abroad[l]));
        }
    }

    /// New arms, bought and given.
    #[inline(always)]
    fn invest(&self, step: &Step<'_>, transfers: &Transfers, s: usize) -> Row {
        let n = &self.numbers;
        let (spending, share) = (row(step, &self.spending, s), row(step, &n.equipment_share, s));
        let (given, absorbed) = (row(step, &transfers.received, s), row(step, &n.absorption, s));
        lanes!(|l| spending[l] * share[l] + given[l] * absorbed[l])
    }

    #[inline(always)]
    pub fn step(&self, step: &mut Step<'_>, transfers: &Transfers, exercises: &Exercises) {
        let drill = row(step, &exercises.level, 0);
        for s in 0..self.count(step) {
            let capability = self.arm(step, transfers, s);
            self.border(step, transfers, s);
            self.train(step, s, &drill, &capability);
        }
        let n = &self.numbers;
        step.update3(&self.permeability, &n.permeability_by_border, &self.border, &n.border_base, |sum, by, border, base| {
            sum - by * (border - base.clamp(0.0, 1.0))
        });
    }

    /// Capability after the month's investment.
    #[inline(always)]
    fn arm(&self, step: &mut Step<'_>, transfers: &Transfers, s: usize) -> Row {
        let n = &self.numbers;
        let (new, origin) = (self.invest(step, transfers, s), row(step, &self.origin_investment, s));
        let relative = lanes!(|l| if origin[l] > 0.0 { new[l] / origin[l] } else { 1.0 });
        let (before, years, wear) = (row(step, &self.capability, s), row(step, &n.stock_years, s), row(step, &n.depreciation, s));
        let capability = lanes!(|l| eq::capability_after(before[l], relative[l], years[l], wear[l]));
        step.set_row(&self.capability, s, capability);
        capability
    }

    #[inline(always)]
    fn border(&self, step: &mut Step<'_>, transfers: &Transfers, s: usize) {
        let n = &self.numbers;
        let (now, origin) = (row(step, &self.spending, s), row(step, &self.origin_spending, s));
        // a thousandth of the origin's money is none for every purpose here, and has a logarithm
        let level = lanes!(|l| ln((now[l] / origin[l]).max(1e-3)));
        let level = lanes!(|l| if origin[l] > 0.0 { level[l] } else { 0.0 });
        let (aid, aid_at_origin) = (row(step, &transfers.received_border, s), row(step, &self.origin_aid, s));
        let (gain, need) = (row(step, &n.border_gain, s), row(step, &n.border_need, s));
        let aided = lanes!(|l| eq::border_aid(aid[l], gain[l], need[l]) - eq::border_aid(aid_at_origin[l], gain[l], need[l]));
        let (base, by, shift) = (row(step, &n.border_base, s), row(step, &n.border_spending, s), row(step, &self.border_shift, s));
        let (before, months) = (row(step, &self.border, s), row(step, &n.border_months, s));
        let border = lanes!(|l| relax(before[l], aided[l] + base[l] + by[l] * level[l] + shift[l], months[l]));
        step.set_row(&self.border, s, border);
    }

    /// Quality follows capability and exercises.
    #[inline(always)]
    fn train(&self, step: &mut Step<'_>, s: usize, drill: &Row, capability: &Row) {
        let n = &self.numbers;
        let (learning, by_capability) = (row(step, &n.quality_exercises, s), row(step, &n.quality_capability, s));
        let gained = lanes!(|l| learning[l] * drill[l] + by_capability[l] * capability[l]);
        let (base, shift) = (row(step, &n.quality_base, s), row(step, &self.quality_shift, s));
        let (before, months) = (row(step, &self.quality, s), row(step, &n.quality_months, s));
        step.set_row(&self.quality, s, lanes!(|l| relax(before[l], base[l] + gained[l] + shift[l], months[l])));
    }
}
