//! The equations of public and external finance, scalar and pure. Rates are per year unless said; `MONTH` is a twelfth of one.

use oxus_math::{exp, exp_m1, ln, ln_1p, logistic, logit, normal_cdf};
use oxus_numerics::debt::{debt_factor, debt_step};

/// One month, in years.
pub const MONTH: f64 = 1.0 / 12.0;

/// A standard normal that shares the part `loading` (in `[-1, 1]`) with a common one.
#[inline(always)]
pub fn shared_normal(loading: f64, common: f64, own: f64) -> f64 {
    loading * common + (1.0 - loading * loading).max(0.0).sqrt() * own
}

/// What moves growth in a month, all in log points a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Impulses {
    /// Shift by links.
    pub shift: f64,
    /// Growth of partners above its trend, times elasticities.
    pub partners: f64,
    /// Income from abroad that reaches demand.
    pub income: f64,
    /// Loss to violence, negative.
    pub violence: f64,
    /// Autoregressive residual.
    pub residual: f64,
}

/// Annualised growth: `exp(ln(1 + trend) + impulses) - 1`, above -1 by construction.
#[inline(always)]
pub fn growth(trend: f64, i: Impulses) -> f64 {
    exp_m1(ln_1p(trend) + i.shift + i.partners + i.income + i.violence + i.residual)
}

/// Output after a month at the annualised rate `growth`, corrected for what interventions made of last month's rate after it was used.
///
/// `published` is last month's rate as others saw it, `used` as output grew by it; both are above -1. Twelve months at `g` make exactly `1 + g`.
#[inline(always)]
pub fn output(before: f64, growth: f64, published: f64, used: f64) -> f64 {
    before * exp(MONTH * (ln_1p(growth) + ln_1p(published.max(-0.99)) - ln_1p(used)))
}

/// What deaths cost in growth: `-cost x / (x + half)`, less the same at the reference rate. Rates are deaths per 100,000 people a year.
///
/// Source for `cost`: Collier, Oxford Economic Papers 51 (1999), on growth during civil wars.
#[inline(always)]
pub fn violence_cost(rate: f64, reference: f64, cost: f64, half: f64) -> f64 {
    -cost * (rate / (rate + half) - reference / (reference + half))
}

/// Log of migrants' income a month later, from the growth of their hosts above its trend.
#[inline(always)]
pub fn host_income(before: f64, trend: f64, elasticity: f64, host_deviation: f64) -> f64 {
    before + MONTH * (trend + elasticity * host_deviation)
}

/// Log of remittances in dollars against the origin: migrants' income, the rouble in which part of it is earned, entry rules, shift, noise.
#[inline(always)]
#[allow(clippy::too_many_arguments)] // a scalar equation mapped over lanes
pub fn remittances_log(income: f64, rouble_elasticity: f64, rouble: f64, entry_elasticity: f64, entry: f64, shift: f64, noise: f64) -> f64 {
    income + rouble_elasticity * rouble + entry_elasticity * ln(entry.max(0.01)) + shift + noise
}

/// Remittances over GDP: the share at the origin, times the growth of the one over that of the other, both in dollars.
#[inline(always)]
pub fn remittances_share(at_origin: f64, log: f64, output: f64, real_value: f64) -> f64 {
    at_origin * exp(log - real_value) / output
}

/// Annualised nominal depreciation: the difference of inflation, correction of the real value towards its target, shift, noise.
///
/// `share` is the part of the misalignment (log real value less target) corrected in a month. With [`real_value`] the real value is an
/// Ornstein-Uhlenbeck process around its target, up to the month between announcement and booking.
#[inline(always)]
pub fn depreciation(inflation: f64, world_inflation: f64, misalignment: f64, share: f64, shift: f64, shock: f64) -> f64 {
    inflation - world_inflation + 12.0 * (share * misalignment + shock) + shift
}

/// Log real dollar value of the currency after a month of these annual rates.
#[inline(always)]
pub fn real_value(before: f64, inflation: f64, world_inflation: f64, depreciation: f64) -> f64 {
    before + MONTH * (inflation - world_inflation - depreciation)
}

