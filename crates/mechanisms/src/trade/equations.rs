//! Costs of trade and what passes through a hub, as scalar functions. Costs are log changes of ad valorem trade cost against the base.

use oxus_math::{exp, ln, ln_1p};

/// Deaths that trade feels: few of those at the usual level, nearly all of many, `deaths^2 / (deaths + usual)`.
#[inline(always)]
pub fn felt(deaths: f64, usual: f64) -> f64 {
    if deaths > 0.0 { deaths * deaths / (deaths + usual.max(0.0)) } else { 0.0 }
}

/// Disruption of a province's trade after a month with `excess` deaths that trade feels, 0 none to 1 standstill.
///
/// It fades with time constant `months` and comes closer to 1 with every death: `1 - (1 - d (1 - 1/months)) exp(-excess / scale)`.
#[inline(always)]
pub fn disruption(before: f64, excess: f64, scale: f64, months: f64) -> f64 {
    let kept = before * (1.0 - 1.0 / months.max(1.0));
    1.0 - (1.0 - kept) * exp(-excess.max(0.0) / scale)
}

/// Log cost at home once capital of transport has grown from `capital` by `added`, with elasticity `gain`: `-gain ln(1 + added / capital)`.
///
/// Loans repaid take nothing away: the road stays. Limao and Venables, World Bank Economic Review 15 (2001), for infrastructure and cost.
#[inline(always)]
pub fn transport(added: f64, capital: f64, gain: f64) -> f64 {
    if capital > 0.0 { -gain * ln_1p(added.max(0.0) / capital) } else { 0.0 }
}

/// Log cost that a customs union puts on goods from outside: `lines (ln(1 + common) - ln(1 + own))` for each unit of `entered`.
///
/// `entered` is the change of "buyer inside, seller outside" against the base, -1 to 1; `lines` the share of tariff lines that follow.
#[inline(always)]
pub fn tariff(entered: f64, lines: f64, common: f64, own: f64) -> f64 {
    entered * lines * (ln_1p(common) - ln_1p(own))
}

/// Weight of a way among ways with the same goods and ends, `share exp(shift - kappa cost)`, from its share in the base.
#[inline(always)]
pub fn way(share: f64, kappa: f64, cost: f64, shift: f64) -> f64 {
    share * exp(shift - kappa * cost)
}

/// Log cost over all ways, `-ln(sum of weights) / kappa`: 0 when no way has changed (logit choice; McFadden 1978).
#[inline(always)]
pub fn over_ways(sum: f64, kappa: f64) -> f64 {
    -ln(sum.max(f64::MIN_POSITIVE)) / kappa
}

/// Firms after a month of entries at the yearly rate `entry exp(shift)` and exits at `exit`: `n exp((entry exp(shift) - exit) / 12)`.
#[inline(always)]
pub fn firms(number: f64, entry: f64, shift: f64, exit: f64) -> f64 {
    number * exp((entry * exp(shift) - exit) / 12.0)
}
