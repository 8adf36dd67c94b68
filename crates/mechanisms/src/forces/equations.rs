//! Military spending, stocks of capability, transfers, borders, and the year in which one power spends as much as another.

use oxus_math::{exp, exp_m1, ln};

use crate::monthly::MONTHS;

/// Year that stands for "the two lines do not meet" and for dates later than it: nobody should read a straight line further than this.
pub const LATEST_YEAR: f64 = 2100.0;

/// Stock after `years` of a constant yearly investment: `K exp(-delta t) + (I / delta) (1 - exp(-delta t))`.
///
/// Perpetual inventory with geometric depreciation (OECD, Measuring Capital, 2009, chapter 5), in continuous time; exact for a constant
/// investment, so that twelve months make a year. `delta` above 0, per year. Units: those of the stock; investment the same per year.
/// Oracle: [`growing_stock`], [`steady_stock`].
#[inline(always)]
pub fn stock_after(stock: f64, investment: f64, delta: f64, years: f64) -> f64 {
    let lost = -exp_m1(-delta * years);
    stock * (1.0 - lost) + investment / delta * lost
}

/// Stock after `years` of an investment that grows at the rate `growth` a year from `investment`, in closed form:
/// `K exp(-delta t) + I (exp(g t) - exp(-delta t)) / (delta + g)`.
pub fn growing_stock(stock: f64, investment: f64, growth: f64, delta: f64, years: f64) -> f64 {
    stock * exp(-delta * years) + investment * (exp(growth * years) - exp(-delta * years)) / (delta + growth)
}

/// Stock that keeps its ratio to an investment growing at the rate `growth`: `I / (delta + g)` (Harberger 1978).
pub fn steady_stock(investment: f64, growth: f64, delta: f64) -> f64 {
    investment / (delta + growth)
}

/// Log capability after a month: the index is `ln(K / K0)` and the stock of the origin is worth `years` of the investment of the origin.
///
/// `investment` is relative to that of the origin. With a capability of 0 and an investment of 1 it stays where `years = 1 / delta`.
#[inline(always)]
pub fn capability_after(capability: f64, investment: f64, years: f64, delta: f64) -> f64 {
    ln(stock_after(exp(capability), investment / years, delta, 1.0 / MONTHS))
}

/// Change of log real spending over a month: output growth, drift of the share of output and the shift, per year; `sigma` per root year.
#[inline(always)]
pub fn log_spending_change(output_growth: f64, drift: f64, shift: f64, sigma: f64, z: f64) -> f64 {
    (output_growth + drift + shift) / MONTHS + sigma * (1.0 / MONTHS).sqrt() * z
}

/// Part of spending on arms that becomes arms: what is bought abroad is worth less by the share of it that the seller withholds.
#[inline(always)]
pub fn useful(import_share: f64, withheld: f64) -> f64 {
    1.0 - import_share * withheld
}

/// Year in which one spending reaches the other if both grow on at their rates: `now + ln(leader / follower) / (g_f - g_l)`, `now` where it
/// already has, [`LATEST_YEAR`] where it never does or only later.
///
/// `behind` is `ln(leader / follower)`, `gap` the difference of growth rates in logs, per year.
#[inline(always)]
pub fn overtaking_year(now: f64, behind: f64, gap: f64) -> f64 {
    if behind <= 0.0 {
        now
    } else if gap <= 0.0 {
        LATEST_YEAR
    } else {
        (now + behind / gap).min(LATEST_YEAR)
    }
}

/// Share of a power's ability to project that is free: it handles so many conflicts at a time, others are under way already.
///
/// 1 while the number under way stays within what it handles; falls as the inverse of their number beyond.
#[inline(always)]
pub fn free_share(handled: f64, under_way: f64) -> f64 {
    handled / under_way.max(handled)
}

/// Delivered out of a pipeline over a month: `R (1 - exp(-exp(shift) / (12 delay)))`, `delay` in years; never more than there is.
#[inline(always)]
pub fn delivered(remaining: f64, delay: f64, shift: f64) -> f64 {
    remaining * -exp_m1(-exp(shift) / (MONTHS * delay))
}

/// Yearly gifts beside packages, before the shift: `base ((1 - w) + w F) B + surplus max(C, 0)`.
///
/// `w` the share that follows the war next door at level `F` (1 at the origin), `B` the giver's budget and `C` its log capability against
/// the origin.
#[inline(always)]
pub fn gifts(base: f64, war_share: f64, war: f64, budget: f64, surplus: f64, capability: f64) -> f64 {
    base * (1.0 + war_share * (war - 1.0)) * budget + surplus * capability.max(0.0)
}

/// What border aid does to the strength of a border: `gain (1 - exp(-aid / need))`; the first million counts most.
#[inline(always)]
pub fn border_aid(aid: f64, gain: f64, need: f64) -> f64 {
    gain * -exp_m1(-aid / need)
}