/// Annual rates on public debt and of what inflates it away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Interest in domestic currency.
    pub domestic: f64,
    /// Interest in foreign currency.
    pub foreign: f64,
    /// Log change of the price of foreign currency.
    pub depreciation: f64,
    /// Growth of output.
    pub growth: f64,
    /// Log change of prices.
    pub inflation: f64,
    /// Share of debt in foreign currency.
    pub foreign_share: f64,
}

/// What a unit of debt grows to in a month, relative to GDP: [`debt_factor`] with the monthly rates that compound to the annual ones.
#[inline(always)]
pub fn monthly_debt_factor(r: Rates) -> f64 {
    // a function and no closure, since a closure of this size is left out of line
    #[inline(always)]
    fn month(log_rate: f64) -> f64 {
        exp_m1(MONTH * log_rate)
    }
    debt_factor(month(r.domestic), month(r.foreign), month(r.depreciation), month(ln_1p(r.growth.max(-0.99))), month(r.inflation), r.foreign_share)
}

/// Debt over GDP a month later; balances are annual ratios. A surplus beyond the debt buys assets, so debt stays at or above 0.
///
/// Oracle: the steady state `(sf - pb) / (1 - factor)` (tests).
#[inline(always)]
pub fn debt_next(debt: f64, factor: f64, primary_balance: f64, other_flows: f64) -> f64 {
    debt_step(debt, factor, MONTH * primary_balance, MONTH * other_flows).max(0.0)
}

/// Primary balance over GDP: its usual level, reaction to debt above its level at the origin (Bohn, QJE 113 (1998)), and the cycle.
#[inline(always)]
pub fn primary_balance(usual: f64, reaction: f64, excess_debt: f64, cyclical: f64, growth_gap: f64) -> f64 {
    usual + reaction * excess_debt + cyclical * growth_gap
}

/// Probability of debt distress within a year: the probit of Kraay and Nehru, World Bank Economic Review 20 (2006), on the present value
/// of external debt over GDP, the quality of policy (CPIA scale, 1 to 6) and growth.
#[inline(always)]
pub fn distress(constant: f64, by_burden: f64, burden: f64, by_policy: f64, policy: f64, by_growth: f64, growth: f64) -> f64 {
    normal_cdf(constant + by_burden * burden + by_policy * policy + by_growth * growth)
}

/// What leaves a pipeline of committed loans in a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outflow {
    /// Paid out.
    pub disbursed: f64,
    /// Cancelled.
    pub cancelled: f64,
}

/// Disbursement at `rate` and cancellation at `cancel` (per year) from what is in the pipeline: competing exponential exits.
#[inline(always)]
pub fn pipeline_outflow(pipeline: f64, rate: f64, cancel: f64) -> Outflow {
    let both = rate + cancel;
    let out = -pipeline * exp_m1(-MONTH * both);
    let (disbursed, cancelled) = (out * rate / both, out * cancel / both);
    // chosen at the end, so that there is no branch around the exponential and columns vectorise
    if both <= 0.0 { Outflow { disbursed: 0.0, cancelled: 0.0 } } else { Outflow { disbursed, cancelled } }
}

/// New commitments of a month (million USD): the usual yearly amount with lumpiness `noise` (a normal of standard deviation `spread`) of
/// mean effect 1, and links' shift.
#[inline(always)]
pub fn commitments(per_year: f64, noise: f64, spread: f64, shift: f64) -> f64 {
    MONTH * per_year * exp(noise - 0.5 * spread * spread + shift)
}

/// Share of public money that does not reach its purpose.
#[inline(always)]
pub fn leakage(base: f64, shift: f64) -> f64 {
    logistic(logit(base.clamp(0.001, 0.999)) + shift)
}

/// Public money that reaches services, over GDP of the origin: revenue and its gain from rents, less interest, plus loans; less leakage.
#[inline(always)]
#[allow(clippy::too_many_arguments)] // a scalar equation mapped over lanes
pub fn public_money(output: f64, revenue: f64, by_rents: f64, rents_gain: f64, interest: f64, loans: f64, leakage: f64) -> f64 {
    output * (1.0 - leakage) * (revenue + by_rents * rents_gain - interest + loans).max(0.0)
}
