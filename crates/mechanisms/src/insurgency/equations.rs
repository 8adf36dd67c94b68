//! The equations of insurgency as plain functions of numbers.

use oxus_math::{exp, exp_m1, ln};

/// Months in a year.
pub const MONTHS: f64 = 12.0;

/// Persons who leave a compartment of `stock` in a month by two competing causes with yearly hazards `first` and `second`.
///
/// Together `stock (1 - exp(-(first + second) / 12))`, shared in proportion to the hazards: exact for hazards that are constant within the
/// month, so the stock never turns negative. Source: competing risks (Prentice and others, Biometrics 34, 1978). Oracle: closed form (tests).
#[inline(always)]
pub fn leave(stock: f64, first: f64, second: f64) -> (f64, f64) {
    let total = first + second;
    let gone = (-stock * exp_m1(-total / MONTHS)).min(stock);
    // chosen at the end, so that there is no branch around the exponential and rows of lanes vectorise
    if total <= 0.0 { (0.0, 0.0) } else { (gone * (first / total), gone * (second / total)) }
}

/// Log shift of the rate of return by the foreign forces that have left since the origin: `push * left`. A positive `push` sends fighters
/// home when the theatre empties, a negative one holds them there (claim M102 leaves the sign open).
#[inline(always)]
pub fn ln_exit(push: f64, left: f64) -> f64 {
    push * left
}

/// Yearly rate of return of a fighter abroad: `rate * permeability * exp(shift)`; `rate` holds for an open border.
#[inline(always)]
pub fn return_hazard(rate: f64, permeability: f64, shift: f64) -> f64 {
    rate * permeability * exp(shift)
}

/// Recruits of a month: the yearly rate over the fighters of the origin, shifted in logs.
#[inline(always)]
pub fn recruits(rate: f64, size: f64, shift: f64) -> f64 {
    rate * size / MONTHS * exp(shift)
}

/// Log of the ground that rebels hold in a theatre, relative to the origin: `ln((1 - control) / (1 - control at origin))`, with a
/// thousandth of the country always theirs, so that it stays finite.
#[inline(always)]
pub fn ln_lost_ground(control: f64, at_origin: f64) -> f64 {
    let (held, held_at_origin) = (1.001 - control.clamp(0.0, 1.0), 1.001 - at_origin.clamp(0.0, 1.0));
    ln(held / held_at_origin)
}

/// Log monthly rate of incursions: the yearly rate of the origin, times fighters in reach to a power (with a floor), times the effect of
/// the border's permeability, shifted in logs. A rate of 0 gives minus infinity: none.
#[inline(always)]
pub fn ln_incursion_rate(rate: f64, reach_ratio: f64, elasticity: f64, opened: f64, by_permeability: f64, shift: f64) -> f64 {
    ln(rate / MONTHS) + elasticity * ln(reach_ratio) + by_permeability * opened + shift
}

/// One month of relaxation of an index to its target, which is limited to [0, 1]: `x + (target - x) / months`, at most the whole way.
#[inline(always)]
pub fn relax(x: f64, target: f64, months: f64) -> f64 {
    x + (target.clamp(0.0, 1.0) - x) * (1.0 / months).min(1.0)
}

/// Where a group with constant flows settles: `(abroad, home)`, persons at the end of a month.
///
/// `recruits` a month, of which the share `abroad_share` goes abroad; yearly hazards of return and of loss abroad, and of loss at home; the
/// share `caught` of those who return is arrested on the way. The fixed point of the monthly step; the reference for the tests.
pub fn equilibrium(recruits: f64, abroad_share: f64, returning: f64, lost_abroad: f64, lost_home: f64, caught: f64) -> (f64, f64) {
    let stay = |hazard: f64| exp(-hazard / MONTHS);
    let gone = 1.0 - stay(returning + lost_abroad);
    // recruits join at the end of the month and are exposed from the next one on
    let abroad = recruits * abroad_share / gone;
    let home_in = recruits * (1.0 - abroad_share) + abroad * gone * returning / (returning + lost_abroad) * (1.0 - caught);
    (abroad, home_in / (1.0 - stay(lost_home)))
}
