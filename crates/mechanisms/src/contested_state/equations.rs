//! The contest over a country: strengths, recruitment, control in log odds, elections.

use oxus_math::{exp, ln, logistic, logit, pow};

/// Smallest strength of either side: keeps the logarithm of a side without men or money finite (a thousandth of the sides' usual size).
pub const STRENGTH_FLOOR: f64 = 1e-3;

/// Bound on the log odds of control, `logit(0.99)`: nobody stores up more control than nearly all of the country, so that a run of good years
/// cannot make a government immune.
pub const LOG_ODDS_BOUND: f64 = 4.595_119_850_134_589;

/// Money and supplies of the government relative to the origin: `domestic + (1 - domestic) funding`.
///
/// `domestic` is the state's own share at the origin; `funding` the outside security money, 1 at its level of the origin.
#[inline(always)]
pub fn resources(domestic: f64, funding: f64) -> f64 {
    domestic + (1.0 - domestic) * funding
}

/// Share of the force that is paid: resources over what the force in being needs, at most 1.
///
/// Money beyond `need` (a share of the resources of the origin, positive) buys equipment and training, not loyalty.
#[inline(always)]
pub fn paid(resources: f64, need: f64) -> f64 {
    (resources / need).min(1.0)
}

/// What resources are worth: `resources^returns`, `returns` in 0 to 1, because part of the money of a build-up outlasts it as arms and training.
#[inline(always)]
pub fn worth(resources: f64, returns: f64) -> f64 {
    pow(resources.max(0.0), returns)
}

/// Strength of the government: `readiness x legitimacy x worth of resources + weight x foreign forces`, times `exp(shift)`.
///
/// Sign: rises with every input. The product says that men, consent and money cannot stand in for one another; foreign forces fight beside
/// the government, not through it.
#[inline(always)]
pub fn government_strength(readiness: f64, legitimacy: f64, worth: f64, foreign_weight: f64, foreign_forces: f64, shift: f64) -> f64 {
    (readiness * legitimacy * worth + foreign_weight * foreign_forces).max(STRENGTH_FLOOR) * exp(shift)
}

/// Logarithm of the recruitment of the rebels relative to the origin:
/// `grievance (L0 - L) + resentment (F - 1) + defection (1 - paid)`.
///
/// A loss of legitimacy fills their ranks; foreign forces provoke some of the resistance that they fight; men who are not paid change sides.
#[inline(always)]
pub fn ln_recruitment(lost_legitimacy: f64, grievance: f64, foreign_forces: f64, resentment: f64, unpaid: f64, defection: f64) -> f64 {
    grievance * lost_legitimacy + resentment * (foreign_forces - 1.0) + defection * unpaid
}

/// Support of the rebels relative to the origin: what they find at home plus sanctuary and proxies' sponsors at their present levels.
///
/// `sanctuary` and `proxies` are shares of the support of the origin; levels are 1 at the origin.
#[inline(always)]
pub fn rebel_support(sanctuary: f64, sanctuary_level: f64, proxies: f64, proxy_level: f64) -> f64 {
    (1.0 - sanctuary - proxies).max(0.0) + sanctuary * sanctuary_level + proxies * proxy_level
}

/// Log odds of control after one step of `dt` years: `l + speed (ln S_g - ln S_r) dt + sigma sqrt(dt) z`, within [`LOG_ODDS_BOUND`].
///
/// Source: a contest decided by the ratio of strengths (Hirshleifer 1989), here as drift in log odds. Exact for constant inputs.
/// Oracle: [`log_odds_after`].
#[inline(always)]
pub fn control_step(log_odds: f64, speed: f64, ln_ratio: f64, sigma: f64, z: f64, dt: f64) -> f64 {
    (log_odds + speed * ln_ratio * dt + sigma * dt.sqrt() * z).clamp(-LOG_ODDS_BOUND, LOG_ODDS_BOUND)
}

/// Log odds of control after `years` of constant strengths without chance: `l0 + speed ln(S_g / S_r) years`, within [`LOG_ODDS_BOUND`].
pub fn log_odds_after(log_odds: f64, speed: f64, government: f64, rebels: f64, years: f64) -> f64 {
    (log_odds + speed * (ln(government) - ln(rebels)) * years).clamp(-LOG_ODDS_BOUND, LOG_ODDS_BOUND)
}

/// Log odds of control of a share of the country, within [`LOG_ODDS_BOUND`].
#[inline(always)]
pub fn log_odds(control: f64) -> f64 {
    logit(control.clamp(0.0, 1.0)).clamp(-LOG_ODDS_BOUND, LOG_ODDS_BOUND)
}

/// Share controlled at these log odds.
#[inline(always)]
pub fn control(log_odds: f64) -> f64 {
    logistic(log_odds)
}

/// How far, in log odds, an election was from being accepted: `logit(p) + shift - logit(u)`; contested where positive.
#[inline(always)]
pub fn contested_margin(probability: f64, shift: f64, uniform: f64) -> f64 {
    logit(probability.clamp(0.0, 1.0)) + shift - logit(uniform)
}
