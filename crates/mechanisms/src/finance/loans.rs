//! Loans from China: pledged, committed, disbursed, repaid; what of them leaks.

use oxus_kernel::{Kind, NoiseIn, Own, Param, Ports, Scale, Scratch, Step, Sum, Variable};
use oxus_math::exp;
use oxus_numerics::mean_reversion::OuStep;

use super::equations::{MONTH, commitments, leakage, pipeline_outflow};
use super::output::Output;
use super::{Finance, latent, ratio};
use crate::annual::monthly_share;
use crate::ou::OuColumn;

const fn stock(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "million USD@2012", Kind::Stock, about).within(0.0, f64::INFINITY)
}

const fn flow(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "million USD@2012/month", Kind::Flow, about).within(0.0, f64::INFINITY)
}

/// Ports of loans.
pub(super) struct Loans {
    pledged: Own,
    pipeline: Own,
    committed: Own,
    pub disbursed: Own,
    cancelled: Own,
    repaid: Own,
    pub stock: Own,
    debt_china: Own,
    pub leakage: Own,
    lumps: Own,
    commitment_shift: Sum,
    disbursement_shift: Sum,
    leakage_shift: Sum,
    params: Params,
    shock: NoiseIn,
    /// Loans disbursed in the month before, annualised, over GDP.
    pub share: Scratch,
    /// Disbursed less repaid of the month before, annualised, over GDP.
    pub net: Scratch,
    called: Scratch,
    /// Rate of disbursement after its shift.
    rate: Scratch,
    /// Shares of a month: of what is pledged that is contracted, of the stock that is repaid.
    released: Scratch,
    due: Scratch,
    month: OuColumn,
}

struct Params {
    commitment: Param,
    lump_memory: Param,
    lump_spread: Param,
    pledged_start: Param,
    pledge_release: Param,
    pipeline_start: Param,
    disbursement: Param,
    cancellation: Param,
    stock_start: Param,
    maturity: Param,
    leakage: Param,
}

