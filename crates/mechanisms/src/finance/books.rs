//! The public books: debt, primary balance, distress, money for services.

use oxus_kernel::{Kind, Map, Own, Param, Ports, Read, Scratch, Step, Variable};

use super::equations::{Rates, debt_next, distress, monthly_debt_factor, primary_balance, public_money};
use super::{Finance, rate, ratio};

/// Ports of the public books.
pub(super) struct Books {
    debt: Own,
    distress: Own,
    public_spending: Own,
    balance: Own,
    base_money: Own,
    base_rents: Own,
    world_rate: Read,
    params: Params,
    floating: Scratch,
    foreign_rate: Scratch,
    factor: Scratch,
    other: Scratch,
    money: Scratch,
    interest: Scratch,
    to_world: Map,
}

struct Params {
    debt_start: Param,
    foreign_share: Param,
    fixed_rate: Param,
    floating_share: Param,
    real_rate: Param,
    balance: Param,
    reaction: Param,
    cyclical: Param,
    stock_flow: Param,
    public_share: Param,
    revenue: Param,
    revenue_rents: Param,
    present_value: Param,
    policy: Param,
    constant: Param,
    by_burden: Param,
    by_policy: Param,
    by_growth: Param,
}

impl Books {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let (state, world) = (ports.axis("state"), ports.axis("world"));
        let to_world = ports.world().map(state, world).unwrap_or_default();
        let mut one = |name: &str| ports.param(name, "state", "1");
        let (debt_start, foreign_share, floating_share) = (one("debt_start"), one("debt_foreign_share"), one("debt_floating_share"));
        let (reaction, cyclical, public_share) = (one("fiscal_reaction"), one("fiscal_cyclical"), one("loans_public_share"));
        let (revenue, revenue_rents) = (one("revenue"), one("revenue_rents"));
        let (present_value, policy) = (one("debt_present_value"), one("policy_quality"));
        let (constant, by_burden, by_policy, by_growth) =
            (one("distress_constant"), one("distress_burden"), one("distress_policy"), one("distress_growth"));
        let mut yearly = |name: &str| ports.param(name, "state", "1/yr");
        let (fixed_rate, real_rate) = (yearly("debt_fixed_rate"), yearly("debt_real_rate"));
        let (balance, stock_flow) = (yearly("primary_balance"), yearly("stock_flow"));
        Self {
            debt: ports.own(&ratio("finance.debt", "Gross debt of government over GDP.")),
            distress: ports.own(
                &Variable::new("finance.distress", "state", "1", Kind::Probability, "Probability of debt distress within a year.").within(0.0, 1.0),
            ),
            public_spending: ports.own(
                &Variable::new("finance.public_spending", "state", "1", Kind::Index, "Public money that reaches services; 1 at the origin.")
                    .within(0.0, f64::INFINITY),
            ),
            balance: ports.own(&rate("finance.primary_balance", "Primary balance of government over GDP.")),
            base_money: ports.own(&ratio("finance.public_money_base", "Public money that reached services at the origin, over GDP.")),
            base_rents: ports.own(&Variable::new("finance.rents_base", "state", "1", Kind::Share, "Energy rents over GDP at the origin.")),
            world_rate: ports.now("drivers.world_rate", "world", "1/yr"),
            params: Params {
                debt_start,
                foreign_share,
                fixed_rate,
                floating_share,
                real_rate,
                balance,
                reaction,
                cyclical,
                stock_flow,
                public_share,
                revenue,
                revenue_rents,
                present_value,
                policy,
                constant,
                by_burden,
                by_policy,
                by_growth,
            },
            floating: ports.scratch("state"),
            foreign_rate: ports.scratch("state"),
            factor: ports.scratch("state"),
            other: ports.scratch("state"),
            money: ports.scratch("state"),
            interest: ports.scratch("state"),
            to_world,
        }
    }

    fn rates(&self, step: &mut Step<'_>) {
        step.spread_down(&self.floating, &self.world_rate, &self.to_world);
        step.each3(&self.foreign_rate, &self.params.fixed_rate, &self.params.floating_share, &self.floating, |fixed, share, world| {
            fixed + share * world
        });
        step.each2(&self.interest, &self.foreign_rate, &self.debt, |rate, debt| rate * debt);
    }

    pub fn start(&self, step: &mut Step<'_>, finance: &Finance) {
        let p = &self.params;
        step.copy(&self.debt, &p.debt_start);
        step.copy(&self.balance, &p.balance);
        self.rates(step);
        self.distress(step, finance);
        step.fill(&self.public_spending, 1.0);
        step.fill(&self.base_rents, 0.0);
        let loans = &finance.loans;
        step.each4(&self.base_money, &p.revenue, &self.interest, &loans.share, &loans.leakage, |revenue, interest, loans, leakage| {
            public_money(1.0, revenue, 0.0, 0.0, interest, loans, leakage)
        });
    }

    /// Books last month's published rates and flows into debt.
    pub fn book(&self, step: &mut Step<'_>, finance: &Finance) {
        finance.loans.book(step, finance);
        self.rates(step);
        let (p, prices, output) = (&self.params, &finance.prices, &finance.output);
        step.each6(
            &self.factor,
            &p.real_rate,
            &self.foreign_rate,
            &prices.depreciation,
            &output.growth,
            &prices.inflation,
            &p.foreign_share,
            #[inline(always)]
            |real, foreign, depreciation, growth, inflation, foreign_share| {
                let domestic = real + inflation;
                monthly_debt_factor(Rates { domestic, foreign, depreciation, growth, inflation, foreign_share })
            },
        );
        step.each3(&self.other, &p.stock_flow, &p.public_share, &finance.loans.net, |flows, share, net| flows + share * net);
        step.update3(
            &self.debt,
            &self.factor,
            &self.balance,
            &self.other,
            #[inline(always)]
            |debt, factor, primary_balance, other_flows| debt_next(debt, factor, primary_balance, other_flows),
        );
    }

    pub fn step(&self, step: &mut Step<'_>, finance: &Finance) {
        let (p, output) = (&self.params, &finance.output);
        step.each7(
            &self.balance,
            &p.balance,
            &p.reaction,
            &self.debt,
            &p.debt_start,
            &p.cyclical,
            &output.growth,
            &output.trend,
            |usual, reaction, debt, start, cyclical, growth, trend| primary_balance(usual, reaction, debt - start, cyclical, growth - trend),
        );
        self.distress(step, finance);
        self.spending(step, finance);
    }

    fn distress(&self, step: &mut Step<'_>, finance: &Finance) {
        let p = &self.params;
        step.each3(&self.other, &self.debt, &p.foreign_share, &p.present_value, |debt, foreign, value| debt * foreign * value);
        step.each7(
            &self.distress,
            &p.constant,
            &p.by_burden,
            &self.other,
            &p.by_policy,
            &p.policy,
            &p.by_growth,
            &finance.output.growth,
            #[inline(always)]
            |constant, by_burden, burden, by_policy, policy, by_growth, growth| {
                distress(constant, by_burden, burden, by_policy, policy, by_growth, growth)
            },
        );
    }

    fn spending(&self, step: &mut Step<'_>, finance: &Finance) {
        let (p, loans) = (&self.params, &finance.loans);
        if step.month() == 0 {
            step.copy(&self.base_rents, &finance.income.rents_mean);
        }
        step.each2(&self.money, &finance.income.rents_mean, &self.base_rents, |rents, base| rents - base);
        step.update7(
            &self.money,
            &finance.output.output,
            &p.revenue,
            &p.revenue_rents,
            &self.interest,
            &loans.share,
            &loans.leakage,
            &self.base_money,
            |gain, output, revenue, by_rents, interest, loans, leakage, base| {
                let money = public_money(output, revenue, by_rents, gain, interest, loans, leakage);
                if base > 0.0 { money / base } else { 1.0 }
            },
        );
        step.copy(&self.public_spending, &self.money);
    }
}
