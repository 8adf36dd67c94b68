//! Opiates: what leaves the stores, which way it goes, what is lost on the way, what it pays, when a power makes a larger effort.

use oxus_math::{exp, exp_m1, ln, logistic, logit};

/// Months of a year.
pub const MONTHS: f64 = 12.0;

/// Opium that leaves the stores, t/yr: `stock / inventory`; `inventory` in years, at least a month.
///
/// A linear reservoir: farmers and traders even out harvests. Oracle: [`stock_after`].
#[inline(always)]
pub fn release(stock: f64, inventory: f64) -> f64 {
    stock / inventory.max(1.0 / MONTHS)
}

/// Opium in store a month later: `stock + (harvest - release) / 12`, harvest and release in t/yr. Opium is conserved exactly.
#[inline(always)]
pub fn stored(stock: f64, harvest: f64, release: f64) -> f64 {
    stock + (harvest - release) / MONTHS
}

/// Opium in store after `months` of a constant harvest: `h i + (s - h i)(1 - 1 / (12 i))^months`, the closed form of [`stored`].
pub fn stock_after(stock: f64, harvest: f64, inventory: f64, months: u32) -> f64 {
    let rest = harvest * inventory;
    let kept = 1.0 - 1.0 / (MONTHS * inventory);
    rest + (stock - rest) * (0..months).fold(1.0, |x, _| x * kept)
}

/// Weight of a way in the choice: `share exp(-elasticity (cost - cost at the origin))`, costs in logs.
///
/// Divided by the sum over ways of the same source this is the conditional logit with the shares of the origin as constants (McFadden,
/// "Conditional logit analysis of qualitative choice behavior", 1974). Sign: falls with the cost. Oracle: shares of the logit.
#[inline(always)]
pub fn weight(share: f64, elasticity: f64, cost_change: f64) -> f64 {
    share * exp(-elasticity * cost_change)
}

/// Log cost of what is lost on the way through a state: `-ln(1 - seized)`, the log of what has to set out for a unit to pass.
#[inline(always)]
pub fn risk(seized: f64) -> f64 {
    -ln(1.0 - seized)
}

/// What happens to a flow that enters a state: seized, consumed there, passed on. The three sum to the flow exactly but for rounding.
#[inline(always)]
pub fn through(flow: f64, seized: f64, consumed: f64) -> (f64, f64, f64) {
    let taken = flow * seized;
    let used = (flow - taken) * consumed;
    (taken, used, flow - taken - used)
}

/// Log shift of the odds of seizure by guards trained with foreign help: `effect ln(1 + trained / officers)`. Sign: rises with `trained`.
#[inline(always)]
pub fn trained_shift(effect: f64, trained: f64, officers: f64) -> f64 {
    effect * ln(1.0 + trained.max(0.0) / officers.max(1.0))
}

/// Hill function: `x^n / (1 + x^n)`, one half at `x = 1`; a step as `n` grows (Hill, Journal of Physiology 40, 1910).
#[inline(always)]
pub fn hill(x: f64, n: f64) -> f64 {
    // the value stands before the choice, so that there is no branch around the logarithm
    let above = 1.0 / (1.0 + exp(-n * ln(x)));
    if x <= 0.0 { 0.0 } else { above }
}

/// How near either trigger is to its threshold: the larger of `ln(arrivals ratio) / ln(flood)` and `link / threshold`; 1 is at it.
///
/// `flood` is the multiple of the arrivals of the origin that counts as a flood (above 1).
#[inline(always)]
pub fn alarm(ln_arrivals: f64, flood: f64, link: f64, threshold: f64) -> f64 {
    (ln_arrivals / ln(flood.max(1.01))).max(link / threshold.max(1e-6)).max(0.0)
}

/// Chance that an effort begins in a month: that of a yearly rate times `respond` (0 to 1), its log odds shifted; 0 stays 0.
#[inline(always)]
pub fn onset(rate: f64, respond: f64, shift: f64) -> f64 {
    let chance = -exp_m1(-rate.max(0.0) * respond / MONTHS);
    let shifted = logistic(logit(chance) + shift);
    if chance <= 0.0 { 0.0 } else { shifted }
}
