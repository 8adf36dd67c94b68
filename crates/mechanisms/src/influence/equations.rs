//! Pulls, shares, alignment, votes and coercion, one number at a time.

use oxus_math::{logistic, logit};

/// What an interaction of size `ratio` (relative to the state's output) weighs: `r (1 - w + w r / (r + h))`.
///
/// Volume times dependence, after the formal bilateral influence capacity of Moyer et al. (2018), "Power and Influence in a Globalized World",
/// with dependence saturating at `half` and counted with weight `w` in 0 to 1 (0: volume alone). Zero without interaction; rises with `ratio`.
#[inline(always)]
pub fn pull(ratio: f64, half: f64, dependence_weight: f64) -> f64 {
    let r = ratio.max(0.0);
    r * (1.0 - dependence_weight + dependence_weight * r / (r + half))
}

/// What `contacts` weigh for a state that is `aligned` (0 to 1) with the power: `v (1 - w + w a)`.
#[inline(always)]
pub fn diplomatic_pull(contacts: f64, aligned: f64, dependence_weight: f64) -> f64 {
    contacts.max(0.0) * (1.0 - dependence_weight + dependence_weight * aligned)
}

/// A power's share of all pulls on a state; 0 where nobody pulls.
#[inline(always)]
pub fn share(pull: f64, total: f64) -> f64 {
    if total > 0.0 { pull / total } else { 0.0 }
}

/// Partial adjustment: `x + part (target - x)`; shares that sum to one stay so.
#[inline(always)]
pub fn adjust(x: f64, target: f64, part: f64) -> f64 {
    x + part * (target - x)
}

/// Presence of a power whose dealings hang on its war to the share `war_share`, at this `level` of foreign forces (1 at the origin).
#[inline(always)]
pub fn presence(war_share: f64, level: f64) -> f64 {
    (1.0 - war_share * (1.0 - level)).max(0.0)
}

/// Where alignment tends to: `origin + response (index - index at the origin) + pressed + shift`, within 0 and 1.
#[inline(always)]
pub fn alignment_target(origin: f64, response: f64, change: f64, pressed: f64, shift: f64) -> f64 {
    (origin + response * change + pressed + shift).clamp(0.0, 1.0)
}

/// How far, in log odds, a state was from standing firm: `logit(p) + a leverage - b backing - resistance - logit(u)`; it yields where positive.
///
/// `leverage` is the change of the coercer's own economic share since the origin, `backing` that of its strongest rival.
#[inline(always)]
pub fn yielding_margin(probability: f64, leverage: f64, backing: f64, resistance: f64, uniform: f64) -> f64 {
    logit(probability.clamp(0.0, 1.0)) + leverage - backing - resistance - logit(uniform)
}

/// Share of votes in agreement: `logistic(usual + slope (alignment - alignment at the origin) + agenda + own)`, `usual` in log odds.
///
/// `agenda` is what the year's votes do to all states alike, `own` what is left.
#[inline(always)]
pub fn agreement(usual: f64, slope: f64, change: f64, agenda: f64, own: f64) -> f64 {
    logistic(usual + slope * change + agenda + own)
}

/// Log odds of a share of votes, kept finite (half of one vote in 200).
#[inline(always)]
pub fn log_odds(share: f64) -> f64 {
    logit(share.clamp(0.0025, 0.9975))
}

/// Next year of an autoregression with stationary deviation `sd`: `p x + sd sqrt(1 - p^2) z`, `p` within 0 and 1.
#[inline(always)]
pub fn next_year(x: f64, persistence: f64, sd: f64, z: f64) -> f64 {
    let p = persistence.clamp(0.0, 1.0);
    p * x + sd * ((1.0 - p) * (1.0 + p)).sqrt() * z
}

/// Whether `value` is the largest of `all`, positive and alone at the top.
#[inline(always)]
pub fn is_first(value: f64, all: impl Iterator<Item = f64>) -> bool {
    value > 0.0 && all.filter(|v| *v >= value).count() == 1
}