impl Loans {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let mut state = |name: &str, unit: &str| ports.param(name, "state", unit);
        let params = Params {
            commitment: state("loans_commitment", "million USD@2012/yr"),
            lump_memory: state("loans_lump_memory", "yr"),
            lump_spread: state("loans_lump_spread", "1"),
            pledged_start: state("loans_pledged_start", "million USD@2012"),
            pledge_release: state("loans_pledge_release", "1/yr"),
            pipeline_start: state("loans_pipeline_start", "million USD@2012"),
            disbursement: state("loans_disbursement", "1/yr"),
            cancellation: state("loans_cancellation", "1/yr"),
            stock_start: state("loans_stock_start", "million USD@2012"),
            maturity: state("loans_maturity", "yr"),
            leakage: state("leakage", "1"),
        };
        let shift = |name, about| Variable::modifier(name, "state", Scale::Log, about);
        Self {
            pledged: ports.own(&stock("finance.loans_pledged", "Announced loans for which no contract is signed.")),
            pipeline: ports.own(&stock("finance.loans_pipeline", "Contracted loans not yet paid out.")),
            committed: ports.own(&flow("finance.loans_committed", "Loans contracted in the month.")),
            disbursed: ports.own(&flow("finance.loans_disbursed", "Loans paid out in the month.")),
            cancelled: ports.own(&flow("finance.loans_cancelled", "Contracted loans given up in the month.")),
            repaid: ports.own(&flow("finance.loans_repaid", "Principal repaid in the month.")),
            stock: ports.own(&stock("finance.loans_stock", "Loans outstanding to China, of governments and firms.")),
            debt_china: ports.own(&ratio("finance.debt_china", "Loans outstanding to China over GDP.")),
            leakage: ports.own(
                &Variable::new("finance.leakage", "state", "1", Kind::Share, "Share of public money that does not reach its purpose.")
                    .within(0.0, 1.0),
            ),
            lumps: ports.own(&latent("finance.loans_lumps", "Log deviation of new loans from their usual amount.")),
            commitment_shift: ports.sum(&shift("finance.commitment.log_rate", "Shift of new loans.")),
            disbursement_shift: ports.sum(&shift("finance.disbursement.log_rate", "Shift of the speed of disbursement.")),
            leakage_shift: ports.sum(&Variable::modifier("finance.leakage.logit", "state", Scale::Logit, "Shift of leakage.")),
            params,
            shock: ports.normals("loans", "state"),
            share: ports.scratch("state"),
            net: ports.scratch("state"),
            called: ports.scratch("state"),
            rate: ports.scratch("state"),
            released: ports.scratch("state"),
            due: ports.scratch("state"),
            month: OuColumn::declare(ports, "state"),
        }
    }

    pub fn start(&self, step: &mut Step<'_>, output: &Output) {
        let p = &self.params;
        step.copy(&self.pledged, &p.pledged_start);
        step.copy(&self.pipeline, &p.pipeline_start);
        step.copy(&self.stock, &p.stock_start);
        step.each1(&self.committed, &p.commitment, |per_year| MONTH * per_year);
        step.each3(&self.disbursed, &p.pipeline_start, &p.disbursement, &p.cancellation, |pipeline, rate, cancel| {
            pipeline_outflow(pipeline, rate, cancel).disbursed
        });
        step.each3(&self.cancelled, &p.pipeline_start, &p.disbursement, &p.cancellation, |pipeline, rate, cancel| {
            pipeline_outflow(pipeline, rate, cancel).cancelled
        });
        step.each2(
            &self.repaid,
            &p.stock_start,
            &p.maturity,
            #[inline(always)]
            |stock, maturity| stock * monthly_share(maturity),
        );
        step.each2(&self.debt_china, &p.stock_start, &output.gdp, |stock, gdp| stock / gdp);
        step.each1(&self.leakage, &p.leakage, |base| leakage(base, 0.0));
        step.fill(&self.lumps, 0.0);
        step.each2(&self.share, &self.disbursed, &output.gdp, |disbursed, gdp| disbursed / MONTH / gdp);
    }

    /// Parameters of [`Self::refresh`].
    pub fn timing(&self) -> [&Param; 4] {
        let p = &self.params;
        [&p.lump_memory, &p.lump_spread, &p.pledge_release, &p.maturity]
    }

    /// What only parameters decide.
    pub fn refresh(&self, step: &mut Step<'_>) {
        let p = &self.params;
        step.each1(
            &self.released,
            &p.pledge_release,
            #[inline(always)]
            |release| -oxus_math::exp_m1(-MONTH * release),
        );
        step.each1(&self.due, &p.maturity, monthly_share);
        // a mean of 0 and a standard deviation of `spread` in the long run
        step.each1(&self.month.persistence, &p.lump_memory, |memory| OuStep::new(1.0 / memory, 0.0, MONTH).persistence);
        step.each2(&self.month.deviation, &p.lump_memory, &p.lump_spread, |memory, spread| {
            OuStep::new(1.0 / memory, spread * (2.0 / memory).sqrt(), MONTH).deviation
        });
    }

    /// Books last month's published flows into the stock, and says what they were worth.
    pub fn book(&self, step: &mut Step<'_>, finance: &Finance) {
        let (gdp, value) = (&finance.output.gdp, &finance.prices.real_value);
        step.each3(
            &self.share,
            &self.disbursed,
            gdp,
            value,
            #[inline(always)]
            |disbursed, gdp, value| disbursed / (MONTH * gdp * exp(value)),
        );
        step.each4(
            &self.net,
            &self.disbursed,
            &self.repaid,
            gdp,
            value,
            #[inline(always)]
            |disbursed, repaid, gdp, value| (disbursed - repaid) / (MONTH * gdp * exp(value)),
        );
        step.update2(&self.stock, &self.disbursed, &self.repaid, |stock, disbursed, repaid| (stock + disbursed - repaid).max(0.0));
    }

    pub fn step(&self, step: &mut Step<'_>, finance: &Finance) {
        let p = &self.params;
        step.draw(&self.shock);
        self.month.fade(step, &self.lumps, &self.shock);
        step.each2(&self.called, &self.pledged, &self.released, |pledged, released| pledged * released);
        step.update1(&self.pledged, &self.called, |pledged, called| pledged - called);
        step.each5(
            &self.committed,
            &p.commitment,
            &self.lumps,
            &p.lump_spread,
            &self.commitment_shift,
            &self.called,
            #[inline(always)]
            |per_year, lumps, spread, shift, called| commitments(per_year, lumps, spread, shift) + called,
        );
        step.each2(
            &self.rate,
            &p.disbursement,
            &self.disbursement_shift,
            #[inline(always)]
            |rate, shift| rate * exp(shift),
        );
        step.each3(
            &self.disbursed,
            &self.pipeline,
            &self.rate,
            &p.cancellation,
            #[inline(always)]
            |pipeline, rate, cancel| pipeline_outflow(pipeline, rate, cancel).disbursed,
        );
        step.each3(
            &self.cancelled,
            &self.pipeline,
            &self.rate,
            &p.cancellation,
            #[inline(always)]
            |pipeline, rate, cancel| pipeline_outflow(pipeline, rate, cancel).cancelled,
        );
        step.update3(&self.pipeline, &self.committed, &self.disbursed, &self.cancelled, |pipeline, inflow, paid, given_up| {
            (pipeline + inflow - paid - given_up).max(0.0)
        });
        step.each2(&self.repaid, &self.stock, &self.due, |stock, due| stock * due);
        step.each3(
            &self.debt_china,
            &self.stock,
            &finance.output.gdp,
            &finance.prices.real_value,
            #[inline(always)]
            |stock, gdp, value| stock / (gdp * exp(value)),
        );
        step.each2(
            &self.leakage,
            &p.leakage,
            &self.leakage_shift,
            #[inline(always)]
            |base, shift| leakage(base, shift),
        );
    }
}
