//! Debt dynamics: the accounting identities of the IMF and the European Commission, their decomposition, and stochastic fans.
//!
//! All debt, balances and flows are ratios to GDP and all rates fractions per period, except in [`ec_step`], which uses percent.
//!
//! Sources: IMF, *Staff Guidance Note for Public Debt Sustainability Analysis in Market-Access Countries* (2013), annex; European Commission,
//! *Debt Sustainability Monitor*, annex on the debt identity; Bohn, "The behavior of U.S. public debt and deficits", QJE 113 (1998), for
//! the fiscal reaction. Oracle: `tests/reference/debt`.

mod fan;

#[cfg(test)]
mod tests;

pub use fan::{DebtError, FanModel, SHOCKS, quantile, share_above};

/// What one unit of debt grows to over a period, relative to GDP: `[(1-a)(1+r_d) + a(1+r_f)(1+e)] / [(1+g)(1+pi)]`.
///
/// `domestic_rate` and `foreign_rate` are the effective interest rates on debt in each currency, `depreciation` the rise of the price of foreign
/// currency, `growth` real, `inflation` of the GDP deflator, `foreign_share` the share of debt in foreign currency at the start.
#[inline(always)]
pub fn debt_factor(domestic_rate: f64, foreign_rate: f64, depreciation: f64, growth: f64, inflation: f64, foreign_share: f64) -> f64 {
    ((1.0 - foreign_share) * (1.0 + domestic_rate) + foreign_share * (1.0 + foreign_rate) * (1.0 + depreciation))
        / ((1.0 + growth) * (1.0 + inflation))
}

/// Debt at the end of a period: `debt * factor - primary_balance + other_flows`, with `factor` from [`debt_factor`].
#[inline(always)]
pub fn debt_step(debt: f64, factor: f64, primary_balance: f64, other_flows: f64) -> f64 {
    debt * factor - primary_balance + other_flows
}

/// The primary balance that leaves debt where it is.
#[inline(always)]
pub fn stabilising_primary_balance(debt: f64, factor: f64, other_flows: f64) -> f64 {
    debt_step(debt, factor, 0.0, other_flows) - debt
}

/// The debt ratio that constant conditions lead to, `(other_flows - primary_balance) / (1 - factor)`.
///
/// `None` when `factor` is 1 or more: debt then has no level it returns to.
pub fn steady_state(factor: f64, primary_balance: f64, other_flows: f64) -> Option<f64> {
    (factor < 1.0).then(|| (other_flows - primary_balance) / (1.0 - factor))
}

/// The European Commission's identity, in percent of GDP and percent per year.
///
/// `domestic_share` is the share of debt in domestic currency (1 is one), `exchange_rate` the price of foreign currency this year and the year
/// before, `stock_flow` the stock-flow adjustment.
#[inline(always)]
#[allow(clippy::too_many_arguments)] // a scalar identity with eight arguments, mapped over lanes
pub fn ec_step(
    debt: f64,
    interest: f64,
    nominal_growth: f64,
    exchange_rate: f64,
    previous_exchange_rate: f64,
    primary_balance: f64,
    stock_flow: f64,
    domestic_share: f64,
) -> f64 {
    let valuation = domestic_share + (1.0 - domestic_share) * exchange_rate / previous_exchange_rate;
    debt * (1.0 + interest / 100.0) / (1.0 + nominal_growth / 100.0) * valuation - primary_balance + stock_flow
}

/// Conditions of one period, as in [`debt_factor`], with the balances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Interest rate on domestic-currency debt.
    pub domestic_rate: f64,
    /// Interest rate on foreign-currency debt.
    pub foreign_rate: f64,
    /// Rise of the price of foreign currency.
    pub depreciation: f64,
    /// Real growth.
    pub growth: f64,
    /// Growth of the GDP deflator.
    pub inflation: f64,
    /// Primary balance, a ratio to GDP.
    pub primary_balance: f64,
    /// Other debt-creating flows, a ratio to GDP.
    pub other_flows: f64,
    /// Share of debt in foreign currency at the start of the period.
    pub foreign_share: f64,
}

impl Conditions {
    /// What one unit of debt grows to relative to GDP.
    pub fn factor(&self) -> f64 {
        debt_factor(self.domestic_rate, self.foreign_rate, self.depreciation, self.growth, self.inflation, self.foreign_share)
    }

    /// Debt at the end of the period.
    pub fn step(&self, debt: f64) -> f64 {
        debt_step(debt, self.factor(), self.primary_balance, self.other_flows)
    }

    /// Splits the change of debt over the period into its causes.
    pub fn decompose(&self, debt: f64) -> Decomposition {
        let deflator = (1.0 + self.growth) * (1.0 + self.inflation);
        let average_rate = (1.0 - self.foreign_share) * self.domestic_rate + self.foreign_share * self.foreign_rate;
        Decomposition {
            real_interest: debt * (average_rate - self.inflation * (1.0 + self.growth)) / deflator,
            growth: -debt * self.growth / deflator,
            exchange_rate: debt * self.foreign_share * self.depreciation * (1.0 + self.foreign_rate) / deflator,
            primary_deficit: -self.primary_balance,
            other_flows: self.other_flows,
        }
    }
}

/// Contributions to a change of the debt ratio; they sum to it exactly, up to rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decomposition {
    /// Interest less inflation.
    pub real_interest: f64,
    /// Real growth (negative when the economy grows).
    pub growth: f64,
    /// Depreciation, with interest on what it adds.
    pub exchange_rate: f64,
    /// Primary deficit.
    pub primary_deficit: f64,
    /// Other debt-creating flows.
    pub other_flows: f64,
}

impl Decomposition {
    /// The sum of the contributions.
    pub fn total(&self) -> f64 {
        self.real_interest + self.growth + self.exchange_rate + self.primary_deficit + self.other_flows
    }
}
